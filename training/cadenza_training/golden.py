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
from .export import Training, export_model, load_exported
from .model import build_model



@dataclass(frozen=True)
class Variant:
    """A folder of testdata; `biases` as in Architecture."""

    name: str
    positions: str
    quantization: str
    biases: bool = False

    @property
    def architecture(self) -> Architecture:
        """Small, and with no two sizes alike, so that a swapped dimension cannot pass."""
        return Architecture(160, 48, 3, 2, 64, 192, 32, self.positions, self.biases)


VARIANTS = (
    Variant("golden-absolute", "absolute", "none"),
    Variant("golden-absolute-biases", "absolute", "none", biases=True),
    Variant("golden-rotary", "rotary", "none"),
    Variant("golden-rotary-f16", "rotary", "f16"),
    Variant("golden-rotary-int8", "rotary", "int8"),
)


def roughen(model: torch.nn.Module, generator: torch.Generator) -> None:
    """Sets vectors away from their neutral values and injects outliers into every matrix."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if name.endswith("gamma"):
            parameter.data = 0.3 * noise
        elif name.endswith("bias"):
            parameter.data = 0.2 * noise
        elif name.endswith("emb.weight"):
            parameter.data = noise * (1 if name.startswith("token") else 3)
        else:
            parameter.data = noise * parameter.shape[1] ** -0.5
            flat = parameter.data.view(-1)
            flat[torch.randint(flat.numel(), (4,), generator=generator)] *= 20


def write_golden(folder: Path) -> None:
    """Writes every variant's folder: an exported model and golden.json {tokens, logits}."""
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
        logits = golden_logits(stored, tokens)[0]
        rows = [[float(f"{value:.7g}") for value in row] for row in logits.tolist()]
        text = json.dumps({"tokens": tokens[0].tolist(), "logits": rows}, separators=(",", ":"))
        write_atomically(folder / name / "golden.json", (text.replace("],[", "],\n[") + "\n").encode())


def golden_logits(model: torch.nn.Module, tokens: torch.Tensor) -> torch.Tensor:
    """(1, T) tokens to (1, T, V) logits in F32, without gradients."""
    with torch.no_grad():
        return model.eval()(tokens)


if __name__ == "__main__":
    parser = Parser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "client/model/testdata")
    write_golden(parser.parse_args().out)
