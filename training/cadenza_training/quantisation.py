"""How tensors are stored in shards, and read back: F32, F16, or 8 bits with a scale for each row.

int8 is symmetric and rounds to nearest (as in Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference", 2018, without zero points): row `o` of
a matrix (out, in) is its I8 row times "<name>.scale"[o], and 127 stands for the row's largest
magnitude. Vectors stay F32 always: they weigh nothing, and rounding them shifts every position alike. The rows of
conditions are F16 then: 21 of them are summed for a token, and they weigh little.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .architecture import ConfigurationError
from .model import CONDITIONS

QUANTIZATIONS = ("none", "f16", "int8")
LARGEST = 127
SCALE = ".scale"


def store(state: dict[str, Tensor], quantization: str) -> dict[str, Tensor]:
    """A state dict as its shards hold it; raises ConfigurationError for what is not finite when stored."""
    if quantization not in QUANTIZATIONS:
        raise ConfigurationError(f"quantization must be one of {', '.join(QUANTIZATIONS)}")
    stored: dict[str, Tensor] = {}
    for name, tensor in state.items():
        tensor = tensor.detach().cpu().float()
        if tensor.ndim == 2 and quantization == "int8" and name != CONDITIONS:
            stored[name], stored[name + SCALE] = round_rows(tensor)
        else:
            stored[name] = (tensor.half() if tensor.ndim == 2 and quantization != "none" else tensor).contiguous()
    for name, tensor in stored.items():
        if not torch.isfinite(tensor).all():
            raise ConfigurationError(f"{name} is not finite as {quantization}; export with quantization none")
    return stored


def restore(stored: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state dict in F32 that the tensors of shards stand for."""
    return {
        name: tensor.float() * stored[name + SCALE][:, None] if tensor.dtype == torch.int8 else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(SCALE)
    }


def round_rows(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix (out, in) as I8 and the scales (out) of its rows; a row of zeros has the scale 1."""
    largest = matrix.abs().amax(1)
    scale = torch.where(largest > 0, largest / LARGEST, torch.ones_like(largest))
    return (matrix / scale[:, None]).round().clamp(-LARGEST, LARGEST).to(torch.int8), scale
