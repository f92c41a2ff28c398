"""Laws of crops, augmentation, weights and evaluation windows."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from cadenza_training.architecture import ConfigurationError
from cadenza_training.data import DRUMS, EVENT, FIRST_NOTE, IGNORE, NATURAL_RANGES, PREFIX, START, Corpus, evaluation_windows
from cadenza_training.run_config import Run
from cadenza_training.sampler import Sampler, augment, piece_weights


def kind(token: int) -> int:
    """0 time, 1 duration+velocity, 2 instrument+pitch, 3 anything else."""
    return 0 if token < 256 else 1 if token < 1280 else 2 if token < 2816 else 3


def test_every_crop_is_prefix_then_whole_order(prepared: Path, raw_run: dict) -> None:
    sampler = Sampler(Corpus(prepared, "train"), Run.parse(raw_run))
    for step in range(40):
        for row, wanted in zip(*sampler.batch(step, 48)[:2], strict=True):
            assert row[0] == START and row[1] in (3073, 3074) and 3075 <= row[2] <= 3086
            music = [int(token) for token in row[PREFIX:] if token != START]
            assert [kind(token) for token in music] == [i % EVENT for i in range(len(music))]
            asked = np.flatnonzero(wanted != IGNORE)
            assert len(asked) > 0 and asked[0] in (PREFIX - 1, PREFIX - 1 + EVENT)
            assert (np.diff(asked) == 1).all()
            inside = asked[asked + 1 < len(row)]
            np.testing.assert_array_equal(wanted[inside][:-1], row[inside + 1][:-1])


def test_a_crop_is_the_music_of_its_piece(prepared: Path) -> None:
    corpus = Corpus(prepared, "train")
    longest = int(corpus.lengths.argmax())
    begin = int(corpus.offsets[longest])
    inputs, targets = corpus.crop(longest, 5, 48)
    np.testing.assert_array_equal(inputs[:PREFIX], corpus.tokens[begin : begin + PREFIX])
    music = corpus.tokens[begin + PREFIX + 15 :]
    np.testing.assert_array_equal(inputs[PREFIX:], music[:45])
    np.testing.assert_array_equal(targets[PREFIX - 1 + EVENT :], music[EVENT:46])


def test_a_short_piece_is_padded_and_its_padding_not_asked(prepared: Path) -> None:
    corpus = Corpus(prepared, "train")
    shortest = int(corpus.lengths.argmin())
    assert corpus.lengths[shortest] == PREFIX + 5 * EVENT
    _, targets = corpus.crop(shortest, 0, 48)
    assert np.flatnonzero(targets != IGNORE).tolist() == list(range(PREFIX - 1, PREFIX + 5 * EVENT - 1))


def test_batches_are_a_function_of_seed_and_step(prepared: Path, raw_run: dict) -> None:
    corpus = Corpus(prepared, "train")
    first, again = Sampler(corpus, Run.parse(raw_run)), Sampler(corpus, Run.parse(raw_run))
    other = Sampler(corpus, Run.parse({**raw_run, "seed": 4}))
    first.batch(1, 48)
    np.testing.assert_array_equal(first.batch(5, 48)[0], again.batch(5, 48)[0])
    assert (first.batch(5, 48)[0] != first.batch(6, 48)[0]).any()
    assert (first.batch(5, 48)[0] != other.batch(5, 48)[0]).any()


def test_augmentation_moves_notes_and_velocities_and_nothing_else() -> None:
    piano, drum = 1280 + 60, 1280 + 9 * 128 + 36
    tokens = np.array([3087, 3074, 3075, 0, 256 + 4 * 8 + 3, piano, 7, 256 + 127 * 8 + 5, drum, IGNORE])
    expected = [3087, 3074, 3075, 0, 256 + 4 * 8 + 4, piano + 6, 7, 256 + 127 * 8 + 6, drum, IGNORE]
    assert augment(tokens, 6, 1).tolist() == expected
    assert augment(np.array(expected), -6, -1).tolist() == tokens.tolist()


def test_augmentation_that_does_not_fit_is_left_undone() -> None:
    loud = np.array([0, 256 + 8 + 7, 1280 + 3 * 128 + 104])
    assert augment(loud, 6, 1).tolist() == loud.tolist()
    assert augment(loud, -5, -1).tolist() == [0, 256 + 8 + 6, 1280 + 3 * 128 + 99]


def test_a_transposition_keeps_every_note_in_its_instruments_range() -> None:
    for instrument, (lowest, highest) in enumerate(NATURAL_RANGES):
        drums = instrument == DRUMS
        for edge, outward in ((lowest, -1), (highest, 1)):
            piano, note = FIRST_NOTE + 60, FIRST_NOTE + 128 * instrument + edge
            crop = np.array([[0, piano], [piano, note]])
            refused = augment(crop, outward, 0) - crop
            assert refused.tolist() == ([[0, outward], [outward, 0]] if drums else [[0, 0], [0, 0]])
            made = augment(crop, -outward, 0) - crop
            assert made.tolist() == [[0, -outward], [-outward, 0 if drums else -outward]]


def test_a_note_outside_its_range_forbids_no_transposition_but_stays_a_pitch() -> None:
    bass, piano = FIRST_NOTE + 2 * 128, FIRST_NOTE + 60
    for pitch, semitones, fits in ((90, 6, True), (90, -5, True), (1, -1, True), (1, -2, False), (126, 1, True), (126, 2, False)):
        crop = np.array([bass + pitch, piano])
        assert augment(crop, semitones, 0).tolist() == (crop + semitones * fits).tolist()


def test_the_ranges_are_those_of_the_instrument() -> None:
    source = (Path(__file__).parents[2] / "client/music/rules/natural-ranges.ts").read_text()
    table = re.search(r"NATURAL_RANGES[^=]*= \[\n(.*?)\n\];", source, re.DOTALL)
    assert table is not None
    pairs = re.findall(r"^ *\[(\d+), (\d+)\],", table[1], re.MULTILINE)
    assert tuple((int(lowest), int(highest)) for lowest, highest in pairs) == NATURAL_RANGES
    assert len(NATURAL_RANGES) == 12


def test_shares_are_kept_and_solo_weighs_less(prepared: Path, raw_run: dict) -> None:
    corpus = Corpus(prepared, "train")
    run = Run.parse(raw_run)
    weights = piece_weights(corpus, run)
    quartet = corpus.source == 2
    assert weights[quartet].sum() == pytest.approx(0.2)
    assert weights[~quartet].sum() == pytest.approx(0.8)
    per_token = weights / corpus.lengths
    assert per_token[corpus.source == 1][0] == pytest.approx(0.3 * per_token[corpus.source == 0][0])
    with pytest.raises(ConfigurationError, match="quartet"):
        piece_weights(corpus, Run.parse({**raw_run, "sourceShares": [{"share": 1, "sources": ["band"]}]}))


def test_evaluation_asks_for_every_piece_and_no_event_twice(prepared: Path) -> None:
    corpus = Corpus(prepared, "validation")
    windows = evaluation_windows(corpus, 48, 10_000)
    asked = sum(int((corpus.crop(piece, event, 48)[1] != IGNORE).sum()) for piece, event in windows)
    music = int((corpus.lengths - PREFIX).sum())
    later = sum(event > 0 for _, event in windows)
    assert {piece for piece, _ in windows} == set(range(len(corpus.lengths)))
    assert music - (EVENT + 1) * len(windows) <= asked <= music - EVENT * later + len(windows)
    few = evaluation_windows(corpus, 48, 5)
    assert len(few) == 5 and few == sorted(few)


def test_foreign_data_is_refused(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="prepare-data"):
        Corpus(tmp_path / "nowhere", "train")
    index = prepared / "train.index.json"
    parsed = json.loads(index.read_text())
    parsed["pieces"][3][0] += 1
    index.write_text(json.dumps(parsed))
    with pytest.raises(ConfigurationError, match="START"):
        Corpus(prepared, "train")
