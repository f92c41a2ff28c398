"""What travels to a GPU machine and back: columns are the data, and the script makes a model of them in calls."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cadenza_training.architecture import ConfigurationError
from cadenza_training.columns import SPLITS, read_columns, write_columns

GPU = Path(__file__).parents[1] / "gpu.sh"


def test_columns_come_back_as_the_same_bytes(prepared: Path, charted: Path, tmp_path: Path) -> None:
    for data in (prepared, charted):
        columns, back = tmp_path / f"{data.name}-columns", tmp_path / f"{data.name}-back"
        columns.mkdir()
        back.mkdir()
        for split in SPLITS:
            write_columns(data, columns, split)
            read_columns(columns, back, split)
        assert {file.name: file.read_bytes() for file in back.iterdir()} == {file.name: file.read_bytes() for file in data.iterdir()}


def test_tokens_beside_the_pieces_are_refused(prepared: Path, tmp_path: Path) -> None:
    with (prepared / "train.bin").open("ab") as file:
        file.write(b"\0\0")
    with pytest.raises(ConfigurationError, match="prepare-data"):
        write_columns(prepared, tmp_path, "train")


def test_a_model_is_made_in_calls(charted: Path, conditioned_run: dict, tmp_path: Path) -> None:
    run = tmp_path / "run.json"
    run.write_text(json.dumps({**conditioned_run, "quantization": "f16", "schedule": "stable", "decay": 0.3}))
    environment = {**os.environ, "RUN": str(run), "PYTHON": sys.executable, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}

    def call(*arguments: str | Path, **more: str) -> str:
        done = subprocess.run(["sh", str(GPU), *map(str, arguments)], env=environment | more, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    parts, kept, out, results = (tmp_path / name for name in ("parts", "kept", "out", "results"))
    call("pack", charted, parts)
    assert [file.name for file in parts.iterdir()] == ["part-aa"]
    call("take", parts, kept)
    assert '"paused"' in call("train", kept, out, results, "1", "--threads", "1", "--session-steps", "2")
    assert not list(results.iterdir())  # two steps: no line of the curve yet
    call("train", kept, out, results, "0.0005", "--threads", "1")
    assert not (kept / "columns").exists() and (kept / "data" / "train.bin").read_bytes() == (charted / "train.bin").read_bytes()
    names = {file.name for file in results.iterdir()}
    assert {"manifest.json", "metrics.jsonl", "evaluation.json"} < names and len(names) <= 8
    found = json.loads((results / "evaluation.json").read_text())
    assert found["split"] == "test" and found["given"]["loss"] > 0
    assert all(file.stat().st_size < 16 * 2**20 for file in results.iterdir())
