"""A training's curve as a file: metrics.jsonl, one JSON object a line, for plots.

{"step", "tokens", "loss"} every logEvery steps (nats per token, mean since the line before);
{"step", "tokens", "validation"} for each evaluation.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .checkpoint import write_atomically

FILE = "metrics.jsonl"


class Metrics:
    """Appends to a folder's file; the folder must exist when the first line is written."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def go_on_from(self, step: int) -> None:
        """Forgets lines after `step`: a resumed training writes them again, a new one (0) begins anew."""
        if self.path.exists():
            kept = [line for line in self.path.read_text().splitlines() if json.loads(line)["step"] <= step > 0]
            write_atomically(self.path, "".join(line + "\n" for line in kept).encode())

    def write(self, **entry: Any) -> None:
        """Appends a line."""
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")
