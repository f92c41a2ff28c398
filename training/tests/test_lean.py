"""The lean path is PyTorch's path: same loss, same gradients, same curve, one kind of checkpoint."""

from pathlib import Path

import pytest
import torch

from cadenza_training.architecture import ConfigurationError
from cadenza_training.lean import kernels
from cadenza_training.lean import path as lean
from cadenza_training.lean.muon import orthogonal
from cadenza_training.lean.path import LeanPath
from cadenza_training.loss import summed_nats
from cadenza_training.machine import Machine
from cadenza_training.paths import choose_path, said
from cadenza_training.prefetch import Ready
from cadenza_training.processes import Processes
from cadenza_training.run_config import Run
from cadenza_training.speed import made_up
from cadenza_training.torch_path import TorchPath
from cadenza_training.trainer import Trainer

needs_kernels = pytest.mark.skipif(kernels.lacking() is not None, reason=f"the lean path is not for this machine: {kernels.lacking()}")


@pytest.fixture
def lean_run(conditioned_run: dict) -> dict:
    """A run that the lean path takes."""
    shape = {"dim": 128, "depth": 2, "heads": 2, "headDim": 64, "feedForward": 256, "contextLength": 128}
    return {
        **conditioned_run, "architecture": {**conditioned_run["architecture"], **shape}, "cropSchedule": [[0, 64], [0.5, 128]],
        "batchTokens": 384, "batchSchedule": [], "weightDecay": 0.02, "autocast": True,
    }  # fmt: skip


def roughened(path: TorchPath | LeanPath) -> None:
    """Weights under which every part of the arithmetic tells: biases, gammas and conditions away from zero."""
    generator = torch.Generator().manual_seed(5)
    for name, parameter in path.model.named_parameters():
        if name.endswith(("gamma", "bias", "conditions.weight")):
            parameter.data.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
    path.taken()


def both(raw: dict, stored: torch.dtype = torch.float32, threads: int = 2) -> tuple[TorchPath, LeanPath]:
    run = Run.parse(raw)
    torch.manual_seed(1)
    plain = TorchPath(run, Machine(), False)
    roughened(plain)
    other = LeanPath(run, threads, stored)
    other.model.load_state_dict(plain.model.state_dict())
    other.taken()
    return plain, other


def oracle(plain: TorchPath, batch: Ready, sliced: bool) -> float:
    """Leaves the gradients in the parameters; nats per token."""
    given = [batch.inputs] if batch.conditions is None else [batch.inputs, batch.conditions]
    loss = summed_nats(plain.model(*given).flatten(0, 1), batch.targets.flatten(), sliced) / batch.asked
    loss.backward()
    return loss.item()


@needs_kernels
@pytest.mark.parametrize(
    ("conditioned", "sliced", "stored"),
    [(True, True, torch.float32), (True, False, torch.float32), (False, False, torch.float32), (True, True, torch.bfloat16)],
)
def test_loss_and_gradients_are_the_oracles(lean_run: dict, conditioned: bool, sliced: bool, stored: torch.dtype) -> None:
    torch.set_num_threads(1)
    loss_error, slope_error = (2e-6, 2e-5) if stored == torch.float32 else (1e-3, 4e-2)
    plain, other = both({**lean_run, "conditions": conditioned}, stored)
    batch = made_up(5 * 128, 128, 3)
    batch.inputs[1, 31] = 3072
    batch.targets[1, 30] = 3072
    batch.targets[2, 100:] = -100
    batch = batch._replace(asked=int((batch.targets != -100).sum()), conditions=batch.conditions if conditioned else None)
    wanted = oracle(plain, batch, sliced)
    gradient, nats = other.gradient(batch, sliced)
    assert nats / batch.asked == pytest.approx(wanted, rel=loss_error)
    found = other.layout.views(gradient)
    assert set(found) == {name for name, _ in plain.model.named_parameters()}
    for name, parameter in plain.model.named_parameters():
        error = (found[name] - parameter.grad).norm() / parameter.grad.norm()
        assert error < slope_error, (name, float(error))


