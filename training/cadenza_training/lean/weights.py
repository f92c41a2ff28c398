"""The weights in one flat buffer, and the copies of them that the products of a step read.

Norms have no product of their own: their gamma is folded into the matrix behind them, the scale of the
scores into that of q. The gradient of a copy is unfolded into those of the matrix and of gamma.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..architecture import Architecture
from ..data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, OUTRO
from ..model import CONDITIONS
from .kernels import Kernels

EMBEDDING, OUTPUT, FINAL = "token_emb.emb.weight", "to_logits.weight", "attn_layers.final_norm.gamma"


def attention_name(layer: int) -> str:
    """What the names of a layer's attention begin with."""
    return f"attn_layers.layers.{2 * layer}"


def forward_name(layer: int) -> str:
    """What the names of a layer's feed-forward begin with."""
    return f"attn_layers.layers.{2 * layer + 1}"


class Layout:
    """Where each tensor lies in a flat buffer: Muon's matrices, AdamW's, the conditions, vectors.

    `muon`, `matrices`, `conditions` and `size` are the ends of these four parts.
    """

    def __init__(self, shape: Architecture) -> None:
        self.shape = shape
        d, f, layers = shape.dim, shape.feedForward, range(shape.depth)
        squares = [(f"{attention_name(l)}.1.to_{part}.weight", (d, d)) for l in layers for part in ("q", "k", "v", "out")]
        ups = [(f"{forward_name(l)}.1.ff.0.0.weight", (f, d)) for l in layers]
        downs = [(f"{forward_name(l)}.1.ff.2.weight", (d, f)) for l in layers]
        outer = [(EMBEDDING, (shape.vocabulary, d)), (OUTPUT, (shape.vocabulary, d))]
        rows = [(CONDITIONS, (shape.conditionRows, d))] if shape.conditions else []
        vectors = [
            entry for l in layers for entry in (
                (f"{attention_name(l)}.0.0.gamma", (d,)), (f"{forward_name(l)}.0.0.gamma", (d,)),
                (f"{forward_name(l)}.1.ff.0.0.bias", (f,)), (f"{forward_name(l)}.1.ff.2.bias", (d,)),
            )
        ]  # fmt: skip
        parts = (squares + ups + downs, outer, rows, [*vectors, (FINAL, (d,))])
        ends = torch.tensor([sum(math.prod(size) for _, size in part) for part in parts]).cumsum(0).tolist()
        self.muon, self.matrices, self.conditions, self.size = ends
        self.named = [entry for part in parts for entry in part]

    def views(self, flat: Tensor) -> dict[str, Tensor]:
        """Each tensor by its name, as a part of `flat` (size)."""
        found, at = {}, 0
        for name, size in self.named:
            found[name] = flat[at : at + math.prod(size)].view(size)
            at += math.prod(size)
        return found


@dataclass(frozen=True)
class Head:
    """Rows of the output matrix that are multiplied together: ranges of them, and how many of the first count."""

    ranges: tuple[tuple[int, int], ...]
    valid: int

    @property
    def width(self) -> int:
        """Rows in all."""
        return sum(end - first for first, end in self.ranges)


def heads(sliced: bool, vocabulary: int) -> tuple[Head, ...]:
    """Those of the loss over all ids, or of each kind of token. OUTRO stands behind the times, with its neighbours to fill up lanes."""
    if not sliced:
        return (Head(((0, vocabulary),), vocabulary),)
    return (
        Head(((0, FIRST_DURATION), (OUTRO, OUTRO + 16)), FIRST_DURATION + 1),
        Head(((FIRST_DURATION, FIRST_NOTE),), FIRST_NOTE - FIRST_DURATION),
        Head(((FIRST_NOTE, FIRST_CHORD),), FIRST_CHORD - FIRST_NOTE),
    )


@dataclass(frozen=True)
class Copies:
    """What the products read, a tensor a layer, and rows of the output matrix a head; gradients have the same shapes."""

    qkv: list[Tensor]  # (3 C, C)
    out: list[Tensor]  # (C, C)
    up: list[Tensor]  # (F, C)
    down: list[Tensor]  # (C, F)
    head: list[Tensor]  # (width, C)

    @staticmethod
    def empty(shape: Architecture, sliced: bool, stored: torch.dtype) -> Copies:
        """Of the right shapes, with nothing in them."""
        d, f = shape.dim, shape.feedForward
        make = lambda rows, columns: [torch.empty(rows, columns, dtype=stored) for _ in range(shape.depth)]  # noqa: E731
        head = [torch.empty(head.width, d, dtype=stored) for head in heads(sliced, shape.vocabulary)]
        return Copies(make(3 * d, d), make(d, d), make(f, d), make(d, f), head)


@dataclass(frozen=True)
class Fold:
    """A copy or a part of it, the tensor it comes from and its rows there, the gamma and the scale that are folded in."""

    copy: Tensor
    name: str
    rows: slice
    gamma: str | None
    scale: float


class Weights:
    """The flat weights and their copies for one loss."""

    def __init__(self, layout: Layout, kernels: Kernels) -> None:
        self.layout, self.kernels = layout, kernels
        self.flat = torch.zeros(layout.size)
        self.named = layout.views(self.flat)
        self.use(False)

    def use(self, sliced: bool) -> None:
        """Which loss comes next; its copies are made anew by `refresh`."""
        self.sliced = sliced
        self.copies = Copies.empty(self.layout.shape, sliced, self.kernels.stored)
        self.refresh()

    def folds(self, copies: Copies) -> Iterator[Fold]:
        """How `copies`, of weights or of gradients, belong to the tensors."""
        d, whole = self.layout.shape.dim, slice(None)
        for layer in range(self.layout.shape.depth):
            attention, forward = attention_name(layer), forward_name(layer)
            for index, part in enumerate("qkv"):
                copy = copies.qkv[layer][index * d : (index + 1) * d]
                yield Fold(copy, f"{attention}.1.to_{part}.weight", whole, f"{attention}.0.0.gamma", 0.125 if part == "q" else 1.0)
            yield Fold(copies.out[layer], f"{attention}.1.to_out.weight", whole, None, 1.0)
            yield Fold(copies.up[layer], f"{forward}.1.ff.0.0.weight", whole, f"{forward}.0.0.gamma", 1.0)
            yield Fold(copies.down[layer], f"{forward}.1.ff.2.weight", whole, None, 1.0)
        for copy, head in zip(copies.head, heads(self.sliced, self.layout.shape.vocabulary), strict=True):
            at = 0
            for first, end in head.ranges:
                yield Fold(copy[at : at + end - first], OUTPUT, slice(first, end), FINAL, 1.0)
                at += end - first

    def refresh(self) -> None:
        """Makes the copies anew, after the weights have changed."""
        for fold in self.folds(self.copies):
            weight = self.named[fold.name][fold.rows]
            gamma = None if fold.gamma is None else self.named[fold.gamma]
            self.kernels.weight_in(weight, gamma, fold.copy, *weight.shape, fold.scale)

    def unfold(self, gradients: Copies, named: dict[str, Tensor]) -> None:
        """Adds the gradients of the copies to those of the tensors, `named` as `layout.views` gives them."""
        for fold in self.folds(gradients):
            weight, gradient = self.named[fold.name][fold.rows], named[fold.name][fold.rows]
            gamma = None if fold.gamma is None else self.named[fold.gamma]
            slope = None if fold.gamma is None else named[fold.gamma]
            self.kernels.weight_out(fold.copy, weight, gamma, gradient, slope, *weight.shape, fold.scale)
