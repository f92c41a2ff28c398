"""Forward and backward of one thread's crops: activations and gradients of its own, the weights of all.

The arithmetic is that of client/model/testdata/README.md, read backwards. Rows are tokens, crop after crop; what
a layer keeps for the way back is its two normalised inputs, q, k and v, the output of attention with the logarithms of its sums,
and the feed-forward's inside before and after GELU.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, IGNORE, OUTRO
from ..model import CONDITIONS
from .weights import EMBEDDING, Copies, Weights, forward_name, heads


class Worker:
    """Learns from up to `rows` tokens at once; `gradient` (size of the layout) gathers until it is taken."""

    def __init__(self, weights: Weights, rows: int) -> None:
        self.weights, self.rows = weights, rows
        shape, stored = weights.layout.shape, weights.kernels.stored
        d, f, layers = shape.dim, shape.feedForward, range(shape.depth)

        def kept(columns: int) -> list[Tensor]:
            return [torch.empty(rows, columns, dtype=stored) for _ in layers]

        def single(columns: int, dtype: torch.dtype = stored) -> Tensor:
            return torch.empty(rows, columns, dtype=dtype)

        self.gradient = torch.zeros(weights.layout.size)
        self.named = weights.layout.views(self.gradient)
        self.x, self.dx, self.dx_stored = single(d, torch.float32), single(d, torch.float32), single(d)
        self.first, self.second, self.final = kept(d), kept(d), single(d)  # normalised inputs
        self.first_scale, self.second_scale = ([torch.empty(rows) for _ in layers] for _ in range(2))
        self.final_scale = torch.empty(rows)
        self.qkv, self.mixed, self.logsum = kept(3 * d), kept(d), [torch.empty(rows * shape.heads) for _ in layers]
        self.inside, self.active = kept(f), kept(f)
        self.y, self.wide, self.dqkv = single(d), single(f), single(3 * d)
        self.gathered, self.dgathered = (torch.empty(rows + 64, d, dtype=stored) for _ in range(2))
        self._turns: dict[int, tuple[Tensor, Tensor]] = {}
        self._sliced: bool | None = None

    def learn(self, inputs: Tensor, targets: Tensor, conditions: Tensor | None, asked: int) -> float:
        """Adds the gradients of (B, T) crops of a batch with `asked` targets; returns the summed nats."""
        if self._sliced != self.weights.sliced:
            self._sliced = self.weights.sliced
            self.slopes = Copies.empty(self.weights.layout.shape, self._sliced, self.weights.kernels.stored)
            self.logits = torch.empty((self.rows + 64) * max(head.shape[0] for head in self.slopes.head), dtype=self.weights.kernels.stored)
        length = inputs.shape[1]
        crops = max(1, self.rows // length)
        total = 0.0
        for at in range(0, len(inputs), crops):
            part = slice(at, at + crops)
            tokens = inputs[part].flatten()
            rows = None if conditions is None else conditions[part].flatten(0, 1)
            self.forward(tokens, rows, length)
            total += self.output(targets[part].flatten().numpy(), asked)
            self.backward(tokens, rows, length)
        return total

    def forward(self, tokens: Tensor, rows: Tensor | None, length: int) -> None:
        """Tokens (M) and their rows of conditions (M, G) up to the final norm."""
        weights, kernels, shape = self.weights, self.weights.kernels, self.weights.layout.shape
        d, f, count = shape.dim, shape.feedForward, tokens.numel()
        cosine, sine = self._turn(length)
        x, y = self.x[:count], self.y[:count]
        groups = 0 if rows is None else rows.shape[1]
        kernels.embed(tokens, weights.named[EMBEDDING], rows, weights.named.get(CONDITIONS), x, count, groups, d)
        bias = None
        for layer in range(shape.depth):
            copies = weights.copies
            kernels.add_norm(x, y if layer else None, bias, self.first[layer], self.first_scale[layer], count, d)
            qkv, mixed = self.qkv[layer][:count], self.mixed[layer][:count]
            torch.mm(self.first[layer][:count], copies.qkv[layer].t(), out=qkv)
            kernels.rotate(qkv, cosine, sine, count, length, shape.heads, 1.0)
            kernels.attention(qkv, mixed, self.logsum[layer], count // length, length, shape.heads)
            torch.mm(mixed, copies.out[layer].t(), out=y)
            kernels.add_norm(x, y, None, self.second[layer], self.second_scale[layer], count, d)
            inside, active = self.inside[layer][:count], self.active[layer][:count]
            torch.mm(self.second[layer][:count], copies.up[layer].t(), out=inside)
            kernels.bias_gelu(inside, weights.named[f"{forward_name(layer)}.1.ff.0.0.bias"], active, count, f)
            torch.mm(active, copies.down[layer].t(), out=y)
            bias = weights.named[f"{forward_name(layer)}.1.ff.2.bias"]
        kernels.add_norm(x, y, bias, self.final, self.final_scale, count, d)

    def output(self, targets: np.ndarray, asked: int) -> float:
        """Summed nats of the targets (M); their gradient, over `asked`, goes into y, that of the output matrix into the slopes."""
        weights, kernels, shape = self.weights, self.weights.kernels, self.weights.layout.shape
        self.y.zero_()
        total = 0.0
        parts = zip(grouped(targets, weights.sliced), weights.copies.head, self.slopes.head, heads(weights.sliced, shape.vocabulary), strict=True)
        for (index, wanted), matrix, slope, head in parts:
            count = len(index)
            if count == 0:
                slope.zero_()
                continue
            padded = (count + 63) // 64 * 64
            places = torch.from_numpy(index)
            hidden, logits = self.gathered[:padded], self.logits[: padded * head.width].view(padded, head.width)
            kernels.gather_rows(self.final, places, hidden, count, padded, shape.dim)
            torch.mm(hidden, matrix.t(), out=logits)
            total += kernels.cross_entropy(logits, torch.from_numpy(wanted), count, padded, head.width, head.valid, 1.0 / asked)
            torch.mm(logits.t(), hidden, out=slope)
            dhidden = self.dgathered[:padded]
            torch.mm(logits, matrix, out=dhidden)
            kernels.scatter_rows(dhidden, places, self.y, count, shape.dim)
        return total

    def backward(self, tokens: Tensor, rows: Tensor | None, length: int) -> None:
        """From the gradient of the final norm in y to those of all weights, added to `gradient`."""
        weights, kernels, shape, slopes = self.weights, self.weights.kernels, self.weights.layout.shape, self.slopes
        d, f, count = shape.dim, shape.feedForward, tokens.numel()
        cosine, sine = self._turn(length)
        dx, stored, dy, wide, dqkv = (tensor[:count] for tensor in (self.dx, self.dx_stored, self.y, self.wide, self.dqkv))
        bias = self.named[f"{forward_name(shape.depth - 1)}.1.ff.2.bias"]
        kernels.norm_backward(dy, self.final, self.final_scale, dx, stored, bias, count, d, 1)
        for layer in reversed(range(shape.depth)):
            copies = weights.copies
            torch.mm(stored, copies.down[layer], out=wide)
            torch.mm(stored.t(), self.active[layer][:count], out=slopes.down[layer])
            kernels.gelu_backward(self.inside[layer], wide, self.named[f"{forward_name(layer)}.1.ff.0.0.bias"], count, f)
            torch.mm(wide.t(), self.second[layer][:count], out=slopes.up[layer])
            torch.mm(wide, copies.up[layer], out=dy)
            kernels.norm_backward(dy, self.second[layer], self.second_scale[layer], dx, stored, None, count, d, 0)
            torch.mm(stored.t(), self.mixed[layer][:count], out=slopes.out[layer])
            torch.mm(stored, copies.out[layer], out=dy)
            kernels.attention_backward(
                self.qkv[layer], self.mixed[layer], dy, self.logsum[layer], dqkv, count // length, length, shape.heads
            )
            kernels.rotate(dqkv, cosine, sine, count, length, shape.heads, -1.0)
            torch.mm(dqkv.t(), self.first[layer][:count], out=slopes.qkv[layer])
            torch.mm(dqkv, copies.qkv[layer], out=dy)
            bias = self.named[f"{forward_name(layer - 1)}.1.ff.2.bias"] if layer else None
            kernels.norm_backward(dy, self.first[layer], self.first_scale[layer], dx, stored, bias, count, d, 0)
        groups = 0 if rows is None else rows.shape[1]
        kernels.embed_backward(tokens, rows, dx, self.named[EMBEDDING], self.named.get(CONDITIONS), count, groups, d)
        weights.unfold(slopes, self.named)

    def _turn(self, length: int) -> tuple[Tensor, Tensor]:
        """Cosines and sines (T, 32) of rotary positions, each repeated for the two dimensions of a pair."""
        if length not in self._turns:
            angle = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, 32, 2) / 32)
            self._turns[length] = tuple(part.repeat_interleave(2, 1).contiguous() for part in (angle.cos(), angle.sin()))
        return self._turns[length]


def grouped(targets: np.ndarray, sliced: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each head the rows (n) of the targets that it is asked for, and their places (n) in it."""
    if not sliced:
        rows = np.flatnonzero(targets != IGNORE)
        return [(rows, targets[rows])]
    time = np.flatnonzero(((targets >= 0) & (targets < FIRST_DURATION)) | (targets == OUTRO))
    duration = np.flatnonzero((targets >= FIRST_DURATION) & (targets < FIRST_NOTE))
    note = np.flatnonzero((targets >= FIRST_NOTE) & (targets < FIRST_CHORD))
    assert len(time) + len(duration) + len(note) == (targets != IGNORE).sum(), "a target that no kind has"
    onset = np.where(targets[time] == OUTRO, FIRST_DURATION, targets[time])
    return [(time, onset), (duration, targets[duration] - FIRST_DURATION), (note, targets[note] - FIRST_NOTE)]
