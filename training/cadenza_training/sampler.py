"""Which crops a training learns from: weighted by source, transposed within the instruments' ranges, louder or softer.

Batches are a pure function of (seed, step), so a resumed training goes on with the same data, and
several processes cut their parts of one batch without speaking of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .architecture import ConfigurationError
from .conditions import condition_ids, draw_open, shifted
from .data import DRUMS, EVENT, FIRST_DURATION, FIRST_LEAD, FIRST_NOTE, NATURAL_RANGES, SOLO, START, Corpus
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
    """(B, T) inputs and targets, int64; `asked` counts the targets of the whole batch, over all its parts.

    conditions: (B, T, G) int32 rows of the conditions matrix that the inputs carry, None for a model without.
    """

    inputs: np.ndarray
    targets: np.ndarray
    asked: int
    conditions: np.ndarray | None = None


class Draw(NamedTuple):
    """One crop to cut: where, how it is augmented, which groups of its chart are open, and whether its own leader is its lead."""

    piece: int
    event: int
    semitones: int
    buckets: int
    opened: np.ndarray | None = None
    own_lead: bool = False


class Sampler:
    """Draws weighted, augmented batches from a corpus."""

    def __init__(self, corpus: Corpus, run: Run) -> None:
        self.corpus, self.run = corpus, run
        if run.conditions and corpus.chart is None:
            raise ConfigurationError("the run asks for conditions and the data has no chart; run prepare-data again")
        self.cumulative = np.cumsum(piece_weights(corpus, run))
        self.cumulative /= self.cumulative[-1]

    def batch(self, step: int, length: int, tokens: int | None = None, part: int = 0, parts: int = 1) -> Batch:
        """Every `parts`-th of tokens / length crops from `part` on; the same for the same step. Default: the run's first batches."""
        generator = np.random.default_rng([self.run.seed, step])
        draws = [self._draw(generator, length) for _ in range(max(1, (tokens or self.run.batchTokens) // length))]
        if parts > len(draws):
            raise ConfigurationError(f"a batch of {len(draws)} crops cannot be divided among {parts} processes; start fewer")
        crops = [self._cut(draw, length) for draw in draws[part::parts]]
        asked = sum(self.corpus.asked(draw.piece, draw.event, length) for draw in draws)
        inputs, targets, conditions = zip(*crops, strict=True)
        return Batch(np.stack(inputs), np.stack(targets), asked, np.stack(conditions) if self.run.conditions else None)

    def _draw(self, generator: np.random.Generator, length: int) -> Draw:
        piece = int(np.searchsorted(self.cumulative, generator.random(), side="right"))
        piece = min(piece, len(self.cumulative) - 1)
        spare = (int(self.corpus.lengths[piece]) - length - 1) // EVENT
        from_start = spare <= 0 or generator.random() < self.run.startShare
        event = 0 if from_start else int(generator.integers(1, spare + 1))
        lowest, highest = self.run.transpose
        semitones = int(generator.integers(lowest, highest + 1))
        buckets = int(generator.integers(-self.run.velocityShift, self.run.velocityShift + 1))
        if not self.run.conditions:
            return Draw(piece, event, semitones, buckets)
        opened = draw_open(generator, self.run.openShare, self.run.groupOpenShare)
        return Draw(piece, event, semitones, buckets, opened, bool(generator.random() < self.run.ownLeadShare))

    def _cut(self, draw: Draw, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """(T) inputs, (T) targets, and the (T, G) rows that the inputs carry, None in a run without conditions."""
        crop = np.stack(self.corpus.crop(draw.piece, draw.event, length))  # (2, T): inputs, targets
        semitones, buckets = fitting(crop, draw.semitones, draw.buckets)
        inputs, targets = augment(crop, semitones, buckets)
        if draw.opened is None:
            return inputs, targets, None
        rows = shifted(self.corpus.conditions(draw.piece, draw.event, length), semitones, buckets)
        rows[:, draw.opened] = 0
        if draw.own_lead and (leader := self.corpus.crop_leader(draw.piece, draw.event, length)) is not None:
            inputs[2] = FIRST_LEAD + leader
        return inputs, targets, condition_ids(rows)


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


def fitting(tokens: np.ndarray, semitones: int, buckets: int) -> tuple[int, int]:
    """What of a transposition and a shift of velocities is made: all of either, or nothing (0).

    A transposition that would take any note out of its instrument's natural range, or one that lies
    outside it already out of 0-127, is not made at all, nor a shift past the softest or loudest
    bucket, so that intervals and accents stay whole.
    """
    known = np.maximum(tokens, 0)
    levels = (tokens[_velocities(tokens)] - FIRST_DURATION) % 8
    fits = len(levels) > 0 and 0 <= levels.min() + buckets and levels.max() + buckets <= 7
    return semitones if LEAST[known].max() <= semitones <= MOST[known].min() else 0, buckets if fits else 0


def augment(tokens: np.ndarray, semitones: int, buckets: int) -> np.ndarray:
    """Transposes all but drums and shifts all velocities, where that fits; tokens of any shape, IGNORE among them."""
    semitones, buckets = fitting(tokens, semitones, buckets)
    return tokens + semitones * MELODIC[np.maximum(tokens, 0)] + buckets * _velocities(tokens)


def _velocities(tokens: np.ndarray) -> np.ndarray:
    return (tokens >= FIRST_DURATION) & (tokens < FIRST_NOTE)
