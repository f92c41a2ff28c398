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
from .data import Corpus
from .evaluate import evaluate, load_model
from .export import Training, export_model
from .machine import Machine, computes_bf16
from .metrics import Metrics
from .model import CONDITIONS
from .optimisers import decay_factor, rate_factor
from .paths import choose_path
from .prefetch import Prefetch
from .run_config import Run
from .sampler import Sampler


@dataclass
class Trainer:
    """One training: everything that changes, and how it is saved and taken up again.

    `elapsed` is the time spent in seconds, over all sessions; `minutes` the whole budget or
    None for a budget of steps; `session_steps` ends this session early, the schedule unchanged.
    `losses` are those of this session's steps, nats per token. `origin` is the step at which the
    budget begins: 0, or that of the model whose weights were taken over. `decay_from` is the share of a
    stable run's budget at which a release (release.py) left it to let the rates fall, None for the run itself.
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
    decay_from: float | None = None

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
        self.path = choose_path(self.run, self.machine, self.run.autocast and computes_bf16(self.device))
        self.model = self.path.model
        self.sampler = Sampler(Corpus(self.data, "train", self.run.excludedSources), self.run)
        self.held_out = Corpus(self.data, "validation", self.run.excludedSources)
        self.steps = self.run.length(int(self.sampler.corpus.lengths.sum()))
        self.batches = Prefetch(
            lambda step, length, tokens: self.sampler.batch(step, length, tokens, self.processes.rank, self.processes.count),
            pinned=on_gpu,
        )
        self.metrics = Metrics(self.out)

    def resume(self) -> bool:
        """Takes up the checkpoint in `out`, if there is one."""
        saved = read_checkpoint(self.out)
        if saved is not None:
            self._take_up(saved, self.out)
        return saved is not None

    def release_from(self, folder: Path) -> None:
        """Takes up a copy of a stable run's checkpoint, to let the rates fall over a budget of this training's own."""
        saved = read_checkpoint(folder)
        if saved is None:
            raise ConfigurationError(f"{folder} holds no checkpoint; give the folder that train wrote with --out")
        self._take_up(saved, folder)
        if self.run.schedule != "stable" or self.run.decay > 0 or self.decay_from is not None:
            raise ConfigurationError(f"{folder} is no run of stable rates without a decay; export it as it is")
        self.decay_from = saved["fraction"]
        self.origin, self.elapsed = self.step, 0.0

    def _take_up(self, saved: dict[str, Any], folder: Path) -> None:
        if saved["run"] != self.raw:
            raise ConfigurationError(f"{folder} holds a checkpoint of another run; choose another --out or remove it")
        self.model.load_state_dict(saved["model"])
        self.path.taken()
        self.path.load(saved["optimisers"])
        self.step = saved["step"]
        self.origin = saved.get("origin", 0)  # checkpoints of before 2026-11-25 name none
        self.tokens, self.elapsed = saved["tokens"], saved["elapsed"]
        self.validation, self.decay_from = saved["validation"], saved.get("decayFrom")

    def begin_with(self, folder: Path) -> None:
        """Takes over the weights of an exported model, and how much it has learnt from; the optimisers begin anew.

        A run with conditions may begin with a model without: their rows begin at zero.
        """
        model, manifest = load_model(folder)
        state = model.state_dict()
        missing = set(self.model.state_dict()) - set(state)
        foreign = set(state) - set(self.model.state_dict())
        if manifest["architecture"] != self.run.architecture.json() or foreign or not missing <= {CONDITIONS}:
            raise ConfigurationError(f"the model in {folder} has another architecture than the run; train one like it")
        self.model.load_state_dict(state, strict=False)
        self.path.taken()
        self.step = self.origin = manifest["training"]["steps"]
        self.tokens = manifest["training"]["tokens"]

    def save(self) -> None:
        """Writes the checkpoint, replacing the last one."""
        write_checkpoint(
            self.out,
            {
                "run": self.raw,
                "model": self.model.state_dict(),
                "optimisers": self.path.state(),
                "step": self.step,
                "origin": self.origin,
                "tokens": self.tokens,
                "elapsed": self.elapsed,
                "validation": self.validation,
                "fraction": self.fraction(),
                "decayFrom": self.decay_from,
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
        if self.decay_from is None:
            place, factor = fraction, rate_factor(fraction, self.run)
        else:
            place, factor = self.decay_from, decay_factor(fraction, self.run.finalLearningRate)
        length, tokens = self.run.crop_length(place), self.run.batch_tokens(place)
        loss = self.path.learn(self.batches.take(self.step, length, tokens), factor, self.run.sliced(place))
        self.step += 1
        self.tokens += tokens // length * length
        return loss

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
        rates = "/".join(f"{rate:.2e}" for rate in self.path.rates())
        print(
            f"step {self.step} loss {loss:.4f} tokens {self.tokens} "
            f"tokens/s {speed:.0f} lr {rates} spent {100 * self.fraction():.1f}% {self.elapsed:.0f}s",
            flush=True,
        )

    def export(self, version: str | None = None) -> Path:
        """Evaluates at length and writes the finished model to `out`/export, of the run's version unless told; for the first process alone."""
        result = self.measure(self.run.finalEvaluationWindows)
        self.save()
        return export_model(
            self.model.state_dict(),
            self.run.architecture,
            self.out / "export",
            identifier=self.run.id,
            version=version or self.run.version,
            license=self.run.license,
            training=Training(self.tokens, self.step, result["loss"], result["accuracy"]),
            quantization=self.run.quantization,
        )
