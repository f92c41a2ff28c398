"""One step of learning by PyTorch's own means: autograd, its optimisers, any device and any number of processes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .loss import summed_nats
from .machine import Machine
from .model import build_model
from .optimisers import build_optimisers
from .prefetch import Ready
from .run_config import Run


class TorchPath:
    """The model, the run's transformer unless given, and how it learns. `autocast` computes large products in bf16."""

    def __init__(self, run: Run, machine: Machine, autocast: bool, model: torch.nn.Module | None = None) -> None:
        self.run, self.processes, self.autocast = run, machine.processes, autocast
        self.device = machine.processes.device
        self.micro = machine.microBatchTokens
        self.model = (model or build_model(run.architecture, flash=self.device.type == "cuda")).to(self.device)
        self.network = self.processes.share(torch.compile(self.model) if machine.compile else self.model)
        self.optimisers = build_optimisers(self.model, run)

    def learn(self, batch: Ready, factor: float, sliced: bool) -> Tensor:
        """One step at `factor` of the peak rates; this process' part of the loss in nats per token, left on the device."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * factor
        loss = torch.zeros((), device=self.device)
        rows = max(1, (self.micro or batch.inputs.numel()) // batch.inputs.shape[1])
        chart = [None] * len(batch.inputs) if batch.conditions is None else batch.conditions.split(rows)
        parts = list(zip(batch.inputs.split(rows), batch.targets.split(rows), chart, strict=False))
        for part in parts[:-1]:
            with self.processes.apart(self.network):
                loss += self._gather(*part, batch.asked, sliced)
        loss += self._gather(*parts[-1], batch.asked, sliced)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.run.clip)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad()
        return loss

    def _gather(self, inputs: Tensor, targets: Tensor, conditions: Tensor | None, asked: int, sliced: bool) -> Tensor:
        """Adds to the gradients what a part (b, T) of a batch with `asked` targets gives; returns its part of the loss."""
        given = [tensor.to(self.device, non_blocking=True) for tensor in (inputs, conditions) if tensor is not None]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            logits = self.network(*given)
        wanted = targets.to(self.device, non_blocking=True)
        loss = summed_nats(logits.float().flatten(0, 1), wanted.flatten(), sliced) / asked
        (loss * self.processes.count).backward()  # DistributedDataParallel averages; a sum is wanted
        return loss.detach()

    def rates(self) -> list[float]:
        """The rate of each optimiser's first group at the last step."""
        return [optimiser.param_groups[0]["lr"] for optimiser in self.optimisers]

    def taken(self) -> None:
        """Called when the model's weights were set from outside; they are the only copy here."""

    def state(self) -> list[dict[str, Any]]:
        """What the optimisers remember, as checkpoints keep it."""
        return [optimiser.state_dict() for optimiser in self.optimisers]

    def load(self, states: list[dict[str, Any]]) -> None:
        """Takes up what `state` gave."""
        for optimiser, state in zip(self.optimisers, states, strict=True):
            optimiser.load_state_dict(state)
