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

from ..architecture import ConfigurationError
from ..conditions import condition_ids, wholly_open
from ..data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, IGNORE, START, Corpus, evaluation_windows
from ..loss import Nats, nats
from ..model import reads_chart
from .events import STEPS_PER_SECOND
from .ngram import NGram

KINDS = {
    "time": (0, FIRST_DURATION),
    "duration+velocity": (FIRST_DURATION, FIRST_NOTE),
    "instrument+pitch": (FIRST_NOTE, FIRST_CHORD),
}
OPEN, GIVEN = "open", "given"
POSITIONS = (0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Losses:
    """(N) each, one entry a token asked for: nats, whether it was the likeliest, the token, which window, its place there.

    `loss` and `hit` are among the ids of the kind that may come next, since no other is drawn at play; `full` are the
    nats among all ids, which say nothing of a model that learnt from a sliced loss (loss.py).
    """

    loss: np.ndarray
    full: np.ndarray
    hit: np.ndarray
    token: np.ndarray
    window: np.ndarray
    position: np.ndarray


def held_out(corpus: Corpus, length: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(W, length) inputs and targets of at most `count` windows of `length` tokens."""
    crops = [corpus.crop(piece, event, length) for piece, event in evaluation_windows(corpus, length, count)]
    return np.stack([crop[0] for crop in crops]), np.stack([crop[1] for crop in crops])


def held_out_conditions(corpus: Corpus, length: int, count: int, opened: bool) -> np.ndarray:
    """(W, length, G) rows of the conditions matrix for the inputs of `held_out`; `opened`: all but phase and bar length open."""
    if corpus.chart is None:
        raise ConfigurationError("the model reads a chart and the data has none; run prepare-data again")
    rows = [corpus.conditions(piece, event, length) for piece, event in evaluation_windows(corpus, length, count)]
    chart = np.stack(rows)
    if opened:
        chart[..., wholly_open()] = 0
    return condition_ids(chart)


def model_losses(
    model: torch.nn.Module, inputs: np.ndarray, targets: np.ndarray, batch: int = 8, conditions: np.ndarray | None = None
) -> Losses:
    """Asks the model in its own precision, on its device; leaves it in the mode in which it was.

    `conditions` (W, T, G) for a model that reads a chart.
    """
    device = next(model.parameters()).device
    found: list[Nats] = []
    training = model.training
    model.eval()
    with torch.no_grad():
        for begin in range(0, len(inputs), batch):
            part = slice(begin, begin + batch)
            given = [torch.from_numpy(array[part]).to(device) for array in (inputs, conditions) if array is not None]
            wanted = torch.from_numpy(targets[part]).to(device)
            asked = wanted != IGNORE
            found.append(Nats(*(tensor.cpu() for tensor in nats(model(*given)[asked].float(), wanted[asked]))))
    model.train(training)
    full, sliced, hit = (torch.cat(tensors).double().numpy() for tensors in zip(*found, strict=True))
    return _losses(sliced, full, hit, targets)


def chart_losses(model: torch.nn.Module, corpus: Corpus, length: int, count: int, batch: int = 8) -> dict[str, Losses]:
    """{open: of a model of tokens alone, or with the chart open but phase and bar length, given: with all of the chart}."""
    inputs, targets = held_out(corpus, length, count)
    if not reads_chart(model):
        return {OPEN: model_losses(model, inputs, targets, batch)}
    return {
        name: model_losses(model, inputs, targets, batch, held_out_conditions(corpus, length, count, name == OPEN))
        for name in (OPEN, GIVEN)
    }


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
    return _losses(loss, loss, np.concatenate(hit).astype(np.float64), targets)


def _losses(loss: np.ndarray, full: np.ndarray, hit: np.ndarray, targets: np.ndarray) -> Losses:
    rows, columns = np.nonzero(targets != IGNORE)
    return Losses(loss, full, hit, targets[rows, columns], rows, columns)


def by_kind(losses: Losses) -> dict:
    """{tokens, loss, accuracy, note, noteFull, kinds: {name: {tokens, loss, accuracy}}}, loss in nats per token.

    `note` are the nats of a note: the means of its three kinds of token together; `noteFull` the same among all ids.
    """
    members = {name: (losses.token >= first) & (losses.token < end) for name, (first, end) in KINDS.items()}
    kinds = {name: _mean(losses, chosen) for name, chosen in members.items()}
    whole = all(chosen.any() for chosen in members.values())
    return {
        **_mean(losses, np.ones(len(losses.token), dtype=bool)),
        "note": round(sum(float(losses.loss[chosen].mean()) for chosen in members.values()), 4) if whole else None,
        "noteFull": round(sum(float(losses.full[chosen].mean()) for chosen in members.values()), 4) if whole else None,
        "kinds": kinds,
    }


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
