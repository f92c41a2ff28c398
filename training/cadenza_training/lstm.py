"""An LSTM beside the transformer, both from nothing: python -m cadenza_training.lstm --run runs/band.json --data DIR --out FILE.

The LSTM (Hochreiter & Schmidhuber 1997) has as many parameters as the run's transformer, reads the same tokens and charts,
and learns from the same batches with the same loss, by AdamW alone. Of each several rates are tried first; then the best learn
for --minutes, in turns, whoever has spent least, so that other work on the machine slows both alike. Time is CPU time of
the steps, by the fastest path of each. Rates stay whole until the last fifth, where they fall: curves may be compared at
equal tokens before that, and the ends at equal time. SIGTERM or SIGINT ends the learning in order, rates as they are, and measures.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import torch

from .architecture import ConfigurationError
from .checkpoint import write_atomically
from .command_line import Parser
from .data import Corpus
from .evaluate import evaluate
from .evaluation.comparison import Sizes
from .lstm_model import LAYERS, LstmModel, matching_width
from .machine import Machine, computes_bf16
from .model import parameter_count
from .optimisers import rate_factor
from .paths import Path as LearningPath
from .paths import choose_path, said
from .prefetch import ready
from .run_config import Run, read_run
from .sampler import Sampler
from .signals import ended_by_signals
from .torch_path import TorchPath

LSTM, TRANSFORMER = "LSTM", "transformer"
# What a short training from nothing changes of the run; batches as in LOG.md's tries, where twice as large ones were worse.
CHANGES = {"schedule": "stable", "warmup": 0.02, "decay": 0.2, "finalLearningRate": 0.0, "batchTokens": 3072}
# The rate of AdamW for the transformer's embeddings, of Muon's for its matrices: as in runs/starter.json.
EMBEDDINGS_RATE = 0.8
# Training tokens from whose frequencies the LSTM begins.
COUNTED = 1_000_000


class Learner:
    """A model that learns: `spent` CPU seconds of steps, `curve` of held-out losses on the way."""

    def __init__(self, name: str, raw: dict[str, Any], rate: float, train: Corpus) -> None:
        self.name, self.rate = name, rate
        optimiser, inner = ("adamw", rate) if name == LSTM else ("muon", EMBEDDINGS_RATE * rate)
        self.run = Run.parse({**raw, **CHANGES, "matrixOptimiser": optimiser, "matrixLearningRate": rate, "learningRate": inner})
        shape, machine = self.run.architecture, Machine()
        autocast = self.run.autocast and computes_bf16(machine.processes.device)
        torch.manual_seed(self.run.seed)
        self.path: LearningPath
        if name == LSTM:
            width = matching_width(shape)
            model = LstmModel(shape, width)
            model.begin_at(torch.from_numpy(np.bincount(train.tokens[:COUNTED], minlength=shape.vocabulary)))
            self.path = TorchPath(self.run, machine, autocast, model)
            self.shape, self.by = f"{width} wide, {LAYERS} deep", f"PyTorch's own path, {'bf16' if autocast else 'f32'}"
        else:
            self.path = choose_path(self.run, machine, autocast)
            self.shape, self.by = f"{shape.dim} wide, {shape.depth} deep", said(self.path, self.run, machine)
        self.step, self.tokens, self.spent = 0, 0, 0.0
        self.curve: list[dict[str, float]] = []

    def learn(self, sampler: Sampler, seconds: float) -> None:
        """One step, at the place in a budget of `seconds` that its time has come to."""
        batch = ready(sampler.batch(self.step, self.run.crop_length(0), self.run.batchTokens))
        before = time.process_time()
        loss = float(self.path.learn(batch, rate_factor(self.spent / seconds, self.run), True))
        self.spent += time.process_time() - before
        if not loss < 100:
            raise ConfigurationError(f"the loss of the {self.name} is {loss} at rate {self.rate:g}; leave that rate out")
        self.step, self.tokens = self.step + 1, self.tokens + batch.inputs.numel()

    def measure(self, corpus: Corpus, windows: int) -> dict[str, Any]:
        """`evaluate` of the model as it is."""
        return evaluate(self.path.model, corpus, self.run.architecture.contextLength, windows)

    def result(self) -> dict[str, Any]:
        """What it is and how far it came."""
        return {
            "shape": self.shape, "parameters": parameter_count(self.path.model), "path": self.by, "rate": self.rate,
            "steps": self.step, "tokens": self.tokens, "seconds": round(self.spent, 1), "curve": self.curve,
        }  # fmt: skip


def take_turns(learners: list[Learner], sampler: Sampler, seconds: float, after: Callable[[Learner], None], ended: Event) -> None:
    """Each learns for `seconds` of CPU time, or until `ended`; `after` is told of every step."""
    while not ended.is_set() and (waiting := [learner for learner in learners if learner.spent < seconds]):
        learner = min(waiting, key=lambda one: one.spent)
        learner.learn(sampler, seconds)
        after(learner)


def note(found: dict[str, Any]) -> dict[str, float]:
    """Nats a note of what `measure` gave: {open, given}, the latter where the model reads a chart."""
    return {"open": found["note"], **({"given": found["given"]["note"]} if "given" in found else {})}


def try_rates(
    name: str, raw: dict[str, Any], rates: list[float], sampler: Sampler, held_out: Corpus, seconds: float, ended: Event
) -> tuple[float, dict[str, float]]:
    """The best of several rates by the held-out nats a note after `seconds` of each, and all of these; a single one is not tried."""
    if len(rates) == 1:
        return rates[0], {}
    learners = [Learner(name, raw, rate, sampler.corpus) for rate in rates]
    take_turns(learners, sampler, seconds, lambda _: None, ended)
    found = {learner.rate: note(learner.measure(held_out, learner.run.evaluationWindows))["open"] for learner in learners}
    return min(rates, key=found.__getitem__), {f"{rate:g}": nats for rate, nats in found.items()}


def compare(
    raw: dict[str, Any], data: Path, rates: dict[str, list[float]], minutes: float, try_minutes: float, every: int, windows: int, ended: Event
) -> dict:
    """{run, minutes, early, threads, windows, models: {name: ...}, equalTokens}: each on the test split, and its curve on the validation split.

    `early`: it was `ended` before its time, so that `minutes` are fewer and rates still whole. `equalTokens`: the last place of the curves before either's rates fall. `every`: steps from one place of a curve to the next.
    """
    run = Run.parse(raw)
    train, held_out, test = (Corpus(data, split, run.excludedSources) for split in ("train", "validation", "test"))
    sampler = Sampler(train, run)
    learners: list[Learner] = []
    tried: dict[str, dict[str, float]] = {}
    for name, candidates in rates.items():
        best, tried[name] = try_rates(name, raw, candidates, sampler, held_out, 60 * try_minutes, ended)
        print(f"{name}: rates tried {tried[name]}, taken {best:g}", file=sys.stderr, flush=True)
        learners.append(Learner(name, raw, best, train))

    def after(learner: Learner) -> None:
        if learner.step % every == 0:
            found = note(learner.measure(held_out, run.evaluationWindows))
            learner.curve.append({"tokens": learner.tokens, "seconds": round(learner.spent, 1), **found})
            print(f"{learner.name}: {json.dumps(learner.curve[-1])}", file=sys.stderr, flush=True)

    take_turns(learners, sampler, 60 * minutes, after, ended)
    models = {learner.name: {**learner.result(), "tried": tried[learner.name], "test": learner.measure(test, windows)} for learner in learners}
    return {
        "benchmark": "lstm", "run": run.id, "minutes": round(max(learner.spent for learner in learners) / 60, 1), "early": ended.is_set(), "threads": torch.get_num_threads(), "windows": windows,
        "models": models, "equalTokens": equal_tokens({learner.name: learner.curve for learner in learners}, 60 * minutes),
    }  # fmt: skip


def equal_tokens(curves: dict[str, list[dict[str, float]]], seconds: float) -> dict[str, dict[str, float]] | None:
    """{name: the last place in its curve to which all came with their rates whole}; None where there is none."""
    whole = (1 - CHANGES["decay"]) * seconds
    stable = {name: {place["tokens"]: place for place in curve if place["seconds"] <= whole} for name, curve in curves.items()}
    shared = set.intersection(*(set(places) for places in stable.values()))
    return {name: places[max(shared)] for name, places in stable.items()} if shared else None


def main() -> None:
    """Compares an LSTM with a run's transformer and writes what came of it; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True, help="a file of runs/: the transformer, its batches and its charts")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--out", type=Path, required=True, help="the JSON that `report --lstm` reads")
    parser.add_argument("--minutes", type=float, default=15, help="CPU minutes that each learns")
    parser.add_argument("--try-minutes", type=float, default=1.5, help="CPU minutes that each rate is tried")
    parser.add_argument("--rates", type=float, nargs="+", default=[0.0005, 0.001, 0.002], help="AdamW's, of the LSTM")
    parser.add_argument("--transformer-rates", type=float, nargs="+", default=[0.0025, 0.005, 0.01], help="Muon's, of the transformer")
    parser.add_argument("--every", type=int, default=40, help="steps between places of the curve")
    parser.add_argument("--windows", type=int, default=Sizes.windows, help="windows of the test split at the end")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    ended = Event()
    rates = {LSTM: options.rates, TRANSFORMER: options.transformer_rates}
    try:
        sizes = options.minutes, options.try_minutes, options.every, options.windows
        with ended_by_signals(ended.set):
            found = compare(read_run(options.run), options.data, rates, *sizes, ended)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    write_atomically(options.out, (json.dumps(found) + "\n").encode())
    print(json.dumps({name: {"tokens": entry["tokens"], **note(entry["test"])} for name, entry in found["models"].items()}))


if __name__ == "__main__":
    main()
