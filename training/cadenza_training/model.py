"""The music transformer: x-transformers' own modules, nothing added but the biases of imported models.

Keeping to the library means that a checkpoint of any other x-transformers training can be
compared tensor by tensor. client/model/testdata/README.md states the resulting arithmetic
for the decoders in the browser.
"""

from __future__ import annotations

from torch import nn
from x_transformers import Decoder, TransformerWrapper

from .architecture import Architecture


def build_model(architecture: Architecture, flash: bool = True) -> TransformerWrapper:
    """A freshly initialised model; (B, T) int64 tokens in, (B, T, V) logits out.

    `flash` computes attention with PyTorch's fused kernel: the same weights and names, logits
    equal to rounding.
    """
    rotary = architecture.positions == "rotary"
    model = TransformerWrapper(
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


def parameter_count(model: TransformerWrapper) -> int:
    """Trained numbers, embeddings included."""
    return sum(parameter.numel() for parameter in model.parameters())
