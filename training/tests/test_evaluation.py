"""The comparison as a whole on synthetic music, the arithmetic of its table, and its commands."""

import json
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from cadenza_training import evaluate, report
from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.data import Corpus
from cadenza_training.evaluation import charts
from cadenza_training.evaluation.comparison import (
    MODEL, NGRAM, PRODUCT, TEST, TRAIN, UNIGRAM, UNTRAINED, Data, Sizes, compare, copying_entry, wins, _pooled,
)
from cadenza_training.evaluation.copying import Shared
from cadenza_training.evaluation.events import openings, piece_events, read_notes, window_notes
from cadenza_training.evaluation.losses import Losses, bits, by_copying, by_kind, by_position
from cadenza_training.evaluation.played import read_played
from cadenza_training.evaluation.page import Pictures, render_page
from cadenza_training.evaluation.samples import RECIPES, Recipe, Sample
from cadenza_training.evaluation.training_log import Curve, read_curve
from cadenza_training.export import Training, export_model
from cadenza_training.model import build_model

LOSSES = Losses(
    loss=np.array([1.0, 2, 3, 1, 2, 6]),
    full=np.array([1.0, 2, 3, 2, 3, 7]),
    hit=np.array([1.0, 0, 0, 1, 1, 0]),
    token=np.array([4, 300, 1300, 8, 400, 2000]),
    window=np.array([0, 0, 0, 1, 1, 1]),
    position=np.array([2, 3, 4, 5, 16, 31]),
)


PLAYED = {
    "benchmark": "music", "model": "tiny", "version": "1.0.0", "pieces": 3, "inRuns": 0.02, "hammered": 0, "runsOfEight": 0, "notesABar": 30.5,
    "pitchesABar": 9, "natural": 0.8, "leads": 0.6, "leadsHalf": 1, "inChord": {"strongBeats": 0.9, "all": 0.8},
    "obedience": {"players": 1, "density": 0.9, "drumDensity": 0.95, "energy": 0.94},
}
LEARNT = {
    "benchmark": "lstm", "run": "tiny", "minutes": 0.5, "early": False, "threads": 1, "windows": 9, "models": {
        "LSTM": {
            "shape": "8 wide", "parameters": 100, "path": "torch", "rate": 0.01, "tried": {"0.01": 7.0, "0.02": 8.0}, "tokens": 3000, "seconds": 10,
            "test": {"note": 5.0, "given": {"note": 4.9}}, "curve": [{"tokens": 2000, "open": 6.0, "given": 5.9}, {"tokens": 3000, "open": 5.0, "given": 4.9}],
        },
        "transformer": {
            "shape": "9 wide", "parameters": 101, "path": "lean", "rate": 0.01, "tried": {}, "tokens": 2500, "seconds": 10,
            "test": {"note": 4.5}, "curve": [{"tokens": 2000, "open": 5.5}],
        },
    },
    "equalTokens": {"LSTM": {"tokens": 2000}, "transformer": {"tokens": 2000}},
}  # fmt: skip


def test_what_the_instrument_played_is_read_from_the_last_line(tmp_path: Path) -> None:
    file = tmp_path / "music.json"
    file.write_text("Piano, seed 1\n" + json.dumps(PLAYED) + "\n")
    assert read_played(file) == PLAYED
    for broken in ("", "Piano, seed 1\n", json.dumps({**PLAYED, "benchmark": "hour"}), json.dumps({"benchmark": "music"}), "[]"):
        file.write_text(broken)
        with pytest.raises(ConfigurationError, match="npm run bench -- music"):
            read_played(file)


def test_losses_are_summed_up_by_kind_place_and_note() -> None:
    found = by_kind(LOSSES)
    assert (found["tokens"], found["loss"], found["accuracy"]) == (6, 2.5, 0.5)
    assert [kind["loss"] for kind in found["kinds"].values()] == [1, 2, 4.5]
    assert (found["note"], found["noteFull"]) == (7.5, 9)
    assert [kind["accuracy"] for kind in found["kinds"].values()] == [1, 0.5, 0]
    assert [(row["from"], row["to"], row["tokens"]) for row in by_position(LOSSES)] == [(0, 16, 4), (16, 32, 2)]
    # 7.5 nats a note, a note every 6 steps, 16 steps a second.
    assert bits(LOSSES)["perNote"] == pytest.approx(7.5 / math.log(2), abs=1e-3)
    assert bits(LOSSES)["perSecond"] == pytest.approx(7.5 / math.log(2) / 6 * 16, abs=1e-2)


