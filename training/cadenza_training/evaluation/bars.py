"""Where bars begin, whatever the metre: lines in steps of a 1/32 note, asked of the chart of prepared music or of a file.

Beats are quarters, counted from the bar's own line; the last of a bar may be shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..data import Corpus

STEPS_PER_BEAT = 8
STEPS_PER_BAR = 32  # of 4/4, where nothing else is known


@dataclass(frozen=True)
class Bars:
    """`starts` (B), from 0 upwards, are the steps at which bars begin; after the last of them all have `length` steps."""

    starts: np.ndarray
    length: int

    def lines(self, end: int) -> np.ndarray:
        """The bar lines, in order, up to the first at or past step `end`."""
        last = int(self.starts[-1])
        more = np.arange(last + self.length, max(last, end) + self.length, self.length)
        lines = np.concatenate((self.starts, more))
        return lines[: int(np.searchsorted(lines, end)) + 1]

    def places(self, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(N) each: the bar in which a step lies, from 0, how far into it, and how long it is."""
        steps = np.asarray(steps, dtype=np.int64)
        lines = self.lines(int(steps.max(initial=0)) + 1)
        bar = np.searchsorted(lines, steps, side="right") - 1
        return bar, steps - lines[bar], lines[bar + 1] - lines[bar]

    def beats(self, end: int) -> np.ndarray:
        """The steps, in order, at which the beats begin that begin before step `end`."""
        lines = self.lines(end)
        beats = np.concatenate([np.arange(begin, to, STEPS_PER_BEAT) for begin, to in zip(lines[:-1], lines[1:], strict=True)])
        return beats[beats < end]


COMMON_TIME = Bars(np.zeros(1, dtype=np.int64), STEPS_PER_BAR)


def piece_bars(corpus: Corpus, piece: int) -> Bars:
    """The bars of a prepared piece, those of its chart; 4/4 in data without."""
    if corpus.chart is None:
        return COMMON_TIME
    records, starts = corpus.halves(piece)
    lines = starts[records[:, 1] == 0]
    return Bars(lines, int(records[:, 0].sum() - lines[-1]))


def file_bars(changes: Iterable[tuple[int, int, int]], division: int) -> Bars:
    """The bars of a file by its metres, (tick, numerator, denominator) each; 4/4 before the first."""
    begins, lengths = [0], [STEPS_PER_BAR]
    for tick, numerator, denominator in sorted(changes, key=lambda change: change[0]):
        begin = round(tick * STEPS_PER_BEAT / division)
        if begin == begins[-1]:
            begins.pop(), lengths.pop()
        begins.append(begin)
        lengths.append(max(1, numerator * STEPS_PER_BAR // denominator))
    parts = [np.arange(begin, end, length) for begin, end, length in zip(begins, begins[1:], lengths)]
    return Bars(np.concatenate([*parts, [begins[-1]]]).astype(np.int64), lengths[-1])
