"""What is exported is what was trained, in shards that the browser accepts."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from cadenza_training import export
from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.data import Corpus
from cadenza_training.export import Training, export_model, load_exported
from cadenza_training.golden import roughen
from cadenza_training.model import build_model
from cadenza_training.quantisation import round_rows
from cadenza_training.quantisation_cost import losses

SHAPE = Architecture(160, 48, 3, 2, 64, 192, 32, "rotary")


def rough_model() -> torch.nn.Module:
    model = build_model(SHAPE)
    roughen(model, torch.Generator().manual_seed(5))
    return model.eval()


def write(model: torch.nn.Module, folder: Path, quantization: str) -> dict:
    path = export_model(
        model.state_dict(), SHAPE, folder, identifier="small", version="1.0.0", license="MIT",
        training=Training(9, 3, 1.23456, 0.5), quantization=quantization,
    )
    return json.loads(path.read_text())


def test_f32_comes_back_bit_for_bit(tmp_path: Path) -> None:
    model = rough_model()
    write(model, tmp_path, "none")
    back, _ = load_exported(tmp_path)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, back.state_dict()[name]), name


def test_f16_rounds_matrices_and_keeps_vectors(tmp_path: Path) -> None:
    model = rough_model()
    write(model, tmp_path, "f16")
    back, manifest = load_exported(tmp_path)
    assert manifest["quantization"] == "f16"
    for name, tensor in model.state_dict().items():
        expected = tensor.half().float() if tensor.ndim > 1 else tensor
        assert torch.equal(expected, back.state_dict()[name]), name


def test_shards_are_small_named_by_content_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(rough_model(), tmp_path, "f16")
    monkeypatch.setattr(export, "MAX_SHARD_BYTES", 200_000)
    model = rough_model()
    manifest = write(model, tmp_path, "none")
    assert len(manifest["shards"]) > 2
    for shard in manifest["shards"]:
        data = (tmp_path / shard["file"]).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert (len(data), digest) == (shard["bytes"], shard["sha256"]) and len(data) <= 200_000
        assert shard["file"] == f"small-{digest[:12]}.safetensors"
    assert {file.name for file in tmp_path.glob("*.safetensors")} == {shard["file"] for shard in manifest["shards"]}
    back, _ = load_exported(tmp_path)
    assert torch.equal(back.state_dict()["to_logits.weight"], model.state_dict()["to_logits.weight"])


def test_a_damaged_shard_is_refused(tmp_path: Path) -> None:
    manifest = write(rough_model(), tmp_path, "none")
    shard = tmp_path / manifest["shards"][0]["file"]
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    with pytest.raises(ConfigurationError, match="sha256"):
        load_exported(tmp_path)


def test_a_missing_or_unreadable_shard_is_refused(tmp_path: Path) -> None:
    manifest = write(rough_model(), tmp_path, "none")
    shard = tmp_path / manifest["shards"][0]["file"]
    shard.unlink()
    with pytest.raises(ConfigurationError, match=f"{shard.name} cannot be read"):
        load_exported(tmp_path)
    shard.mkdir()
    with pytest.raises(ConfigurationError, match=f"{shard.name} cannot be read"):
        load_exported(tmp_path)


def test_weights_beyond_f16_are_refused(tmp_path: Path) -> None:
    model = rough_model()
    model.to_logits.weight.data[0, 0] = 1e6
    with pytest.raises(ConfigurationError, match="to_logits"):
        write(model, tmp_path, "f16")
    assert not (tmp_path / "manifest.json").exists()


def test_int8_rounds_rows_and_keeps_vectors(tmp_path: Path) -> None:
    model = rough_model()
    write(model, tmp_path, "int8")
    stored = {key: value for file in tmp_path.glob("*.safetensors") for key, value in load_file(file).items()}
    back, manifest = load_exported(tmp_path)
    assert manifest["quantization"] == "int8"
    for name, tensor in model.state_dict().items():
        found = back.state_dict()[name]
        if tensor.ndim == 1:
            assert torch.equal(tensor, found), name
            continue
        scale = stored[name + ".scale"]
        assert stored[name].dtype == torch.int8 and scale.shape == tensor.shape[:1]
        assert (stored[name].abs().amax(1) == 127).all() and stored[name].min() >= -127
        assert ((tensor - found).abs() <= 0.5001 * scale[:, None]).all(), name
        assert torch.equal(found, stored[name].float() * scale[:, None])


def test_a_row_of_zeros_stays_zeros() -> None:
    rows, scale = round_rows(torch.tensor([[0.0, 0.0], [3.0, -1.5]]))
    assert rows.tolist() == [[0, 0], [127, -64]] and scale.tolist() == [1, pytest.approx(3 / 127)]


def test_the_cost_of_rounding_is_measured(prepared: Path, raw_run: dict) -> None:
    model = build_model(Architecture.parse(raw_run["architecture"]))
    roughen(model, torch.Generator().manual_seed(5))
    found = losses(model, Corpus(prepared, "test"), 48, 8)
    assert found["none"]["cost"] == 0
    assert abs(found["f16"]["cost"]) < abs(found["int8"]["cost"]) < 1
    assert found["int8"]["cost"] == pytest.approx(found["int8"]["loss"] - found["none"]["loss"], abs=1e-4)
