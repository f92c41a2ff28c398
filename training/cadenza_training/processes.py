"""The processes of one training: one alone, or those that torchrun started, one a GPU or on CPUs.

Every process holds the whole model and learns from its part of each batch; PyTorch's
DistributedDataParallel adds up the gradients. What must be the same everywhere and is known to
the first alone (the clock, a signal) is sent round through gloo, so that no GPU waits for it.
"""

from __future__ import annotations

import gc
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class Processes:
    """`rank` 0 to `count` - 1; the first (rank 0) alone writes files and prints."""

    rank: int = 0
    count: int = 1
    local: int = 0

    @staticmethod
    def join() -> Processes:
        """Joins the others if torchrun started this process; `leave` before the end."""
        if "WORLD_SIZE" not in os.environ:
            return Processes()
        processes = Processes(*(int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
        return processes

    def leave(self) -> None:
        """Ends the connection to the others, for which nothing that `share` gave may be held any more.

        gloo's threads end with the last that holds the group; one that still lets go of a tensor when Python ends
        aborts the process ("terminate called without an active exception", pytorch issue 190489).
        """
        if dist.is_initialized():
            gc.collect()
            dist.destroy_process_group()

    @property
    def first(self) -> bool:
        """Whether this process writes."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """This process' GPU, or the CPU where there is none."""
        return torch.device("cuda", self.local) if torch.cuda.is_available() else torch.device("cpu")

    def share(self, model: torch.nn.Module) -> torch.nn.Module:
        """`model` with gradients averaged over the processes."""
        return model if self.count == 1 else DistributedDataParallel(model)

    def apart(self, model: torch.nn.Module) -> AbstractContextManager[None]:
        """Within it gradients gather in this process alone, to be averaged by the next pass outside."""
        return model.no_sync() if isinstance(model, DistributedDataParallel) else nullcontext()

    def first_says(self, *numbers: float) -> list[float]:
        """The first process' `numbers`, in every process."""
        told = torch.tensor(numbers, dtype=torch.float64)
        if self.count > 1:
            dist.broadcast(told, src=0)
        return told.tolist()

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        """`values` added up over the processes."""
        if self.count > 1:
            dist.all_reduce(values)
        return values
