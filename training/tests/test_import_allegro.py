"""An Allegro checkpoint is imported exactly, and what is not one is refused.

The model here is built as Allegro's training builds it, with the modules of x-transformers of May
2023 written out in PyTorch: nn.LayerNorm with bias, ff.3, norm and biased logits outside
attn_layers, AutoregressiveWrapper's `net`, DataParallel's `module`.
"""

import math
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from cadenza_training.architecture import ConfigurationError
from cadenza_training.export import load_exported
from cadenza_training.import_allegro import convert, main

VOCABULARY, DIM, HEADS, HEAD_DIM, CONTEXT, DEPTH = 160, 48, 2, 64, 32, 3


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.to_q, self.to_k, self.to_v = (nn.Linear(DIM, HEADS * HEAD_DIM, bias=False) for _ in range(3))
        self.to_out = nn.Linear(HEADS * HEAD_DIM, DIM, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (to(x).unflatten(-1, (HEADS, HEAD_DIM)).transpose(1, 2) for to in (self.to_q, self.to_k, self.to_v))
        scores = q @ k.transpose(2, 3) / math.sqrt(HEAD_DIM)
        future = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        return self.to_out((scores.masked_fill(future, -math.inf).softmax(-1) @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        project = nn.Sequential(nn.Linear(DIM, 4 * DIM), nn.GELU())
        self.ff = nn.Sequential(project, nn.Identity(), nn.Dropout(0.0), nn.Linear(4 * DIM, DIM))

    def forward(self, x: Tensor) -> Tensor:
        return self.ff(x)


class Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList([nn.ModuleList([nn.LayerNorm(DIM), None, None]), Attention() if i % 2 == 0 else FeedForward(), nn.Identity()])
            for i in range(2 * DEPTH)
        )

    def forward(self, x: Tensor) -> Tensor:
        for norms, block, _ in self.layers:
            x = x + block(norms[0](x))
        return x


class Embedding(nn.Module):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.emb = nn.Embedding(count, DIM)


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.token_emb, self.pos_emb = Embedding(VOCABULARY), Embedding(CONTEXT)
        self.attn_layers = Layers()
        self.norm = nn.LayerNorm(DIM)
        self.to_logits = nn.Linear(DIM, VOCABULARY)

    def forward(self, tokens: Tensor) -> Tensor:
        places = self.pos_emb.emb(torch.arange(tokens.shape[1])) * DIM**-0.5
        return self.to_logits(self.norm(self.attn_layers(self.token_emb.emb(tokens) + places)))


class Autoregressive(nn.Module):
    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net


@pytest.fixture
def allegro() -> nn.Module:
    """Allegro's model in its wrappers, every parameter away from its first value."""
    torch.manual_seed(2)
    model = nn.DataParallel(Autoregressive(Transformer()))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1:
                parameter.add_(0.3 * torch.randn(parameter.shape))
    return model


def command(checkpoint: Path, out: Path) -> list[str]:
    return ["import_allegro.py", "--checkpoint", str(checkpoint), "--out", str(out)]


def test_logits_are_those_of_allegro(allegro: nn.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "Tiny_Trained_Model_80000_steps_0.9457_loss_0.7443_acc.pth"
    torch.save(allegro.state_dict(), file)
    monkeypatch.setattr(sys, "argv", command(file, tmp_path / "model") + ["--quantization", "none"])
    main()
    model, manifest = load_exported(tmp_path / "model")
    assert manifest["tokenization"] == "allegro-ms" and manifest["architecture"]["biases"] is True
    assert manifest["training"] == {"tokens": 0, "steps": 80000, "validation": {"loss": 0.9457, "accuracy": 0.7443}}
    tokens = torch.randint(VOCABULARY, (2, CONTEXT))
    with torch.no_grad():
        expected = allegro.module.net(tokens)
        torch.testing.assert_close(model(tokens), expected, atol=2e-5, rtol=1e-5)
    assert expected.std() > 0.3


@pytest.mark.parametrize("prefix", ["net.", "module.", ""])
def test_other_wrappings_are_the_same_model(allegro: nn.Module, prefix: str) -> None:
    state = allegro.state_dict()
    renamed = {name.replace("module.net.", prefix): tensor for name, tensor in state.items()}
    shape, expected = convert(state)
    again, found = convert(renamed)
    assert again == shape and all(torch.equal(expected[name], found[name]) for name in expected)


def test_what_is_unknown_is_refused_by_name(allegro: nn.Module) -> None:
    state = allegro.state_dict()
    with pytest.raises(ConfigurationError, match="mem_k"):
        convert({**state, "module.net.attn_layers.layers.0.1.mem_k": torch.zeros(2, 4, 64)})
    with pytest.raises(ConfigurationError, match="optimizer"):
        convert({**state, "optimizer.step": torch.zeros(1)})
    with pytest.raises(ConfigurationError, match="no to_logits.bias"):
        convert({name: tensor for name, tensor in state.items() if not name.endswith("to_logits.bias")})
    with pytest.raises(ConfigurationError, match="expected"):
        convert({**state, "module.net.norm.weight": torch.zeros(7)})
    with pytest.raises(ConfigurationError, match="head-dim"):
        convert(state, head_dim=48)
    with pytest.raises(ConfigurationError, match="Allegro's training"):
        convert({"weight": torch.zeros(3)})


def test_code_in_a_checkpoint_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Evil:
        def __reduce__(self):  # noqa: ANN204
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"net.token_emb.emb.weight": Evil()}, tmp_path / "evil.pth")
    monkeypatch.setattr(sys, "argv", command(tmp_path / "evil.pth", tmp_path / "model"))
    with pytest.raises(SystemExit, match="no readable PyTorch checkpoint") as exit:
        main()
    assert len(str(exit.value).splitlines()) == 1
    assert not (tmp_path / "ran").exists()
