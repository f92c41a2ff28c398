"""Runs of notes that a piece shares with the training set, whatever the key and the instrument.

A line is one melodic instrument's part: its moves are (steps since the note before, semitones
from it). Two lines share a run of n notes where n - 1 moves are equal: the same rhythm and the
same tune, transposed or not. The training set is never indexed: it streams past a table of the
queries' hashes, and what matches n notes is looked at again for more, so memory is bounded by the
queries and one chunk. Hashes of runs are differences of prefix sums (Karp & Rabin 1987), 64 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data import DRUMS, FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, START, Corpus
from .events import Notes

SHORTEST = 8
# A run must hold this share of different moves, and four at least: repeated notes and chords tell nothing.
TELLING_SHARE = 0.25
CHUNK_TOKENS = 6_000_000
_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_FILTER_BITS = 24


def lengths(longest: int) -> list[int]:
    """The lengths in notes that are looked for, from 8 in steps of an eighth: what a longest run is known to."""
    result = [SHORTEST]
    while result[-1] + result[-1] // 8 <= longest:
        result.append(result[-1] + result[-1] // 8)
    return result


@dataclass(frozen=True)
class Lines:
    """Moves of many lines end to end: `moves` (N) hashes, `place` (N) index of the note, `border` (N) first of a line."""

    moves: np.ndarray
    place: np.ndarray
    border: np.ndarray


def lines_of(onset: np.ndarray, instrument: np.ndarray, pitch: np.ndarray, piece: np.ndarray) -> Lines:
    """Splits notes (N, in time order within each piece) into lines; drums must have been left out."""
    line = piece * 16 + instrument
    order = np.argsort(line.astype(np.uint16) if len(line) == 0 or line.max() < 1 << 16 else line, kind="stable")
    line, onset, pitch = line[order], onset[order], pitch[order]
    border = np.ones(len(line), dtype=bool)
    border[1:] = line[1:] != line[:-1]
    delta = np.diff(onset, prepend=0).astype(np.uint64) & np.uint64(0xFFFF)
    interval = (np.diff(pitch, prepend=0) + 128).astype(np.uint64)
    return Lines(_scramble(delta << np.uint64(16) | interval), order, border)


def _scramble(values: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014)."""
    values = values + _BASE
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class Runs:
    """Hashes of the runs of `lines`; a run of n notes begins at a note and takes the n - 1 moves after it."""

    def __init__(self, lines: Lines) -> None:
        size = len(lines.moves)
        powers = np.full(size, _BASE)
        inverses = np.full(size, _INVERSE)
        if size:
            powers[0] = inverses[0] = 1
        self._inverses = np.multiply.accumulate(inverses)
        self._sums = np.concatenate(([np.uint64(0)], np.cumsum(lines.moves * np.multiply.accumulate(powers))))
        starts = np.flatnonzero(lines.border)
        ends = np.append(starts[1:], size)
        self.left = np.repeat(ends, ends - starts) - np.arange(size)  # notes from here to the line's end

    def hashes(self, notes: int, starts: np.ndarray) -> np.ndarray:
        """Of the runs of `notes` notes at `starts`; each must fit into its line."""
        return (self._sums[starts + notes] - self._sums[starts + 1]) * self._inverses[starts]


@dataclass(frozen=True)
class Shared:
    """Of each window: `longest` run in notes that the training set has too, and the `share` of melodic notes in runs of 16."""

    longest: np.ndarray
    share: np.ndarray


