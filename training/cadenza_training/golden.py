"""Golden logits: small random models, exported, with what PyTorch computes from them.

The decoders in TypeScript and WGSL are held against these files. The weights are deliberately
unkind: outliers of 20 times the usual size, biases and gammas far from 0, so that a
missing bias, a wrong gamma or a sum in too low a precision shows. Of rounded weights the logits are
those of the numbers that the shards hold, in F32.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from .architecture import Architecture
from .checkpoint import write_atomically
from .command_line import Parser
from .conditions import ConditionGroup
from .export import Training, export_model, load_exported
from .model import CONDITIONS, build_model

GROUPS = (ConditionGroup("phase", 9), ConditionGroup("chord", 5), ConditionGroup("leader", 3), ConditionGroup("style", 2))


@dataclass(frozen=True)
class Variant:
    """A folder of testdata; `biases` and `conditions` as in Architecture."""

    name: str
    positions: str
    quantization: str
    biases: bool = False
    conditions: tuple[ConditionGroup, ...] = ()

    @property
    def architecture(self) -> Architecture:
        """Small, and with no two sizes alike, so that a swapped dimension cannot pass."""
        depth, forward = (2, 96) if self.conditions else (3, 192)
        return Architecture(160, 48, depth, 2, 64, forward, 32, self.positions, self.biases, self.conditions)


VARIANTS = (
    Variant("golden-absolute", "absolute", "none"),
    Variant("golden-absolute-biases", "absolute", "none", biases=True),
    Variant("golden-rotary", "rotary", "none"),
    Variant("golden-rotary-f16", "rotary", "f16"),
    Variant("golden-rotary-int8", "rotary", "int8"),
    Variant("golden-conditioned", "rotary", "none", conditions=GROUPS),
    Variant("golden-conditioned-f16", "rotary", "f16", conditions=GROUPS),
    Variant("golden-conditioned-int8", "rotary", "int8", conditions=GROUPS),
)


def roughen(model: torch.nn.Module, generator: torch.Generator) -> None:
    """Sets vectors away from their neutral values and injects outliers into every matrix."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if name.endswith("gamma"):
            parameter.data = 0.3 * noise
        elif name.endswith("bias"):
            parameter.data = 0.2 * noise
        elif name == CONDITIONS:
            parameter.data = 0.5 * noise
        elif name.endswith("emb.weight"):
            parameter.data = noise * (1 if name.startswith("token") else 3)
        else:
            parameter.data = noise * parameter.shape[1] ** -0.5
            flat = parameter.data.view(-1)
            flat[torch.randint(flat.numel(), (4,), generator=generator)] *= 20


def write_golden(folder: Path) -> None:
    """Writes every variant's folder: an exported model and golden.json {tokens, logits}, with conditions {.., conditions}."""
    for variant in VARIANTS:
        generator = torch.Generator().manual_seed(7)
        name, shape = variant.name, variant.architecture
        model = build_model(shape, flash=False)
        roughen(model, generator)
        export_model(
            model.state_dict(), shape, folder / name, identifier=name, version="1.0.0", license="MIT",
            training=Training(0, 0, 0.0, 0.0), quantization=variant.quantization,
        )
        stored, _ = load_exported(folder / name)
        tokens = torch.randint(shape.vocabulary, (1, shape.contextLength), generator=generator)
        given = golden_conditions(shape, generator)
        logits = golden_logits(stored, tokens, *given)[0]
        rows = [[float(f"{value:.7g}") for value in row] for row in logits.tolist()]
        golden = {"tokens": tokens[0].tolist(), **{"conditions": each[0].tolist() for each in given}, "logits": rows}
        text = json.dumps(golden, separators=(",", ":"))
        write_atomically(folder / name / "golden.json", (text.replace("],[", "],\n[") + "\n").encode())


def golden_conditions(architecture: Architecture, generator: torch.Generator) -> list[torch.Tensor]:
    """What the model reads besides tokens: nothing, or (1, T, G) rows of the conditions matrix."""
    if not architecture.conditions:
        return []
    sizes = [group.rows for group in architecture.conditions]
    length = (architecture.contextLength,)
    columns = [sum(sizes[:group]) + torch.randint(rows, length, generator=generator) for group, rows in enumerate(sizes)]
    return [torch.stack(columns, -1)[None]]


def golden_logits(model: torch.nn.Module, tokens: torch.Tensor, *conditions: torch.Tensor) -> torch.Tensor:
    """(1, T) tokens, and (1, T, G) conditions where the model reads them, to (1, T, V) logits in F32, without gradients."""
    with torch.no_grad():
        return model.eval()(tokens, *conditions)


if __name__ == "__main__":
    parser = Parser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "client/model/testdata")
    write_golden(parser.parse_args().out)