def test_losses_are_split_by_what_their_windows_share() -> None:
    found = by_copying(LOSSES, np.array([0.1, 0.5]), 0.1)
    assert (found["own"]["loss"], found["shared"]["loss"]) == (2, 3)
    assert by_copying(LOSSES, np.array([0, 0]), 0.1)["shared"]["loss"] is None


def test_a_crop_is_read_as_the_notes_of_its_whole_events() -> None:
    crop = np.array([3087, 3074, 3075, 4, 300, 1340, 3072, 5, 301, 1341, 6, 302, 3087, 3087])
    assert window_notes(crop).onset.tolist() == [4, 9]


def row(name: str, **distances: float | None) -> dict:
    return {"name": name, "unit": "u", "distance": "Wasserstein-1", "test": {"values": 2, "mean": 1.0}, "sources": {
        source: {"values": 1, "mean": 1.0, "overlap": 0.5, "distance": distance} for source, distance in distances.items()
    }}


def test_the_nearer_source_wins_and_absence_loses() -> None:
    rows = [row("a", model=1.0, other=2.0), row("b", model=3.0, other=2.0), row("c", model=1.0, other=None), row("d", model=1.0, other=1.0)]
    assert wins(rows, "model", ["model", "other"]) == {"other": {"nearer": 2, "of": 4, "not": ["b", "d"]}}


def test_pooling_weighs_by_the_test_set_and_skips_what_is_not_there() -> None:
    first, second = row("a", model=1.0, other=None), row("b", model=4.0, other=2.0)
    first["test"]["values"] = 4
    pooled = _pooled("all", [first, second], ["model", "other"])
    assert pooled["sources"]["model"]["distance"] == pytest.approx((4 * 1 + 2 * 4) / 6)
    assert pooled["sources"]["other"]["distance"] == 2


def test_copying_is_summed_up_over_windows() -> None:
    found = copying_entry(Shared(np.array([0, 8, 10, 40]), np.array([0, 0, 0.2, 0.6])))
    assert found["longest"] == {"median": 9, "p95": pytest.approx(35.5), "most": 40}
    assert found["share"]["mean"] == pytest.approx(0.2) and found["share"]["overHalf"] == 0.25


def test_openings_are_the_first_notes_without_the_outro(tmp_path: Path) -> None:
    events = np.array([[1, 300, 1340], [2, 301, 1341], [3, 302, 1342], [4, 303, 1343]])
    heading = [3087, 3074, 3075]
    early = [*heading, *events[:2].flatten(), 3072, *events[2:].flatten()]
    late = [*heading, *events.flatten(), 3072]
    short = [*heading, *events[:3].flatten(), 3072]
    pieces, tokens = [], []
    for piece in (early, late, short):
        pieces.append([len(tokens), len(piece), 0])
        tokens += [int(token) for token in piece]
    np.asarray(tokens, dtype="<u2").tofile(tmp_path / "test.bin")
    (tmp_path / "test.index.json").write_text(json.dumps({"sources": ["made"], "pieces": pieces}))
    corpus = Corpus(tmp_path, "test")
    found = openings(corpus, 3)
    np.testing.assert_array_equal(found.events, [events[:3]] * 2)
    assert found.headings.tolist() == [heading] * 2
    assert len(openings(corpus, 10).events) == 0
    np.testing.assert_array_equal(piece_events(corpus, 0), events)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict:
    from conftest import write_split

    folder = tmp_path_factory.mktemp("prepared")
    for split in ("train", "validation", "test"):
        write_split(folder, split, np.random.default_rng(len(split)))
    architecture = Architecture(3088, 32, 2, 2, 32, 128, 48, "rotary")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = build_model(architecture).eval()
    data = Data(*(Corpus(folder, split) for split in ("train", "validation", "test")))
    said: list[str] = []
    sizes = Sizes(windows=20, openings=3, notes=40, untrained=2, ngram_tokens=3000)
    found = compare(model, architecture, data, sizes, said.append, {"other 1.0.0": model})
    assert said
    return json.loads(json.dumps(found, allow_nan=False))


