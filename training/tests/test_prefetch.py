"""What is made ready is what would have been drawn; a curve's file has each step once."""

import json
from pathlib import Path

import numpy as np

from cadenza_training.metrics import FILE, Metrics
from cadenza_training.prefetch import Prefetch
from cadenza_training.sampler import Batch
from cadenza_training.trainer import Trainer


def test_batches_come_in_order_whatever_the_length(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    drawn = []

    def draw(step: int, length: int, tokens: int) -> Batch:
        drawn.append((step, length))
        assert tokens == 2 * length
        return Batch(np.full((2, length), step), np.full((2, length), length), step + length)

    batches = Prefetch(draw, ahead=3)
    for step, length in [(0, 4), (1, 4), (2, 8), (3, 8), (7, 8)]:
        inputs, targets, asked, _ = batches.take(step, length, 2 * length)
        assert inputs.shape == (2, length) and (inputs == step).all() and (targets == length).all() and asked == step + length
    batches.close()
    assert (4, 8) in drawn  # was made ready before it was asked for
    assert len(drawn) == len(set(drawn))


def test_a_curve_has_each_step_once_after_a_crash(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    raw_run["logEvery"] = 2
    trainer = Trainer(raw_run, prepared, tmp_path, session_steps=4)
    trainer.train()
    Metrics(tmp_path).write(step=6, tokens=1, loss=9.9)  # steps after the last checkpoint, lost in a crash
    again = Trainer(raw_run, prepared, tmp_path)
    again.resume()
    again.train()
    lines = [json.loads(line) for line in (tmp_path / FILE).read_text().splitlines()]
    assert [(line["step"], "validation" in line) for line in lines] == [
        (2, False), (4, False), (6, False), (6, True), (8, False), (10, False), (12, False), (12, True),
    ]  # fmt: skip
    assert all(line["loss"] < 9 for line in lines if "loss" in line)
    assert lines[-1]["tokens"] == again.tokens and lines[-1]["validation"] == again.validation
