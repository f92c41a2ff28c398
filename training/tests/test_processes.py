"""Two processes of torchrun learn what one learns, and resume exactly; the first alone writes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from cadenza_training.architecture import ConfigurationError
from cadenza_training.checkpoint import read_checkpoint
from cadenza_training.data import Corpus
from cadenza_training.machine import Machine
from cadenza_training.metrics import FILE
from cadenza_training.run_config import Run
from cadenza_training.sampler import Sampler
from cadenza_training.trainer import Trainer


def start(run: Path, data: Path, out: Path, *options: str, program: tuple[str, ...] = ("-m", "--", "cadenza_training.train")) -> str:
    """Trains in two processes with gloo on the CPU; returns what they printed."""
    launch = [sys.executable, "-W", "ignore", "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    train = [*program, "--run", str(run), "--data", str(data), "--out", str(out), "--threads", "1"]
    done = subprocess.run(
        [*launch, *train, *options], capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_processes_are_one_training(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    raw_run["logEvery"] = 1
    run = tmp_path / "run.json"
    run.write_text(json.dumps(raw_run))
    alone = Trainer(raw_run, prepared, tmp_path / "alone")
    alone.train()
    printed = start(run, prepared, tmp_path / "both")
    assert printed.count("starting tiny") == 1 and printed.count('"manifest"') == 1
    lines = [json.loads(line) for line in (tmp_path / "both" / FILE).read_text().splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, 13))
    assert [line["loss"] for line in lines if "loss" in line] == pytest.approx(alone.losses, abs=2e-3)
    both = read_checkpoint(tmp_path / "both")
    assert both["tokens"] == alone.tokens
    for name, tensor in alone.model.state_dict().items():
        torch.testing.assert_close(both["model"][name], tensor, atol=5e-3, rtol=0)

    start(run, prepared, tmp_path / "parts", "--session-steps", "5")
    assert read_checkpoint(tmp_path / "parts")["step"] == 5
    assert "resuming tiny at step 5" in start(run, prepared, tmp_path / "parts")
    parts = read_checkpoint(tmp_path / "parts")
    for name, tensor in both["model"].items():
        assert torch.equal(parts["model"][name], tensor), name


ENDING = """
from pathlib import Path
from cadenza_training.train import main
main()
names = [name.read_text().strip() for name in Path("/proc/self/task").glob("*/comm")]  # on Linux alone
print("left behind:", *(name for name in names if "gloo" in name), "end")
"""


def test_no_thread_of_the_connection_outlives_the_training(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    run, ending = tmp_path / "run.json", tmp_path / "ending.py"
    run.write_text(json.dumps(raw_run))
    ending.write_text(ENDING)
    printed = start(run, prepared, tmp_path / "out", "--session-steps", "2", program=("--", str(ending)))
    assert printed.count("left behind: end") == 2, printed


def test_the_parts_of_a_batch_are_the_batch(prepared: Path, raw_run: dict) -> None:
    sampler = Sampler(Corpus(prepared, "train"), Run.parse(raw_run))
    whole = sampler.batch(3, 24)
    parts = [sampler.batch(3, 24, part=part, parts=3) for part in range(3)]
    for part, (inputs, targets, asked, _) in enumerate(parts):
        assert (inputs == whole.inputs[part::3]).all() and (targets == whole.targets[part::3]).all()
        assert asked == whole.asked == (whole.targets != -100).sum()
    with pytest.raises(ConfigurationError, match="start fewer"):
        sampler.batch(3, 24, part=0, parts=9)


def test_a_batch_in_parts_has_the_gradient_of_the_whole(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    trainers = [Trainer(raw_run, prepared, tmp_path / str(size), machine=Machine(microBatchTokens=size)) for size in (192, 48)]
    for trainer in trainers:
        trainer.session_steps = 1
        for optimiser in trainer.path.optimisers:
            optimiser.zero_grad = lambda: None
        trainer.train()
    assert trainers[0].losses == pytest.approx(trainers[1].losses, abs=1e-5)
    for one, other in zip(*(trainer.model.parameters() for trainer in trainers), strict=True):
        torch.testing.assert_close(one.grad, other.grad, atol=1e-6, rtol=1e-4)
