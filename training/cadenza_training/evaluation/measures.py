"""Musical measures of windows of notes, each a sample of values to be held against another's.

Definitions are MusPy's (Dong et al., ISMIR 2020, muspy.metrics: pitch-class entropy, scale
consistency, groove consistency, empty-beat rate, polyphony), on bars of the music's own metres, computed by numpy on
notes; repetition is the Jaccard similarity of bars some bars apart. Rates by the bar use whole
bars only, so that where a window is cut does not matter. Drums count where they keep time, not
where pitch is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..data import DRUMS
from .events import INSTRUMENTS, NOTES, Notes

MAJOR = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1])
REPETITION_BARS = (1, 2, 4, 8)
# An instrument that struck fewer notes in a window has no range worth the name.
RANGED_NOTES = 5


def pitch_class_entropy(notes: Notes) -> float:
    """Bits, 0 to log2(12), over the melodic notes; NaN for none."""
    counts = np.bincount(notes.melodic.pitch % 12, minlength=12)
    if counts.sum() == 0:
        return float("nan")
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())


def scale_consistency(notes: Notes) -> float:
    """Share of melodic notes in the best-fitting major or natural minor scale (twelve sets are both); NaN for none."""
    counts = np.bincount(notes.melodic.pitch % 12, minlength=12)
    if counts.sum() == 0:
        return float("nan")
    return float(max((counts * np.roll(MAJOR, tonic)).sum() for tonic in range(12)) / counts.sum())


def whole_bars(notes: Notes) -> int:
    """Bars that the window holds to their end."""
    return len(whole_lines(notes)) - 1


def whole_lines(notes: Notes) -> np.ndarray:
    """Where the bars begin that the window holds to their end, and where the last of them ends."""
    if len(notes) == 0:
        return np.zeros(1, dtype=np.int64)
    end = int(notes.onset.max()) + 1
    lines = notes.bars.lines(end)
    return lines[lines <= end]


def groove_consistency(notes: Notes) -> float:
    """1 minus the share of steps on which neighbouring bars of one length differ in having an onset; NaN where there are none."""
    lines = whole_lines(notes)
    onsets = np.zeros(lines[-1], dtype=bool)
    onsets[notes.onset[notes.onset < len(onsets)]] = True
    lengths = np.diff(lines)
    alike = np.flatnonzero(lengths[1:] == lengths[:-1])
    if len(alike) == 0:
        return float("nan")
    differ = [
        (onsets[lines[bar + 1] : lines[bar + 2]] != onsets[lines[bar] : lines[bar + 1]]).sum() for bar in alike
    ]
    return float(1 - np.sum(differ) / lengths[alike].sum())


def empty_beat_rate(notes: Notes) -> float:
    """Share of beats, up to the last onset, in which nothing sounds; NaN for no notes."""
    if len(notes) == 0:
        return float("nan")
    beats = notes.bars.beats(int(notes.onset.max()) + 1)
    changes = np.zeros(len(beats) + 1, dtype=np.int64)
    np.add.at(changes, np.searchsorted(beats, notes.onset, side="right") - 1, 1)
    np.add.at(changes, np.searchsorted(beats, notes.onset + notes.duration - 1, side="right"), -1)
    return float((np.cumsum(changes)[: len(beats)] == 0).mean())


def polyphony(notes: Notes) -> float:
    """Mean number of pitches that sound, over the steps on which a melodic note does; NaN for none."""
    notes = notes.melodic
    if len(notes) == 0:
        return float("nan")
    changes = np.zeros((int((notes.onset + notes.duration).max()) + 1, 128), dtype=np.int32)
    np.add.at(changes, (notes.onset, notes.pitch), 1)
    np.add.at(changes, (notes.onset + notes.duration, notes.pitch), -1)
    sounding = (np.cumsum(changes, axis=0) > 0).sum(axis=1)
    return float(sounding[sounding > 0].mean())


def note_density(notes: Notes) -> float:
    """Notes a bar, drums included, over whole bars; NaN under one bar."""
    lines = whole_lines(notes)
    bars = len(lines) - 1
    return float("nan") if bars == 0 else float((notes.onset < lines[-1]).sum() / bars)


def repetition(notes: Notes, lag: int) -> float:
    """Mean Jaccard similarity of bars `lag` apart, as sets of (step, instrument, pitch); NaN where none has notes."""
    lines = whole_lines(notes)
    bars = len(lines) - 1
    kept = notes.chosen(notes.onset < lines[-1])
    if bars <= lag or len(kept) == 0:
        return float("nan")
    bar, phase, length = notes.bars.places(kept.onset)
    width = int(length.max()) * NOTES
    struck = np.unique(bar * width + phase * NOTES + kept.instrument * 128 + kept.pitch)
    size = np.bincount(struck // width, minlength=bars)
    again = struck[np.isin(struck + lag * width, struck, assume_unique=True)]
    common = np.bincount(again // width, minlength=bars)[: bars - lag]
    union = size[: bars - lag] + size[lag:] - common
    return float((common[union > 0] / union[union > 0]).mean()) if union.any() else float("nan")


def pitch_range(notes: Notes, instrument: int) -> float:
    """Semitones from an instrument's lowest to its highest note; NaN where it struck under five."""
    pitch = notes.pitch[notes.instrument == instrument]
    return float("nan") if len(pitch) < RANGED_NOTES else float(pitch.max() - pitch.min())


@dataclass(frozen=True)
class Measure:
    """`values` of windows (undefined ones left out), how they are binned, and whether they are ordered."""

    name: str
    unit: str
    edges: np.ndarray
    values: Callable[[list[Notes]], np.ndarray]
    ordered: bool = True


def _of_windows(measure: Callable[[Notes], float]) -> Callable[[list[Notes]], np.ndarray]:
    def values(windows: list[Notes]) -> np.ndarray:
        found = np.array([measure(window) for window in windows], dtype=np.float64)
        return found[~np.isnan(found)]

    return values


def _durations(windows: list[Notes]) -> np.ndarray:
    return np.concatenate([window.melodic.duration for window in windows])


def _instruments(windows: list[Notes]) -> np.ndarray:
    return np.concatenate([window.instrument for window in windows])


MEASURES = (
    Measure("pitch-class entropy", "bits", np.linspace(0, 3.6, 25), _of_windows(pitch_class_entropy)),
    Measure("scale consistency", "share", np.linspace(0.5, 1.0001, 26), _of_windows(scale_consistency)),
    Measure("groove consistency", "share", np.linspace(0.5, 1.0001, 26), _of_windows(groove_consistency)),
    Measure("empty-beat rate", "share", np.linspace(0, 0.25, 26), _of_windows(empty_beat_rate)),
    Measure("polyphony", "pitches", np.linspace(1, 11, 21), _of_windows(polyphony)),
    Measure("note density", "notes a bar", np.geomspace(2, 128, 25), _of_windows(note_density)),
    Measure("note length", "steps", np.array([1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128.0]), _durations),
    Measure("instrument share", "instrument", np.arange(13.0), _instruments, ordered=False),
    *(
        Measure(
            f"repetition at {lag} bar{'s' if lag > 1 else ''}", "Jaccard similarity", np.linspace(0, 1.0001, 21),
            _of_windows(lambda window, lag=lag: repetition(window, lag)),
        )
        for lag in REPETITION_BARS
    ),
)

RANGES = tuple(
    Measure(
        f"pitch range: {name}", "semitones", np.arange(0, 73.0, 4),
        _of_windows(lambda window, instrument=instrument: pitch_range(window, instrument)),
    )
    for instrument, name in enumerate(INSTRUMENTS)
    if instrument != DRUMS
)
