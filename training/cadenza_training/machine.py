"""How a training fits the machine; none of it changes what is learnt, but for rounding."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from .processes import Processes


@dataclass(frozen=True)
class Machine:
    """microBatchTokens: most tokens in memory at once; a larger batch is gathered in parts.

    compile: torch.compile, on a GPU only. path: "torch", "lean" or "auto" (paths.py).
    """

    processes: Processes = field(default_factory=Processes)
    microBatchTokens: int | None = None
    compile: bool = False
    path: str = "auto"


def computes_bf16(device: torch.device) -> bool:
    """Whether the hardware has arithmetic in bf16; a CPU without it would take longer than in single precision."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
