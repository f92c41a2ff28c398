"""Which tokens may follow, for many sequences at once: client/music/rules/grammar.ts in numpy.

All sequences stand at the same place in an event, so one step of all of them asks for one kind of
token. Beyond the order of kinds it holds what prepared music always keeps: events of one onset
descend in pitch, a key that sounds is not struck, the lead is the first melodic instrument, and
drums play only where the heading has them.
"""

from __future__ import annotations

import numpy as np

from ..data import DRUMS, FIRST_DURATION, FIRST_LEAD, FIRST_NOTE
from .events import NOTES, WITH_DRUMS

# First id and one past the last id of what each place of an event may hold; durations are 1-127.
RANGES = ((0, FIRST_DURATION), (FIRST_DURATION + 8, FIRST_NOTE), (FIRST_NOTE, FIRST_NOTE + NOTES))
_INSTRUMENT, _PITCH = np.divmod(np.arange(NOTES), 128)
_RANK = ((127 - _PITCH) * 12 + _INSTRUMENT).astype(np.int32)


class Grammar:
    """The state of B sequences after their headings; `headings` (B, 3) tokens."""

    def __init__(self, headings: np.ndarray) -> None:
        count = len(headings)
        self.place = 0
        self._mask: np.ndarray | None = None
        self._onset = np.zeros(count, dtype=np.int32)
        self._duration = np.zeros(count, dtype=np.int64)
        self._last_rank = np.full(count, -1, dtype=np.int32)
        self._until = np.zeros((count, NOTES), dtype=np.int32)
        self._lead = headings[:, 2] - FIRST_LEAD
        drums = headings[:, 1] == WITH_DRUMS
        is_drum = _INSTRUMENT == DRUMS
        self._allowed = np.where(is_drum, drums[:, None], _INSTRUMENT == self._lead[:, None])
        self._unlocked = np.where(is_drum, drums[:, None], True)

    @property
    def range(self) -> tuple[int, int]:
        """First id, and one past the last, of the kind that comes next."""
        return RANGES[self.place]

    def mask(self) -> np.ndarray:
        """(B, size of the range) booleans: what may come next; at least one in every row."""
        if self._mask is None:
            first, end = self.range
            if self.place == 0:
                self._mask = self._times()
            elif self.place == 1:
                self._mask = np.ones((len(self._onset), end - first), dtype=bool)
            else:
                self._mask = self._free() & (_RANK > self._last_rank[:, None])
        return self._mask

    def push(self, tokens: np.ndarray) -> None:
        """Takes the next token of every sequence, (B); each must be one that `mask` allows."""
        first, end = self.range
        chosen = tokens - first
        rows = np.arange(len(tokens))
        assert ((chosen >= 0) & (chosen < end - first)).all() and self.mask()[rows, chosen].all(), "token breaks the grammar"
        if self.place == 0:
            self._onset += tokens.astype(np.int32)
            self._last_rank[tokens > 0] = -1
        elif self.place == 1:
            self._duration = (tokens - FIRST_DURATION) // 8
        else:
            self._until[rows, chosen] = self._onset + self._duration
            self._last_rank = _RANK[chosen]
            led = _INSTRUMENT[chosen] == self._lead
            self._allowed[led] = self._unlocked[led]
        self.place = (self.place + 1) % len(RANGES)
        self._mask = None

    def _free(self) -> np.ndarray:
        return self._allowed & (self._until <= self._onset[:, None])

    def _times(self) -> np.ndarray:
        wait = np.where(self._allowed, self._until - self._onset[:, None], np.iinfo(np.int32).max)
        joins = ((wait <= 0) & (_RANK > self._last_rank[:, None])).any(axis=1)
        times = np.arange(FIRST_DURATION) >= np.maximum(1, wait.min(axis=1))[:, None]
        times[:, 0] = joins
        return times
