"""How well a model predicts music it has not seen: loss and accuracy, by kind of token and place.

With --music it also lets the model play, and holds what it plays against held-out music and
against simpler models (evaluation/comparison.py); `python -m cadenza_training.report` makes a
page of that.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from .architecture import Architecture, ConfigurationError
from .command_line import Parser
from .data import EVENT, PREFIX, Corpus
from .evaluation.comparison import Data, Sizes, compare, loss_entry
from .evaluation.losses import OPEN, by_kind, chart_losses
from .export import load_exported

TOKENIZATION = "grid32"

# Tokens of the shortest window: a prefix and two events, the first of which is given.
SHORTEST = PREFIX + 2 * EVENT


def evaluate(model: torch.nn.Module, corpus: Corpus, length: int, count: int, batch: int = 8) -> dict:
    """What `by_kind` says (evaluation/losses.py); of a model that reads a chart, with the chart open, and beside it `given`.

    `length` is the window in tokens, `count` the number of windows. Runs in the model's own
    precision, on its device; leaves it in the mode in which it was.
    """
    found = {name: by_kind(losses) for name, losses in chart_losses(model, corpus, length, count, batch).items()}
    opened = found.pop(OPEN)
    return {**opened, **found}


def load_model(folder: Path) -> tuple[torch.nn.Module, dict]:
    """An exported model, on the GPU if there is one, and its manifest.

    Raises ConfigurationError for one that counts time otherwise than prepared data does.
    """
    model, manifest = load_exported(folder)
    if manifest["tokenization"] != TOKENIZATION:
        raise ConfigurationError(
            f"{folder} is of tokenization {manifest['tokenization']}, prepared data of {TOKENIZATION}; "
            "no loss of one can be measured on the other"
        )
    return model.to("cuda" if torch.cuda.is_available() else "cpu"), manifest


def main() -> None:
    """Measures an exported model on held-out music; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--windows", type=int, default=Sizes.windows, help="how many windows")
    parser.add_argument("--window", type=int, help="tokens of a window, at most the model's contextLength, which it is by default")
    parser.add_argument("--music", action="store_true", help="compares what it plays with the test split and baselines")
    options = parser.parse_args()
    try:
        model, manifest = load_model(options.model)
        corpus = Corpus(options.data, options.split)
        longest = manifest["architecture"]["contextLength"]
        if options.window is not None and not SHORTEST <= options.window <= longest:
            raise ConfigurationError(f"--window {options.window}: the model reads {SHORTEST} to {longest} tokens; name one of those")
        result = {"model": manifest["id"], "split": options.split, "window": options.window or longest}
        found = {name: loss_entry(losses) for name, losses in chart_losses(model, corpus, result["window"], options.windows).items()}
        result |= found.pop(OPEN) | found
        if options.music:
            data = Data(*(Corpus(options.data, split) for split in ("train", "validation", "test")))
            architecture = Architecture.of_manifest(manifest)
            result["comparison"] = compare(
                model, architecture, data, Sizes(windows=options.windows), lambda line: print(line, file=sys.stderr)
            )
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
