"""Music drawn from a model, many pieces at once: temperature, top-p, under the grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..data import EVENT
from .bars import Bars
from .events import Openings
from .grammar import Grammar
from .ngram import NGram


class Predictor(Protocol):
    """What tokens can be drawn from: logits (B, V), up to a constant a row, of the next token of B sequences."""

    def begin(self, headings: np.ndarray, bars: Sequence[Bars] = ()) -> np.ndarray:
        """Takes headings (B, 3), and the bars (B) of each, 4/4 where there are none."""

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Takes the next tokens (B)."""


@dataclass(frozen=True)
class Sampling:
    """As the product's: temperature above 0; top-p (0-1] keeps the likeliest tokens that hold that share."""

    temperature: float
    top_p: float


OWN_DISTRIBUTION = Sampling(1.0, 1.0)
# The usual values of client/engine/compose/controls.ts.
PRODUCT_DEFAULTS = Sampling(1.0, 0.99)


class NGramPredictor:
    """An n-gram that remembers its last tokens."""

    def __init__(self, ngram: NGram) -> None:
        self._ngram = ngram

    def begin(self, headings: np.ndarray, bars: Sequence[Bars] = ()) -> np.ndarray:
        """Takes headings (B, 3); an n-gram knows no bars."""
        before = np.repeat(headings[:, :1], max(0, self._ngram.order - 1 - headings.shape[1]), axis=1)
        self._context = np.concatenate((before, headings), axis=1)
        return self._logits()

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Takes the next tokens (B)."""
        self._context = np.concatenate((self._context[:, 1:], tokens[:, None]), axis=1)
        return self._logits()

    def _logits(self) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.log(self._ngram.probabilities(self._context))


def generate(
    predictor: Predictor, headings: np.ndarray, events: int, sampling: Sampling, seed: int, bars: Sequence[Bars] = ()
) -> Openings:
    """`events` events for every heading (B, 3), in its own bars (B), 4/4 where there are none; the same for the same seed and predictor."""
    generator = np.random.default_rng(seed)
    grammar = Grammar(headings)
    tokens = np.zeros((len(headings), events * EVENT), dtype=np.int64)
    logits = predictor.begin(headings, bars)
    for position in range(tokens.shape[1]):
        if position > 0:
            logits = predictor.step(tokens[:, position - 1])
        first, end = grammar.range
        tokens[:, position] = first + draw(logits[:, first:end], grammar.mask(), sampling, generator)
        grammar.push(tokens[:, position])
    return Openings(headings, tokens.reshape(len(headings), events, EVENT), bars)


def draw(logits: np.ndarray, mask: np.ndarray, sampling: Sampling, generator: np.random.Generator) -> np.ndarray:
    """(B) indices into logits (B, K), each where `mask` is true."""
    scaled = np.where(mask, logits / sampling.temperature, -np.inf)
    share = np.exp(scaled - scaled.max(axis=1, keepdims=True)).astype(np.float64)
    if sampling.top_p < 1:
        order = np.argsort(-share, axis=1)
        sorted_share = np.take_along_axis(share, order, axis=1)
        before = np.cumsum(sorted_share, axis=1) - sorted_share
        kept = np.where(before < sampling.top_p * share.sum(axis=1, keepdims=True), sorted_share, 0)
        np.put_along_axis(share, order, kept, axis=1)
    total = np.cumsum(share, axis=1)
    # A draw in [0, 1) of the whole lies below the last index whose share is not zero.
    return (total <= generator.random((len(share), 1)) * total[:, -1:]).sum(axis=1)
