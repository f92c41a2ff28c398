"""The model's shape, its causality, and that fused attention is the same function."""

from dataclasses import asdict, replace

import pytest
import torch

from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.model import build_model

SHAPE = Architecture(160, 48, 3, 2, 64, 192, 32, "rotary")


@pytest.mark.parametrize("positions", ["absolute", "rotary"])
def test_logits_have_their_shape_and_look_only_back(positions: str) -> None:
    torch.manual_seed(1)
    model = build_model(replace(SHAPE, positions=positions), flash=False).eval()
    tokens = torch.randint(160, (2, 32))
    changed = tokens.clone()
    changed[:, 20:] = (changed[:, 20:] + 1) % 160
    with torch.no_grad():
        before, after = model(tokens), model(changed)
    assert before.shape == (2, 32, 160)
    torch.testing.assert_close(before[:, :20], after[:, :20], atol=1e-6, rtol=0)
    assert (before[:, 20:] - after[:, 20:]).abs().amax(-1).min() > 1e-3


def test_fused_attention_is_the_same_function() -> None:
    torch.manual_seed(1)
    plain, fused = build_model(SHAPE, flash=False).eval(), build_model(SHAPE, flash=True).eval()
    fused.load_state_dict(plain.state_dict())
    tokens = torch.randint(160, (2, 32))
    with torch.no_grad():
        torch.testing.assert_close(plain(tokens), fused(tokens), atol=1e-5, rtol=0)


def test_tensors_are_those_of_the_contract() -> None:
    names = set(build_model(SHAPE).state_dict())
    assert "to_logits.weight" in names and "to_logits.bias" not in names
    assert "attn_layers.layers.0.1.to_q.bias" not in names
    assert {"attn_layers.layers.1.1.ff.0.0.bias", "attn_layers.layers.1.1.ff.2.bias", "attn_layers.final_norm.gamma"} <= names


@pytest.mark.parametrize(
    "change", [{"dim": 0}, {"depth": 2.5}, {"heads": True}, {"positions": "alibi"}, {"feedForward": 100}, {"width": 3}]
)
def test_an_impossible_architecture_is_refused(change: dict) -> None:
    with pytest.raises(ConfigurationError, match="architecture"):
        Architecture.parse({**asdict(SHAPE), **change})