def test_the_comparison_names_every_source_and_measure(results: dict) -> None:
    assert list(results["losses"]) == [MODEL, "other 1.0.0", NGRAM, UNIGRAM, UNTRAINED]
    assert results["losses"]["other 1.0.0"] == results["losses"][MODEL]
    assert set(results["musegan"]) == {TEST, TRAIN, MODEL, PRODUCT, NGRAM, UNIGRAM, UNTRAINED}
    assert results["losses"][NGRAM]["loss"] < results["losses"][UNIGRAM]["loss"] < results["losses"][UNTRAINED]["loss"]
    for measure in results["music"]["measures"]:
        assert list(measure["sources"]) == [TRAIN, MODEL, PRODUCT, NGRAM, UNIGRAM, UNTRAINED]
    # The synthetic pieces are one figure in different keys: all of it stands in the training split.
    assert results["copying"][TEST]["windows"] > 0
    assert TRAIN not in results["copying"]


def test_the_page_says_what_was_measured(results: dict, tmp_path: Path) -> None:
    sample = Sample(RECIPES[0], read_notes(np.array([[0, 300, 1340], [8, 300, 1344], [0, 300, 1280 + 9 * 128 + 36]])))
    pictures = Pictures(
        places=charts.loss_by_place(results["losses"], tmp_path / "places.svg"),
        measures=charts.histograms(results["music"]["measures"], tmp_path / "measures.svg"),
        ranges=charts.histograms(results["music"]["ranges"], tmp_path / "ranges.svg"),
        rolls=((RECIPES[0], charts.piano_roll(sample, tmp_path / "roll.png")),),
        curve=charts.loss_curve(Curve([(10, 3.0), (20, 2.0)], [(20, 2.5, 0.4)]), tmp_path / "curve.svg"),
    )
    page = render_page("tiny", results, pictures, 10, PLAYED)
    assert "| bars in runs of four like the bar before | 2.0 % | 1.2 % |" in page and "| rank correlation of energy asked and played | 0.94 | |" in page.replace("|  |", "| |")
    assert "| other 1.0.0 (" in page and "| empty bars: bass |" in page and "The instrument with it" not in render_page("tiny", results, pictures, 10)
    assert "| MuseGAN: its music | MuseGAN: jamming |" in page and "| tonal distance: guitar and piano |" in page
    for file in ("places.svg", "measures.svg", "ranges.svg", "roll.png", "curve.svg"):
        assert (tmp_path / file).stat().st_size > 500 and f"({file})" in page
    assert f"| {MODEL} ({results['losses'][MODEL]['tokens']:,} tokens) | **{results['losses'][MODEL]['note']:.4g}**" in page
    assert "does **not** beat the 6-gram" in page
    assert PRODUCT == "model, default sampling" and f"**{PRODUCT}**" in page and "constraints (longest rests" in page
    for of in (MODEL, PRODUCT):
        assert f"- {of} than **{NGRAM}** in {results['music']['wins'][of][NGRAM]['nearer']} of 13" in page


def test_a_curve_is_read_from_metrics_or_from_what_was_printed(tmp_path: Path) -> None:
    validation = {"loss": 2.5, "accuracy": 0.4, "tokens": 9}
    metrics, printed = tmp_path / "metrics.jsonl", tmp_path / "log.txt"
    metrics.write_text("".join(json.dumps(line) + "\n" for line in (
        {"step": 1, "tokens": 10, "loss": 3.0}, {"step": 2, "tokens": 20, "validation": validation},
    )))
    printed.write_text(
        "starting tiny\nstep 1 loss 3.0000 tokens 10 tokens/s 5 lr 1e-2 spent 1.0% 2s\n"
        f"validation at step 1: {json.dumps(validation)}\n"
    )
    assert read_curve(metrics) == Curve([(10, 3.0)], [(20, 2.5, 0.4)])
    assert read_curve(printed) == Curve([(10, 3.0)], [(10, 2.5, 0.4)])
    metrics.write_text('{"step": 1, "tok')
    with pytest.raises(ConfigurationError, match="line 1"):
        read_curve(metrics)
    printed.write_text("nothing\n")
    with pytest.raises(ConfigurationError, match="no step"):
        read_curve(printed)
    with pytest.raises(ConfigurationError, match="no readable log"):
        read_curve(tmp_path / "absent")


def test_the_ten_samples_are_fixed_and_all_different() -> None:
    assert len(RECIPES) == 10 and len({recipe.name for recipe in RECIPES}) == 10
    assert [recipe.seed for recipe in RECIPES] == list(range(1, 11))
    assert sum(recipe.drums for recipe in RECIPES) == 5 and "Drums" not in {recipe.lead for recipe in RECIPES}


def test_misuse_of_the_report_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["report.py", "--bogus"])
    with pytest.raises(SystemExit) as exit:
        report.main()
    assert exit.value.code == 2
    printed = capsys.readouterr().err
    assert len(printed.strip().splitlines()) == 1 and "see python -m cadenza_training.report --help" in printed


