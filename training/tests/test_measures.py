"""Measures on music whose answers are known, and the laws of their comparison."""

import math

import numpy as np
import pytest

from cadenza_training.evaluation import measures
from cadenza_training.evaluation.bars import COMMON_TIME, Bars, file_bars
from cadenza_training.evaluation.events import Notes, read_notes
from cadenza_training.evaluation.histograms import histogram, jensen_shannon, overlap, wasserstein

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def line(pitches, step: int = 4, duration: int = 4, instrument: int = 0) -> Notes:
    """Notes `step` steps apart."""
    pitch = np.asarray(pitches)
    return Notes(np.arange(len(pitch)) * step, np.full(len(pitch), duration), np.full(len(pitch), instrument), pitch)


def together(*parts: Notes) -> Notes:
    """Parts at once, ordered by onset."""
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in ("onset", "duration", "instrument", "pitch")]
    order = np.argsort(joined[0], kind="stable")
    return Notes(*(column[order] for column in joined))


def shifted(notes: Notes, steps: int, semitones: int = 0) -> Notes:
    return Notes(notes.onset + steps, notes.duration, notes.instrument, notes.pitch + semitones)


def closed(notes: Notes, bars: int) -> Notes:
    """With a note where bar `bars` begins, so that the bars before it are whole."""
    return together(notes, shifted(line([60]), 32 * bars))


BAR = line(SCALE)
LOOP = closed(together(*(shifted(BAR, 32 * bar) for bar in range(4))), 4)
DRUMS = line([36, 42, 38, 42] * 8, instrument=9)


def test_tokens_are_read_as_the_notes_they_say() -> None:
    notes = read_notes(np.array([[2, 256 + 7 * 8 + 5, 1280 + 61], [0, 256 + 8, 1280 + 9 * 128 + 36], [255, 1279, 2815]]))
    assert notes.onset.tolist() == [2, 2, 257]
    assert notes.duration.tolist() == [7, 1, 127]
    assert notes.instrument.tolist() == [0, 9, 11] and notes.pitch.tolist() == [61, 36, 127]
    assert notes.melodic.pitch.tolist() == [61, 127]


def test_pitch_class_entropy_counts_classes() -> None:
    assert measures.pitch_class_entropy(line(range(60, 72))) == pytest.approx(math.log2(12))
    assert measures.pitch_class_entropy(line([60, 72, 48])) == 0
    assert measures.pitch_class_entropy(together(line([60, 61]), DRUMS)) == 1
    assert math.isnan(measures.pitch_class_entropy(DRUMS))


def test_scale_consistency_finds_the_scale_wherever_it_stands() -> None:
    for semitones in range(12):
        assert measures.scale_consistency(shifted(BAR, 0, semitones)) == 1
    assert measures.scale_consistency(line(range(60, 72))) == pytest.approx(7 / 12)
    assert math.isnan(measures.scale_consistency(DRUMS))


def test_groove_consistency_is_one_for_a_loop_and_falls_by_the_steps_that_differ() -> None:
    assert measures.groove_consistency(LOOP) == 1
    off = Notes(LOOP.onset + (LOOP.onset == 36), LOOP.duration, LOOP.instrument, LOOP.pitch)
    # Bar 1 differs from bars 0 and 2 on two steps of 32, of three pairs of bars.
    assert measures.groove_consistency(off) == pytest.approx(1 - 4 / (3 * 32))
    assert math.isnan(measures.groove_consistency(BAR))


def test_empty_beats_are_those_in_which_nothing_sounds() -> None:
    assert measures.empty_beat_rate(LOOP) == 0
    assert measures.empty_beat_rate(line([60, 60], step=24, duration=4)) == pytest.approx(2 / 4)
    assert measures.empty_beat_rate(line([60, 60], step=24, duration=17)) == pytest.approx(0)


def test_polyphony_counts_pitches_while_any_sounds() -> None:
    assert measures.polyphony(BAR) == 1
    assert measures.polyphony(together(BAR, shifted(BAR, 0, 4), shifted(BAR, 0, 7))) == pytest.approx(3)
    held = together(line([60], duration=8), line([64], duration=4), DRUMS)
    assert measures.polyphony(held) == pytest.approx((4 * 2 + 4 * 1) / 8)


def test_density_counts_notes_of_whole_bars_with_drums() -> None:
    assert measures.note_density(LOOP) == 8
    assert measures.note_density(together(LOOP, DRUMS)) == 16
    assert math.isnan(measures.note_density(line([60, 62])))


def test_a_repeated_bar_is_found_at_its_distance() -> None:
    other = line([49, 50, 51, 52, 53, 54, 55, 56])
    pair = closed(together(*(shifted(part, 32 * bar) for bar, part in enumerate([BAR, other] * 5))), 10)
    assert [measures.repetition(pair, lag) for lag in measures.REPETITION_BARS] == [0, 1, 1, 1]
    half = closed(together(BAR, shifted(line([60, 62, 64, 65, 1, 2, 3, 4]), 32)), 2)
    assert measures.repetition(half, 1) == pytest.approx(4 / 12)
    assert math.isnan(measures.repetition(BAR, 1))


