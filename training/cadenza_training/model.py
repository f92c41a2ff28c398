"""The music transformer: x-transformers' own modules, with the biases of imported models and rows of the chart.

Keeping to the library means that a checkpoint of any other x-transformers training can be
compared tensor by tensor. client/model/testdata/README.md states the resulting arithmetic
for the decoders in the browser.
"""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn
from x_transformers import Decoder, TransformerWrapper

from .architecture import Architecture

# Name of the conditions matrix in state dicts and shards.
CONDITIONS = "conditions.weight"


class ChartRows(nn.EmbeddingBag):
    """The conditions matrix: (B, T, G) rows to their sums (B, T, D).

    The rows begin at zero, so that a model of tokens alone becomes one that reads a chart without forgetting anything.
    """

    def __init__(self, rows: int, dim: int) -> None:
        super().__init__(rows, dim, mode="sum")
        nn.init.zeros_(self.weight)

    def forward(self, conditions: Tensor) -> Tensor:
        """The sum of the rows that each token carries."""
        return super().forward(conditions.flatten(0, 1)).unflatten(0, conditions.shape[:2])


class ConditionedTransformer(TransformerWrapper):
    """A transformer whose tokens carry rows of a second matrix: a token's embedding is its own row and the sum of these."""

    def __init__(self, rows: int, dim: int, **shape: object) -> None:
        super().__init__(**shape)
        self.conditions = ChartRows(rows, dim)

    def forward(self, tokens: Tensor, conditions: Tensor) -> Tensor:
        """(B, T) tokens and their (B, T, G) rows to (B, T, V) logits."""
        return super().forward(tokens, sum_embeds=self.conditions(conditions))


def reads_chart(model: nn.Module) -> bool:
    """Whether a model wants the rows that tokens carry beside the tokens."""
    return isinstance(getattr(model, "conditions", None), ChartRows)


def build_model(architecture: Architecture, flash: bool = True) -> TransformerWrapper:
    """A freshly initialised model; (B, T) int64 tokens in, (B, T, V) logits out; with conditions, (B, T, G) rows go in too.

    `flash` computes attention with PyTorch's fused kernel: the same weights and names, logits
    equal to rounding.
    """
    rotary = architecture.positions == "rotary"
    conditioned = bool(architecture.conditions)
    make = partial(ConditionedTransformer, architecture.conditionRows, architecture.dim) if conditioned else TransformerWrapper
    model = make(
        num_tokens=architecture.vocabulary,
        max_seq_len=architecture.contextLength,
        use_abs_pos_emb=not rotary,
        attn_layers=Decoder(
            dim=architecture.dim,
            depth=architecture.depth,
            heads=architecture.heads,
            attn_dim_head=architecture.headDim,
            attn_flash=flash,
            ff_mult=architecture.feedForward // architecture.dim,
            rotary_pos_emb=rotary,
        ),
    )
    if architecture.biases:
        for _, attention, _ in model.attn_layers.layers[::2]:
            attention.to_q = _with_bias(attention.to_q)
            attention.to_out = _with_bias(attention.to_out)
        model.to_logits = _with_bias(model.to_logits)
    return model


def _with_bias(linear: nn.Linear) -> nn.Linear:
    return nn.Linear(linear.in_features, linear.out_features)


def parameter_count(model: nn.Module) -> int:
    """Trained numbers, embeddings included."""
    return sum(parameter.numel() for parameter in model.parameters())