def exported(folder: Path) -> Path:
    architecture = Architecture(3088, 32, 1, 2, 32, 128, 48, "rotary")
    torch.manual_seed(1)
    state = build_model(architecture).state_dict()
    export_model(
        state, architecture, folder, identifier="tiny", version="1.0.0", license="MIT", training=Training(0, 0, 0.0, 0.0)
    )
    return folder


def test_evaluate_prints_the_held_out_figures_as_json(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = exported(tmp_path / "model")
    monkeypatch.setattr(sys, "argv", ["evaluate.py", "--model", str(model), "--data", str(prepared), "--split", "test", "--windows", "9"])
    evaluate.main()
    found = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert (found["model"], found["split"], found["window"]) == ("tiny", "test", 48)
    assert found["loss"] > 6 and set(found["kinds"]) == {"time", "duration+velocity", "instrument+pitch"}
    assert sum(row["tokens"] for row in found["positions"]) == found["tokens"] and found["bits"]["perNote"] > 20


def test_windows_may_be_shorter_than_the_context_and_not_longer(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = exported(tmp_path / "model")
    command = ["evaluate.py", "--model", str(model), "--data", str(prepared), "--split", "test", "--windows", "9", "--window"]
    monkeypatch.setattr(sys, "argv", [*command, "24"])
    evaluate.main()
    found = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert found["window"] == 24 and 0 < found["tokens"] <= 9 * 24
    monkeypatch.setattr(sys, "argv", [*command, "49"])
    with pytest.raises(SystemExit, match="--window 49: the model reads 9 to 48 tokens"):
        evaluate.main()


def test_a_model_of_another_tokenization_is_refused(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = exported(tmp_path / "model")
    manifest = model / "manifest.json"
    manifest.write_text(manifest.read_text().replace("grid32", "allegro-ms"))
    monkeypatch.setattr(sys, "argv", ["evaluate.py", "--model", str(model), "--data", str(prepared)])
    with pytest.raises(SystemExit, match="allegro-ms"):
        evaluate.main()


def test_the_report_is_one_command(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = exported(tmp_path / "model"), tmp_path / "report"

    def composed(recipe: Recipe, folder: Path, bars: int, to: Path) -> Sample:
        assert (folder, bars, to) == (model, 4, out)
        return Sample(recipe, read_notes(np.array([[0, 300, 1340], [8, 300, 1344]])))

    monkeypatch.setattr(report, "compose", composed)
    small = ["--windows", "9", "--openings", "4", "--notes", "24", "--ngram-tokens", "2000", "--bars", "4"]
    monkeypatch.setattr(sys, "argv", ["report.py", "--model", str(model), "--data", str(prepared), "--out", str(out), *small])
    report.main()
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert printed["report"] == str(out / "README.md")
    page = (out / "README.md").read_text()
    linked = {link for link in re.findall(r"\]\(([^)]+)\)", page) if not link.startswith("https:")}
    present = {file.name for file in out.iterdir()} - {"README.md"}
    assert present <= linked
    assert linked - present == {f"{recipe.name}.{ending}" for recipe in RECIPES for ending in ("mp3", "mid")}
    assert str(tmp_path) not in page + (out / "evaluation.json").read_text()

    # Measured once, it can be written anew beside what the instrument plays.
    monkeypatch.setattr(report, "compare", lambda *_: pytest.fail("measured again"))
    played = tmp_path / "music.json"
    played.write_text(json.dumps(PLAYED))
    lstm = tmp_path / "lstm.json"
    lstm.write_text(json.dumps(LEARNT))
    again = ["--results", str(out / "evaluation.json"), "--played", str(played), "--lstm", str(lstm)]
    monkeypatch.setattr(sys, "argv", ["report.py", "--model", str(model), "--data", str(prepared), "--out", str(out), "--bars", "4", *again])
    report.main()
    written = (out / "README.md").read_text()
    assert "| 2,000 (last at whole rates) | 6.000, 5.900 | 5.500, reads none |" in written
    assert "| LSTM | 8 wide | 100 | torch | 3,000 | 300 | **5.000** | 4.900 |" in written
    assert "## The instrument with it" in written and written.split("## The music")[1] == page.split("## The music")[1]
    for file, version in ((out / "evaluation.json", "2.0.0"), (played, "1.0.0"), (tmp_path / "absent", "1.0.0")):
        with pytest.raises(ConfigurationError, match="leave --results out"):
            report.read_results(file, {"id": "tiny", "version": version})
