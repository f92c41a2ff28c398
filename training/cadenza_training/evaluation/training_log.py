"""The loss curve of a training: from its metrics.jsonl, or from what it printed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from ..architecture import ConfigurationError

_STEP = re.compile(r"^step (\d+) loss ([\d.]+) tokens (\d+)")
_VALIDATION = re.compile(r"^validation at step (\d+): (\{.*\})$")


@dataclass
class Curve:
    """(tokens seen, nats per token) of the training's own crops, and (tokens seen, loss, accuracy) on validation."""

    training: list[tuple[int, float]] = field(default_factory=list)
    validation: list[tuple[int, float, float]] = field(default_factory=list)


def read_curve(path: Path) -> Curve:
    """Reads metrics.jsonl (objects with step, tokens and loss or validation) or the printed log.

    Raises ConfigurationError where the file cannot be read or holds no step at all.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no readable log ({error}); give metrics.jsonl or what train printed") from error
    curve = Curve()
    for number, line in enumerate(lines, start=1):
        if line.startswith("{"):
            _read_json(line, f"{path}, line {number},", curve)
        else:
            _read_printed(line, curve)
    if not curve.training and not curve.validation:
        raise ConfigurationError(f"{path} holds no step of a training; give metrics.jsonl or what train printed")
    return curve


def _read_json(line: str, where: str, curve: Curve) -> None:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{where} is cut off or no JSON; remove it") from error
    if "tokens" in entry and "loss" in entry:
        curve.training.append((int(entry["tokens"]), float(entry["loss"])))
    if "tokens" in entry and isinstance(entry.get("validation"), dict):
        found = entry["validation"]
        curve.validation.append((int(entry["tokens"]), float(found["loss"]), float(found["accuracy"])))


def _read_printed(line: str, curve: Curve) -> None:
    if step := _STEP.match(line):
        curve.training.append((int(step[3]), float(step[2])))
    elif found := _VALIDATION.match(line):
        validation = json.loads(found[2])
        tokens = curve.training[-1][0] if curve.training else 0
        curve.validation.append((tokens, float(validation["loss"]), float(validation["accuracy"])))
