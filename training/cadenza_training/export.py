"""Writes a trained model as the browser reads it: manifest.json and safetensors shards.

Shards stay under 16 MiB and carry the start of their sha256 in the name, so that they can be
cached for ever and fetched in parallel. How tensors are stored in them: quantisation.py.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load, save
from torch import Tensor

from .architecture import Architecture, ConfigurationError
from .checkpoint import read_checkpoint, write_atomically
from .command_line import Parser
from .model import build_model
from .quantisation import QUANTIZATIONS, restore, store
from .run_config import Run

MAX_SHARD_BYTES = 16 * 1024 * 1024
HEADER_RESERVE = 64 * 1024


@dataclass(frozen=True)
class Training:
    """What the manifest says of the training; loss in nats per token, accuracy 0-1."""

    tokens: int
    steps: int
    loss: float
    accuracy: float


def export_model(
    state: dict[str, Tensor],
    architecture: Architecture,
    folder: Path,
    *,
    identifier: str,
    version: str,
    license: str,
    training: Training,
    quantization: str = "f16",
    tokenization: str = "grid32",
) -> Path:
    """Writes the model's folder and returns the manifest's path.

    The manifest is written last and atomically, so that a folder with a manifest is whole;
    shards that a former manifest named and this one does not are removed.
    """
    tensors = store(state, quantization)
    folder.mkdir(parents=True, exist_ok=True)
    shards = [_write_shard(folder, identifier, group) for group in _group(tensors)]
    manifest = {
        "id": identifier,
        "version": version,
        "license": license,
        "tokenization": tokenization,
        "architecture": architecture.json(),
        **({"conditions": [group._asdict() for group in architecture.conditions]} if architecture.conditions else {}),
        "quantization": quantization,
        "shards": shards,
        "training": {
            "tokens": training.tokens,
            "steps": training.steps,
            "validation": {"loss": round(training.loss, 4), "accuracy": round(training.accuracy, 4)},
        },
    }
    path = folder / "manifest.json"
    write_atomically(path, (json.dumps(manifest, indent=2) + "\n").encode())
    named = {shard["file"] for shard in shards}
    for file in folder.glob(f"{identifier}-*.safetensors"):
        if file.name not in named:
            file.unlink()
    return path


def load_exported(folder: Path) -> tuple[torch.nn.Module, dict]:
    """The model of an exported folder in F32, every shard verified, and its manifest."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{folder} holds no readable manifest.json ({error}); give a folder that export wrote") from error
    stored: dict[str, Tensor] = {}
    for shard in manifest["shards"]:
        path = folder / shard["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read ({error}); copy the whole folder or export the model again") from error
        if hashlib.sha256(data).hexdigest() != shard["sha256"]:
            raise ConfigurationError(f"{path} is damaged: its sha256 is not the manifest's; export the model again")
        stored.update(load(data))
    model = build_model(Architecture.of_manifest(manifest))
    model.load_state_dict(restore(stored))
    return model.eval(), manifest


def _group(tensors: dict[str, Tensor]) -> list[dict[str, Tensor]]:
    """Splits the tensors, in their order, into groups whose file stays under the limit."""
    groups: list[dict[str, Tensor]] = [{}]
    size = 0
    for name, tensor in tensors.items():
        if tensor.nbytes > MAX_SHARD_BYTES - HEADER_RESERVE:
            raise ConfigurationError(f"{name} alone is over 16 MiB; export with quantization f16 or int8")
        if groups[-1] and size + tensor.nbytes > MAX_SHARD_BYTES - HEADER_RESERVE:
            groups.append({})
            size = 0
        groups[-1][name] = tensor
        size += tensor.nbytes
    return groups


def _write_shard(folder: Path, name: str, tensors: dict[str, Tensor]) -> dict:
    data = save(tensors)
    assert len(data) <= MAX_SHARD_BYTES, f"shard of {len(data)} bytes"
    digest = hashlib.sha256(data).hexdigest()
    file = f"{name}-{digest[:12]}.safetensors"
    write_atomically(folder / file, data)
    return {"file": file, "bytes": len(data), "sha256": digest}


def main() -> None:
    """Exports the last checkpoint of a training folder."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="a training's --out folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quantization", choices=QUANTIZATIONS, help="default: the run's")
    options = parser.parse_args()
    checkpoint = read_checkpoint(options.checkpoint)
    if checkpoint is None:
        parser.error(f"{options.checkpoint} holds no checkpoint; give the folder that train wrote with --out")
    if checkpoint["validation"] is None:
        parser.error(f"the checkpoint in {options.checkpoint} was never evaluated; let train run to its end or to evaluateEvery steps")
    run = checkpoint["run"]
    path = export_model(
        checkpoint["model"],
        Run.parse(run).architecture,
        options.out,
        identifier=run["id"],
        version=run["version"],
        license=run["license"],
        training=Training(
            tokens=checkpoint["tokens"],
            steps=checkpoint["step"],
            loss=checkpoint["validation"]["loss"],
            accuracy=checkpoint["validation"]["accuracy"],
        ),
        quantization=options.quantization or run["quantization"],
    )
    print(json.dumps({"manifest": str(path)}))


if __name__ == "__main__":
    main()
