"""The shape of a model: the manifest's `architecture` (client/model/weights/manifest.ts), typed.

The JSON names are camelCase because the same object stands in run configurations, in
checkpoints and in manifest.json; it is parsed once, here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from .conditions import ConditionGroup

POSITIONS = ("absolute", "rotary")


class ConfigurationError(Exception):
    """A configuration or folder from outside is unusable; the message says what to change."""


@dataclass(frozen=True)
class Architecture:
    """A decoder-only transformer as x-transformers builds it; all numbers are counts.

    biases: q, attention output and logits have biases, as imported models do (import_allegro.py);
    the JSON names the field only where it is true.
    conditions: the groups of rows that are added to a token's embedding, none for a model of tokens
    alone; they stand beside the `architecture` of a manifest.
    """

    vocabulary: int
    dim: int
    depth: int
    heads: int
    headDim: int
    feedForward: int
    contextLength: int
    positions: str
    biases: bool = False
    conditions: tuple[ConditionGroup, ...] = ()

    @staticmethod
    def parse(json: Any, conditions: tuple[ConditionGroup, ...] = ()) -> Architecture:
        """Types `json`; raises ConfigurationError naming the field that is wrong."""
        names = [field.name for field in fields(Architecture) if field.name not in ("biases", "conditions")]
        if not isinstance(json, dict) or sorted(set(json) - {"biases"}) != sorted(names):
            raise ConfigurationError(f"architecture must have exactly the fields {', '.join(names)}")
        for name in names:
            if name != "positions" and (type(json[name]) is not int or json[name] < 1):
                raise ConfigurationError(f"architecture.{name} must be a positive integer")
        if json["positions"] not in POSITIONS:
            raise ConfigurationError(f"architecture.positions must be one of {', '.join(POSITIONS)}")
        if json.get("biases", True) is not True:
            raise ConfigurationError("architecture.biases must be true or left out")
        if json["feedForward"] % json["dim"] != 0:
            raise ConfigurationError("architecture.feedForward must be a multiple of dim")
        return Architecture(**json, conditions=conditions)

    @staticmethod
    def of_manifest(manifest: dict[str, Any]) -> Architecture:
        """That of an exported model, with its conditions."""
        groups = tuple(ConditionGroup(group["name"], group["rows"]) for group in manifest.get("conditions", ()))
        return Architecture.parse(manifest["architecture"], groups)

    @property
    def conditionRows(self) -> int:
        """Rows of the conditions matrix."""
        return sum(group.rows for group in self.conditions)

    def json(self) -> dict[str, Any]:
        """What `parse` reads, without the conditions."""
        fields_of_all = asdict(self)
        del fields_of_all["conditions"]
        if not self.biases:
            del fields_of_all["biases"]
        return fields_of_all
