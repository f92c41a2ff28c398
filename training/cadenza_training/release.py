"""A release of a run that goes on: python -m cadenza_training.release --from OUT --out OUT2 --minutes 20.

Takes a copy of the stable run's last checkpoint, lets its rates fall by 1 - sqrt over a budget of minutes
or steps, evaluates and exports. The stable run is only read: it may go on meanwhile, and goes on after. Started
again with the same --out it spends what is left.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import torch

from .architecture import ConfigurationError
from .checkpoint import read_checkpoint
from .command_line import Parser
from .signals import ended_by_signals
from .trainer import Trainer


def release(source: Path, data: Path, out: Path, minutes: float | None = None, steps: int | None = None) -> Trainer:
    """A training in `out` that is ready to decay: taken up again, or from the checkpoint in `source`."""
    saved = read_checkpoint(source)
    if saved is None:
        raise ConfigurationError(f"{source} holds no checkpoint; give the folder that train wrote with --out")
    trainer = Trainer(saved["run"], data, out, minutes)
    if not trainer.resume():
        trainer.release_from(source)
    if steps is not None:
        trainer.steps = steps
    return trainer


def main() -> None:
    """Decays a copy of a stable run, evaluates and exports it; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True, help="the --out folder of a run of stable rates")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for the release's own checkpoint and export")
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, help="time for the decay")
    budget.add_argument("--steps", type=int, help="steps for the decay")
    parser.add_argument("--version", help="the manifest's version; default: the run's")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        trainer = release(options.source, options.data, options.out, options.minutes, options.steps)
        with ended_by_signals(lambda: setattr(trainer, "stopped", True)):
            print(f"releasing {trainer.run.id} at step {trainer.step}, {trainer.tokens:,} tokens", flush=True)
            trainer.train()
            if trainer.stopped:
                print(json.dumps({"paused": str(options.out), "steps": trainer.step, "tokens": trainer.tokens}))
                return
            manifest = trainer.export(options.version)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps({"manifest": str(manifest), "steps": trainer.step, "tokens": trainer.tokens, "validation": trainer.validation}))


if __name__ == "__main__":
    main()
