"""A grown model says what the small one said, and everything new in it can learn."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from test_chart_training import rows

from cadenza_training import grow as command
from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.conditions import GROUPS
from cadenza_training.export import Training, export_model, load_exported
from cadenza_training.golden import roughen
from cadenza_training.grow import grow
from cadenza_training.model import build_model

SMALL = Architecture(3088, 64, 2, 2, 32, 128, 48, "rotary", conditions=GROUPS)
LARGER = {
    "wider": {"dim": 96, "heads": 3, "feedForward": 192},
    "deeper": {"depth": 4},
    "both": {"dim": 128, "heads": 4, "feedForward": 512, "depth": 3, "contextLength": 64},
}


def rough(architecture: Architecture) -> torch.nn.Module:
    model = build_model(architecture, flash=False).eval()
    roughen(model, torch.Generator().manual_seed(5))
    return model


@pytest.mark.parametrize("change", LARGER.values(), ids=LARGER)
def test_a_grown_model_has_the_same_logits(change: dict) -> None:
    small, large = rough(SMALL), build_model(replace(SMALL, **change), flash=False).eval()
    large.load_state_dict(grow(small.state_dict(), SMALL, replace(SMALL, **change)))
    tokens, chart = torch.randint(3088, (2, 40), generator=torch.Generator().manual_seed(1)), rows(2, 40)
    with torch.no_grad():
        wanted, found = small(tokens, chart), large(tokens, chart)
    torch.testing.assert_close(found, wanted, atol=2e-3 * float(wanted.std()), rtol=1e-4)
    large(tokens, chart).square().mean().backward()
    still = [name for name, parameter in large.named_parameters() if not parameter.grad.any()]
    assert all(name.endswith((".to_q.weight", ".to_k.weight", ".to_v.weight", ".ff.0.0.weight", ".ff.0.0.bias", ".gamma")) for name in still)


def test_a_model_of_tokens_alone_grows_to_read_a_chart() -> None:
    plain = replace(SMALL, conditions=())
    large = replace(SMALL, dim=96, heads=3, feedForward=192)
    small = rough(plain)
    grown = build_model(large, flash=False).eval()
    grown.load_state_dict(grow(small.state_dict(), plain, large))
    tokens = torch.randint(3088, (1, 30))
    with torch.no_grad():
        wanted = small(tokens)
        torch.testing.assert_close(grown(tokens, rows(1, 30)), wanted, atol=2e-3 * float(wanted.std()), rtol=1e-4)


def test_what_cannot_grow_is_refused() -> None:
    state = rough(SMALL).state_dict()
    for change in ({"dim": 32, "heads": 1}, {"headDim": 64}, {"conditions": ()}):
        with pytest.raises(ConfigurationError):
            grow(state, SMALL, replace(SMALL, **change))


def test_growing_is_one_command(
    conditioned_run: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export_model(
        rough(SMALL).state_dict(), SMALL, tmp_path / "small", identifier="tiny", version="1.0.0", license="MIT",
        training=Training(90, 3, 1.5, 0.5), quantization="none",
    )  # fmt: skip
    shape = {"dim": 96, "depth": 3, "heads": 3, "headDim": 32, "feedForward": 192}
    run = tmp_path / "run.json"
    run.write_text(json.dumps({**conditioned_run, "architecture": {**conditioned_run["architecture"], **shape}}))
    arguments = ["grow.py", "--model", str(tmp_path / "small"), "--run", str(run), "--out", str(tmp_path / "large")]
    monkeypatch.setattr(sys, "argv", arguments)
    command.main()
    assert json.loads(capsys.readouterr().out.strip().splitlines()[-1])["architecture"]["dim"] == 96
    _, manifest = load_exported(tmp_path / "large")
    assert manifest["training"]["tokens"] == 90 and len(manifest["conditions"]) == len(GROUPS)
