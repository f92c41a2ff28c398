"""How well a model predicts music it has not seen: loss and accuracy, by kind of token.

The windows are spread evenly over the split, with no weights and no augmentation, so that the
figure depends on the data and the model alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .command_line import Parser
from .architecture import ConfigurationError
from .data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, IGNORE, Corpus, evaluation_windows
from .export import load_exported

KINDS = {
    "time": (0, FIRST_DURATION),
    "duration+velocity": (FIRST_DURATION, FIRST_NOTE),
    "instrument+pitch": (FIRST_NOTE, FIRST_CHORD),
}


def evaluate(model: torch.nn.Module, corpus: Corpus, length: int, count: int, batch: int = 8) -> dict:
    """{tokens, loss, accuracy, kinds: {name: {tokens, loss, accuracy}}}, loss in nats per token.

    `length` is the window in tokens, `count` the number of windows. Runs in the model's own
    precision, on its device; leaves it in the mode in which it was.
    """
    device = next(model.parameters()).device
    windows = evaluation_windows(corpus, length, count)
    losses, hits, kept = [], [], []
    training = model.training
    model.eval()
    with torch.no_grad():
        for begin in range(0, len(windows), batch):
            crops = [corpus.crop(piece, event, length) for piece, event in windows[begin : begin + batch]]
            inputs = torch.from_numpy(np.stack([crop[0] for crop in crops])).to(device)
            targets = torch.from_numpy(np.stack([crop[1] for crop in crops])).to(device)
            asked = targets != IGNORE
            logits = model(inputs)[asked].float()
            wanted = targets[asked]
            losses.append(torch.nn.functional.cross_entropy(logits, wanted, reduction="none").cpu())
            hits.append((logits.argmax(-1) == wanted).cpu())
            kept.append(wanted.cpu())
    model.train(training)
    loss, hit, target = torch.cat(losses).double(), torch.cat(hits).double(), torch.cat(kept)
    kinds = {name: _mean(loss, hit, (target >= first) & (target < end)) for name, (first, end) in KINDS.items()}
    return {**_mean(loss, hit, torch.ones_like(target, dtype=torch.bool)), "kinds": kinds}


def _mean(loss: Tensor, hit: Tensor, chosen: Tensor) -> dict:
    if not chosen.any():
        return {"tokens": 0, "loss": None, "accuracy": None}
    return {
        "tokens": int(chosen.sum()),
        "loss": round(float(loss[chosen].mean()), 4),
        "accuracy": round(float(hit[chosen].mean()), 4),
    }


def main() -> None:
    """Measures an exported model on held-out music; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--windows", type=int, default=400, help="windows of contextLength tokens")
    options = parser.parse_args()
    try:
        model, manifest = load_exported(options.model)
        corpus = Corpus(options.data, options.split)
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    length = manifest["architecture"]["contextLength"]
    result = evaluate(model, corpus, length, options.windows)
    print(json.dumps({"model": manifest["id"], "split": options.split, "window": length, **result}))


if __name__ == "__main__":
    main()
