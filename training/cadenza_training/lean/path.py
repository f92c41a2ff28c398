"""One step of learning on the lean path: what TorchPath does, with the same checkpoints, in a fraction of the time.

Muon's matrices are made orthogonal by muon.py's quintics, not by PyTorch's, so curves are alike and not equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
from torch import Tensor

from ..machine import Machine
from ..model import build_model
from ..optimisers import build_optimisers
from ..prefetch import Ready
from ..run_config import Run
from .kernels import Kernels, lacking, storage
from .muon import orthogonal
from .weights import Layout, Weights
from .worker import Worker

MOMENTUM, EPSILON = 0.95, 1e-8
ROWS = 1536  # tokens that a thread works on at once


def unfit(run: Run, machine: Machine) -> str | None:
    """Why the lean path cannot take this run here, as the end of a sentence, or None."""
    shape = run.architecture
    if machine.processes.device.type != "cpu" or machine.processes.count > 1:
        return "it is for one process on a CPU"
    if shape.headDim != 64 or shape.positions != "rotary" or shape.biases or shape.heads * 64 != shape.dim:
        return "it computes rotary positions, heads of 64 that make up the width, and no biases"
    if any(length % 64 for _, length in run.cropSchedule) or run.matrixOptimiser != "muon":
        return "it learns by Muon from crops of a multiple of 64 tokens"
    return lacking()


class LeanPath:
    """The model, whose parameters are views of one buffer, and how it learns in `threads` threads."""

    def __init__(self, run: Run, threads: int, stored: torch.dtype | None = None) -> None:
        self.run, self.threads = run, threads
        self.kernels = Kernels(stored or (storage() if run.autocast else torch.float32))
        self.model = build_model(run.architecture, flash=False)
        self.layout = Layout(run.architecture)
        self.weights = Weights(self.layout, self.kernels)
        for name, parameter in self.model.named_parameters():
            view = self.weights.named[name]
            view.copy_(parameter.data)
            parameter.data = view
        self.weights.refresh()
        self.optimisers = build_optimisers(self.model, run)  # as the form in which checkpoints keep what is remembered
        self._momentum = torch.zeros(self.layout.muon)
        self._mean, self._square = (torch.zeros(self.layout.size - self.layout.muon) for _ in range(2))
        self._update = torch.empty(self.layout.muon, dtype=self.kernels.stored)
        self._steps, self._factor = 0, 0.0
        self._workers: list[Worker] = []
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lean")

    def learn(self, batch: Ready, factor: float, sliced: bool) -> Tensor:
        """One step at `factor` of the peak rates; its loss in nats per token."""
        with _one_thread_each():
            gradient, nats = self.gradient(batch, sliced)
            self._apply(gradient, factor)
            gradient.zero_()
            self.weights.refresh()
        return torch.tensor(nats / batch.asked)

    def gradient(self, batch: Ready, sliced: bool) -> tuple[Tensor, float]:
        """The gradient of a batch, in the layout's order, and its summed nats; to be zeroed by the caller."""
        if sliced != self.weights.sliced:
            self.weights.use(sliced)
        share = -(-len(batch.inputs) // self.threads) * batch.inputs.shape[1]
        if not self._workers or self._workers[0].rows < min(share, max(ROWS, batch.inputs.shape[1])):
            self._workers = [Worker(self.weights, min(share, max(ROWS, batch.inputs.shape[1]))) for _ in range(self.threads)]

        def learn(part: int) -> float:
            conditions = None if batch.conditions is None else batch.conditions[part :: self.threads].contiguous()
            return self._workers[part].learn(
                batch.inputs[part :: self.threads].contiguous(), batch.targets[part :: self.threads].contiguous(), conditions, batch.asked
            )

        nats = sum(self._each(learn))
        whole, others = self._workers[0].gradient, self._workers[1:]

        def add(part: int) -> None:
            begin, end = self._cut(whole.numel(), part)
            for other in others:
                self.kernels.add_to(whole[begin:end], other.gradient[begin:end], end - begin)
                other.gradient[begin:end].zero_()

        self._each(add)
        return whole, nats

    def _apply(self, gradient: Tensor, factor: float) -> None:
        self._steps, self._factor = self._steps + 1, factor
        norm = math.sqrt(self.kernels.sum_of_squares(gradient, gradient.numel()))
        clip = min(1.0, self.run.clip / (norm + 1e-6))
        self._each(lambda part: self._muon(gradient, factor, clip, part))
        self._each(lambda part: self._adamw(gradient, factor, clip, part))

    def _muon(self, gradient: Tensor, factor: float, clip: float, part: int) -> None:
        shape, flat, kernels = self.run.architecture, self.weights.flat, self.kernels
        d, f, depth = shape.dim, shape.feedForward, shape.depth
        begin = 0
        for count, rows, columns in ((4 * depth, d, d), (depth, f, d), (depth, d, f)):
            first, last = self._cut(count, part)
            size = rows * columns
            here = slice(begin + first * size, begin + last * size)
            begin += count * size
            if first == last:
                continue
            update = self._update[here]
            kernels.muon_in(gradient[here], self._momentum[here], update, update.numel(), clip, MOMENTUM)
            update = orthogonal(update.view(-1, rows, columns))
            rate = self.run.matrixLearningRate * factor
            kernels.muon_out(flat[here], update, update.numel(), 1 - rate * self.run.weightDecay, rate * 0.2 * math.sqrt(max(rows, columns)))

    def _adamw(self, gradient: Tensor, factor: float, clip: float, part: int) -> None:
        layout, (b1, b2) = self.layout, self.run.betas
        rate, decay = self.run.learningRate * factor, self.run.weightDecay
        outer, rows = (layout.muon, layout.matrices, rate, decay), (layout.matrices, layout.conditions, rate * self.run.conditionsRate, decay)
        for begin, end, own, own_decay in (outer, rows, (layout.conditions, layout.size, rate, 0.0)):
            first, last = self._cut(end - begin, part)
            here, kept = slice(begin + first, begin + last), slice(begin + first - layout.muon, begin + last - layout.muon)
            self.kernels.adamw(
                self.weights.flat[here], gradient[here], self._mean[kept], self._square[kept], last - first, clip, own,
                b1, b2, EPSILON, own_decay, 1 - b1**self._steps, 1 - b2**self._steps,
            )  # fmt: skip

    def _cut(self, total: int, part: int) -> tuple[int, int]:
        return total * part // self.threads, total * (part + 1) // self.threads

    def _each(self, work: Callable[[int], Any]) -> list[Any]:
        return list(self._pool.map(work, range(self.threads)))

    def rates(self) -> list[float]:
        """The rates of AdamW and Muon at the last step."""
        return [self.run.learningRate * self._factor, self.run.matrixLearningRate * self._factor]

    def taken(self) -> None:
        """Makes the copies anew after the model's weights were set from outside."""
        self.weights.refresh()

    def state(self) -> list[dict[str, Any]]:
        """What is remembered, in the form of PyTorch's optimisers: a checkpoint serves either path."""
        adamw, muon = self.optimisers
        means, squares, momenta = self._views()
        for name, parameter in self.model.named_parameters():
            if name in momenta:
                muon.state[parameter] = {"momentum_buffer": momenta[name]}
            else:
                adamw.state[parameter] = {"step": torch.tensor(float(self._steps)), "exp_avg": means[name], "exp_avg_sq": squares[name]}
        return [optimiser.state_dict() for optimiser in self.optimisers]

    def load(self, states: list[dict[str, Any]]) -> None:
        """Takes up what either path gave."""
        for optimiser, state in zip(self.optimisers, states, strict=True):
            optimiser.load_state_dict(state)
        adamw, muon = self.optimisers
        means, squares, momenta = self._views()
        for name, parameter in self.model.named_parameters():
            if name in momenta and parameter in muon.state:
                momenta[name].copy_(muon.state[parameter]["momentum_buffer"])
            elif parameter in adamw.state:
                means[name].copy_(adamw.state[parameter]["exp_avg"])
                squares[name].copy_(adamw.state[parameter]["exp_avg_sq"])
                self._steps = int(adamw.state[parameter]["step"])

    def _views(self) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Tensor]]:
        """What AdamW's tensors remember of mean and square, and Muon's of momentum, by name."""
        sizes = [(name, math.prod(size)) for name, size in self.layout.named]
        found: tuple[dict[str, Tensor], ...] = ({}, {}, {})
        at = 0
        for (name, count), (_, size) in zip(sizes, self.layout.named, strict=True):
            if at < self.layout.muon:
                found[2][name] = self._momentum[at : at + count].view(size)
            else:
                here = slice(at - self.layout.muon, at - self.layout.muon + count)
                found[0][name], found[1][name] = self._mean[here].view(size), self._square[here].view(size)
            at += count
        return found


@contextmanager
def _one_thread_each() -> AbstractContextManager[None]:
    """Within it PyTorch starts no threads of its own: the threads are ours."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
