"""Rows of the chart that tokens carry: the groups, how they shift with the music, and which of them a crop leaves open.

The table is that of client/music/chart/conditions.ts (a test compares). Rows are counted within their
groups, 0 being "open"; `condition_ids` makes rows of the conditions matrix of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class ConditionGroup(NamedTuple):
    """A group as the manifest names it; `rows` with "open"."""

    name: str
    rows: int


PHASES = 96
# Steps of a bar that have a row of their own; other lengths share the last.
BAR_LENGTHS = (8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 72, 96)
QUALITIES = 6
INSTRUMENTS = 12
GROUPS = (
    ConditionGroup("phase", 1 + PHASES),
    ConditionGroup("barLength", 1 + len(BAR_LENGTHS) + 1),
    ConditionGroup("chord", 1 + 12 * QUALITIES + 1),
    ConditionGroup("density", 9),
    ConditionGroup("drumDensity", 9),
    ConditionGroup("energy", 9),
    ConditionGroup("novelty", 6),
    ConditionGroup("leader", 1 + INSTRUMENTS),
    *(ConditionGroup(f"player{instrument}", 3) for instrument in range(INSTRUMENTS)),
    ConditionGroup("style", 17),
)
_NAMES = [group.name for group in GROUPS]
PHASE, BAR_LENGTH, CHORD, ENERGY, LEADER, STYLE = (
    _NAMES.index(name) for name in ("phase", "barLength", "chord", "energy", "leader", "style")
)
PLAYERS = slice(_NAMES.index("player0"), _NAMES.index("player0") + INSTRUMENTS)
ALWAYS_GIVEN = (PHASE, BAR_LENGTH)
STARTS = np.cumsum([0, *(group.rows for group in GROUPS)])[:-1]


def bar_length_row(steps: int) -> int:
    """Row of a length of bar within its group."""
    return 1 + (BAR_LENGTHS.index(steps) if steps in BAR_LENGTHS else len(BAR_LENGTHS))


def condition_ids(rows: np.ndarray) -> np.ndarray:
    """Rows (..., G) within their groups as int32 rows of the conditions matrix."""
    return (rows + STARTS).astype(np.int32)


def shifted(rows: np.ndarray, semitones: int, buckets: int) -> np.ndarray:
    """Rows (..., G) of music that was transposed by `semitones` and made louder by `buckets`; what is open stays open."""
    result = rows.copy()
    chord = rows[..., CHORD].astype(np.int64)
    named = (chord > 0) & (chord <= 12 * QUALITIES)
    result[..., CHORD] = np.where(named, 1 + (chord - 1 + semitones * QUALITIES) % (12 * QUALITIES), chord)
    energy = rows[..., ENERGY].astype(np.int64)
    result[..., ENERGY] = np.where(energy > 0, np.clip(energy + buckets, 1, GROUPS[ENERGY].rows - 1), 0)
    return result


def wholly_open() -> np.ndarray:
    """(G) booleans: which groups an open chart leaves open, all but phase and length of the bar."""
    opened = np.ones(len(GROUPS), dtype=bool)
    opened[list(ALWAYS_GIVEN)] = False
    return opened


def draw_open(generator: np.random.Generator, open_share: float, group_share: float) -> np.ndarray:
    """(G) booleans, which groups a crop leaves open: in `open_share` of crops all, else each in `group_share`.

    The players are open together in that share, each alone in that share of as many other crops, and
    else all given: a player says of none, some or all of them whether they play.
    """
    opened = wholly_open()
    if generator.random() < open_share:
        return opened
    opened &= generator.random(len(GROUPS)) < group_share
    together = generator.random()
    if together < group_share:
        opened[PLAYERS] = True
    elif together >= 2 * group_share:
        opened[PLAYERS] = False
    return opened


def main_leader(leaders: np.ndarray, steps: np.ndarray) -> int | None:
    """The instrument (0-11) that leads for most `steps` (N) by the leader's rows (N) of half bars; None where none leads."""
    held = np.bincount(leaders, weights=steps, minlength=1 + INSTRUMENTS)[1:]
    return int(held.argmax()) if held.any() else None
