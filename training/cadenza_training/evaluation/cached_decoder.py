"""Decoding of many sequences at once with a KV cache: the arithmetic of client/model/testdata/README.md.

x-transformers' own cache is concatenated anew at every token; here keys and values are written
in place. When the window is full, the heading and the newer half of the window are read again, as
a crop in training is, so the model is always asked for what it learnt, absolute positions or not.
A model that reads a chart is given an open one: phase and length of the bar by each sequence's metres, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..architecture import Architecture
from ..conditions import BAR_LENGTH, GROUPS, PHASE, PHASES, bar_length_row, condition_ids
from ..data import EVENT, PREFIX
from ..model import CONDITIONS
from .bars import COMMON_TIME, Bars


class CachedDecoder:
    """B sequences, each a heading of three tokens and whole events; works on the model's device in F32."""

    def __init__(self, model: torch.nn.Module, architecture: Architecture) -> None:
        self._weights = {name: tensor.detach().float() for name, tensor in model.state_dict().items()}
        self._shape = architecture
        self._device = next(model.parameters()).device
        for block in range(architecture.depth):
            attention = f"attn_layers.layers.{2 * block}.1."
            parts = [self._weights[f"{attention}to_{part}.weight"] for part in "qkv"]
            self._weights[attention + "qkv.weight"] = torch.cat(parts)
            if (bias := self._weights.get(attention + "to_q.bias")) is not None:
                self._weights[attention + "qkv.bias"] = torch.cat((bias, torch.zeros(2 * len(bias), device=bias.device)))
        rotated = architecture.headDim // 2
        rates = 10000.0 ** (-torch.arange(0, rotated, 2).double() / rotated)
        angles = torch.arange(architecture.contextLength).double()[:, None] * rates
        self._cos, self._sin = (part.float().to(self._device) for part in (angles.cos(), angles.sin()))
        self._tokens = torch.zeros((0, 0), dtype=torch.int64)
        self._length = 0
        self._taken = 0
        self._onset = torch.zeros(0, dtype=torch.int64)
        self._place: list[tuple[int, int]] = []

    def begin(self, headings: np.ndarray, bars: Sequence[Bars] = ()) -> np.ndarray:
        """Takes the headings (B, 3) and gives the logits (B, V) of what follows. `bars` (B) of each, 4/4 where empty."""
        shape, count = self._shape, len(headings)
        self._bars = bars or [COMMON_TIME] * count
        assert len(self._bars) == count, "bars of some sequences and not of all"
        size = (count, shape.heads, shape.contextLength, shape.headDim)
        self._cache = [torch.zeros((2, *size), device=self._device) for _ in range(shape.depth)]
        self._tokens = torch.zeros((count, shape.contextLength), dtype=torch.int64, device=self._device)
        self._length = 0
        self._taken = 0
        self._onset = torch.zeros(count, dtype=torch.int64, device=self._device)
        self._carried = torch.zeros((count, shape.contextLength, len(shape.conditions)), dtype=torch.int64, device=self._device)
        return self._take(torch.from_numpy(np.asarray(headings, dtype=np.int64)).to(self._device))

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """Takes the next token of each sequence (B) and gives the logits (B, V) of the one after."""
        fresh = torch.from_numpy(np.asarray(tokens, dtype=np.int64)).to(self._device)[:, None]
        if self._length == self._shape.contextLength:
            kept = (self._shape.contextLength // 2 - PREFIX) // EVENT * EVENT + (self._length - PREFIX) % EVENT
            window = torch.cat((self._tokens[:, :PREFIX], self._tokens[:, -kept:]), dim=1)
            carried = torch.cat((self._carried[:, :PREFIX], self._carried[:, -kept:]), dim=1)
            self._length = 0
            self._read(window, carried)
        return self._take(fresh)

    def _take(self, tokens: Tensor) -> np.ndarray:
        return self._read(tokens, self._chart(tokens))

    def _chart(self, tokens: Tensor) -> Tensor:
        """(B, T, G) rows of the conditions matrix that new tokens carry: those of the heading, or of one token of an event."""
        rows = np.zeros((*tokens.shape, len(self._shape.conditions)), dtype=np.int64)
        if self._shape.conditions:
            assert self._shape.conditions == GROUPS, "a model of another chart"
            if self._taken >= PREFIX:
                if (self._taken - PREFIX) % EVENT == 0:
                    self._onset += tokens[:, 0]
                    self._place = [self._place_of(*at) for at in zip(self._onset.tolist(), self._bars, strict=True)]
                rows[..., (PHASE, BAR_LENGTH)] = np.array(self._place)[:, None, :]
            rows = condition_ids(rows)
        self._taken += tokens.shape[1]
        return torch.from_numpy(np.asarray(rows, dtype=np.int64)).to(self._device)

    @staticmethod
    def _place_of(onset: int, bars: Bars) -> tuple[int, int]:
        """Rows of phase and bar length of an onset."""
        _, (phase,), (length,) = bars.places(np.array([onset]))
        return 1 + min(int(phase), PHASES - 1), bar_length_row(int(length))

    def _read(self, tokens: Tensor, carried: Tensor) -> np.ndarray:
        begin, end = self._length, self._length + tokens.shape[1]
        self._tokens[:, begin:end] = tokens
        self._carried[:, begin:end] = carried
        self._length = end
        with torch.no_grad():
            return self._logits(tokens, carried, begin, end).cpu().numpy()

    def _logits(self, tokens: Tensor, carried: Tensor, begin: int, end: int) -> Tensor:
        weights, shape = self._weights, self._shape
        x = weights["token_emb.emb.weight"][tokens]  # (B, T, C)
        if shape.conditions:
            x = x + weights[CONDITIONS][carried].sum(2)
        if shape.positions == "absolute":
            x = x + weights["pos_emb.emb.weight"][begin:end] * shape.dim**-0.5
        for block in range(shape.depth):
            attention, forward = (f"attn_layers.layers.{2 * block + part}." for part in (0, 1))
            hidden = self._linear(self._norm(x, attention + "0.0"), attention + "1.qkv")
            q, k, v = hidden.view(*x.shape[:2], 3, shape.heads, shape.headDim).permute(2, 0, 3, 1, 4)  # (B, H, T, D)
            keys, values = self._cache[block]
            keys[:, :, begin:end], values[:, :, begin:end] = self._rotate(k, begin, end), v
            mixed = _attend(self._rotate(q, begin, end), keys[:, :, :end], values[:, :, :end])
            x = x + self._linear(mixed.transpose(1, 2).flatten(2), attention + "1.to_out")
            hidden = self._linear(self._norm(x, forward + "0.0"), forward + "1.ff.0.0")
            x = x + self._linear(functional.gelu(hidden), forward + "1.ff.2")
        return self._linear(self._norm(x[:, -1], "attn_layers.final_norm"), "to_logits")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, self._weights[name + ".weight"], self._weights.get(name + ".bias"))

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], 1 + self._weights[name + ".gamma"])

    def _rotate(self, x: Tensor, begin: int, end: int) -> Tensor:
        if self._shape.positions == "absolute":
            return x
        rotated = 2 * self._cos.shape[1]
        cos, sin = self._cos[begin:end], self._sin[begin:end]
        even, odd = x[..., 0:rotated:2], x[..., 1:rotated:2]
        turned = torch.stack((even * cos - odd * sin, odd * cos + even * sin), dim=-1).flatten(-2)
        return torch.cat((turned, x[..., rotated:]), dim=-1)


def _attend(q: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """(B, H, T, D): for one query plain products of the whole cache, twice as fast on a CPU as the fused kernel."""
    if q.shape[2] > 1:
        return functional.scaled_dot_product_attention(q, keys, values, is_causal=True)
    scores = q.flatten(0, 1) @ keys.flatten(0, 1).transpose(1, 2) * q.shape[-1] ** -0.5  # (B * H, 1, S)
    return (scores.softmax(-1) @ values.flatten(0, 1)).view_as(q)
