"""How fast each path learns, side by side: python -m cadenza_training.speed [--dim 256 --depth 5] [--crops 256 512].

Made-up tokens, both paths in turn on the same batches, medians of several steps. CPU seconds are what the process
used in all its threads, so that other work on the machine tells less; tokens a second are of one core.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from .architecture import ConfigurationError
from .command_line import Parser
from .conditions import GROUPS, STARTS
from .data import FIRST_DURATION, FIRST_NOTE, IGNORE, PREFIX
from .lean.path import LeanPath, unfit
from .loss import summed_nats
from .machine import Machine, computes_bf16
from .prefetch import Ready
from .run_config import Run, read_run
from .torch_path import TorchPath

BAND = Path(__file__).parents[1] / "runs" / "band.json"


def made_up(tokens: int, length: int, seed: int) -> Ready:
    """A batch of crops of the right kinds of token and no sense."""
    generator = np.random.default_rng(seed)
    crops = tokens // length
    kind = np.arange(length + 1 - PREFIX) % 3
    lowest, highest = np.array([0, FIRST_DURATION + 8, FIRST_NOTE])[kind], np.array([40, 600, FIRST_NOTE + 900])[kind]
    music = np.concatenate((np.tile([3087, 3074, 3075], (crops, 1)), generator.integers(lowest, highest, (crops, len(kind)))), axis=1)
    targets = music[:, 1:].copy()
    targets[:, : PREFIX - 1] = IGNORE
    rows = generator.integers(0, [group.rows for group in GROUPS], (crops, length, len(GROUPS))) + STARTS
    inputs = torch.from_numpy(music[:, :-1].copy())
    return Ready(inputs, torch.from_numpy(targets), int((targets != IGNORE).sum()), torch.from_numpy(rows.astype(np.int32)))


def measure(steps: dict[str, Callable[[Ready], object]], tokens: int, length: int, rounds: int) -> dict[str, float]:
    """Median tokens a CPU second of each way to take a step, taken in turn; the first round warms up."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for seed in range(rounds + 1):
        batch = made_up(tokens, length, seed)
        for name, step in steps.items():
            before = time.process_time()
            step(batch)
            taken[name].append(time.process_time() - before)
    return {name: batch.inputs.numel() / float(np.median(seconds[1:])) for name, seconds in taken.items()}


def _gradients(path: TorchPath, batch: Ready) -> None:
    """A step without its optimisers: on CPUs without bf16 PyTorch's Muon, which emulates it, takes most of the time."""
    loss = summed_nats(path.model(batch.inputs, batch.conditions).flatten(0, 1), batch.targets.flatten(), False) / batch.asked
    loss.backward()
    for parameter in path.model.parameters():
        parameter.grad = None


def main() -> None:
    """Prints a Markdown table of tokens a second and core, a row a size and length of crop."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--dim", type=int, default=256)
    parser.add_argument("--depth", type=int, default=5)
    parser.add_argument("--crops", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--batch", type=int, default=3072, help="tokens a step")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    raw = read_run(BAND)
    raw["architecture"] |= {"dim": options.dim, "depth": options.depth, "heads": options.dim // 64, "feedForward": 4 * options.dim}
    run = Run.parse(raw)
    if reason := unfit(run, Machine()):
        parser.error(f"the lean path is not for this machine: {reason}")
    lean, sliced = LeanPath(run, options.threads), LeanPath(run, options.threads)
    plain = TorchPath(run, Machine(), run.autocast and computes_bf16(torch.device("cpu")))
    ways: dict[str, Callable[[Ready], object]] = {
        "PyTorch": lambda batch: plain.learn(batch, 1.0, False),
        "PyTorch, gradients alone": lambda batch: _gradients(plain, batch),
        "lean": lambda batch: lean.learn(batch, 1.0, False),
        "lean, sliced loss": lambda batch: sliced.learn(batch, 1.0, True),
    }
    print(f"{options.dim} wide, {options.depth} deep, batches of {options.batch}, lean in {lean.kernels.stored}", flush=True)
    print("| crops | " + " | ".join(ways) + " |\n|---" + "|---" * len(ways) + "|", flush=True)
    for length in options.crops:
        found = measure(ways, options.batch, length, options.rounds)
        slowest = found["PyTorch"]
        cells = [f"{speed:,.0f} ({speed / slowest:.2f})" for speed in found.values()]
        print(f"| {length} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    try:
        main()
    except ConfigurationError as error:
        raise SystemExit(f"error: {error}") from error
