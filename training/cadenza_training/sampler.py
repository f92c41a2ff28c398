"""Which crops a training learns from: weighted by source, transposed, louder or softer.

Batches are a pure function of (seed, step), so a resumed training goes on with the same data, and
several processes cut their parts of one batch without speaking of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .architecture import ConfigurationError
from .data import DRUMS, EVENT, FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, SOLO, Corpus
from .run_config import Run

LONGEST_COUNTED = 16_384
PITCH_RANGE = (12, 115)


class Batch(NamedTuple):
    """(B, T) inputs and targets, int64; `asked` counts the targets of the whole batch, over all its parts."""

    inputs: np.ndarray
    targets: np.ndarray
    asked: int


class Draw(NamedTuple):
    """One crop to cut: where, and how it is augmented."""

    piece: int
    event: int
    semitones: int
    buckets: int


class Sampler:
    """Draws weighted, augmented batches from a corpus."""

    def __init__(self, corpus: Corpus, run: Run) -> None:
        self.corpus, self.run = corpus, run
        self.cumulative = np.cumsum(piece_weights(corpus, run))
        self.cumulative /= self.cumulative[-1]

    def batch(self, step: int, length: int, part: int = 0, parts: int = 1) -> Batch:
        """Every `parts`-th of batchTokens / length crops from `part` on; the same for the same step."""
        generator = np.random.default_rng([self.run.seed, step])
        draws = [self._draw(generator, length) for _ in range(max(1, self.run.batchTokens // length))]
        if parts > len(draws):
            raise ConfigurationError(f"a batch of {len(draws)} crops cannot be divided among {parts} processes; start fewer")
        crops = [self._cut(draw, length) for draw in draws[part::parts]]
        asked = sum(self.corpus.asked(draw.piece, draw.event, length) for draw in draws)
        return Batch(np.stack([crop[0] for crop in crops]), np.stack([crop[1] for crop in crops]), asked)

    def _draw(self, generator: np.random.Generator, length: int) -> Draw:
        piece = int(np.searchsorted(self.cumulative, generator.random(), side="right"))
        piece = min(piece, len(self.cumulative) - 1)
        spare = (int(self.corpus.lengths[piece]) - length - 1) // EVENT
        from_start = spare <= 0 or generator.random() < self.run.startShare
        event = 0 if from_start else int(generator.integers(1, spare + 1))
        lowest, highest = self.run.transpose
        semitones = int(generator.integers(lowest, highest + 1))
        buckets = int(generator.integers(-self.run.velocityShift, self.run.velocityShift + 1))
        return Draw(piece, event, semitones, buckets)

    def _cut(self, draw: Draw, length: int) -> tuple[np.ndarray, np.ndarray]:
        inputs, targets = self.corpus.crop(draw.piece, draw.event, length)
        return tuple(augment(tokens, draw.semitones, draw.buckets, inputs) for tokens in (inputs, targets))


def piece_weights(corpus: Corpus, run: Run) -> np.ndarray:
    """The probability, up to a factor, of each piece: its source's share, spread by length.

    Without shares every piece weighs its length.
    """
    length = np.minimum(corpus.lengths, LONGEST_COUNTED).astype(np.float64)
    solo = np.array([name.endswith(SOLO) for name in corpus.sources])
    length *= np.where(solo[corpus.source], run.soloFactor, 1.0)
    if not run.sourceShares:
        return length
    base = [name.removesuffix(SOLO) for name in corpus.sources]
    named = {name for group in run.sourceShares for name in group.sources}
    if missing := sorted(set(base) - named - set(run.excludedSources)):
        raise ConfigurationError(f"the run's sourceShares must name every source of the data; add {', '.join(missing)}")
    weights = np.zeros(len(length))
    for group in run.sourceShares:
        member = np.array([name in group.sources for name in base])[corpus.source]
        if member.any():
            weights[member] = group.share * length[member] / length[member].sum()
    return weights


def augment(tokens: np.ndarray, semitones: int, buckets: int, reference: np.ndarray) -> np.ndarray:
    """Transposes all but drums and shifts all velocities.

    A shift that would take any note of `reference` out of range is not made at all, so that
    intervals and accents stay whole; a lone token beyond the reference is then left as it is.
    """
    result = tokens.copy()
    pitches = _melodic_pitches(reference)
    if len(pitches) and PITCH_RANGE[0] <= pitches.min() + semitones and pitches.max() + semitones <= PITCH_RANGE[1]:
        note = _melodic(tokens)
        shifted = (tokens - FIRST_NOTE) % 128 + semitones
        fits = note & (shifted >= 0) & (shifted < 128)
        result[fits] += semitones
    levels = _velocity_buckets(reference)
    if len(levels) and 0 <= levels.min() + buckets and levels.max() + buckets <= 7:
        shifted = (tokens - FIRST_DURATION) % 8 + buckets
        result[(tokens >= FIRST_DURATION) & (tokens < FIRST_NOTE) & (shifted >= 0) & (shifted < 8)] += buckets
    return result


def _melodic(tokens: np.ndarray) -> np.ndarray:
    return (tokens >= FIRST_NOTE) & (tokens < FIRST_CHORD) & ((tokens - FIRST_NOTE) // 128 != DRUMS)


def _melodic_pitches(tokens: np.ndarray) -> np.ndarray:
    return (tokens[_melodic(tokens)] - FIRST_NOTE) % 128


def _velocity_buckets(tokens: np.ndarray) -> np.ndarray:
    return (tokens[(tokens >= FIRST_DURATION) & (tokens < FIRST_NOTE)] - FIRST_DURATION) % 8
