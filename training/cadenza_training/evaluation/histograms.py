"""Two samples of a measure, compared: overlap of their histograms, and a distance.

Overlap is the intersection of normalised histograms (Swain & Ballard 1991; for music Yang & Lerch
2020, doi 10.1007/s00521-018-3849-7). Ordered values are compared by the Wasserstein-1 distance,
in the measure's own unit; categories by the Jensen-Shannon distance (base 2, 0-1).
"""

from __future__ import annotations

import numpy as np


def histogram(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(len(edges) - 1) shares that sum to 1; values beyond the edges count into the end bins. Zeros for no values."""
    if len(values) == 0:
        return np.zeros(len(edges) - 1)
    inside = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return np.bincount(inside, minlength=len(edges) - 1) / len(values)


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """The intersection of two normalised histograms, 0-1."""
    return float(np.minimum(first, second).sum())


def jensen_shannon(first: np.ndarray, second: np.ndarray) -> float:
    """The Jensen-Shannon distance of two normalised histograms: the root of the divergence in bits, 0-1."""
    middle = (first + second) / 2

    def divergence(part: np.ndarray) -> float:
        held = part > 0
        return float((part[held] * np.log2(part[held] / middle[held])).sum())

    return float(np.sqrt(max(0.0, (divergence(first) + divergence(second)) / 2)))


def wasserstein(first: np.ndarray, second: np.ndarray) -> float:
    """The Wasserstein-1 distance of two samples: the area between their distribution functions; NaN for no values."""
    if len(first) == 0 or len(second) == 0:
        return float("nan")
    every = np.sort(np.concatenate((first, second)))
    below = [np.searchsorted(np.sort(part), every[:-1], side="right") / len(part) for part in (first, second)]
    return float((np.abs(below[0] - below[1]) * np.diff(every)).sum())
