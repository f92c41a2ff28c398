"""What an LSTM came to beside the transformer, both from nothing in the same time, as `python -m cadenza_training.lstm` measured it."""

from __future__ import annotations

import json
from pathlib import Path

from ..architecture import ConfigurationError

NEEDED = ("run", "minutes", "early", "threads", "windows", "models", "equalTokens")


def read_lstm(path: Path) -> dict:
    """The file that it wrote. Raises ConfigurationError where it is none of its."""
    try:
        found = json.loads(path.read_text())
        if not isinstance(found, dict) or found.get("benchmark") != "lstm" or any(name not in found for name in NEEDED):
            raise ValueError("not of that command")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} holds no figures of an LSTM ({error}); give what `python -m cadenza_training.lstm --out` wrote") from error
    return found


def lstm_section(found: dict, identifier: str, heard: int) -> str:
    """The ends at equal time, the curves side by side, and what they do not say; `heard` are the tokens the shipped model learnt from."""
    models = found["models"]
    names = list(models)
    first = models[names[0]]
    rows = [
        "| | size | parameters | learnt by | tokens heard | tokens a CPU second | nats a note, chart open | given |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, entry in models.items():
        test = entry["test"]
        rows.append(
            f"| {name} | {entry['shape']} | {entry['parameters']:,} | {entry['path']} | {entry['tokens']:,} | "
            f"{entry['tokens'] / entry['seconds']:,.0f} | **{test['note']:.3f}** | {_given(test.get('given', {}).get('note'))} |"
        )
    curves = {name: {place["tokens"]: place for place in entry["curve"]} for name, entry in models.items()}
    shared = sorted(set.intersection(*(set(curve) for curve in curves.values())))
    equal = found["equalTokens"]
    curve = [
        "| tokens heard | " + " | ".join(f"{name}: open, given" for name in names) + " |",
        "|---|" + "---|" * len(names),
        *(
            f"| {tokens:,}{' (last at whole rates)' if not found['early'] and equal and tokens == equal[names[0]]['tokens'] else ''} | "
            + " | ".join(f"{curves[name][tokens]['open']:.3f}, {_given(curves[name][tokens].get('given'))}" for name in names)
            + " |"
            for tokens in shared
        ),
    ]
    fall = "rates fall in the last fifth of each one's time, so that only what stands before may be compared"
    end = "the learning was ended early, with rates still whole" if found["early"] else fall
    return (
        f"The recurrent network that one would take instead, and the transformer of {found['run']}, both from nothing, with as many parameters, "
        f"on the same batches with the same loss for {found['minutes']:g} CPU minutes each on {_threads(found['threads'])}, taking turns (`python -m "
        f"cadenza_training.lstm`). Each learns at the best of the rates tried ({_tried(models)}; nats a note on the validation split after as "
        f"short a time each). {found['windows']} windows of the test split, at equal time:\n\n" + "\n".join(rows)
        + f"\n\nAt equal tokens, on fewer windows of the validation split; {end}:\n\n" + "\n".join(curve)
        + f"\n\nBoth are hardly begun: {first['tokens'] / 1e6:.1f} million tokens stand against the {heard / 1e6:.1f} million that {identifier} heard, whose losses stand above, so "
        "nothing here says how far an LSTM would come in as long, and tokens a second are those of the paths named, not of the networks as such."
    )


def _given(nats: float | None) -> str:
    return "reads none" if nats is None else f"{nats:.3f}"


def _threads(count: int) -> str:
    return "one thread" if count == 1 else f"{count} threads"


def _tried(models: dict) -> str:
    return "; ".join(
        f"{name} " + ", ".join(f"{rate}: {nats:.2f}" for rate, nats in entry["tried"].items()) if entry["tried"] else f"{name} {entry['rate']:g} alone"
        for name, entry in models.items()
    )
