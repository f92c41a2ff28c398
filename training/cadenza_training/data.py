"""Prepared music (train.bin, its index and its chart) as crops to learn from.

A crop is what the decoder holds at play time: the piece's three prefix tokens (START, drums,
lead) pinned in front, then a run of events. Crops that begin where the piece begins teach
beginnings; the others put the prefix in front of a window that starts at an event. Where the
data has a chart, each token carries rows of it: those of the half bar in which its event begins.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np

from .architecture import ConfigurationError
from .conditions import BAR_LENGTH, GROUPS, LEADER, PHASE, PHASES, STYLE, main_leader

PREFIX = 3
EVENT = 3
IGNORE = -100
FIRST_DURATION = 256
FIRST_NOTE = 1280
FIRST_CHORD = 2816
OUTRO = 3072
FIRST_LEAD = 3075
START = 3087
DRUMS = 9
SOLO = "-solo"
# A record of the chart: steps of a half bar, phase of its first step, and its rows of all groups but phase and style.
RECORD = 2 + len(GROUPS) - 2
# NATURAL_RANGES of client/music/rules/natural-ranges.ts (a test compares): lowest and highest pitch of each instrument's notes at play.
NATURAL_RANGES = (
    (21, 108), (36, 90), (23, 67), (43, 105), (28, 84), (23, 103), (28, 96), (34, 93), (52, 105), (27, 87), (36, 88), (24, 103),
)


class Corpus:
    """One split: `tokens` (uint16, memory-mapped), and for each piece its offset, length, source.

    A piece is its prefix, events of three tokens, and before its last bars an OUTRO, which belongs to no event.
    `chart` holds the records of all pieces, (N, RECORD) bytes, memory-mapped; None in data without.
    Pieces of the sources `without` (base names) are left out; their tokens stay in the file.
    """

    def __init__(self, folder: Path, split: str, without: Collection[str] = ()) -> None:
        index_path, tokens_path = folder / f"{split}.index.json", folder / f"{split}.bin"
        try:
            index = json.loads(index_path.read_text())
            self.tokens = np.memmap(tokens_path, dtype="<u2", mode="r")
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{folder} does not hold the split {split} ({error}); run prepare-data") from error
        columns = len(index["pieces"][0]) if index["pieces"] else 3
        pieces = np.asarray(index["pieces"], dtype=np.int64).reshape(-1, columns)
        pieces = pieces[pieces[:, 1] >= PREFIX + EVENT]
        if len(pieces) == 0 or (pieces[:, 0] + pieces[:, 1]).max() > len(self.tokens):
            raise ConfigurationError(f"{index_path} does not fit {tokens_path}; run prepare-data again")
        self.sources: list[str] = index["sources"]
        wanted = np.array([name.removesuffix(SOLO) not in without for name in self.sources])
        pieces = pieces[wanted[pieces[:, 2]]]
        if len(pieces) == 0:
            raise ConfigurationError(f"{tokens_path} holds no piece beside the run's excludedSources; prepare other data")
        self.offsets, self.lengths, self.source = pieces[:, :3].T
        self.chart: np.ndarray | None = None
        if pieces.shape[1] == 6:
            self._read_chart(folder / f"{split}.chart.bin", pieces[:, 3:])
        if not (self.tokens[self.offsets] == START).all():
            raise ConfigurationError(f"{tokens_path} holds a piece that does not begin with START; run prepare-data again")
        self._events_before_outro = self._find_outros()

    def _find_outros(self) -> np.ndarray:
        """(P) how many events of each piece stand before its OUTRO, all where it has none."""
        before = (self.lengths - PREFIX) // EVENT
        for piece, (offset, length) in enumerate(zip(self.offsets, self.lengths, strict=True)):
            found = np.flatnonzero(self.tokens[offset : offset + length] == OUTRO)
            if len(found):
                before[piece] = (found[0] - PREFIX) // EVENT
        return before

    def _begin(self, piece: int, event: int) -> int:
        """Where among the piece's tokens an event begins."""
        return PREFIX + event * EVENT + int(event >= self._events_before_outro[piece])

    def _read_chart(self, path: Path, columns: np.ndarray) -> None:
        try:
            self.chart = np.memmap(path, dtype=np.uint8, mode="r").reshape(-1, RECORD)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{path} holds no chart of this split ({error}); run prepare-data again") from error
        self._first_record, self._records, self._style = columns.T
        if (self._first_record + self._records).max() > len(self.chart):
            raise ConfigurationError(f"{path} does not fit its index; run prepare-data again")

    def prefix(self, piece: int) -> np.ndarray:
        """(3) tokens: START, drums flag, lead."""
        return self.tokens[self.offsets[piece] : self.offsets[piece] + PREFIX]

    def crop(self, piece: int, event: int, length: int) -> tuple[np.ndarray, np.ndarray]:
        """(length) inputs and (length) targets of a window that begins at the piece's `event`.

        Targets that play never asks for are IGNORE: the prefix, which is given; the first
        event of a window from the middle, which has no context; padding after a short piece.
        """
        begin = self.offsets[piece] + self._begin(piece, event)
        end = min(begin + length + 1 - PREFIX, self.offsets[piece] + self.lengths[piece])
        window = np.concatenate((self.prefix(piece), self.tokens[begin:end])).astype(np.int64)
        inputs = np.full(length, START, dtype=np.int64)
        targets = np.full(length, IGNORE, dtype=np.int64)
        inputs[: len(window) - 1] = window[:-1]
        targets[: len(window) - 1] = window[1:]
        targets[: PREFIX - 1 if event == 0 else PREFIX - 1 + EVENT] = IGNORE
        return inputs, targets

    def conditions(self, piece: int, event: int, length: int) -> np.ndarray:
        """(length, G) rows within their groups that the inputs of `crop(piece, event, length)` carry; needs a chart."""
        rows = np.zeros((length, len(GROUPS)), dtype=np.int64)
        rows[:PREFIX, STYLE] = self._style[piece]
        onsets = self._onsets(piece, event, length)
        records, starts = self.halves(piece)
        half = np.searchsorted(starts, onsets, side="right") - 1
        found = records[half]
        carried = np.zeros((len(onsets), len(GROUPS)), dtype=np.int64)
        carried[:, PHASE] = 1 + np.minimum(found[:, 1] + onsets - starts[half], PHASES - 1)
        carried[:, BAR_LENGTH:STYLE] = found[:, 2:]
        carried[:, STYLE] = self._style[piece]
        tokens = np.repeat(carried, EVENT, axis=0)
        outro = EVENT * (int(self._events_before_outro[piece]) - event)
        if 0 < outro < len(tokens):
            tokens = np.insert(tokens, outro, tokens[outro - 1], axis=0)
        tokens = tokens[: length - PREFIX]
        rows[PREFIX : PREFIX + len(tokens)] = tokens
        return rows

    def crop_leader(self, piece: int, event: int, length: int) -> int | None:
        """The instrument that holds most of the skyline of a crop, counted in the steps of its half bars; needs a chart."""
        onsets = self._onsets(piece, event, length)
        records, starts = self.halves(piece)
        first, last = np.searchsorted(starts, onsets[[0, -1]], side="right") - 1
        held = records[first : last + 1]
        return main_leader(held[:, 2 + LEADER - BAR_LENGTH], held[:, 0])

    def _onsets(self, piece: int, event: int, length: int) -> np.ndarray:
        """Steps from the piece's beginning at which the events of a crop begin, those that its inputs hold whole or in part."""
        last = min(event + -(-(length - PREFIX) // EVENT), (int(self.lengths[piece]) - PREFIX) // EVENT)
        first = int(self.offsets[piece])
        outro = min(last, int(self._events_before_outro[piece]))
        early = self.tokens[first + PREFIX : first + PREFIX + outro * EVENT : EVENT]
        late = self.tokens[first + self._begin(piece, outro) : first + self._begin(piece, last) : EVENT]
        return np.cumsum(np.concatenate((early, late)).astype(np.int64))[event:]

    def halves(self, piece: int) -> tuple[np.ndarray, np.ndarray]:
        """The piece's records (N, RECORD) and the step at which each begins (N)."""
        assert self.chart is not None, "data without a chart has no conditions"
        begin = int(self._first_record[piece])
        records = self.chart[begin : begin + int(self._records[piece])].astype(np.int64)
        ends = np.cumsum(records[:, 0])
        return records, ends - records[:, 0]

    def asked(self, piece: int, event: int, length: int) -> int:
        """How many targets of `crop(piece, event, length)` are not IGNORE."""
        window = min(length, int(self.lengths[piece]) - self._begin(piece, event) + PREFIX - 1)
        return max(0, window - (PREFIX - 1 if event == 0 else PREFIX - 1 + EVENT))


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
