"""A training run as a file (runs/*.json): everything that decides its result but the data."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from .architecture import Architecture, ConfigurationError
from .conditions import GROUPS

SCHEDULES = ("cosine", "stable")
LOSSES = ("full", "sliced")


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
    conditions: the model reads a chart (conditions.py). openShare: share of crops whose chart is open but for
    phase and length of the bar; groupOpenShare: share of the others that leave a group open; ownLeadShare: share
    whose heading names the crop's own leader, not the piece's; conditionsRate: of the rows of conditions, as a share
    of the embeddings' rate.
    batchSchedule: pairs [fraction, tokens a batch] as cropSchedule's, for batches that grow from batchTokens.
    lossSchedule: pairs [fraction, "full" or "sliced"]: the softmax over all ids, or over those of the kind that comes next.
    schedule: "cosine" falls from the warm-up to the end; "stable" stays, and falls by 1 - sqrt in the last `decay` of
    the budget. With a decay of 0 a run can go on for weeks, and `release` lets copies of it fall.
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
    conditions: bool = False
    openShare: float = 0.4
    groupOpenShare: float = 0.25
    ownLeadShare: float = 0.5
    conditionsRate: float = 0.125
    batchSchedule: tuple[tuple[float, int], ...] = ()
    lossSchedule: tuple[tuple[float, str], ...] = ((0.0, "full"),)
    schedule: str = "cosine"
    decay: float = 0.0

    @staticmethod
    def parse(raw: Any) -> Run:
        """Types a run's JSON; raises ConfigurationError naming what is missing or wrong."""
        needed = {field.name for field in fields(Run) if field.default is MISSING}
        known = {field.name for field in fields(Run)}
        if not isinstance(raw, dict):
            raise ConfigurationError("a run must be a JSON object")
        if wrong := sorted((needed - set(raw)) | (set(raw) - known)):
            raise ConfigurationError(f"a run must have exactly its own fields; look at {', '.join(wrong)}")
        architecture = Architecture.parse(raw["architecture"], GROUPS if raw.get("conditions") else ())
        schedule = tuple((float(fraction), int(length)) for fraction, length in raw["cropSchedule"])
        if not schedule or schedule[0][0] != 0 or any(not 7 <= length <= architecture.contextLength for _, length in schedule):
            raise ConfigurationError("cropSchedule must begin at 0 and its lengths lie in 7-contextLength")
        if raw["matrixOptimiser"] not in ("muon", "adamw"):
            raise ConfigurationError("matrixOptimiser must be muon or adamw")
        if raw.get("schedule", "cosine") not in SCHEDULES or not 0 <= raw.get("decay", 0) <= 1:
            raise ConfigurationError(f"schedule must be one of {', '.join(SCHEDULES)} and decay lie in 0-1")
        losses = tuple((float(fraction), str(loss)) for fraction, loss in raw.get("lossSchedule", [[0, "full"]]))
        if not losses or losses[0][0] != 0 or any(loss not in LOSSES for _, loss in losses):
            raise ConfigurationError(f"lossSchedule must begin at 0 and name {' or '.join(LOSSES)}")
        if ("steps" in raw) == ("epochs" in raw) or not raw.get("steps", raw.get("epochs", 0)) > 0:
            raise ConfigurationError("a run must have either steps or epochs, above 0")
        typed = dict(raw)
        typed["architecture"] = architecture
        typed["cropSchedule"] = schedule
        typed["transpose"] = tuple(raw["transpose"])
        typed["sourceShares"] = tuple(SourceShare(group["share"], tuple(group["sources"])) for group in raw["sourceShares"])
        typed["betas"] = tuple(raw.get("betas", (0.9, 0.95)))
        typed["batchSchedule"] = tuple((float(fraction), int(tokens)) for fraction, tokens in raw.get("batchSchedule", ()))
        typed["lossSchedule"] = losses
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

    def batch_tokens(self, fraction: float) -> int:
        """Tokens a batch, likewise."""
        return [self.batchTokens, *(tokens for start, tokens in self.batchSchedule if start <= fraction)][-1]

    def sliced(self, fraction: float) -> bool:
        """Whether the loss is over the ids of the kind that comes next, likewise."""
        return [loss for start, loss in self.lossSchedule if start <= fraction][-1] == "sliced"


def read_run(path: Path) -> dict:
    """The run's JSON, checked by Run.parse, as it is kept in checkpoints."""
    try:
        raw = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise ConfigurationError(f"{path} is not a readable run: {error}") from error
    Run.parse(raw)
    return raw
