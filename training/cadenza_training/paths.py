"""Which way a training computes its steps: the lean path where it can, else PyTorch's own.

Both keep the same checkpoints, so a training that moves to another machine goes on there by the other path.
"""

from __future__ import annotations

import torch

from .architecture import ConfigurationError
from .lean.path import LeanPath, unfit
from .machine import Machine
from .run_config import Run
from .torch_path import TorchPath

Path = TorchPath | LeanPath


def choose_path(run: Run, machine: Machine, autocast: bool) -> Path:
    """The path that the machine asks for, "auto" for the fastest that fits; `autocast` is for PyTorch's own."""
    reason = unfit(run, machine)
    if machine.path == "lean" and reason is not None:
        raise ConfigurationError(f"the lean path cannot take this run: {reason}; leave --path out")
    if machine.path == "torch" or reason is not None:
        return TorchPath(run, machine, autocast)
    return LeanPath(run, torch.get_num_threads())


def said(path: Path, run: Run, machine: Machine) -> str:
    """One sentence on the path taken, for the log."""
    if isinstance(path, LeanPath):
        stored = "bf16" if path.kernels.stored == torch.bfloat16 else "f32"
        return f"lean path, activations in {stored}, {path.threads} threads"
    why = "as asked" if machine.path == "torch" else f"not the lean one: {unfit(run, machine)}"
    return f"PyTorch's own path ({why}), {'bf16' if path.autocast else 'f32'}"
