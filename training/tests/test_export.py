"""What is exported is what was trained, in shards that the browser accepts."""

import hashlib
import json
from pathlib import Path

import pytest
import torch

from cadenza_training import export
from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.export import Training, export_model, load_exported
from cadenza_training.golden import roughen
from cadenza_training.model import build_model

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


def test_weights_beyond_f16_are_refused(tmp_path: Path) -> None:
    model = rough_model()
    model.to_logits.weight.data[0, 0] = 1e6
    with pytest.raises(ConfigurationError, match="to_logits"):
        write(model, tmp_path, "f16")
    assert not (tmp_path / "manifest.json").exists()