def test_a_range_needs_notes_enough() -> None:
    assert measures.pitch_range(BAR, 0) == 12
    assert math.isnan(measures.pitch_range(BAR, 1))
    assert math.isnan(measures.pitch_range(line([60, 90]), 0))


def test_every_measure_gives_values_of_its_kind() -> None:
    windows = [together(LOOP, DRUMS), LOOP]
    for measure in (*measures.MEASURES, *measures.RANGES):
        values = measure.values(windows)
        assert np.isfinite(values).all()
        assert histogram(values, measure.edges).sum() == pytest.approx(1 if len(values) else 0)


def test_overlap_is_one_for_equal_and_none_for_disjoint() -> None:
    edges = np.linspace(0, 1, 11)
    low, high = histogram(np.array([0.05, 0.1, 0.2]), edges), histogram(np.array([0.8, 0.95]), edges)
    assert overlap(low, low) == pytest.approx(1) and jensen_shannon(low, low) == 0
    assert overlap(low, high) == 0 and jensen_shannon(low, high) == pytest.approx(1)
    half = histogram(np.array([0.05, 0.95]), edges)
    assert overlap(half, histogram(np.array([0.05]), edges)) == pytest.approx(0.5)


def test_values_beyond_the_edges_count_into_the_ends() -> None:
    assert histogram(np.array([-5, 0, 1, 2, 9]), np.array([0, 1, 2])).tolist() == [0.4, 0.6]
    assert histogram(np.array([]), np.array([0, 1, 2])).tolist() == [0, 0]


def test_wasserstein_is_how_far_mass_is_carried() -> None:
    values = np.array([1.0, 5, 2, 8])
    assert wasserstein(values, values[::-1]) == 0
    assert wasserstein(values, values + 3) == pytest.approx(3)
    assert wasserstein(np.array([0.0]), np.array([0.0, 1.0])) == pytest.approx(0.5)
    assert math.isnan(wasserstein(values, np.array([])))


WALTZ = Bars(np.zeros(1, dtype=np.int64), 24)


def in_bars(notes: Notes, bars: Bars) -> Notes:
    return Notes(notes.onset, notes.duration, notes.instrument, notes.pitch, bars)


def waltz(bars: int) -> Notes:
    """Six eighths in every bar of 24 steps, and the line that ends them."""
    bar = line([60, 62, 64, 65, 67, 69])
    return in_bars(together(*(shifted(bar, 24 * n) for n in range(bars)), shifted(line([60]), 24 * bars)), WALTZ)


def test_bars_are_those_of_the_metre() -> None:
    assert measures.whole_bars(waltz(8)) == 8
    assert measures.note_density(waltz(8)) == 6
    assert measures.groove_consistency(waltz(8)) == 1
    assert [measures.repetition(waltz(9), lag) for lag in measures.REPETITION_BARS] == [1, 1, 1, 1]
    # In bars of 32 steps the same music neither repeats nor keeps its groove.
    straight = in_bars(waltz(8), COMMON_TIME)
    assert measures.repetition(straight, 1) < 1 and measures.note_density(straight) == 8


def test_neighbours_of_other_lengths_are_not_compared() -> None:
    bars = Bars(np.array([0, 32]), 24)
    notes = in_bars(together(BAR, shifted(waltz(2), 32)), bars)
    assert measures.whole_bars(notes) == 3
    assert measures.groove_consistency(notes) == 1
    assert math.isnan(measures.groove_consistency(in_bars(together(BAR, shifted(line([60]), 32 + 23)), bars)))


def test_beats_are_counted_from_the_bar_line() -> None:
    # 7/8: three quarters and an eighth; the second beat is empty, and the last of the first bar.
    seven = Bars(np.zeros(1, dtype=np.int64), 28)
    notes = in_bars(Notes(np.array([0, 16, 28]), np.array([8, 8, 4]), np.zeros(3, dtype=int), np.array([60, 62, 64])), seven)
    assert measures.empty_beat_rate(notes) == pytest.approx(2 / 5)


def test_lines_go_on_and_places_are_within_them() -> None:
    bars = Bars(np.array([0, 32, 64]), 24)
    assert bars.lines(0).tolist() == [0]
    assert bars.lines(64).tolist() == [0, 32, 64]
    assert bars.lines(65).tolist() == [0, 32, 64, 88]
    assert bars.lines(112).tolist() == [0, 32, 64, 88, 112]
    found = bars.places(np.array([0, 31, 40, 87, 88, 100]))
    assert [part.tolist() for part in found] == [[0, 0, 1, 2, 3, 3], [0, 31, 8, 23, 0, 12], [32, 32, 32, 24, 24, 24]]
    assert bars.places(np.zeros(0))[0].tolist() == []


def test_a_files_metres_are_its_bars() -> None:
    assert file_bars([], 480).lines(64).tolist() == [0, 32, 64]
    assert file_bars([(0, 3, 4)], 480).lines(48).tolist() == [0, 24, 48]
    # Of two at one tick the last holds; a bar that a new metre cuts is short.
    mixed = file_bars([(0, 4, 4), (0, 3, 4), (480 * 7, 6, 8)], 480)
    assert mixed.lines(104).tolist() == [0, 24, 48, 56, 80, 104]
