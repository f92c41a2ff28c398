"""A misuse of a command is one sentence and status 2."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["train", "evaluate", "export"])
def test_misuse_is_one_sentence(command: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"cadenza_training.{command}", "--bogus"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1
    assert f"see python -m cadenza_training.{command} --help" in run.stderr
