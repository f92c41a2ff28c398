"""The measures of MuseGAN (Dong et al., AAAI 2018, arXiv 1709.06298) on windows of our notes.

The paper has five tracks of 4/4 rock in phrases of four bars, 96 steps a bar, and says its figures of those; we have twelve
instruments of any music and 32 steps a whole note. So bass, drums, guitar, piano and strings (violin, cello) are taken for
its tracks, and only what is measured here may be compared, of held-out music and of models. A note counts there as
qualified from a 1/32 on, which is our grid's shortest: that measure cannot fall under 100 % here, and is left out.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from ..data import DRUMS
from .events import Notes
from .measures import whole_lines

TRACKS = {"bass": (2,), "drums": (DRUMS,), "guitar": (1,), "piano": (0,), "strings": (3, 4)}
MELODIC = tuple(name for name in TRACKS if name != "drums")
PAIRS = tuple(combinations(MELODIC, 2))
STEPS_PER_SIXTEENTH = 2
# Radii and turns a semitone of the circles of fifths, minor thirds and major thirds of a tonal centroid (Harte et al. 2006).
RADII = (1.0, 1.0, 0.5)
TURNS = (7 / 6, 3 / 2, 2 / 3)


def musegan(windows: list[Notes]) -> dict:
    """{emptyBars, pitchClasses: of each track; drumPattern; tonalDistance: of each pair of melodic tracks}.

    emptyBars: share of whole bars (0-1) in which a track that plays in the window strikes nothing. pitchClasses: different ones
    that a track strikes in a bar that is not empty. drumPattern: share of strokes on a sixteenth of their bar. tonalDistance:
    mean over bars in which both tracks strike. None where there is nothing to measure.
    """
    tracks = [{name: _chroma(window, name) for name in TRACKS} for window in windows]
    played = {name: [chroma[name] for chroma in tracks if chroma[name].any()] for name in TRACKS}
    struck = {name: [(found > 0).sum(axis=1) for found in played[name]] for name in TRACKS}
    return {
        "emptyBars": {name: _mean([count == 0 for count in struck[name]]) for name in TRACKS},
        "pitchClasses": {name: _mean([count[count > 0] for count in struck[name]]) for name in MELODIC},
        "drumPattern": _mean([_on_sixteenths(window) for window in windows]),
        "tonalDistance": {
            f"{first}-{second}": _mean([_distances(chroma[first], chroma[second]) for chroma in tracks]) for first, second in PAIRS
        },
    }


def _chroma(window: Notes, track: str) -> np.ndarray:
    """(bars, 12) how often a track strikes each pitch class in each whole bar."""
    lines = whole_lines(window)
    found = np.zeros((len(lines) - 1, 12))
    notes = window.chosen(np.isin(window.instrument, TRACKS[track]) & (window.onset < lines[-1]))
    np.add.at(found, (np.searchsorted(lines, notes.onset, side="right") - 1, notes.pitch % 12), 1)
    return found


def _on_sixteenths(window: Notes) -> np.ndarray:
    """(strokes) whether each stroke of the drums lies on a sixteenth of its bar."""
    _, phase, _ = window.bars.places(window.onset[window.instrument == DRUMS])
    return phase % STEPS_PER_SIXTEENTH == 0


def _distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Distances of the tonal centroids (Harte et al. 2006) of two tracks in the bars in which both strike."""
    both = first.any(axis=1) & second.any(axis=1)
    return np.linalg.norm(_centroids(first[both]) - _centroids(second[both]), axis=1)


def _centroids(chroma: np.ndarray) -> np.ndarray:
    """(N, 6) of (N, 12) chromas, none of them empty."""
    angles = np.pi * np.arange(12) * np.array(TURNS)[:, None]
    circles = zip(RADII, angles, strict=True)
    basis = np.concatenate([radius * np.stack((np.sin(angle), np.cos(angle))) for radius, angle in circles])
    return chroma @ basis.T / chroma.sum(axis=1, keepdims=True)


def _mean(parts: list[np.ndarray]) -> float | None:
    values = np.concatenate(parts) if parts else np.zeros(0)
    return round(float(values.mean()), 4) if len(values) else None
