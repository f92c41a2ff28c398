"""A training run as a file (runs/*.json): everything that decides its result but the data."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from .architecture import Architecture, ConfigurationError


@dataclass(frozen=True)
class SourceShare:
    """`sources` (base names, without "-solo") together make up `share` of the crops."""

    share: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """Names as in the JSON. Shares and fractions are 0-1; learning rates are peak values.

    cropSchedule: pairs [fraction of the budget from which it holds, crop length in tokens].
    soloFactor: weight of a source's "-solo" folder, token for token, against its ensemble folder.
    sourceShares: empty where every source weighs what it holds.
    excludedSources: base names whose pieces are neither learnt from nor evaluated on.
    startShare: share of crops that begin where a piece begins.
    transpose: least and greatest transposition in semitones. velocityShift: buckets, either way.
    matrixOptimiser: for the matrices inside the blocks; all else is trained by AdamW.
    betas: AdamW's averages of gradient and squared gradient.
    steps or epochs (the one or the other): length of the run unless it is given in minutes; an
    epoch is as many steps as the split's tokens fill batches.
    """

    id: str
    version: str
    license: str
    quantization: str
    seed: int
    architecture: Architecture
    batchTokens: int
    cropSchedule: tuple[tuple[float, int], ...]
    startShare: float
    soloFactor: float
    transpose: tuple[int, int]
    velocityShift: int
    sourceShares: tuple[SourceShare, ...]
    matrixOptimiser: str
    matrixLearningRate: float
    learningRate: float
    weightDecay: float
    warmup: float
    finalLearningRate: float
    clip: float
    autocast: bool
    logEvery: int
    evaluateEvery: int
    evaluationWindows: int
    finalEvaluationWindows: int
    checkpointMinutes: float
    steps: int | None = None
    epochs: float | None = None
    betas: tuple[float, float] = (0.9, 0.95)
    excludedSources: tuple[str, ...] = ()

    @staticmethod
    def parse(raw: Any) -> Run:
        """Types a run's JSON; raises ConfigurationError naming what is missing or wrong."""
        needed = {field.name for field in fields(Run) if field.default is MISSING}
        known = {field.name for field in fields(Run)}
        if not isinstance(raw, dict):
            raise ConfigurationError("a run must be a JSON object")
        if wrong := sorted((needed - set(raw)) | (set(raw) - known)):
            raise ConfigurationError(f"a run must have exactly its own fields; look at {', '.join(wrong)}")
        architecture = Architecture.parse(raw["architecture"])
        schedule = tuple((float(fraction), int(length)) for fraction, length in raw["cropSchedule"])
        if not schedule or schedule[0][0] != 0 or any(not 7 <= length <= architecture.contextLength for _, length in schedule):
            raise ConfigurationError("cropSchedule must begin at 0 and its lengths lie in 7-contextLength")
        if raw["matrixOptimiser"] not in ("muon", "adamw"):
            raise ConfigurationError("matrixOptimiser must be muon or adamw")
        if ("steps" in raw) == ("epochs" in raw) or not raw.get("steps", raw.get("epochs", 0)) > 0:
            raise ConfigurationError("a run must have either steps or epochs, above 0")
        typed = dict(raw)
        typed["architecture"] = architecture
        typed["cropSchedule"] = schedule
        typed["transpose"] = tuple(raw["transpose"])
        typed["sourceShares"] = tuple(SourceShare(group["share"], tuple(group["sources"])) for group in raw["sourceShares"])
        typed["betas"] = tuple(raw.get("betas", (0.9, 0.95)))
        typed["excludedSources"] = tuple(raw.get("excludedSources", ()))
        return Run(**typed)

    def length(self, tokens: int) -> int:
        """The run's steps on a training split of `tokens`."""
        if self.steps is not None:
            return self.steps
        assert self.epochs is not None, "parse lets no run pass without steps or epochs"
        return math.ceil(self.epochs * tokens / self.batchTokens)

    def crop_length(self, fraction: float) -> int:
        """Tokens a crop predicts when `fraction` (0-1) of the budget is spent."""
        return [length for start, length in self.cropSchedule if start <= fraction][-1]


def read_run(path: Path) -> dict:
    """The run's JSON, checked by Run.parse, as it is kept in checkpoints."""
    try:
        raw = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise ConfigurationError(f"{path} is not a readable run: {error}") from error
    Run.parse(raw)
    return raw