@needs_kernels
def test_threads_and_parts_change_nothing_but_rounding(lean_run: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = made_up(6 * 64, 64, 1)
    _, one = both(lean_run, threads=1)
    _, three = both(lean_run, threads=3)
    monkeypatch.setattr(lean, "ROWS", 64)
    _, parts = both(lean_run, threads=2)
    whole, nats = one.gradient(batch, True)
    for other in (three, parts):
        gradient, same = other.gradient(batch, True)
        assert same == pytest.approx(nats, rel=1e-6)
        torch.testing.assert_close(gradient, whole, atol=1e-6, rtol=1e-4)


@needs_kernels
def test_the_curve_is_that_of_pytorch(charted: Path, lean_run: dict, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    raw = {**lean_run, "steps": 20, "cropSchedule": [[0, 64]], "evaluateEvery": 1000}
    curves = []
    for path in ("torch", "lean"):
        trainer = Trainer({**raw, "autocast": False}, charted, tmp_path / path, machine=Machine(path=path))
        trainer.train()
        curves.append(trainer.losses)
    plain, other = (torch.tensor(curve) for curve in curves)
    assert (plain - other)[0].abs() < 1e-4
    # The two orthogonalise differently; the losses of a step may differ, their course may not.
    assert (plain - other).abs().max() < 0.3 and (plain[10:].mean() - other[10:].mean()).abs() < 0.06
    assert other[-1] < 0.4 * other[0]


@needs_kernels
def test_a_checkpoint_serves_either_path(charted: Path, lean_run: dict, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    plain = Trainer(lean_run, charted, tmp_path / "run", session_steps=4, machine=Machine(path="torch"))
    plain.train()
    other = Trainer(lean_run, charted, tmp_path / "run", session_steps=1, machine=Machine(path="lean"))
    assert other.resume() and isinstance(other.path, LeanPath)
    again = Trainer(lean_run, charted, tmp_path / "run", machine=Machine(path="torch"))
    again.resume()
    stepped, expected = other.advance(other.fraction()), again.advance(again.fraction())
    assert stepped.item() == pytest.approx(expected.item(), abs=2e-3)
    name = "token_emb.emb.weight"  # AdamW's: equal but for rounding
    torch.testing.assert_close(other.model.state_dict()[name], again.model.state_dict()[name], atol=2e-4, rtol=0)
    other.save()
    back = Trainer(lean_run, charted, tmp_path / "run", machine=Machine(path="torch"))
    assert back.resume()
    for optimiser, same in zip(back.path.optimisers, other.path.state(), strict=True):
        for index, remembered in optimiser.state_dict()["state"].items():
            for key, value in remembered.items():
                assert torch.equal(value, same["state"][index][key])


@needs_kernels
def test_a_lean_training_resumes_exactly_and_exports(charted: Path, lean_run: dict, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    whole = Trainer(lean_run, charted, tmp_path / "whole", machine=Machine(path="lean"))
    whole.train()
    first = Trainer(lean_run, charted, tmp_path / "parts", session_steps=7, machine=Machine(path="lean"))
    first.train()
    rest = Trainer(lean_run, charted, tmp_path / "parts", machine=Machine(path="lean"))
    rest.resume()
    rest.train()
    assert first.losses + rest.losses == whole.losses
    found = whole.measure(20)
    assert whole.export().exists() and found["loss"] == pytest.approx(rest.measure(20)["loss"], abs=1e-4)


def test_orthogonal_matrices_have_singular_values_of_one() -> None:
    generator = torch.Generator().manual_seed(1)
    for shape in ((3, 64, 64), (2, 96, 32), (2, 32, 96)):
        matrices = torch.randn(shape, generator=generator)
        left, _, right = torch.linalg.svd(matrices, full_matrices=False)
        found = orthogonal(matrices.clone())
        values = torch.linalg.svdvals(found)
        assert values.max() < 1.15 and values.quantile(0.1) > 0.8
        aligned = (found * (left @ right)).sum() / (found.norm() * (left @ right).norm())
        assert aligned > 0.97


def test_what_the_lean_path_cannot_take_goes_to_pytorch(lean_run: dict, raw_run: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Run.parse(raw_run)
    path = choose_path(small, Machine(), False)
    assert isinstance(path, TorchPath) and "heads of 64" in said(path, small, Machine())
    with pytest.raises(ConfigurationError, match="heads of 64"):
        choose_path(small, Machine(path="lean"), False)
    run = Run.parse(lean_run)
    assert "one process" in lean.unfit(run, Machine(Processes(0, 2)))
    monkeypatch.setattr(kernels, "cpu_flags", lambda: frozenset({"sse2"}))
    assert "AVX2" in lean.unfit(run, Machine()) or "g++" in lean.unfit(run, Machine())
    monkeypatch.setattr(kernels, "COMPILER", "no-such-compiler")
    path = choose_path(run, Machine(), False)
    assert isinstance(path, TorchPath) and "no-such-compiler" in said(path, run, Machine())


def test_bf16_is_stored_where_the_cpu_multiplies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "cpu_flags", lambda: frozenset({"avx2", "fma"}))
    assert kernels.storage() == torch.float32
    monkeypatch.setattr(kernels, "cpu_flags", lambda: frozenset({"avx2", "fma", "avx512_bf16"}))
    assert kernels.storage() == torch.bfloat16
