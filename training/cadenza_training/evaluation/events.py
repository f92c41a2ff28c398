"""Music as arrays: (N, 3) tokens of events, and the notes they say, both straight from a split.

Everything here is computed from tokens, not from MIDI files: the tokens are what every model is
asked for and what every sample is, so no library's reading of a file stands between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data import DRUMS, EVENT, FIRST_DURATION, FIRST_NOTE, OUTRO, PREFIX, START, Corpus
from .bars import COMMON_TIME, Bars, piece_bars

WITH_DRUMS = 3074
NOTES = 12 * 128
STEPS_PER_SECOND = 16  # at 120 beats a minute
INSTRUMENTS = (
    "Piano", "Guitar", "Bass", "Violin", "Cello", "Harp", "Trumpet", "Sax", "Flute", "Drums", "Choir", "Organ",
)


@dataclass(frozen=True)
class Notes:
    """Notes in the order of their onsets; (N) int64 each. Onsets and durations in steps of a 1/32 note; `bars` they lie in."""

    onset: np.ndarray
    duration: np.ndarray
    instrument: np.ndarray
    pitch: np.ndarray
    bars: Bars = COMMON_TIME

    @property
    def melodic(self) -> Notes:
        """All but the drums."""
        return self.chosen(self.instrument != DRUMS)

    def chosen(self, which: np.ndarray) -> Notes:
        """The notes that a boolean mask or an index picks."""
        return Notes(self.onset[which], self.duration[which], self.instrument[which], self.pitch[which], self.bars)

    def __len__(self) -> int:
        return len(self.onset)


def read_notes(events: np.ndarray, bars: Bars = COMMON_TIME) -> Notes:
    """(N, 3) tokens of events (time, duration+velocity, instrument+pitch) as notes; the first onset is its delta."""
    events = np.asarray(events, dtype=np.int64).reshape(-1, EVENT)
    note = events[:, 2] - FIRST_NOTE
    return Notes(np.cumsum(events[:, 0]), (events[:, 1] - FIRST_DURATION) // 8, note // 128, note % 128, bars)


def piece_events(corpus: Corpus, piece: int, count: int | None = None) -> np.ndarray:
    """(N, 3) tokens of a piece's events, or of its first `count`, without the outro."""
    begin = int(corpus.offsets[piece]) + PREFIX
    end = int(corpus.offsets[piece] + corpus.lengths[piece])
    if count is not None:
        end = min(end, begin + count * EVENT + 1)
    tokens = np.asarray(corpus.tokens[begin:end])
    tokens = tokens[tokens != OUTRO]
    whole = len(tokens) // EVENT if count is None else min(count, len(tokens) // EVENT)
    return tokens[: whole * EVENT].reshape(-1, EVENT)


def window_notes(tokens: np.ndarray) -> Notes:
    """The notes of a crop's inputs (T): heading, events, perhaps the outro, perhaps padding."""
    music = tokens[PREFIX:]
    music = music[(music != OUTRO) & (music != START)]
    return read_notes(music[: len(music) // EVENT * EVENT])


@dataclass(frozen=True)
class Openings:
    """The beginnings of pieces: `headings` (P, 3) and `events` (P, N, 3), all of one length in notes; `bars` (P) of each.

    All are in 4/4 where `bars` is empty.
    """

    headings: np.ndarray
    events: np.ndarray
    bars: Sequence[Bars] = ()

    def notes(self) -> list[Notes]:
        """The notes of each opening."""
        return [read_notes(events, bars) for events, bars in zip(self.events, self.bars or [COMMON_TIME] * len(self.events), strict=True)]

    def chosen(self, which: np.ndarray) -> Openings:
        """Those at these indices."""
        return Openings(self.headings[which], self.events[which], [self.bars[index] for index in which] if self.bars else ())

    def sample(self, count: int, seed: int) -> Openings:
        """At most `count` of them, drawn without replacement."""
        return self.chosen(np.random.default_rng(seed).permutation(len(self.headings))[:count])


def openings(corpus: Corpus, count: int, pieces: np.ndarray | None = None) -> Openings:
    """The first `count` notes of every piece (or of `pieces`) that has as many and one more."""
    chosen = np.arange(len(corpus.lengths)) if pieces is None else pieces
    chosen = chosen[corpus.lengths[chosen] >= PREFIX + EVENT * (count + 1)]
    headings = np.array([corpus.prefix(piece) for piece in chosen], dtype=np.int64).reshape(-1, PREFIX)
    events = np.array([piece_events(corpus, piece, count) for piece in chosen], dtype=np.int64)
    return Openings(headings, events.reshape(-1, count, EVENT), [piece_bars(corpus, piece) for piece in chosen])
