"""One training: the loop, what it remembers, and how it goes on after a stop.

Schedules follow the share of the budget that is spent, of time or of steps. Batches are drawn from
the step number and nothing else is random, so no random state has to be kept. A training may begin with
the weights of an exported model: it counts its steps and tokens on, so that it draws batches of its own.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .architecture import ConfigurationError
from .checkpoint import read_checkpoint, write_checkpoint
from .data import IGNORE, Corpus
from .evaluate import evaluate, load_model
from .export import Training, export_model
from .metrics import Metrics
from .model import build_model
from .optimisers import build_optimisers, rate_factor
from .prefetch import Prefetch
from .processes import Processes
from .run_config import Run
from .sampler import Sampler


@dataclass(frozen=True)
class Machine:
    """How a training fits the machine; none of it changes what is learnt, but for rounding.

    microBatchTokens: most tokens in memory at once; a larger batch is gathered in parts.
    compile: torch.compile, on a GPU only.
    """

    processes: Processes = field(default_factory=Processes)
    microBatchTokens: int | None = None
    compile: bool = False


def computes_bf16(device: torch.device) -> bool:
    """Whether the hardware has arithmetic in bf16; a CPU without it would take longer than in single precision."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()


@dataclass
class Trainer:
    """One training: everything that changes, and how it is saved and taken up again.

    `elapsed` is the time spent in seconds, over all sessions; `minutes` the whole budget or
    None for a budget of steps; `session_steps` ends this session early, the schedule unchanged.
    `losses` are those of this session's steps, nats per token. `origin` is the step at which the
    budget begins: 0, or that of the model whose weights were taken over.
    """

    raw: dict[str, Any]
    data: Path
    out: Path
    minutes: float | None = None
    session_steps: int | None = None
    machine: Machine = field(default_factory=Machine)
    step: int = 0
    origin: int = 0
    tokens: int = 0
    elapsed: float = 0.0
    validation: dict[str, Any] | None = None
    losses: list[float] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.run = Run.parse(self.raw)
        self.processes = self.machine.processes
        self.device = self.processes.device
        on_gpu = self.device.type == "cuda"
        if on_gpu:
            torch.cuda.set_device(self.device)
            torch.set_float32_matmul_precision("high")
        elif self.machine.compile:
            raise ConfigurationError("--compile is for a GPU; leave it out")
        torch.manual_seed(self.run.seed)
        torch.set_flush_denormal(True)
        self.autocast = self.run.autocast and computes_bf16(self.device)
        self.model = build_model(self.run.architecture, flash=on_gpu).to(self.device)
        self.network = self.processes.share(torch.compile(self.model) if self.machine.compile else self.model)
        self.optimisers = build_optimisers(self.model, self.run)
        self.sampler = Sampler(Corpus(self.data, "train", self.run.excludedSources), self.run)
        self.held_out = Corpus(self.data, "validation", self.run.excludedSources)
        self.steps = self.run.length(int(self.sampler.corpus.lengths.sum()))
        self.batches = Prefetch(
            lambda step, length: self.sampler.batch(step, length, self.processes.rank, self.processes.count), pinned=on_gpu
        )
        self.metrics = Metrics(self.out)

    def resume(self) -> bool:
        """Takes up the checkpoint in `out`, if there is one."""
        saved = read_checkpoint(self.out)
        if saved is None:
            return False
        if saved["run"] != self.raw:
            raise ConfigurationError(f"{self.out} holds a checkpoint of another run; choose another --out or remove it")
        self.model.load_state_dict(saved["model"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step = saved["step"]
        self.origin = saved.get("origin", 0)  # checkpoints of before 2026-11-25 name none
        self.tokens, self.elapsed = saved["tokens"], saved["elapsed"]
        self.validation = saved["validation"]
        return True

    def begin_with(self, folder: Path) -> None:
        """Takes over the weights of an exported model, and how much it has learnt from; the optimisers begin anew."""
        model, manifest = load_model(folder)
        if manifest["architecture"] != self.run.architecture.json():
            raise ConfigurationError(f"the model in {folder} has another architecture than the run; train one like it")
        self.model.load_state_dict(model.state_dict())
        self.step = self.origin = manifest["training"]["steps"]
        self.tokens = manifest["training"]["tokens"]

    def save(self) -> None:
        """Writes the checkpoint, replacing the last one."""
        write_checkpoint(
            self.out,
            {
                "run": self.raw,
                "model": self.model.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "step": self.step,
                "origin": self.origin,
                "tokens": self.tokens,
                "elapsed": self.elapsed,
                "validation": self.validation,
            },
        )

    def fraction(self) -> float:
        """The share of the budget that is spent, 0 to 1 and beyond."""
        if self.minutes is not None:
            return self.elapsed / (60 * self.minutes)
        return (self.step - self.origin) / self.steps

    def advance(self, fraction: float) -> Tensor:
        """One step at a share of the budget; returns this process' part of its training loss in nats per token.

        The loss stays on the device, so that a GPU is not waited for. The parts of all processes add up to the loss.
        """
        factor = rate_factor(fraction, self.run.warmup, self.run.finalLearningRate)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * factor
        length = self.run.crop_length(fraction)
        inputs, targets, asked = self.batches.take(self.step, length)
        loss = torch.zeros((), device=self.device)
        rows = max(1, (self.machine.microBatchTokens or inputs.numel()) // length)
        parts = list(zip(inputs.split(rows), targets.split(rows), strict=True))
        for part in parts[:-1]:
            with self.processes.apart(self.network):
                loss += self._gather(*part, asked)
        loss += self._gather(*parts[-1], asked)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.run.clip)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad()
        self.step += 1
        self.tokens += self.run.batchTokens // length * length
        return loss

    def _gather(self, inputs: Tensor, targets: Tensor, asked: int) -> Tensor:
        """Adds to the gradients what a part (b, T) of a batch with `asked` targets gives; returns its part of the loss."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            logits = self.network(inputs.to(self.device, non_blocking=True))
        wanted = targets.to(self.device, non_blocking=True)
        total = torch.nn.functional.cross_entropy(
            logits.float().flatten(0, 1), wanted.flatten(), ignore_index=IGNORE, reduction="sum"
        )
        loss = total / asked
        (loss * self.processes.count).backward()  # DistributedDataParallel averages; a sum is wanted
        return loss.detach()

    def measure(self, windows: int) -> dict[str, Any]:
        """Evaluates on the validation split, and keeps, writes and prints the result."""
        self.validation = evaluate(self.model, self.held_out, self.run.architecture.contextLength, windows)
        self.metrics.write(step=self.step, tokens=self.tokens, validation=self.validation)
        print(f"validation at step {self.step}: {json.dumps(self.validation)}", flush=True)
        return self.validation

    def train(self) -> None:
        """Steps until the budget is spent or `stopped` is set; evaluates and saves on the way."""
        self.out.mkdir(parents=True, exist_ok=True)
        if self.processes.first:
            self.metrics.go_on_from(self.step)
        started = time.monotonic() - self.elapsed
        saved, first = self.elapsed, self.step
        logged, counted, recent = self.elapsed, self.tokens, []
        while True:
            if self.session_steps is not None and self.step - first >= self.session_steps:
                self.stopped = True
            fraction, stopped = self.processes.first_says(self.fraction(), self.stopped)
            if fraction >= 1 or stopped:
                break
            recent.append(self.advance(fraction))
            if self.step % self.run.logEvery == 0:
                mean = self._note(recent)
                self.elapsed = time.monotonic() - started
                if self.processes.first:
                    self._log(mean, (self.tokens - counted) / (self.elapsed - logged))
                logged, counted, recent = self.elapsed, self.tokens, []
            self.elapsed = time.monotonic() - started
            if self.processes.first:
                if self.step % self.run.evaluateEvery == 0:
                    self.measure(self.run.evaluationWindows)
                    self.elapsed = time.monotonic() - started
                    logged, counted = self.elapsed, self.tokens
                if self.elapsed - saved > 60 * self.run.checkpointMinutes:
                    self.save()
                    saved = self.elapsed
        if recent:
            self._note(recent)
        self.batches.close()
        if self.processes.first:
            self.save()

    def _note(self, recent: list[Tensor]) -> float:
        """Keeps the losses of the last steps, added up over the processes; returns their mean."""
        losses = self.processes.sum(torch.stack(recent)).tolist()
        self.losses += losses
        mean = sum(losses) / len(losses)
        if not mean < 100:
            raise ConfigurationError(f"the loss is {mean} at step {self.step}; lower the learning rates and start again")
        return mean

    def _log(self, loss: float, speed: float) -> None:
        self.metrics.write(step=self.step, tokens=self.tokens, loss=round(loss, 4))
        rates = "/".join(f"{optimiser.param_groups[0]['lr']:.2e}" for optimiser in self.optimisers)
        print(
            f"step {self.step} loss {loss:.4f} tokens {self.tokens} "
            f"tokens/s {speed:.0f} lr {rates} spent {100 * self.fraction():.1f}% {self.elapsed:.0f}s",
            flush=True,
        )

    def export(self) -> Path:
        """Evaluates at length and writes the finished model to `out`/export; for the first process alone."""
        result = self.measure(self.run.finalEvaluationWindows)
        self.save()
        return export_model(
            self.model.state_dict(),
            self.run.architecture,
            self.out / "export",
            identifier=self.run.id,
            version=self.run.version,
            license=self.run.license,
            training=Training(self.tokens, self.step, result["loss"], result["accuracy"]),
            quantization=self.run.quantization,
        )
