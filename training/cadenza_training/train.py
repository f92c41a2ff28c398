"""Trains a model: python -m cadenza_training.train --run runs/starter.json --data DIR --out DIR.

With --minutes the schedules follow the share of the time that is spent, so that a run ends
well whatever speed it finds; without, the share of the run's steps. A run that was stopped
goes on from its last checkpoint, with the time it had spent; a new one may begin with the weights
of an exported model. SIGTERM or SIGINT ends a run early but in order: checkpoint, evaluation,
export; a run of stable rates that is to go on only writes its checkpoint (release.py exports). Started by torchrun, several processes share every batch.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from pathlib import Path

import torch

from .architecture import ConfigurationError
from .command_line import Parser
from .machine import Machine
from .model import parameter_count
from .paths import said
from .processes import Processes
from .run_config import read_run
from .signals import ended_by_signals
from .trainer import Trainer


def main() -> None:
    """Trains a run, or goes on with it, and exports the model; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True, help="a file of runs/")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint and the export")
    parser.add_argument("--model", type=Path, help="an exported model whose weights a new run begins with")
    parser.add_argument("--minutes", type=float, help="the whole time to train; default: the run's steps or epochs")
    parser.add_argument("--session-steps", type=int, help="stop in order after so many steps; the schedule stays the run's")
    parser.add_argument("--micro-batch-tokens", type=int, help="most tokens in memory at once; default: the batch")
    parser.add_argument("--compile", action="store_true", help="torch.compile, on a GPU")
    parser.add_argument("--path", choices=("auto", "lean", "torch"), default="auto", help="how steps are computed; default: the fastest that fits")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    processes = Processes.join()
    try:
        last = train(options, processes)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    finally:
        processes.leave()
    if last is not None:
        print(json.dumps(last))


def train(options: Namespace, processes: Processes) -> dict[str, object] | None:
    """What the first process says at the end; nothing of it lives on, so that the process may leave the others."""
    machine = Machine(processes, options.micro_batch_tokens, options.compile, options.path)
    trainer = Trainer(read_run(options.run), options.data, options.out, options.minutes, options.session_steps, machine)
    resumed = trainer.resume()
    if not resumed and options.model is not None:
        trainer.begin_with(options.model)
    with ended_by_signals(lambda: setattr(trainer, "stopped", True)):
        if processes.first:
            print(
                f"{'resuming' if resumed else 'starting'} {trainer.run.id} at step {trainer.step} on "
                f"{processes.count} x {trainer.device.type}: {parameter_count(trainer.model):,} parameters, "
                f"{said(trainer.path, trainer.run, machine)}, "
                f"{trainer.sampler.corpus.lengths.sum():,} training tokens, {trainer.steps:,} steps to take unless minutes are given",
                flush=True,
            )
        trainer.train()
        if not processes.first:
            return None
        if trainer.stopped and trainer.run.schedule == "stable":
            return {"paused": str(options.out), "steps": trainer.step, "tokens": trainer.tokens}
        manifest = trainer.export()
        return {"manifest": str(manifest), "steps": trainer.step, "tokens": trainer.tokens, "validation": trainer.validation}


if __name__ == "__main__":
    main()