class CopySearch:
    """Queries, and which of their runs the training set was seen to hold."""

    def __init__(self, windows: list[Notes]) -> None:
        melodic = [window.melodic for window in windows]
        self._window = np.repeat(np.arange(len(melodic)), [len(window) for window in melodic])
        self._count = len(melodic)
        onset, instrument, pitch = (
            np.concatenate([getattr(window, name) for window in melodic]) for name in ("onset", "instrument", "pitch")
        )
        self._lines = lines_of(onset, instrument, pitch, self._window)
        self._runs = Runs(self._lines)
        longest = int(self._runs.left.max(initial=0))
        self._wanted = {}
        for notes in lengths(longest):
            starts = np.flatnonzero(self._runs.left >= notes)
            keys, inverse = np.unique(self._runs.hashes(notes, starts), return_inverse=True)
            table = np.zeros(1 << _FILTER_BITS, dtype=bool)
            table[_short(keys)] = True
            self._wanted[notes] = (starts, keys, inverse, np.zeros(len(keys), dtype=bool), np.packbits(table))

    def read(self, corpus: Corpus) -> None:
        """Streams a split past the queries."""
        for first, end in _chunks(corpus):
            self.see(_chunk_lines(corpus, first, end))

    def see(self, lines: Lines) -> None:
        """Notes which runs of the queries stand in `lines`."""
        runs = Runs(lines)
        starts = np.flatnonzero(runs.left >= SHORTEST)
        for notes, (_, keys, _, found, packed) in self._wanted.items():
            starts = starts[runs.left[starts] >= notes]
            hashes = runs.hashes(notes, starts)
            short = _short(hashes)
            likely = (packed[short >> 3] >> (7 - (short & 7)).astype(np.uint8)) & 1 != 0
            starts, hashes = starts[likely], hashes[likely]
            place = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
            equal = keys[place] == hashes
            found[place[equal]] = True
            starts = starts[equal]
            if len(starts) == 0:
                return

    def shared(self, covering: int = 16) -> Shared:
        """What was found, over all that was read; `covering` is the run from which a note counts as shared."""
        longest = np.zeros(self._count, dtype=np.int64)
        covered = np.zeros(len(self._lines.moves) + 1, dtype=np.int64)
        for notes, (starts, _, inverse, found, _) in self._wanted.items():
            hit = starts[found[inverse]]
            hit = hit[_telling(self._lines.moves, hit, notes)]
            windows = self._window[self._lines.place[hit]]
            np.maximum.at(longest, windows, notes)
            if notes >= covering:
                np.add.at(covered, hit, 1)
                np.add.at(covered, hit + notes, -1)
        inside = np.cumsum(covered)[:-1] > 0
        window = self._window[self._lines.place]
        size = np.bincount(window, minlength=self._count)
        return Shared(longest, np.bincount(window[inside], minlength=self._count) / np.maximum(size, 1))


def _telling(moves: np.ndarray, starts: np.ndarray, notes: int) -> np.ndarray:
    """Whether each run has enough different moves to be a tune."""
    needed = max(4, int(np.ceil(TELLING_SHARE * (notes - 1))))
    result = np.zeros(len(starts), dtype=bool)
    batch = max(1, 4_000_000 // notes)
    for begin in range(0, len(starts), batch):
        chosen = starts[begin : begin + batch, None] + np.arange(1, notes)
        run = np.sort(moves[chosen], axis=1)
        result[begin : begin + batch] = 1 + (run[:, 1:] != run[:, :-1]).sum(axis=1) >= needed
    return result


def _short(hashes: np.ndarray) -> np.ndarray:
    return (hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)


def _chunks(corpus: Corpus) -> list[tuple[int, int]]:
    """Ranges of pieces, each of about CHUNK_TOKENS tokens and at most 4,000 pieces."""
    result, first, size = [], 0, 0
    for piece, length in enumerate(corpus.lengths):
        size += int(length)
        if size >= CHUNK_TOKENS or piece - first >= 3999:
            result.append((first, piece + 1))
            first, size = piece + 1, 0
    return [*result, (first, len(corpus.lengths))] if first < len(corpus.lengths) else result


def _chunk_lines(corpus: Corpus, first: int, end: int) -> Lines:
    """The lines of the pieces [first, end); pieces must lie one after another in the split."""
    tokens = np.asarray(corpus.tokens[corpus.offsets[first] : corpus.offsets[end - 1] + corpus.lengths[end - 1]])
    piece = np.cumsum(tokens == START)
    times = np.flatnonzero(tokens < FIRST_DURATION)
    delta, note, piece = tokens[times].astype(np.int64), tokens[times + 2].astype(np.int64) - FIRST_NOTE, piece[times]
    onset = np.cumsum(delta)
    instrument, pitch = np.divmod(note, 128)
    melodic = instrument != DRUMS
    assert len(note) == 0 or (0 <= note.min() and note.max() < FIRST_CHORD - FIRST_NOTE), "a time token begins no event"
    return lines_of(onset[melodic], instrument[melodic], pitch[melodic], piece[melodic])
