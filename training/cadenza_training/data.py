"""Prepared music (train.bin and its index) as crops to learn from.

A crop is what the decoder holds at play time: the piece's three prefix tokens (START, drums,
lead) pinned in front, then a run of events. Crops that begin where the piece begins teach
beginnings; the others put the prefix in front of a window that starts at an event.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np

from .architecture import ConfigurationError

PREFIX = 3
EVENT = 3
IGNORE = -100
FIRST_DURATION = 256
FIRST_NOTE = 1280
FIRST_CHORD = 2816
START = 3087
DRUMS = 9
SOLO = "-solo"
# NATURAL_RANGES of client/music/rules/constraint.ts (a test compares): lowest and highest pitch of each instrument's notes at play.
NATURAL_RANGES = (
    (21, 108), (36, 90), (23, 67), (43, 105), (28, 84), (23, 103), (28, 96), (34, 93), (52, 105), (27, 87), (36, 88), (24, 103),
)


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
