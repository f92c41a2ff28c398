"""The golden files hold what testdata/README.md says, by arithmetic written out in float64."""

import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from cadenza_training.golden import VARIANTS, write_golden

COMMITTED = Path(__file__).parents[2] / "client/model/testdata"


def plain_logits(weights: dict[str, Tensor], architecture: dict, tokens: list[int], conditions: list[list[int]]) -> Tensor:
    """(T) tokens, with the rows that each carries, to (T, V) logits, with no module of x-transformers or PyTorch's nn."""
    heads, head_dim = architecture["heads"], architecture["headDim"]
    length, rotated = len(tokens), head_dim // 2
    angles = torch.arange(length).double()[:, None] * 10000.0 ** (-torch.arange(0, rotated, 2).double() / rotated)

    def norm(x: Tensor, name: str) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        return centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt() * (1 + weights[name + ".gamma"])

    def linear(x: Tensor, name: str) -> Tensor:
        return x @ weights[name + ".weight"].T + weights.get(name + ".bias", 0)

    def rotate(x: Tensor) -> Tensor:
        if architecture["positions"] != "rotary":
            return x
        even, odd = x[..., 0:rotated:2], x[..., 1:rotated:2]
        turned = torch.stack((even * angles.cos() - odd * angles.sin(), odd * angles.cos() + even * angles.sin()), -1)
        return torch.cat((turned.flatten(-2), x[..., rotated:]), -1)

    x = weights["token_emb.emb.weight"][tokens].clone()
    for position, rows in enumerate(conditions):
        for row in rows:
            x[position] += weights["conditions.weight"][row]
    if architecture["positions"] == "absolute":
        x = x + weights["pos_emb.emb.weight"][:length] * architecture["dim"] ** -0.5
    future = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
    for block in range(architecture["depth"]):
        attention = f"attn_layers.layers.{2 * block}"
        forward = f"attn_layers.layers.{2 * block + 1}"
        hidden = norm(x, attention + ".0.0")
        q, k, v = (
            linear(hidden, f"{attention}.1.to_{part}").view(length, heads, head_dim).transpose(0, 1) for part in "qkv"
        )
        scores = rotate(q) @ rotate(k).transpose(1, 2) * head_dim**-0.5
        mixed = scores.masked_fill(future, -math.inf).softmax(-1) @ v
        x = x + linear(mixed.transpose(0, 1).reshape(length, -1), attention + ".1.to_out")
        hidden = linear(norm(x, forward + ".0.0"), forward + ".1.ff.0.0")
        hidden = 0.5 * hidden * (1 + torch.erf(hidden / math.sqrt(2)))
        x = x + linear(hidden, forward + ".1.ff.2")
    return linear(norm(x, "attn_layers.final_norm"), "to_logits")


@pytest.mark.parametrize("name", [variant.name for variant in VARIANTS])
def test_committed_logits_are_the_plain_arithmetic(name: str) -> None:
    folder = COMMITTED / name
    manifest = json.loads((folder / "manifest.json").read_text())
    golden = json.loads((folder / "golden.json").read_text())
    stored = {key: value for shard in manifest["shards"] for key, value in load_file(folder / shard["file"]).items()}
    weights = {key: value.double() for key, value in stored.items() if not key.endswith(".scale")}
    for key in (key for key in stored if key.endswith(".scale")):
        weights[key.removesuffix(".scale")] *= stored[key].double()[:, None]
    logits = plain_logits(weights, manifest["architecture"], golden["tokens"], golden.get("conditions", []))
    torch.testing.assert_close(logits, torch.tensor(golden["logits"]).double(), atol=2e-5, rtol=0)


def test_golden_files_are_what_the_program_writes(tmp_path: Path) -> None:
    write_golden(tmp_path)
    for variant in VARIANTS:
        name = variant.name
        fresh, committed = tmp_path / name, COMMITTED / name
        assert sorted(file.name for file in fresh.iterdir()) == sorted(file.name for file in committed.iterdir())
        assert (fresh / "manifest.json").read_bytes() == (committed / "manifest.json").read_bytes()
        for file in ("golden.json",):
            ours, theirs = (torch.tensor(json.loads((folder / file).read_text())["logits"]) for folder in (fresh, committed))
            torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=0)
