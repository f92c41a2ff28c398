"""jam.sh, from prepared data to weights, figures and all, in one command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

JAM = Path(__file__).parents[1] / "jam.sh"


def test_one_command_makes_a_model(prepared: Path, raw_run: dict, tmp_path: Path) -> None:
    run, out = tmp_path / "run.json", tmp_path / "out"
    run.write_text(json.dumps({**raw_run, "quantization": "f16"}))
    done = subprocess.run(
        ["sh", str(JAM), str(prepared), str(out), "0.02", "--threads", "1"],
        env={**os.environ, "RUN": str(run), "PYTHON": sys.executable, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"},
        capture_output=True, text=True, timeout=600,
    )
    assert done.returncode == 0, done.stderr
    found = {
        name: json.loads((out / name).read_text())
        for name in ("export/manifest.json", "export-int8/manifest.json", "quantisation.json", "evaluation.json")
    }
    plain, small = found["export/manifest.json"], found["export-int8/manifest.json"]
    assert (plain["quantization"], small["quantization"]) == ("f16", "int8")
    assert plain["training"] == small["training"] and plain["training"]["steps"] > 0
    for folder, manifest in (("export", plain), ("export-int8", small)):
        assert manifest["id"] == "tiny" and manifest["shards"]
        for shard in manifest["shards"]:
            assert (out / folder / shard["file"]).stat().st_size == shard["bytes"]
    assert sum(shard["bytes"] for shard in small["shards"]) < sum(shard["bytes"] for shard in plain["shards"])
    costs, evaluation = found["quantisation.json"], found["evaluation.json"]
    assert costs["none"]["cost"] == 0 and abs(costs["int8"]["cost"]) < 0.1
    assert (evaluation["model"], evaluation["split"]) == ("tiny", "test")
    assert 0 < evaluation["loss"] < 9 and evaluation["loss"] == pytest.approx(costs["f16"]["loss"], abs=1e-3)
