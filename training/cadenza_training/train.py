"""Trains a model: python -m cadenza_training.train --run runs/starter.json --data DIR --out DIR.

With --minutes the schedules follow the share of the time that is spent, so that a run ends
well whatever speed it finds; without, the share of the run's steps. A run that was stopped
goes on from its last checkpoint, with the time it had spent: batches are drawn from the step
number and nothing else is random, so no random state has to be kept. SIGTERM or SIGINT ends a
run early but in order: checkpoint, evaluation, export.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from .command_line import Parser
from .architecture import ConfigurationError
from .checkpoint import read_checkpoint, write_checkpoint
from .data import IGNORE, Corpus, Sampler
from .evaluate import evaluate
from .export import Training, export_model
from .model import build_model, parameter_count
from .optimisers import build_optimisers, rate_factor
from .run_config import Run, read_run


@dataclass
class Trainer:
    """One training: everything that changes, and how it is saved and taken up again.

    `elapsed` is the time spent in seconds, over all sessions; `minutes` the whole budget or
    None for a budget of steps.
    """

    raw: dict[str, Any]
    data: Path
    out: Path
    minutes: float | None = None
    step: int = 0
    tokens: int = 0
    elapsed: float = 0.0
    validation: dict[str, Any] | None = None
    losses: list[float] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.run = Run.parse(self.raw)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(self.run.seed)
        torch.set_flush_denormal(True)
        self.model = build_model(self.run.architecture, flash=self.device.type == "cuda").to(self.device)
        self.optimisers = build_optimisers(self.model, self.run)
        self.sampler = Sampler(Corpus(self.data, "train"), self.run)
        self.held_out = Corpus(self.data, "validation")

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
        self.step, self.tokens, self.elapsed = saved["step"], saved["tokens"], saved["elapsed"]
        self.validation = saved["validation"]
        return True

    def save(self) -> None:
        """Writes the checkpoint, replacing the last one."""
        write_checkpoint(
            self.out,
            {
                "run": self.raw,
                "model": self.model.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "step": self.step,
                "tokens": self.tokens,
                "elapsed": self.elapsed,
                "validation": self.validation,
            },
        )

    def fraction(self) -> float:
        """The share of the budget that is spent, 0 to 1 and beyond."""
        return self.elapsed / (60 * self.minutes) if self.minutes is not None else self.step / self.run.steps

    def advance(self) -> float:
        """One step; returns its training loss in nats per token."""
        fraction = self.fraction()
        factor = rate_factor(fraction, self.run.warmup, self.run.finalLearningRate)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * factor
        inputs, targets = self.sampler.batch(self.step, self.run.crop_length(fraction))
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.run.autocast):
            logits = self.model(torch.from_numpy(inputs).to(self.device))
        wanted = torch.from_numpy(targets).to(self.device)
        loss = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), ignore_index=IGNORE)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.run.clip)
        for optimiser in self.optimisers:
            optimiser.step()
            optimiser.zero_grad()
        self.step += 1
        self.tokens += inputs.size
        value = loss.item()
        if not value < 100:
            raise ConfigurationError(f"the loss is {value} at step {self.step}; lower the learning rates and start again")
        return value

    def measure(self, windows: int) -> dict[str, Any]:
        """Evaluates on the validation split, and keeps and prints the result."""
        self.validation = evaluate(self.model, self.held_out, self.run.architecture.contextLength, windows)
        print(f"validation at step {self.step}: {json.dumps(self.validation)}", flush=True)
        return self.validation

    def train(self) -> None:
        """Steps until the budget is spent or `stopped` is set; evaluates and saves on the way."""
        started = time.monotonic() - self.elapsed
        saved, logged, counted, recent = self.elapsed, self.elapsed, self.tokens, []
        while self.fraction() < 1 and not self.stopped:
            recent.append(self.advance())
            self.losses.append(recent[-1])
            self.elapsed = time.monotonic() - started
            if self.step % self.run.logEvery == 0:
                speed = (self.tokens - counted) / (self.elapsed - logged)
                rates = "/".join(f"{optimiser.param_groups[0]['lr']:.2e}" for optimiser in self.optimisers)
                print(
                    f"step {self.step} loss {sum(recent) / len(recent):.4f} tokens {self.tokens} "
                    f"tokens/s {speed:.0f} lr {rates} spent {100 * self.fraction():.1f}% {self.elapsed:.0f}s",
                    flush=True,
                )
                logged, counted, recent = self.elapsed, self.tokens, []
            if self.step % self.run.evaluateEvery == 0:
                self.measure(self.run.evaluationWindows)
                self.elapsed = time.monotonic() - started
                logged, counted = self.elapsed, self.tokens
            if self.elapsed - saved > 60 * self.run.checkpointMinutes:
                self.save()
                saved = self.elapsed
        self.save()

    def export(self) -> Path:
        """Evaluates at length and writes the finished model to `out`/export."""
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


def main() -> None:
    """Trains a run, or goes on with it, and exports the model; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True, help="a file of runs/")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint and the export")
    parser.add_argument("--minutes", type=float, help="the whole time to train; default: the run's steps")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        trainer = Trainer(read_run(options.run), options.data, options.out, options.minutes)
        resumed = trainer.resume()
        signal.signal(signal.SIGTERM, lambda *_: setattr(trainer, "stopped", True))
        signal.signal(signal.SIGINT, lambda *_: setattr(trainer, "stopped", True))
        print(
            f"{'resuming' if resumed else 'starting'} {trainer.run.id} at step {trainer.step} on {trainer.device}: "
            f"{parameter_count(trainer.model):,} parameters, {len(trainer.sampler.corpus.tokens):,} training tokens",
            flush=True,
        )
        trainer.train()
        manifest = trainer.export()
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps({"manifest": str(manifest), "steps": trainer.step, "tokens": trainer.tokens, "validation": trainer.validation}))


if __name__ == "__main__":
    main()
