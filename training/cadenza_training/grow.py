"""A wider or deeper model that computes what a smaller one does: python -m cadenza_training.grow --model FOLDER --run RUN --out FOLDER.

The larger model begins a run with `--model` and learns on from there (Net2Net: Chen et al. 2016, arXiv 1511.05641). What keeps the
function: the residual stream is widened by zeros, and to keep them out of LayerNorm, whose mean and deviation run over the
whole width, all that writes into the stream is centred first (LayerNorm takes the mean away in any case) and every gamma is
scaled by the root of old over new width. New heads, units and layers write nothing yet: their output matrices are zero.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import torch
from torch import Tensor

from .architecture import Architecture, ConfigurationError
from .command_line import Parser
from .export import Training, export_model, load_exported
from .model import build_model
from .run_config import Run, read_run

WRITERS = re.compile(r"token_emb|conditions|to_out\.weight|ff\.2\.")


def grow(state: dict[str, Tensor], small: Architecture, large: Architecture, seed: int = 7) -> dict[str, Tensor]:
    """The larger model's state; raises ConfigurationError for shapes that cannot hold the smaller model.

    New rows of matrices that read the stream are drawn as a fresh model's are; all that they lead to is zero.
    """
    same = ("vocabulary", "headDim", "positions", "biases")
    if any(getattr(small, name) != getattr(large, name) for name in same) or small.positions != "rotary":
        raise ConfigurationError(f"a model can grow only with the same {', '.join(same)}, and with rotary positions")
    if any(getattr(small, name) > getattr(large, name) for name in ("dim", "depth", "heads", "feedForward")):
        raise ConfigurationError("a model cannot shrink; name a run that is as wide and as deep at least")
    if small.conditions and small.conditions != large.conditions:
        raise ConfigurationError("the model reads another chart than the run; name a run with the same conditions")
    torch.manual_seed(seed)
    fresh = build_model(large).state_dict()
    factor = (small.dim / large.dim) ** 0.5
    return {name: _grown(name, state.get(name), tensor, factor) for name, tensor in fresh.items()}


def _grown(name: str, old: Tensor | None, fresh: Tensor, factor: float) -> Tensor:
    """One tensor of the larger model, from the smaller one's where it has it."""
    if name.endswith("inv_freq"):
        return fresh
    writes = WRITERS.search(name) is not None
    if old is None:  # a layer of its own, or the conditions of a model that had none
        return torch.zeros_like(fresh) if writes or name.endswith(("bias", "gamma")) else fresh
    if name.endswith("gamma"):
        return torch.nn.functional.pad((1 + old) * factor - 1, (0, len(fresh) - len(old)))
    if writes:
        centred = _centred(name, old)
        result = torch.zeros_like(fresh)
        result[tuple(map(slice, centred.shape))] = centred
        return result
    if old.ndim == 1:
        return torch.nn.functional.pad(old, (0, len(fresh) - len(old)))
    result = fresh.clone()
    result[: old.shape[0]] = 0  # what is known reads nothing of the new width: it holds no more than zeros yet
    result[: old.shape[0], : old.shape[1]] = old
    return result


def _centred(name: str, old: Tensor) -> Tensor:
    """What a writer adds to the stream, without its mean over the width: rows of tables, columns of matrices."""
    over = 0 if name.endswith(("to_out.weight", "ff.2.weight")) else -1
    return old - old.mean(over, keepdim=True)


def main() -> None:
    """Grows an exported model to a run's architecture; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the smaller model")
    parser.add_argument("--run", type=Path, required=True, help="a file of runs/ with the larger architecture")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        model, manifest = load_exported(options.model)
        run = Run.parse(read_run(options.run))
        small = Architecture.of_manifest(manifest)
        state = grow(model.state_dict(), small, run.architecture)
        told = manifest["training"]
        path = export_model(
            state, run.architecture, options.out,
            identifier=run.id, version=run.version, license=manifest["license"], quantization="none",
            training=Training(told["tokens"], told["steps"], told["validation"]["loss"], told["validation"]["accuracy"]),
        )  # fmt: skip
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps({"manifest": str(path), "from": manifest["id"], "architecture": run.architecture.json()}))


if __name__ == "__main__":
    main()
