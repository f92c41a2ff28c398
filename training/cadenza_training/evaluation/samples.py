"""Ten pieces as a listener would hear them: composed and rendered by the product's own command line.

Which ten is fixed beforehand (leads in their order, seeds 1 to 10, every second with drums), so
that none is chosen for its beauty.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..architecture import ConfigurationError
from ..data import EVENT, PREFIX
from .bars import file_bars
from .events import INSTRUMENTS, OUTRO, Notes, read_notes

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Recipe:
    """What `compose` is asked for."""

    lead: str
    drums: bool
    seed: int

    @property
    def name(self) -> str:
        """The files' name without its ending, as `compose` writes it."""
        return f"{self.lead.lower()}-{self.seed}-1"


@dataclass(frozen=True)
class Sample:
    """A composed piece: its recipe and its notes; the files lie beside the report."""

    recipe: Recipe
    notes: Notes


RECIPES = tuple(
    Recipe(lead, seed % 2 == 0, seed)
    for seed, lead in enumerate([name for name in INSTRUMENTS if name != "Drums"][:10], start=1)
)


def compose(recipe: Recipe, model: Path, bars: int, out: Path) -> Sample:
    """Writes `<name>.mid` and `<name>.mp3` to `out`. Raises ConfigurationError with what the command said."""
    options = ["--instrument", recipe.lead, "--seed", str(recipe.seed), "--bars", str(bars)]
    options += ["--drums"] if recipe.drums else []
    _cadenza("compose", *options, "--model", str(model.resolve()), "--out", str(out.resolve()))
    tokens = np.array(json.loads(_cadenza("tokenize", str((out / f"{recipe.name}.mid").resolve()))))
    described = json.loads(_cadenza("inspect", str((out / f"{recipe.name}.mid").resolve())))
    changes = [(metre["tick"], metre["numerator"], metre["denominator"]) for metre in described["metres"]]
    bars = file_bars(changes, described["division"]["ticksPerQuarter"])
    return Sample(recipe, read_notes(tokens[tokens != OUTRO][PREFIX:].reshape(-1, EVENT), bars))


def _cadenza(*arguments: str) -> str:
    """What the command line prints; started in the repository, where npm finds it."""
    run = subprocess.run(["npm", "run", "-s", "cadenza", "--", *arguments], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        said = run.stderr.strip().splitlines()
        raise ConfigurationError(f"cadenza {arguments[0]} failed: {said[-1] if said else run.returncode}")
    return run.stdout
