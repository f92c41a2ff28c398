"""The tries of LOG.md are runs, of one length, and a try is a row of a table."""

import sys
from pathlib import Path

import pytest
import torch

from cadenza_training import tries
from cadenza_training.run_config import Run, read_run


@pytest.mark.parametrize("name", tries.VARIANTS)
def test_a_try_is_a_run_of_the_same_length(name: str) -> None:
    run = Run.parse({**tries.base_run(read_run(tries.STARTER)), **tries.VARIANTS[name]})
    assert run.architecture.depth == 4 and run.finalLearningRate == 0
    assert run.batchTokens * run.length(0) == 70 * 3072
    assert all(run.batchTokens % length == 0 for _, length in run.cropSchedule)


def test_a_try_is_a_row(prepared: Path, raw_run: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.set_num_threads(1)
    row = tries.attempt("tiny", raw_run, prepared, tmp_path / "tiny")
    name, loss, speed, seconds = (cell.strip() for cell in row.strip("|").split("|"))
    assert name == "tiny" and 0 < float(loss) < 9 and int(speed.replace(",", "")) > 0 and int(seconds) >= 0
    printed = capsys.readouterr()
    assert printed.out == "" and "validation at step 12" in printed.err
    again = tries.attempt("tiny", raw_run, prepared, tmp_path / "tiny")
    assert again.split("|")[:3] == row.split("|")[:3]


def test_an_unknown_try_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["tries.py", "--data", "d", "--out", "o", "base", "crop7"])
    with pytest.raises(SystemExit) as exit:
        tries.main()
    assert exit.value.code == 2
    printed = capsys.readouterr().err.strip()
    assert len(printed.splitlines()) == 1 and "no try crop7" in printed
