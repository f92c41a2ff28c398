"""The loss of a token: over all ids, or "sliced" over those of the kind that comes next, as the grammar masks at play.

A sliced loss asks nothing of the other kinds' logits: of a model trained so they mean nothing, and its full
loss is no figure. OUTRO counts with time: a piece ends where another onset could come.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from .data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, IGNORE, OUTRO


class Nats(NamedTuple):
    """(N) each: nats of the wanted token among all ids and among its kind's, and whether it is the likeliest of its kind."""

    full: Tensor
    sliced: Tensor
    hit: Tensor


def kinds(tokens: Tensor) -> Tensor:
    """0 for time and OUTRO, 1 for duration+velocity, 2 for instrument+pitch; IGNORE gives 0."""
    return torch.where(tokens == OUTRO, 0, (tokens >= FIRST_DURATION).long() + (tokens >= FIRST_NOTE).long())


def slices(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The logits (N, V) of each kind: time with OUTRO last (N, 257), duration+velocity (N, 1024), instrument+pitch (N, 1536)."""
    time = torch.cat((logits[:, :FIRST_DURATION], logits[:, OUTRO : OUTRO + 1]), dim=1)
    return time, logits[:, FIRST_DURATION:FIRST_NOTE], logits[:, FIRST_NOTE:FIRST_CHORD]


def summed_nats(logits: Tensor, targets: Tensor, sliced: bool) -> Tensor:
    """The sum over the targets (N) that are not IGNORE, of logits (N, V) in F32."""
    if not sliced:
        return torch.nn.functional.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="sum")
    wanted = targets.clamp(min=0)[:, None]
    sums = torch.stack([part.logsumexp(1) for part in slices(logits)], dim=1)  # (N, 3)
    nats = sums.gather(1, kinds(targets)[:, None]) - logits.gather(1, wanted)
    return nats[:, 0].masked_fill(targets == IGNORE, 0).sum()


def nats(logits: Tensor, targets: Tensor) -> Nats:
    """Both losses of each target (N), none of them IGNORE."""
    parts = slices(logits)
    kind = kinds(targets)[:, None]
    own = logits.gather(1, targets[:, None])
    sums = torch.stack([part.logsumexp(1) for part in parts], dim=1).gather(1, kind)
    largest = torch.stack([part.amax(1) for part in parts], dim=1).gather(1, kind)
    return Nats(logits.logsumexp(1) - own[:, 0], (sums - own)[:, 0], (own >= largest)[:, 0])
