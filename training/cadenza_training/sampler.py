"""Which crops a training learns from: weighted by source, transposed within the instruments' ranges, louder or softer.

Batches are a pure function of (seed, step), so a resumed training goes on with the same data, and
several processes cut their parts of one batch without speaking of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .architecture import ConfigurationError
from .data import DRUMS, EVENT, FIRST_DURATION, FIRST_NOTE, NATURAL_RANGES, SOLO, START, Corpus
from .run_config import Run

LONGEST_COUNTED = 16_384


def _transpositions() -> tuple[np.ndarray, np.ndarray]:
    """Of each token (0-START) the least and the greatest transposition in semitones; for what has no pitch, -128 and 127."""
    least, most = np.full(START + 1, -128), np.full(START + 1, 127)
    pitch = np.arange(128)
    for instrument, (lowest, highest) in enumerate(NATURAL_RANGES):
        if instrument == DRUMS:
            continue
        inside = (lowest <= pitch) & (pitch <= highest)
        notes = FIRST_NOTE + 128 * instrument + pitch
        least[notes] = np.where(inside, lowest, 0) - pitch
        most[notes] = np.where(inside, highest, 127) - pitch
    return least, most


LEAST, MOST = _transpositions()
MELODIC = LEAST > -128


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
        crop = np.stack(self.corpus.crop(draw.piece, draw.event, length))  # (2, T): inputs, targets
        return tuple(augment(crop, draw.semitones, draw.buckets))


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


def augment(tokens: np.ndarray, semitones: int, buckets: int) -> np.ndarray:
    """Transposes all but drums and shifts all velocities; tokens of any shape, IGNORE among them.

    A transposition that would take any note out of its instrument's natural range, or one that lies
    outside it already out of 0-127, is not made at all, nor a shift past the softest or loudest
    bucket, so that intervals and accents stay whole.
    """
    result = tokens.copy()
    known = np.maximum(tokens, 0)
    if LEAST[known].max() <= semitones <= MOST[known].min():
        result += semitones * MELODIC[known]
    velocities = (tokens >= FIRST_DURATION) & (tokens < FIRST_NOTE)
    levels = (tokens[velocities] - FIRST_DURATION) % 8
    if len(levels) and 0 <= levels.min() + buckets and levels.max() + buckets <= 7:
        result[velocities] += buckets
    return result
