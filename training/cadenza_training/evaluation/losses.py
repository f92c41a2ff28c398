"""What music costs a model: nats of every held-out token, and what they sum up to.

The windows are spread evenly over the split, with no weights and no augmentation, and are the
same for every model. Bits per note and per second do not depend on how a tokenisation spreads a
note over tokens: a note costs the mean of its three tokens together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from ..data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, IGNORE, START, Corpus, evaluation_windows
from .events import STEPS_PER_SECOND
from .ngram import NGram

KINDS = {
    "time": (0, FIRST_DURATION),
    "duration+velocity": (FIRST_DURATION, FIRST_NOTE),
    "instrument+pitch": (FIRST_NOTE, FIRST_CHORD),
}
POSITIONS = (0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Losses:
    """(N) each, one entry a token asked for: nats, whether it was the likeliest, the token, which window, its place there."""

    loss: np.ndarray
    hit: np.ndarray
    token: np.ndarray
    window: np.ndarray
    position: np.ndarray


def held_out(corpus: Corpus, length: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(W, length) inputs and targets of at most `count` windows of `length` tokens."""
    crops = [corpus.crop(piece, event, length) for piece, event in evaluation_windows(corpus, length, count)]
    return np.stack([crop[0] for crop in crops]), np.stack([crop[1] for crop in crops])


def model_losses(model: torch.nn.Module, inputs: np.ndarray, targets: np.ndarray, batch: int = 8) -> Losses:
    """Asks the model in its own precision, on its device; leaves it in the mode in which it was."""
    device = next(model.parameters()).device
    losses, hits = [], []
    training = model.training
    model.eval()
    with torch.no_grad():
        for begin in range(0, len(inputs), batch):
            wanted = torch.from_numpy(targets[begin : begin + batch]).to(device)
            asked = wanted != IGNORE
            logits = model(torch.from_numpy(inputs[begin : begin + batch]).to(device))[asked].float()
            losses.append(torch.nn.functional.cross_entropy(logits, wanted[asked], reduction="none").cpu())
            hits.append((logits.argmax(-1) == wanted[asked]).cpu())
    model.train(training)
    return _losses(torch.cat(losses).double().numpy(), torch.cat(hits).double().numpy(), targets)


def contexts_of(inputs: np.ndarray, targets: np.ndarray, seen: int) -> tuple[np.ndarray, np.ndarray]:
    """The `seen` tokens (N, seen) before each token asked for, START before the window, and those tokens (N)."""
    padded = np.concatenate((np.full((len(inputs), seen), START), inputs), axis=1)
    rows, columns = np.nonzero(targets != IGNORE)
    return padded[rows[:, None], columns[:, None] + 1 + np.arange(seen)], targets[rows, columns]


def ngram_losses(ngram: NGram, inputs: np.ndarray, targets: np.ndarray, batch: int = 4096) -> Losses:
    """The same of an n-gram, which sees the same windows."""
    contexts, wanted = contexts_of(inputs, targets, max(1, ngram.order - 1))
    loss = -np.log(ngram.probability(contexts, wanted))
    hit = [
        ngram.probabilities(contexts[begin : begin + batch]).argmax(axis=1) == wanted[begin : begin + batch]
        for begin in range(0, len(wanted), batch)
    ]
    return _losses(loss, np.concatenate(hit).astype(np.float64), targets)


def _losses(loss: np.ndarray, hit: np.ndarray, targets: np.ndarray) -> Losses:
    rows, columns = np.nonzero(targets != IGNORE)
    return Losses(loss, hit, targets[rows, columns], rows, columns)


def by_kind(losses: Losses) -> dict:
    """{tokens, loss, accuracy, kinds: {name: {tokens, loss, accuracy}}}, loss in nats per token."""
    kinds = {
        name: _mean(losses, (losses.token >= first) & (losses.token < end)) for name, (first, end) in KINDS.items()
    }
    return {**_mean(losses, np.ones(len(losses.token), dtype=bool)), "kinds": kinds}


def by_position(losses: Losses) -> list[dict]:
    """[{from, to, tokens, loss, accuracy}], by the place in the window of the token that is read last, `to` excluded."""
    result = []
    for first, end in zip(POSITIONS[:-1], POSITIONS[1:], strict=True):
        chosen = (losses.position >= first) & (losses.position < end)
        if chosen.any():
            result.append({"from": first, "to": end, **_mean(losses, chosen)})
    return result


def by_copying(losses: Losses, share: np.ndarray, bound: float) -> dict:
    """{own, shared}: windows of whose notes the training split holds, in long runs, up to `bound` of all, or more.

    `share` (W) is that of each window, 0-1.
    """
    much = share[losses.window] > bound
    return {"own": _mean(losses, ~much), "shared": _mean(losses, much)}


def bits(losses: Losses) -> dict:
    """{perNote, perStep, perSecond}: bits of music; a step is a 1/32 note, a second is 16 steps (120 BPM)."""
    kinds = by_kind(losses)["kinds"]
    note = sum(kind["loss"] for kind in kinds.values()) / math.log(2)
    time = losses.token < FIRST_DURATION
    steps = float(losses.token[time].mean())
    return {
        "perNote": round(note, 3),
        "perStep": round(note / steps, 3),
        "perSecond": round(note / steps * STEPS_PER_SECOND, 2),
    }


def _mean(losses: Losses, chosen: np.ndarray) -> dict:
    if not chosen.any():
        return {"tokens": 0, "loss": None, "accuracy": None}
    return {
        "tokens": int(chosen.sum()),
        "loss": round(float(losses.loss[chosen].mean()), 4),
        "accuracy": round(float(losses.hit[chosen].mean()), 4),
    }
