"""What each way to store a model costs: its loss on held-out music as F32, F16 and int8.

Every way is rounded from the same weights, those of a checkpoint where there is one; an exported
model in F16 serves too, and its F32 is then what it holds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from .architecture import ConfigurationError
from .checkpoint import read_checkpoint
from .command_line import Parser
from .data import Corpus
from .evaluate import evaluate
from .export import load_exported
from .model import build_model
from .quantisation import QUANTIZATIONS, restore, store
from .run_config import Run


def losses(model: torch.nn.Module, corpus: Corpus, length: int, windows: int) -> dict[str, dict[str, float]]:
    """{quantization: {loss, cost}}, nats per token; cost is the difference from "none". Leaves the model rounded."""
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    found: dict[str, float] = {}
    for quantization in QUANTIZATIONS:
        model.load_state_dict(restore(store(state, quantization)))
        found[quantization] = evaluate(model, corpus, length, windows)["loss"]
    return {name: {"loss": loss, "cost": round(loss - found["none"], 4)} for name, loss in found.items()}


def main() -> None:
    """Measures a model's loss as F32, F16 and int8 on held-out music; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="a training's --out folder")
    source.add_argument("--model", type=Path, help="an exported model's folder")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--windows", type=int, default=400, help="windows of contextLength tokens")
    options = parser.parse_args()
    try:
        if options.model is not None:
            model, manifest = load_exported(options.model)
            identifier, length = manifest["id"], manifest["architecture"]["contextLength"]
        else:
            checkpoint = read_checkpoint(options.checkpoint)
            if checkpoint is None:
                parser.error(f"{options.checkpoint} holds no checkpoint; give the folder that train wrote with --out")
            architecture = Run.parse(checkpoint["run"]).architecture
            model = build_model(architecture)
            model.load_state_dict(checkpoint["model"])
            identifier, length = checkpoint["run"]["id"], architecture.contextLength
        result = losses(model.eval(), Corpus(options.data, options.split), length, options.windows)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps({"model": identifier, "split": options.split, "windows": options.windows, **result}))


if __name__ == "__main__":
    main()
