"""The LSTM beside the transformer: as large, the same interface, causal; both learn from the same batches, and the result makes a section."""

import json
import sys
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch

from cadenza_training import lstm
from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.conditions import GROUPS, STARTS
from cadenza_training.data import Corpus
from cadenza_training.evaluation.lstm_result import lstm_section, read_lstm
from cadenza_training.lstm import LSTM, TRANSFORMER, Learner, equal_tokens, take_turns
from cadenza_training.lstm_model import LstmModel, matching_width
from cadenza_training.model import build_model, parameter_count, reads_chart
from cadenza_training.run_config import Run, read_run
from cadenza_training.sampler import Sampler

RUNS = Path(__file__).parents[1] / "runs"
SHAPE = Architecture(3088, 32, 2, 2, 32, 128, 48, "rotary", conditions=GROUPS)


@pytest.mark.parametrize("name", ["band", "starter", "jam"])
def test_it_has_as_many_parameters_as_the_transformer(name: str) -> None:
    architecture = Run.parse(read_run(RUNS / f"{name}.json")).architecture
    width = matching_width(architecture)
    wanted = parameter_count(build_model(architecture))
    assert parameter_count(LstmModel(architecture, width)) == pytest.approx(wanted, rel=0.01)


def test_it_reads_what_the_transformer_reads_and_nothing_later() -> None:
    torch.manual_seed(1)
    model = LstmModel(SHAPE, 40).eval()
    tokens = torch.randint(3088, (2, 20))
    drawn = np.random.default_rng(1).integers(0, [group.rows for group in GROUPS], (2, 20, len(GROUPS)))
    rows = torch.from_numpy((drawn + STARTS).astype(np.int32))
    assert reads_chart(model) and not reads_chart(LstmModel(Architecture(3088, 32, 2, 2, 32, 128, 48, "rotary"), 40))
    with torch.no_grad():
        plain = model(tokens, rows)
        assert plain.shape == build_model(SHAPE)(tokens, rows).shape == (2, 20, 3088)
        model.conditions.weight.normal_()
        charted = model(tokens, rows)
        changed = tokens.clone()
        changed[:, 12] = (tokens[:, 12] + 1) % 3088
        other = model(changed, rows)
    assert not torch.equal(plain, charted)
    torch.testing.assert_close(other[:, :12], charted[:, :12])
    assert not torch.allclose(other[:, 12], charted[:, 12])


def test_it_begins_at_the_frequencies_of_tokens() -> None:
    torch.manual_seed(1)
    model = LstmModel(SHAPE, 40)
    model.begin_at(torch.arange(3088))
    with torch.no_grad():
        said = model.lstm.weight_hh_l0.new_zeros(40) @ model.to_logits.weight.T + model.to_logits.bias
    torch.testing.assert_close(said.softmax(0), (torch.arange(3088) + 1) / torch.arange(1, 3089).sum())
    assert (model.lstm.bias_ih_l1[40:80] == 1).all() and (model.lstm.bias_ih_l1[:40] != 1).all()


def test_each_learns_from_the_same_batches_for_the_same_time(charted: Path, conditioned_run: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = {**conditioned_run, "cropSchedule": [[0, 48]]}
    clock = iter(range(10**6))
    monkeypatch.setattr(lstm.time, "process_time", lambda: float(next(clock)))
    sampler = Sampler(Corpus(charted, "train"), Run.parse(raw))
    asked: list[int] = []
    drawn = sampler.batch
    monkeypatch.setattr(sampler, "batch", lambda step, *sizes: asked.append(step) or drawn(step, *sizes))
    learners = [Learner(name, raw, 0.01, sampler.corpus) for name in (LSTM, TRANSFORMER)]
    before = [learner.measure(Corpus(charted, "validation"), 20)["loss"] for learner in learners]
    take_turns(learners, sampler, 4, lambda _: None, Event())
    assert asked == [0, 0, 1, 1, 2, 2, 3, 3] and {learner.tokens for learner in learners} == {4 * 3072}
    for learner, loss in zip(learners, before, strict=True):
        assert learner.measure(Corpus(charted, "validation"), 20)["loss"] < loss
    assert learners[0].path.model.conditions.weight.any()
    ended = Event()
    take_turns(learners, sampler, 100, lambda _: ended.set(), ended)
    assert len(asked) == 9


def test_equal_tokens_are_the_last_before_any_rate_falls() -> None:
    def curve(speed: int) -> list[dict[str, float]]:
        return [{"tokens": tokens, "seconds": tokens / speed, "open": 5.0} for tokens in (100, 200, 300, 400)]

    found = equal_tokens({LSTM: curve(40), TRANSFORMER: curve(30)}, 10)
    assert found is not None and {place["tokens"] for place in found.values()} == {200}
    assert equal_tokens({LSTM: curve(40), TRANSFORMER: curve(5)}, 10) is None


def test_the_command_writes_what_the_report_shows(
    charted: Path, conditioned_run: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = tmp_path / "run.json", tmp_path / "lstm.json"
    run.write_text(json.dumps({**conditioned_run, "cropSchedule": [[0, 48]]}))
    few = ["--minutes", "0.02", "--try-minutes", "0.001", "--rates", "0.01", "0.02", "--transformer-rates", "0.01", "--every", "1", "--windows", "5"]
    monkeypatch.setattr(sys, "argv", ["lstm.py", "--run", str(run), "--data", str(charted), "--out", str(out), *few])
    lstm.main()
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    found = read_lstm(out)
    assert set(printed) == set(found["models"]) == {LSTM, TRANSFORMER}
    assert set(found["models"][LSTM]["tried"]) == {"0.01", "0.02"} and found["models"][TRANSFORMER]["tried"] == {}
    assert all(entry["steps"] == len(entry["curve"]) > 0 and entry["seconds"] >= 1.2 for entry in found["models"].values())
    section = lstm_section(found, "cadenza-band 9.9.9", 60_200_000)
    for name, entry in found["models"].items():
        assert f"| {name} | {entry['shape']} | {entry['parameters']:,} |" in section and f"**{entry['test']['note']:.3f}**" in section
    assert "60.2 million that cadenza-band 9.9.9 heard" in section and "on one thread" in section
    assert str(tmp_path) not in section and "rates fall in the last fifth" in section
    assert "ended early, with rates still whole" in lstm_section({**found, "early": True}, "cadenza-band 9.9.9", 0)


def test_another_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "lstm.json"
    for broken in ("", "[]", json.dumps({"benchmark": "music"}), json.dumps({"benchmark": "lstm", "models": {}})):
        file.write_text(broken)
        with pytest.raises(ConfigurationError, match="cadenza_training.lstm --out"):
            read_lstm(file)
