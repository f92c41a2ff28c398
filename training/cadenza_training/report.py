"""The report page: python -m cadenza_training.report --model FOLDER --data DIR [--beside FOLDER] [--played FILE] [--lstm FILE] [--results FILE] [--log FILE] [--out DIR].

Measures the model (evaluation/comparison.py), lets the product compose ten samples, and writes
README.md with plots, evaluation.json, MIDI and MP3. What the instrument makes of the model is measured by
`npm run bench -- music`, whose last line is --played; how far an LSTM comes, by lstm.py, which writes --lstm. One CPU
thread by default: products as small as these wait longer for a second thread than they gain from it where the machine
has other work.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch

from .architecture import Architecture, ConfigurationError
from .checkpoint import write_atomically
from .command_line import Parser
from .data import Corpus
from .evaluate import load_model
from .evaluation import charts
from .evaluation.comparison import Data, Sizes, compare
from .evaluation.lstm_result import read_lstm
from .evaluation.page import Pictures, render_page
from .evaluation.samples import RECIPES, compose
from .evaluation.played import read_played
from .evaluation.training_log import read_curve


def named(manifest: dict) -> dict:
    """{model, version} of a manifest."""
    return {"model": manifest["id"], "version": manifest["version"]}


def read_results(path: Path, manifest: dict) -> dict:
    """What the report wrote of the model before. Raises ConfigurationError for another file, or another model's."""
    try:
        results = json.loads(path.read_text())
        if not isinstance(results, dict) or "losses" not in results or any(results.get(name) != value for name, value in named(manifest).items()):
            raise ValueError(f"not of {manifest['id']} {manifest['version']}")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} holds no results of this model ({error}); leave --results out to measure it") from error
    return results


def main() -> None:
    """Writes the report of an exported model; the last line is JSON."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare-data wrote")
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="folders of other models, whose losses stand beside")
    parser.add_argument("--played", type=Path, help="what `npm run bench -- music` of the model printed")
    parser.add_argument("--lstm", type=Path, help="what `python -m cadenza_training.lstm` wrote")
    parser.add_argument("--results", type=Path, help="an evaluation.json of this model: it is not measured again")
    parser.add_argument("--log", type=Path, help="the training's metrics.jsonl, or what it printed")
    parser.add_argument("--out", type=Path, default=Path("report"))
    parser.add_argument("--windows", type=int, default=Sizes.windows, help="windows for the losses")
    parser.add_argument("--openings", type=int, default=Sizes.openings, help="openings drawn from each model")
    parser.add_argument("--notes", type=int, default=Sizes.notes, help="notes of an opening")
    parser.add_argument("--ngram-tokens", type=int, default=Sizes.ngram_tokens, help="training tokens the 6-gram counts")
    parser.add_argument("--bars", type=int, default=10, help="length of the ten samples")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:4.0f} s  {line}", file=sys.stderr, flush=True)

    sizes = Sizes(
        windows=options.windows, openings=options.openings, notes=options.notes, ngram_tokens=options.ngram_tokens,
        untrained=max(1, options.openings // 4),
    )
    try:
        model, manifest = load_model(options.model)
        data = Data(*(Corpus(options.data, split) for split in ("train", "validation", "test")))
        curve = None if options.log is None else read_curve(options.log)
        played = None if options.played is None else read_played(options.played)
        lstm = None if options.lstm is None else read_lstm(options.lstm)
        beside = {f"{other['id']} {other['version']}": baseline for baseline, other in map(load_model, options.beside)}
        options.out.mkdir(parents=True, exist_ok=True)
        if options.results is None:
            results = compare(model, Architecture.of_manifest(manifest), data, sizes, say, beside)
        else:
            results = read_results(options.results, manifest)
        write_atomically(options.out / "evaluation.json", (json.dumps({**results, **named(manifest), "played": played, "lstm": lstm}) + "\n").encode())
        rolls = []
        for recipe in RECIPES:
            say(f"composing and rendering {recipe.name}")
            sample = compose(recipe, options.model, options.bars, options.out)
            rolls.append((recipe, charts.piano_roll(sample, options.out / f"{recipe.name}.png")))
        pictures = Pictures(
            places=charts.loss_by_place(results["losses"], options.out / "loss-by-place.svg"),
            measures=charts.histograms(results["music"]["measures"], options.out / "measures.svg"),
            ranges=charts.histograms(results["music"]["ranges"], options.out / "ranges.svg"),
            rolls=tuple(rolls),
            curve=None if curve is None else charts.loss_curve(curve, options.out / "loss-curve.svg"),
        )
    except ConfigurationError as error:
        sys.exit(f"error: {error}")
    identifier, heard = f"{manifest['id']} {manifest['version']}", manifest["training"]["tokens"]
    page = render_page(identifier, results, pictures, options.bars, played, lstm, heard)
    write_atomically(options.out / "README.md", page.encode())
    say("done")
    summary = {name: entry["loss"] for name, entry in results["losses"].items()}
    print(json.dumps({"report": str(options.out / "README.md"), "losses": summary, "wins": results["music"]["wins"]}))


if __name__ == "__main__":
    main()
