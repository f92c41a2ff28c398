"""The measures of MuseGAN (Dong et al., AAAI 2018, arXiv 1709.06298) on windows of our notes.

The paper has five tracks of 4/4 rock in phrases of four bars, 96 steps a bar, and says its figures of those; we have twelve
instruments of any music and 32 steps a whole note. So bass, drums, guitar, piano and strings (violin, cello) are taken for
its tracks, and only what is measured here may be compared, of held-out music and of models. A note counts there as
qualified from a 1/32 on, which is our grid's shortest: that measure cannot fall under 100 % here, and is not taken. `PAPER`
holds the paper's own figures.
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
# Tables 1 and 2 of the paper, the rows of its training data and of its models that compose from nothing; percentages as shares.
PAPER_SOURCE = (
    "[the paper](https://github.com/salu133445/musegan/blob/3c9a0dc71ab743b58f4e0620832f21dbe023408e/docs/pdf/musegan-aaai2018-paper.pdf)"
)


def _paper(empty: tuple, classes: tuple, qualified: tuple, pattern: float, distances: tuple) -> dict:
    """As `musegan` gives them, from rows in the paper's order: B D G P S, B G P S, B G P S, D and B-G, B-S, B-P, G-S, G-P, S-P."""
    pairs = ("bass-guitar", "bass-strings", "bass-piano", "guitar-strings", "guitar-piano", "piano-strings")
    return {
        "emptyBars": {track: round(share / 100, 4) for track, share in zip(TRACKS, empty, strict=True)},
        "pitchClasses": dict(zip(MELODIC, classes, strict=True)),
        "qualifiedNotes": {track: round(share / 100, 4) for track, share in zip(MELODIC, qualified, strict=True)},
        "drumPattern": round(pattern / 100, 4),
        "tonalDistance": dict(zip(pairs, distances, strict=True)),
    }


PAPER = {
    "MuseGAN: its music": _paper(
        (8.06, 8.06, 19.4, 24.8, 10.1), (1.71, 3.08, 3.28, 3.38), (90.0, 81.9, 88.4, 89.6), 88.6, (1.57, 1.58, 1.51, 1.10, 1.02, 1.04)
    ),
    "MuseGAN: jamming": _paper(
        (6.59, 2.33, 18.3, 22.6, 6.10), (1.53, 3.69, 4.13, 4.09), (71.5, 56.6, 62.2, 63.1), 93.2, (1.56, 1.60, 1.54, 1.05, 0.99, 1.05)
    ),
    "MuseGAN: composer": _paper(
        (0.01, 28.9, 1.34, 0.02, 0.01), (2.51, 4.20, 4.89, 5.19), (49.5, 47.4, 49.9, 52.5), 75.3, (1.37, 1.36, 1.30, 0.95, 0.98, 0.91)
    ),
    "MuseGAN: hybrid": _paper(
        (2.14, 29.7, 11.7, 17.8, 6.04), (2.35, 4.76, 5.45, 5.24), (44.6, 43.2, 45.5, 52.0), 71.3, (1.34, 1.35, 1.32, 0.85, 0.85, 0.83)
    ),
}


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
