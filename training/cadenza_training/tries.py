"""Short runs that differ from the starter in one thing each, for LOG.md: python -m cadenza_training.tries --data DIR --out DIR [NAME ...].

Depth 4 and 215,040 tokens, so that one takes a minute on two cores; a difference under 0.1 in the loss may be luck.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch

from .architecture import ConfigurationError
from .command_line import Parser
from .run_config import read_run
from .trainer import Trainer

STARTER = Path(__file__).parents[1] / "runs" / "starter.json"

# What each try changes of `base_run`.
VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "batch1536": {"batchTokens": 1536, "steps": 140},
    "batch6144": {"batchTokens": 6144, "steps": 35},
    "crop128": {"cropSchedule": [[0, 128]]},
    "crop512": {"cropSchedule": [[0, 512]]},
    "crop128-256": {"cropSchedule": [[0, 128], [0.5, 256]]},
    "crop256-512": {"cropSchedule": [[0, 256], [0.65, 512]]},
    "adamw": {"matrixOptimiser": "adamw", "matrixLearningRate": 0.004},
    "adamw-half": {"matrixOptimiser": "adamw", "matrixLearningRate": 0.002, "learningRate": 0.002},
}


def base_run(starter: dict[str, Any]) -> dict[str, Any]:
    """The try that changes nothing, from the starter's run as JSON."""
    return {
        **starter,
        "architecture": {**starter["architecture"], "depth": 4},
        "batchTokens": 3072,
        "cropSchedule": [[0, 256]],
        "steps": 70,
        "warmup": 0.05,
        "finalLearningRate": 0.0,
        "logEvery": 10,
        "evaluateEvery": 10**6,
        "finalEvaluationWindows": 48,
    }


def attempt(name: str, raw: dict[str, Any], data: Path, out: Path) -> str:
    """Trains a run from its beginning in `out`; a row of the table: name, validation loss in nats, tokens/s, seconds in all."""
    started = time.monotonic()
    trainer = Trainer(raw, data, out)
    with contextlib.redirect_stdout(sys.stderr):
        trainer.train()
        loss = trainer.measure(trainer.run.finalEvaluationWindows)["loss"]
    speed = trainer.tokens / trainer.elapsed
    return f"| {name} | {loss:.3f} | {speed:,.0f} | {time.monotonic() - started:.0f} |"


def main() -> None:
    """Trains short variants of the starter and prints a Markdown table, a row a try; their logs go to stderr."""
    parser = Parser(description=main.__doc__, epilog=f"NAME: {', '.join(VARIANTS)}", formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--out", type=Path, required=True, help="gets a folder for each try, with its curve and checkpoint")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="CPU threads")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which tries, default: all")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in VARIANTS]:
        parser.error(f"there is no try {', '.join(unknown)}; choose among {', '.join(VARIANTS)}")
    torch.set_num_threads(options.threads)
    base = base_run(read_run(STARTER))
    print("| try | loss | tokens/s | seconds |\n|---|---|---|---|", flush=True)
    try:
        for name in options.names or VARIANTS:
            raw = {**base, **VARIANTS[name]}
            folder = options.out / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "run.json").write_text(json.dumps(raw, indent=2) + "\n")
            print(attempt(name, raw, options.data, folder), flush=True)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
