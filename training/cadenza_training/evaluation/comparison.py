"""Everything that is measured of one model, beside baselines: losses, musical measures, copying.

The music compared is the first notes of pieces: of every test piece that is long enough, of
training pieces, and of what each model makes of headings (drums, lead) drawn from the test pieces.
A source lies nearer to the test set in a measure if its distance is smaller. How far training
pieces lie is what sampling alone costs: no model can be expected to do better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

import numpy as np
import torch

from ..architecture import Architecture
from ..data import Corpus
from ..model import build_model
from .cached_decoder import CachedDecoder
from .copying import CopySearch, Shared
from .events import Notes, Openings, openings, window_notes
from .generate import OWN_DISTRIBUTION, PRODUCT_DEFAULTS, NGramPredictor, generate
from .histograms import histogram, jensen_shannon, overlap, wasserstein
from .losses import (
    GIVEN, OPEN, Losses, bits, by_copying, by_kind, by_position, chart_losses, contexts_of, held_out, held_out_conditions,
    model_losses, ngram_losses,
)
from .measures import MEASURES, RANGES, Measure
from .musegan import musegan
from .ngram import NGram

TEST, TRAIN, MODEL, PRODUCT = "test", "training data", "model", "model, default sampling"
NGRAM, UNIGRAM, UNTRAINED = "6-gram", "token frequencies", "untrained model"
GIVEN_MODEL = "model, chart given"
WINDOWS = "windows of the losses"
# A window is said to share much with the training split if more of its notes stand there in runs of 16.
MUCH_SHARED = 0.1


@dataclass(frozen=True)
class Sizes:
    """How much is measured: windows of context length, openings a source and their notes, tokens the n-gram counts."""

    windows: int = 400
    openings: int = 96
    notes: int = 384
    untrained: int = 24
    ngram_tokens: int = 30_000_000
    seed: int = 7


Say = Callable[[str], None]


@dataclass(frozen=True)
class Data:
    """The splits that are measured against."""

    train: Corpus
    validation: Corpus
    test: Corpus


def loss_entry(losses: Losses) -> dict:
    """{tokens, loss, accuracy, kinds, bits, positions} of one source."""
    return {**by_kind(losses), "bits": bits(losses), "positions": by_position(losses)}


def compare(
    model: torch.nn.Module, architecture: Architecture, data: Data, sizes: Sizes, say: Say,
    beside: Mapping[str, torch.nn.Module] = MappingProxyType({}),
) -> dict:
    """{sizes, escapes, losses, music, musegan, copying, lossByCopying}, each as its function says.

    `say` is told what is being done. `beside`: other models, by name, whose losses stand beside, each with its chart open if it reads one.
    """
    say(f"counting n-grams in {sizes.ngram_tokens:,} training tokens")
    ngram = fitted_ngram(data, architecture.contextLength, sizes)
    torch.manual_seed(sizes.seed)
    untrained = build_model(architecture).to(next(model.parameters()).device).eval()
    say(f"losses on {sizes.windows} windows")
    inputs, targets = held_out(data.test, architecture.contextLength, sizes.windows)
    chart = held_out_conditions(data.test, architecture.contextLength, sizes.windows, True) if architecture.conditions else None
    few = slice(0, None, max(1, len(inputs) // 40))
    played = chart_losses(model, data.test, architecture.contextLength, sizes.windows)
    losses = {
        MODEL: played[OPEN],
        **({GIVEN_MODEL: played[GIVEN]} if GIVEN in played else {}),
        **{
            name: chart_losses(other, data.test, architecture.contextLength, sizes.windows)[OPEN]
            for name, other in beside.items()
        },
        NGRAM: ngram_losses(ngram, inputs, targets),
        UNIGRAM: ngram_losses(ngram.unigrams(), inputs, targets),
        UNTRAINED: model_losses(untrained, inputs[few], targets[few], conditions=None if chart is None else chart[few]),
    }
    reference = openings(data.test, sizes.notes)
    sources = {TRAIN: training_openings(data.train, sizes)}
    asked = reference.sample(sizes.openings, sizes.seed)
    for name, predictor, sampling, count in (
        (MODEL, CachedDecoder(model, architecture), OWN_DISTRIBUTION, sizes.openings),
        (PRODUCT, CachedDecoder(model, architecture), PRODUCT_DEFAULTS, sizes.openings),
        (NGRAM, NGramPredictor(ngram), OWN_DISTRIBUTION, sizes.openings),
        (UNIGRAM, NGramPredictor(ngram.unigrams()), OWN_DISTRIBUTION, sizes.openings),
        (UNTRAINED, CachedDecoder(untrained, architecture), OWN_DISTRIBUTION, sizes.untrained),
    ):
        say(f"drawing {min(count, len(asked.headings))} openings of {sizes.notes} notes from: {name}")
        sources[name] = generate(predictor, asked.headings[:count], sizes.notes, sampling, sizes.seed, asked.bars[:count])
    played_notes = {name: source.notes() for name, source in sources.items()}
    music = musical_comparison(reference.notes(), played_notes)
    say("searching the training set for copies")
    drawn = {name: notes for name, notes in played_notes.items() if name != TRAIN}
    shared = search_copies(data.train, {TEST: reference.notes(), **drawn, WINDOWS: [window_notes(row) for row in inputs]})
    windows = shared.pop(WINDOWS).share
    return {
        "sizes": {**asdict(sizes), "testOpenings": len(reference.events), "ngramTokensCounted": ngram.tokens},
        "escapes": ngram.escapes,
        "losses": {name: loss_entry(found) for name, found in losses.items()},
        "music": music,
        "musegan": {name: musegan(notes) for name, notes in {TEST: reference.notes(), **played_notes}.items()},
        "copying": {name: copying_entry(found) for name, found in shared.items()},
        "lossByCopying": {
            "windows": int((windows > MUCH_SHARED).sum()),
            **{name: by_copying(losses[name], windows, MUCH_SHARED) for name in (MODEL, NGRAM)},
        },
    }


def fitted_ngram(data: Data, length: int, sizes: Sizes) -> NGram:
    """A 6-gram of the training split, its escapes fitted on some windows of the validation split."""
    ngram = NGram(data.train, 6, sizes.ngram_tokens, sizes.seed)
    ngram.fit(*contexts_of(*held_out(data.validation, length, 100), ngram.order - 1))
    return ngram


def training_openings(corpus: Corpus, sizes: Sizes) -> Openings:
    """As many openings of training pieces as are drawn from the model."""
    order = np.random.default_rng(sizes.seed).permutation(len(corpus.lengths))
    found = openings(corpus, sizes.notes, order[: 3 * sizes.openings])
    return found.chosen(np.arange(min(sizes.openings, len(found.headings))))


def musical_comparison(reference: list[Notes], sources: dict[str, list[Notes]]) -> dict:
    """{measures, ranges: a row each with every source; wins: of the model, and with default sampling, over each other source}."""
    measures = [_compared(measure, reference, sources) for measure in MEASURES]
    ranges = [_compared(measure, reference, sources) for measure in RANGES]
    measures.append(_pooled("pitch range (all instruments)", ranges, list(sources)))
    return {
        "measures": measures,
        "ranges": ranges,
        "wins": {of: wins(measures, of, list(sources)) for of in (MODEL, PRODUCT) if of in sources},
    }


def wins(measures: list[dict], of: str, sources: list[str]) -> dict:
    """For each other source: in how many of the measures `of` lies nearer to the test set, and where it does not."""
    result = {}
    for name in sources:
        if name in (MODEL, PRODUCT):
            continue
        lost = [row["name"] for row in measures if not _nearer(row["sources"][of], row["sources"][name])]
        result[name] = {"nearer": len(measures) - len(lost), "of": len(measures), "not": lost}
    return result


def _nearer(first: dict, second: dict) -> bool:
    return first["distance"] is not None and (second["distance"] is None or first["distance"] < second["distance"])


def _compared(measure: Measure, reference: list[Notes], sources: dict[str, list[Notes]]) -> dict:
    wanted = measure.values(reference)
    shape = histogram(wanted, measure.edges)
    row = {
        "name": measure.name,
        "unit": measure.unit,
        "distance": "Wasserstein-1" if measure.ordered else "Jensen-Shannon",
        "edges": [round(float(edge), 4) for edge in measure.edges],
        "test": {"values": len(wanted), "mean": _rounded(wanted.mean()) if len(wanted) else None, "shares": _list(shape)},
        "sources": {},
    }
    for name, windows in sources.items():
        values = measure.values(windows)
        found = histogram(values, measure.edges)
        distance = wasserstein(values, wanted) if measure.ordered else jensen_shannon(found, shape)
        row["sources"][name] = {
            "values": len(values),
            "mean": _rounded(values.mean()) if len(values) else None,
            "overlap": _rounded(overlap(found, shape)),
            "distance": None if math.isnan(distance) else _rounded(distance),
            "shares": _list(found),
        }
    return row


def _pooled(name: str, rows: list[dict], sources: list[str]) -> dict:
    """The mean of several measures, weighted by how often the test set has them; absent ones overlap by nothing."""
    weights = np.array([row["test"]["values"] for row in rows], dtype=np.float64)
    weights /= max(1.0, weights.sum())
    result = {"name": name, "unit": rows[0]["unit"], "distance": rows[0]["distance"], "sources": {}}
    result["test"] = {"values": sum(row["test"]["values"] for row in rows), "mean": _mean(weights, [r["test"] for r in rows], "mean")}
    for source in sources:
        entries = [row["sources"][source] for row in rows]
        result["sources"][source] = {
            "values": sum(entry["values"] for entry in entries),
            **{key: _mean(weights, entries, key) for key in ("mean", "overlap", "distance")},
        }
    return result


def _mean(weights: np.ndarray, entries: list[dict], key: str) -> float | None:
    """The weighted mean of what is there; None where nothing is."""
    kept = [(weight, entry[key]) for weight, entry in zip(weights, entries, strict=True) if entry[key] is not None]
    total = sum(weight for weight, _ in kept)
    return _rounded(sum(weight * value for weight, value in kept) / total) if total > 0 else None


def search_copies(train: Corpus, sources: dict[str, list[Notes]]) -> dict[str, Shared]:
    """What each source's windows share with the training split, in one pass over it."""
    search = CopySearch([window for source in sources.values() for window in source])
    search.read(train)
    shared = search.shared()
    ends = np.cumsum([len(source) for source in sources.values()])
    parts = zip(np.split(shared.longest, ends[:-1]), np.split(shared.share, ends[:-1]), strict=True)
    return {name: Shared(*part) for name, part in zip(sources, parts, strict=True)}


def copying_entry(shared: Shared) -> dict:
    """Medians, 95 % quantiles and extremes over the windows of one source."""
    return {
        "windows": len(shared.longest),
        "longest": {
            "median": float(np.median(shared.longest)),
            "p95": _rounded(np.quantile(shared.longest, 0.95)),
            "most": int(shared.longest.max()),
        },
        "share": {
            "mean": _rounded(shared.share.mean()),
            "p95": _rounded(np.quantile(shared.share, 0.95)),
            "overHalf": _rounded((shared.share > 0.5).mean()),
        },
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _list(values: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in values]
