"""MuseGAN's measures on music whose answers are known."""

import math

import numpy as np
import pytest
from test_measures import closed, line, shifted, together

from cadenza_training.evaluation.musegan import PAPER, musegan

PIANO, GUITAR, BASS, CELLO, DRUMS = 0, 1, 2, 4, 9


def test_a_track_that_rests_in_a_bar_has_an_empty_one() -> None:
    bass = together(line([40, 43], 8, instrument=BASS), shifted(line([40], instrument=BASS), 64))
    found = musegan([closed(bass, 4)])
    assert found["emptyBars"]["bass"] == 0.5
    assert found["pitchClasses"]["bass"] == 1.5
    assert found["emptyBars"]["guitar"] is None and found["pitchClasses"]["guitar"] is None


def test_strings_are_violin_and_cello() -> None:
    found = musegan([closed(together(line([48], instrument=CELLO), line([60], instrument=3)), 1)])
    assert found["emptyBars"]["strings"] == 0 and found["pitchClasses"]["strings"] == 1


def test_a_drum_pattern_lies_on_sixteenths() -> None:
    strokes = together(line([36] * 3, 2, instrument=DRUMS), shifted(line([38], instrument=DRUMS), 7))
    assert musegan([strokes])["drumPattern"] == 0.75
    assert musegan([line([60])])["drumPattern"] is None


@pytest.mark.parametrize(("interval", "distance"), [
    (0, 0.0),
    # The chords of two angles 7 * 7 * pi / 6, of 7 * 3 * pi / 2 and, at half the radius, of 7 * 2 * pi / 3.
    (7, math.sqrt((2 * math.sin(49 * math.pi / 12)) ** 2 + (2 * math.sin(21 * math.pi / 4)) ** 2 + math.sin(7 * math.pi / 3) ** 2)),
])
def test_tonal_distance_is_that_of_the_centroids(interval: int, distance: float) -> None:
    window = closed(together(line([60], instrument=PIANO), line([48 + interval], instrument=GUITAR)), 1)
    assert musegan([window])["tonalDistance"]["guitar-piano"] == pytest.approx(distance, abs=1e-4)
    # A fifth is near, a tritone far.
    far = closed(together(line([60], instrument=PIANO), line([54], instrument=GUITAR)), 1)
    assert musegan([far])["tonalDistance"]["guitar-piano"] > 1.5


def test_nothing_is_measured_of_nothing() -> None:
    found = musegan([])
    assert found["drumPattern"] is None and set(found["emptyBars"].values()) == {None}
    assert np.isfinite([0 if value is None else value for value in found["tonalDistance"].values()]).all()


def test_the_papers_figures_are_of_the_same_measures_and_tracks() -> None:
    ours = musegan([])
    for column in PAPER.values():
        assert set(column) == {*ours, "qualifiedNotes"}
        assert all(set(column[name]) == set(ours[name]) for name in ("emptyBars", "pitchClasses", "tonalDistance"))
        assert all(0 <= share <= 1 for share in (*column["emptyBars"].values(), *column["qualifiedNotes"].values(), column["drumPattern"]))
    assert PAPER["MuseGAN: its music"]["tonalDistance"]["guitar-piano"] == 1.02 and PAPER["MuseGAN: hybrid"]["emptyBars"]["drums"] == 0.297
