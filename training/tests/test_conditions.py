"""What tokens carry of the chart: the table, where rows stand, how they shift and which are open."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from cadenza_training.architecture import ConfigurationError
from cadenza_training.conditions import (
    ALWAYS_GIVEN, BAR_LENGTH, BAR_LENGTHS, CHORD, ENERGY, GROUPS, LEADER, PHASE, PLAYERS, STARTS, STYLE, bar_length_row, condition_ids, draw_open,
    main_leader, shifted,
)
from cadenza_training.data import EVENT, FIRST_LEAD, FIRST_NOTE, IGNORE, OUTRO, PREFIX, START, Corpus
from cadenza_training.evaluation.bars import piece_bars
from cadenza_training.evaluation.events import piece_events, read_notes
from cadenza_training.run_config import Run
from cadenza_training.sampler import Sampler

TABLE = Path(__file__).parents[2] / "client/music/chart/conditions.ts"


def test_the_table_is_that_of_the_instrument() -> None:
    source = TABLE.read_text()
    steps = re.search(r"BAR_LENGTHS = \[(.*?)\]", source, re.DOTALL)[1].split(",")
    assert tuple(map(int, steps)) == BAR_LENGTHS
    lengths = len(steps)
    styles = len(re.search(r"STYLES = \[(.*?)\]", source, re.DOTALL)[1].strip().strip(",").split(","))
    phases = int(re.search(r"PHASES = (\d+)", source)[1])
    sizes = {"1 + PHASES": 1 + phases, "1 + BAR_LENGTHS.length + 1": lengths + 2, "1 + 12 * QUALITIES.length + 1": 74, "1 + STYLES.length": 1 + styles}
    table = re.search(r"CONDITION_GROUPS[^=]*= \[\n(.*?)\n\];", source, re.DOTALL)[1]
    rows = re.findall(r'name: "(\w+)", rows: ([^}]+?) }', table)
    named = {name: sizes.get(size) or int(size) for name, size in rows}
    assert named == {group.name: group.rows for group in GROUPS if not group.name.startswith("player")}
    assert "name: `player${instrument}`, rows: 3" in table and len(GROUPS) == len(named) + 12
    names = [group.name for group in GROUPS]
    assert [names.index(name) for name, _ in rows] == sorted(names.index(name) for name, _ in rows)
    assert STARTS[-1] + GROUPS[-1].rows == sum(group.rows for group in GROUPS) == 287


def test_bars_of_a_piece_are_those_of_its_chart(charted: Path) -> None:
    corpus = Corpus(charted, "train")
    for piece in range(len(corpus.lengths)):
        events = (int(corpus.lengths[piece]) - PREFIX) // EVENT
        carried = corpus.conditions(piece, 0, PREFIX + events * EVENT)
        onsets = read_notes(piece_events(corpus, piece)).onset
        _, phase, length = piece_bars(corpus, piece).places(onsets)
        rows = {(int(row[PHASE]), int(row[BAR_LENGTH])) for row in carried[PREFIX:]}
        assert {(1 + int(at), bar_length_row(int(steps))) for at, steps in zip(phase, length)} <= rows


def test_tokens_carry_the_half_bar_of_their_onset(charted: Path) -> None:
    corpus = Corpus(charted, "train")
    outros = 0
    for piece in range(len(corpus.lengths)):
        tokens = corpus.tokens[corpus.offsets[piece] :][: corpus.lengths[piece]].astype(int)
        events = tokens[PREFIX:][tokens[PREFIX:] != OUTRO].reshape(-1, EVENT)
        onsets, steps = events[:, 0].cumsum(), (24, 32)[piece % 2]
        for first in {0, 3, len(events) // 2, len(events) - 2}:
            rows = corpus.conditions(piece, first, 48)
            inputs, targets = corpus.crop(piece, first, 48)
            assert corpus.asked(piece, first, 48) == (targets != IGNORE).sum()
            assert (rows[:PREFIX, STYLE] == 1 + piece % 16).all() and rows[:PREFIX, :STYLE].max() == 0
            event, place = first, 0
            for token, carried in zip(inputs[PREFIX:].tolist(), rows[PREFIX:], strict=True):
                if token == START:
                    break
                if token == OUTRO:
                    outros += 1
                    assert (carried == before).all()
                    continue
                assert token == events[event, place] and carried[PHASE] == 1 + onsets[event] % steps
                assert carried[LEADER] == 1 + piece % 3 and carried[STYLE] == 1 + piece % 16
                if events[event, 2] < FIRST_NOTE + 9 * 128 and onsets[event] % steps == 0:
                    assert (carried[CHORD] - 1) // 6 == events[event, 2] % 128 % 12
                before = carried
                event, place = event + (place == 2), (place + 1) % EVENT
    assert outros > 0


def test_long_halves_in_parts_count_their_phase_on(tmp_path: Path) -> None:
    events = [[200, 264, 1340], [100, 264, 1340], [0, 264, 1344]]
    piece = [3087, 3073, 3075, *(token for event in events for token in event), 3072]
    rows = [17, 73, 1, 1, 1, 1, 1, *[0] * 12]
    np.asarray(piece, dtype="<u2").tofile(tmp_path / "train.bin")
    np.asarray([[250, 0, *rows], [150, 250, *rows]], dtype=np.uint8).tofile(tmp_path / "train.chart.bin")
    (tmp_path / "train.index.json").write_text(json.dumps({"sources": ["a"], "pieces": [[0, len(piece), 0, 0, 2, 0]]}))
    found = Corpus(tmp_path, "train").conditions(0, 0, 12)
    assert found[PREFIX::EVENT, PHASE].tolist() == [96, 96, 96]  # later phases share the last row


def test_ids_are_the_groups_one_after_another() -> None:
    rows = np.zeros((2, len(GROUPS)), dtype=np.int64)
    rows[1] = [group.rows - 1 for group in GROUPS]
    ids = condition_ids(rows)
    assert ids[0].tolist() == STARTS.tolist() and ids[1, :-1].tolist() == (STARTS[1:] - 1).tolist() and ids[1, -1] == 286


def test_chords_turn_and_energy_moves_with_the_music() -> None:
    rows = np.zeros((5, len(GROUPS)), dtype=np.int64)
    rows[:, CHORD] = [0, 1, 1 + 11 * 6 + 2, 72, 73]
    rows[:, ENERGY] = [0, 1, 4, 8, 8]
    moved = shifted(rows, 2, 1)
    assert moved[:, CHORD].tolist() == [0, 13, 1 + 6 + 2, 1 + 6 + 5, 73]
    assert moved[:, ENERGY].tolist() == [0, 2, 5, 8, 8]
    assert (shifted(moved, -2, -1)[:3] == rows[:3]).all()


def test_groups_are_open_in_their_shares() -> None:
    generator = np.random.default_rng(1)
    drawn = np.array([draw_open(generator, 0.4, 0.25) for _ in range(4000)])
    assert not drawn[:, ALWAYS_GIVEN].any()
    rest = [index for index in range(len(GROUPS)) if index not in ALWAYS_GIVEN]
    wholly = drawn[:, rest].all(axis=1)
    assert 0.37 < wholly.mean() < 0.43
    others = drawn[~wholly]
    for group in (CHORD, ENERGY, LEADER, STYLE):
        assert 0.2 < others[:, group].mean() < 0.3
    assert (~others[:, PLAYERS]).all(axis=1).mean() > 0.45 and others[:, PLAYERS].all(axis=1).mean() > 0.2
    seldom = np.array([draw_open(generator, 0.1, 0.06) for _ in range(4000)])
    others = seldom[~seldom[:, rest].all(axis=1)]
    assert 0.04 < others[:, CHORD].mean() < 0.08 and 0.04 < others[:, PLAYERS].all(axis=1).mean() < 0.08


def test_batches_carry_what_their_music_carries(charted: Path, conditioned_run: dict) -> None:
    corpus = Corpus(charted, "train")
    sampler = Sampler(corpus, Run.parse({**conditioned_run, "openShare": 0.0}))
    replaced = 0
    for step in range(30):
        inputs, _, _, conditions = sampler.batch(step, 48)
        rows = conditions - STARTS
        for tokens, carried in zip(inputs, rows, strict=True):
            assert (carried >= 0).all() and (carried < [group.rows for group in GROUPS]).all()
            notes = tokens[PREFIX:46] - FIRST_NOTE
            for at in np.flatnonzero((notes >= 0) & (notes < 9 * 128)) + PREFIX:
                if carried[at, PHASE] == 1 and carried[at, CHORD] > 0:
                    assert (carried[at, CHORD] - 1) // 6 == notes[at - PREFIX] % 128 % 12
            energy = carried[PREFIX + 1, ENERGY]
            assert energy == 0 or energy == 1 + (int(tokens[PREFIX + 1]) - 256) % 8
            leaders = carried[PREFIX:, LEADER]
            replaced += bool(leaders.any()) and tokens[2] == FIRST_LEAD + leaders.max() - 1
    assert replaced > 0


def test_the_leader_is_who_leads_most_steps() -> None:
    assert main_leader(np.array([3, 0, 3, 5]), np.array([8, 90, 8, 12])) == 2
    assert main_leader(np.array([0, 0]), np.array([8, 8])) is None


def test_data_without_a_chart_serves_runs_without_conditions(prepared: Path, charted: Path, raw_run: dict, conditioned_run: dict) -> None:
    assert Sampler(Corpus(charted, "train"), Run.parse(raw_run)).batch(0, 24).conditions is None
    with pytest.raises(ConfigurationError, match="no chart"):
        Sampler(Corpus(prepared, "train"), Run.parse(conditioned_run))
    (charted / "train.chart.bin").write_bytes(b"123")
    with pytest.raises(ConfigurationError, match="chart"):
        Corpus(charted, "train")
