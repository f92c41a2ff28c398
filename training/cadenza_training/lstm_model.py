"""An LSTM (Hochreiter & Schmidhuber 1997) that reads and says what the transformer does, as large as one.

The recurrent networks that stood to choose beside the transformer were of this kind: two layers, an embedding in, logits out.
Forget gates begin open (Jozefowicz et al. 2015), and logits at the tokens' frequencies: else the first steps make the cells
a constant that says these, and saturated cells learn nothing more for long (LOG.md, 2026-11-28).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .architecture import Architecture
from .model import ChartRows, build_model, parameter_count

LAYERS = 2


class LstmModel(nn.Module):
    """The interface of the transformer: (B, T) tokens, with conditions their (B, T, G) rows, to (B, T, V) logits."""

    def __init__(self, architecture: Architecture, width: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(architecture.vocabulary, architecture.dim)
        self.conditions = ChartRows(architecture.conditionRows, architecture.dim) if architecture.conditions else None
        self.lstm = nn.LSTM(architecture.dim, width, LAYERS, batch_first=True)
        self.to_logits = nn.Linear(width, architecture.vocabulary)
        with torch.no_grad():
            self.to_logits.bias.zero_()
            for layer in range(LAYERS):
                getattr(self.lstm, f"bias_ih_l{layer}")[width : 2 * width] = 1  # gates: input, forget, cell, output

    def begin_at(self, counts: Tensor) -> None:
        """Makes the logits begin at the logarithms of how often each id (V) comes."""
        with torch.no_grad():
            logarithms = (counts + 1.0).log()
            self.to_logits.bias.copy_(logarithms - logarithms.mean())

    def forward(self, tokens: Tensor, conditions: Tensor | None = None) -> Tensor:
        """What follows each token, from those before it and itself."""
        read = self.tokens(tokens)
        if self.conditions is not None:
            read = read + self.conditions(conditions)
        return self.to_logits(self.lstm(read)[0])


def matching_width(architecture: Architecture) -> int:
    """The width, a multiple of 8, at which an LSTM has as many parameters as the transformer, as near as can be."""
    with torch.device("meta"):
        wanted = parameter_count(build_model(architecture))
        return min(range(8, 8 * architecture.dim, 8), key=lambda width: abs(parameter_count(LstmModel(architecture, width)) - wanted))
