"""An LSTM (Hochreiter & Schmidhuber 1997) that reads and says what the transformer does, as large as one.

The recurrent networks that stood to choose beside the transformer were of this kind: two layers, an embedding in, logits out.
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
        self.to_logits = nn.Linear(width, architecture.vocabulary, bias=False)

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
