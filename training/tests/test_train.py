"""A stopped training goes on as if it had not stopped; a model can learn 8 crops by heart."""

from pathlib import Path

import pytest
import torch

from cadenza_training import trainer as trainer_module
from cadenza_training.architecture import ConfigurationError
from cadenza_training.checkpoint import read_checkpoint, write_checkpoint
from cadenza_training.data import Corpus
from cadenza_training.evaluate import evaluate
from cadenza_training.export import load_exported
from cadenza_training.optimisers import rate_factor
from cadenza_training.run_config import Run
from cadenza_training.trainer import Trainer, computes_bf16


@pytest.mark.parametrize("optimiser", ["muon", "adamw"])
def test_resuming_is_exact(prepared: Path, raw_run: dict, tmp_path: Path, optimiser: str) -> None:
    raw = {**raw_run, "matrixOptimiser": optimiser}
    torch.set_num_threads(1)
    whole = Trainer(raw, prepared, tmp_path / "whole")
    whole.train()
    first = Trainer(raw, prepared, tmp_path / "parts")
    first.session_steps = 5
    first.train()
    assert first.step == 5
    second = Trainer(raw, prepared, tmp_path / "parts")
    assert second.resume() and second.step == 5
    second.train()
    assert first.losses + second.losses == whole.losses
    assert second.tokens == whole.tokens and second.validation == whole.validation
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, second.model.state_dict()[name]), name


def test_a_checkpoint_of_another_run_is_refused(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    Trainer(raw_run, prepared, tmp_path / "out").save()
    with pytest.raises(ConfigurationError, match="another run"):
        Trainer({**raw_run, "seed": 9}, prepared, tmp_path / "out").resume()


def test_a_checkpoint_from_before_origins_begins_at_0(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    trainer = Trainer(raw_run, prepared, tmp_path / "out", session_steps=3)
    trainer.train()
    saved = read_checkpoint(tmp_path / "out")
    del saved["origin"]
    write_checkpoint(tmp_path / "out", saved)
    again = Trainer(raw_run, prepared, tmp_path / "out")
    assert again.resume() and (again.step, again.origin, again.fraction()) == (3, 0, 3 / 12)


def test_bf16_is_only_for_hardware_that_has_it(
    prepared: Path, raw_run: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Trainer(raw_run, prepared, tmp_path).device
    for has in (True, False):
        monkeypatch.setattr(trainer_module, "computes_bf16", lambda device, has=has: has)
        assert Trainer({**raw_run, "autocast": True}, prepared, tmp_path).path.autocast == has
        assert not Trainer(raw_run, prepared, tmp_path).path.autocast
    monkeypatch.undo()
    assert computes_bf16(device) in (True, False)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not computes_bf16(torch.device("cpu"))


def test_a_time_budget_ends_and_is_remembered(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    trainer = Trainer(raw_run, prepared, tmp_path / "out", minutes=0.02)
    trainer.train()
    assert trainer.step > 0 and trainer.elapsed >= 1.2
    again = Trainer(raw_run, prepared, tmp_path / "out", minutes=0.02)
    again.resume()
    again.train()
    assert again.step == trainer.step


def test_a_stopped_training_still_exports(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    trainer = Trainer(raw_run, prepared, tmp_path / "out")
    trainer.advance(0)
    trainer.stopped = True
    trainer.train()
    folder = trainer.export().parent
    model, manifest = load_exported(folder)
    assert manifest["training"]["steps"] == 1 and manifest["training"]["tokens"] == 192
    found = evaluate(model, Corpus(prepared, "validation"), 48, raw_run["finalEvaluationWindows"])
    assert found["loss"] == pytest.approx(trainer.validation["loss"], abs=1e-3)
    assert sum(part["tokens"] for part in found["kinds"].values()) == found["tokens"]


def test_a_training_begins_with_an_exported_model(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    first = Trainer(raw_run, prepared, tmp_path / "first")
    first.train()
    folder = first.export().parent
    more = Trainer({**raw_run, "steps": 4}, prepared, tmp_path / "more")
    more.begin_with(folder)
    assert (more.step, more.tokens, more.fraction()) == (first.step, first.tokens, 0)
    for name, tensor in first.model.state_dict().items():
        assert torch.equal(tensor, more.model.state_dict()[name]), name
    more.train()
    assert more.step == first.step + 4 and more.tokens > first.tokens
    again = Trainer({**raw_run, "steps": 4}, prepared, tmp_path / "more")
    assert again.resume() and again.fraction() == 1
    other = {**raw_run, "architecture": {**raw_run["architecture"], "depth": 3}}
    with pytest.raises(ConfigurationError, match="another architecture"):
        Trainer(other, prepared, tmp_path / "other").begin_with(folder)


def test_eight_crops_are_learnt_by_heart(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    raw = {**raw_run, "batchTokens": 8 * 48, "cropSchedule": [[0, 48]], "steps": 150, "finalLearningRate": 0.02}
    trainer = Trainer(raw, prepared, tmp_path / "out")
    batch = trainer.sampler.batch(0, 48)
    trainer.sampler.batch = lambda *_: batch
    losses = []
    while trainer.fraction() < 1:
        losses.append(trainer.advance(trainer.fraction()).item())
    assert losses[0] > 6 and losses[-1] < 0.05, losses[-1]


def test_the_rate_rises_then_falls(raw_run: dict) -> None:
    run = Run.parse({**raw_run, "warmup": 0.1, "finalLearningRate": 0.02})
    factors = [rate_factor(step / 100, run) for step in range(101)]
    assert max(factors) == factors[10] == 1
    assert factors[:11] == sorted(factors[:11])
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[-1] == pytest.approx(0.02)


def test_a_stable_rate_stays_and_falls_at_the_end_alone(raw_run: dict) -> None:
    stable = {**raw_run, "schedule": "stable", "warmup": 0.1, "finalLearningRate": 0.0}
    assert all(rate_factor(place, Run.parse(stable)) == 1 for place in (0.1, 0.5, 1, 3))
    run = Run.parse({**stable, "decay": 0.5})
    assert rate_factor(0.05, run) == 0.5 and rate_factor(0.5, run) == 1
    assert rate_factor(0.5 + 0.5 * 0.25, run) == pytest.approx(0.5) and rate_factor(1, run) == 0
