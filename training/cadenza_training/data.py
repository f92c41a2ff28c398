"""Prepared music (train.bin and its index) as crops to learn from.

A crop is what the decoder holds at play time: the piece's three prefix tokens (START, drums,
lead) pinned in front, then a run of events. Crops that begin where the piece begins teach
beginnings; the others put the prefix in front of a window that starts at an event. Batches
are a pure function of (seed, step), so a resumed training goes on with the same data, and
several processes cut their parts of one batch without speaking of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .architecture import ConfigurationError
from .run_config import Run

PREFIX = 3
EVENT = 3
IGNORE = -100
FIRST_DURATION = 256
FIRST_NOTE = 1280
FIRST_CHORD = 2816
START = 3087
DRUMS = 9
SOLO = "-solo"
LONGEST_COUNTED = 16_384
PITCH_RANGE = (12, 115)


class Corpus:
    """One split: `tokens` (uint16, memory-mapped), and for each piece its offset, length, source.

    Pieces of the sources `without` (base names) are left out; their tokens stay in the file.
    """

    def __init__(self, folder: Path, split: str, without: Collection[str] = ()) -> None:
        index_path, tokens_path = folder / f"{split}.index.json", folder / f"{split}.bin"
        try:
            index = json.loads(index_path.read_text())
            self.tokens = np.memmap(tokens_path, dtype="<u2", mode="r")
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{folder} does not hold the split {split} ({error}); run prepare-data") from error
        pieces = np.asarray(index["pieces"], dtype=np.int64).reshape(-1, 3)
        pieces = pieces[pieces[:, 1] >= PREFIX + EVENT]
        if len(pieces) == 0 or (pieces[:, 0] + pieces[:, 1]).max() > len(self.tokens):
            raise ConfigurationError(f"{index_path} does not fit {tokens_path}; run prepare-data again")
        self.sources: list[str] = index["sources"]
        wanted = np.array([name.removesuffix(SOLO) not in without for name in self.sources])
        pieces = pieces[wanted[pieces[:, 2]]]
        if len(pieces) == 0:
            raise ConfigurationError(f"{tokens_path} holds no piece beside the run's excludedSources; prepare other data")
        self.offsets, self.lengths, self.source = pieces.T
        if not (self.tokens[self.offsets] == START).all():
            raise ConfigurationError(f"{tokens_path} holds a piece that does not begin with START; run prepare-data again")

    def prefix(self, piece: int) -> np.ndarray:
        """(3) tokens: START, drums flag, lead."""
        return self.tokens[self.offsets[piece] : self.offsets[piece] + PREFIX]

    def crop(self, piece: int, event: int, length: int) -> tuple[np.ndarray, np.ndarray]:
        """(length) inputs and (length) targets of a window that begins at the piece's `event`.

        Targets that play never asks for are IGNORE: the prefix, which is given; the first
        event of a window from the middle, which has no context; padding after a short piece.
        """
        begin = self.offsets[piece] + PREFIX + event * EVENT
        end = min(begin + length + 1 - PREFIX, self.offsets[piece] + self.lengths[piece])
        window = np.concatenate((self.prefix(piece), self.tokens[begin:end])).astype(np.int64)
        inputs = np.full(length, START, dtype=np.int64)
        targets = np.full(length, IGNORE, dtype=np.int64)
        inputs[: len(window) - 1] = window[:-1]
        targets[: len(window) - 1] = window[1:]
        targets[: PREFIX - 1 if event == 0 else PREFIX - 1 + EVENT] = IGNORE
        return inputs, targets


    def asked(self, piece: int, event: int, length: int) -> int:
        """How many targets of `crop(piece, event, length)` are not IGNORE."""
        window = min(length, int(self.lengths[piece]) - event * EVENT - 1)
        return max(0, window - (PREFIX - 1 if event == 0 else PREFIX - 1 + EVENT))


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


def evaluation_windows(corpus: Corpus, length: int, count: int) -> list[tuple[int, int]]:
    """(piece, first event) of at most `count` windows, spread evenly over all of the split's music."""
    span = (length + 1 - PREFIX) // EVENT
    windows = [
        (piece, event)
        for piece in range(len(corpus.lengths))
        for event in range(0, int(corpus.lengths[piece] - PREFIX) // EVENT, span)
    ]
    if len(windows) <= count:
        return windows
    return [windows[int((position + 0.5) * len(windows) / count)] for position in range(count)]
