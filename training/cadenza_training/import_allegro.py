"""Imports a checkpoint of Allegro Music Transformer: python -m cadenza_training.import_allegro --checkpoint FILE.pth --out FOLDER.

Allegro (https://github.com/asigalov61/Allegro-Music-Transformer, Training-Code) trains an
AutoregressiveWrapper in a DataParallel and saves its state_dict, so names begin with
"module.net.". Its x_transformer.py (x-transformers of May 2023) differs from ours: LayerNorm is
PyTorch's own, with weight (not an offset from 1) and bias; the second feed-forward matrix is
ff.3; the last norm stands outside attn_layers; the logits have a bias.

LayerNorm's bias b is folded into what comes after it, W (n + b) = W n + W b, exactly: into the
biases of q, of the feed-forward and of the logits. k's would add the same to all scores of a
query, which softmax does not see; v's passes through attention unchanged, into the output's bias.
"""

from __future__ import annotations

import json
import pickle
import re
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .architecture import Architecture, ConfigurationError
from .command_line import Parser
from .export import Training, export_model
from .quantisation import QUANTIZATIONS

PREFIXES = ("module.net.", "net.", "module.", "")
TOKENIZATION = "allegro-ms"
NAMED_FIGURES = re.compile(r"_(\d+)_steps_([\d.]+)_loss_([\d.]+)_acc")


class Source:
    """The checkpoint's tensors by name, without the wrappers' prefix, each to be taken once."""

    def __init__(self, state: dict[str, Tensor]) -> None:
        prefix = next((prefix for prefix in PREFIXES if prefix + "token_emb.emb.weight" in state), None)
        if prefix is None:
            raise ConfigurationError("the checkpoint has no token_emb.emb.weight; give a file that Allegro's training saved")
        foreign = [name for name in state if not name.startswith(prefix)]
        if foreign:
            raise ConfigurationError(f"the checkpoint holds {foreign[0]}, which is no part of an Allegro model; it cannot be imported")
        self.left = {name.removeprefix(prefix): tensor.double() for name, tensor in state.items()}

    def take(self, name: str, *shape: int) -> Tensor:
        """The tensor in F64; refuses one that is missing or of another shape (0 stands for any size)."""
        tensor = self.left.pop(name, None)
        if tensor is None:
            raise ConfigurationError(f"the checkpoint has no {name}; only models of Allegro's own make can be imported")
        if tensor.ndim != len(shape) or any(size not in (0, found) for size, found in zip(shape, tensor.shape, strict=True)):
            raise ConfigurationError(f"{name} has the shape {list(tensor.shape)}, expected {list(shape)}; it cannot be imported")
        return tensor

    def norm(self, name: str, dim: int) -> tuple[Tensor, Tensor]:
        """A LayerNorm's gamma as an offset from 1, and its bias."""
        return self.take(f"{name}.weight", dim) - 1, self.take(f"{name}.bias", dim)


def convert(state: dict[str, Tensor], head_dim: int = 64) -> tuple[Architecture, dict[str, Tensor]]:
    """The architecture that the shapes tell, and the state dict of our model, F32.

    `head_dim` cannot be told from shapes; 64 is x-transformers' default, which Allegro keeps.
    """
    source = Source(state)
    depth = sum(name.endswith(".1.to_q.weight") for name in source.left)
    embedding = source.take("token_emb.emb.weight", 0, 0)
    vocabulary, dim = embedding.shape
    positions = source.take("pos_emb.emb.weight", 0, dim)
    result = {"token_emb.emb.weight": embedding, "pos_emb.emb.weight": positions}
    inner, feed_forward = head_dim, dim
    for layer in range(depth):
        a, f = f"attn_layers.layers.{2 * layer}", f"attn_layers.layers.{2 * layer + 1}"
        gamma, bias = source.norm(f"{a}.0.0", dim)
        q, k, v = (source.take(f"{a}.1.to_{part}.weight", 0, dim) for part in "qkv")
        inner = q.shape[0]
        if inner % head_dim or k.shape != q.shape or v.shape != q.shape:
            raise ConfigurationError(f"{a} has no heads of {head_dim}; give --head-dim")
        out = source.take(f"{a}.1.to_out.weight", dim, inner)
        result |= {f"{a}.0.0.gamma": gamma, f"{a}.1.to_q.weight": q, f"{a}.1.to_k.weight": k, f"{a}.1.to_v.weight": v}
        result |= {f"{a}.1.to_q.bias": q @ bias, f"{a}.1.to_out.weight": out, f"{a}.1.to_out.bias": out @ (v @ bias)}
        gamma, bias = source.norm(f"{f}.0.0", dim)
        up = source.take(f"{f}.1.ff.0.0.weight", 0, dim)
        feed_forward = up.shape[0]
        result |= {f"{f}.0.0.gamma": gamma, f"{f}.1.ff.0.0.weight": up}
        result[f"{f}.1.ff.0.0.bias"] = source.take(f"{f}.1.ff.0.0.bias", feed_forward) + up @ bias
        result[f"{f}.1.ff.2.weight"] = source.take(f"{f}.1.ff.3.weight", dim, feed_forward)
        result[f"{f}.1.ff.2.bias"] = source.take(f"{f}.1.ff.3.bias", dim)
    result["attn_layers.final_norm.gamma"], bias = source.norm("norm", dim)
    logits = source.take("to_logits.weight", vocabulary, dim)
    result |= {"to_logits.weight": logits, "to_logits.bias": source.take("to_logits.bias", vocabulary) + logits @ bias}
    if source.left:
        raise ConfigurationError(f"the checkpoint holds {min(source.left)}, which our architecture has no place for; it cannot be imported")
    shape = {"vocabulary": vocabulary, "dim": dim, "depth": depth, "heads": inner // head_dim, "headDim": head_dim}
    shape |= {"feedForward": feed_forward, "contextLength": len(positions), "positions": "absolute", "biases": True}
    return Architecture.parse(shape), {name: tensor.float() for name, tensor in result.items()}


def read_state(path: Path) -> dict[str, Tensor]:
    """The state dict of a .pth file; nothing but tensors is ever unpickled."""
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise ConfigurationError(f"{path} is no readable PyTorch checkpoint ({str(error).splitlines()[0]}); download it again") from error
    if not isinstance(state, dict) or not all(isinstance(tensor, Tensor) for tensor in state.values()):
        raise ConfigurationError(f"{path} is not a model's state dict; give a file that Allegro's training saved")
    return state


def named_figures(path: Path) -> Training:
    """Steps, loss and accuracy (of training) as Allegro's file names state them; zeros where they do not."""
    found = NAMED_FIGURES.search(path.name)
    steps, loss, accuracy = found.groups() if found else (0, 0, 0)
    return Training(tokens=0, steps=int(steps), loss=float(loss), accuracy=float(accuracy))


def main() -> None:
    """Imports an Allegro checkpoint as a model folder; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="a .pth file of Allegro Music Transformer")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", default="allegro", help="the model's name")
    parser.add_argument("--license", default="as stated where the checkpoint came from", help="goes into the manifest")
    parser.add_argument("--head-dim", type=int, default=64)
    parser.add_argument("--quantization", choices=QUANTIZATIONS, default="f16")
    options = parser.parse_args()
    try:
        architecture, state = convert(read_state(options.checkpoint), options.head_dim)
        path = export_model(
            state, architecture, options.out, identifier=options.id, version="1.0.0", license=options.license,
            training=named_figures(options.checkpoint), quantization=options.quantization, tokenization=TOKENIZATION,
        )
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps({"manifest": str(path), "architecture": architecture.json()}))


if __name__ == "__main__":
    main()
