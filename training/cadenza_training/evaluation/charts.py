"""The report's pictures: loss curves, losses by place, histograms, piano rolls. SVG, the rolls PNG."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.collections import LineCollection

from .comparison import MODEL, NGRAM, PRODUCT, TRAIN, UNIGRAM
from .events import INSTRUMENTS
from .samples import Sample
from .training_log import Curve

# The instruments' colours on the instrument's own roll (client/ui/theme.ts).
COLOURS = (
    "#EDE9DE", "#E69F00", "#E0623A", "#E58BB5", "#A77BD1", "#F0E05A", "#FFC27A", "#C9A24B", "#6CC4F5", "#9FB0BF",
    "#7ED6AE", "#4F8FE6",
)
LINES = {TRAIN: ("#7f7f7f", ":"), MODEL: ("#0072b2", "-"), PRODUCT: ("#56b4e9", "--"), NGRAM: ("#d55e00", "-")}
plt.rcParams.update({
    "svg.hashsalt": "cadenza", "svg.fonttype": "none", "font.size": 8, "axes.spines.top": False,
    "axes.spines.right": False, "axes.titlesize": 9, "figure.facecolor": "white",
})


def _save(figure: plt.Figure, path: Path, **options: object) -> str:
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    figure.savefig(path, bbox_inches="tight", metadata=metadata, **options)
    plt.close(figure)
    return path.name


def loss_curve(curve: Curve, path: Path) -> str:
    """Loss over tokens seen; returns the file's name."""
    figure, axes = plt.subplots(figsize=(7, 3))
    if curve.training:
        tokens, loss = np.array(curve.training).T
        axes.plot(tokens / 1e6, loss, color="#bbbbbb", linewidth=0.8, label="training crops")
    if curve.validation:
        tokens, loss, _ = np.array(curve.validation).T
        axes.plot(tokens / 1e6, loss, "o-", color="#0072b2", markersize=3, label="validation")
    axes.set(xlabel="million tokens seen", ylabel="nats per token")
    axes.legend(frameon=False)
    return _save(figure, path)


def loss_by_place(losses: dict, path: Path) -> str:
    """Loss by how far into the window a token stands, of the model and the baselines."""
    figure, axes = plt.subplots(figsize=(7, 3))
    for name, (colour, style) in {**LINES, UNIGRAM: ("#009e73", "-.")}.items():
        if name not in losses:
            continue
        rows = losses[name]["positions"]
        axes.plot([f"{row['from']}-{row['to'] - 1}" for row in rows], [row["loss"] for row in rows], style,
                  marker="o", markersize=3, color=colour, label=name)
    axes.set(xlabel="place in the window (tokens)", ylabel="nats per token", ylim=(0, None))
    axes.legend(frameon=False)
    return _save(figure, path)


def histograms(rows: list[dict], path: Path) -> str:
    """One small histogram a measure: the test set filled, the others as lines."""
    rows = [row for row in rows if "shares" in row["test"]]
    columns = 3
    height = -(-len(rows) // columns)
    figure, grid = plt.subplots(height, columns, figsize=(9, 2.1 * height), squeeze=False)
    for axes, row in zip(grid.flat, rows):
        bins = np.arange(len(row["edges"]))
        axes.stairs(row["test"]["shares"], bins, fill=True, color="#dddddd", label="test")
        for name, (colour, style) in LINES.items():
            if name in row["sources"]:
                axes.stairs(row["sources"][name]["shares"], bins, color=colour, linestyle=style, label=name)
        _label_bins(axes, row)
        axes.set_title(row["name"])
        axes.set_yticks([])
    for axes in list(grid.flat)[len(rows) :]:
        axes.axis("off")
    handles, labels = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=5, frameon=False, bbox_to_anchor=(0.5, 1.03))
    figure.tight_layout()
    return _save(figure, path)


def _label_bins(axes: plt.Axes, row: dict) -> None:
    edges = row["edges"]
    if row["unit"] == "instrument":
        axes.set_xticks(np.arange(len(INSTRUMENTS)) + 0.5, [name[:2] for name in INSTRUMENTS])
        return
    shown = np.linspace(0, len(edges) - 1, 5).astype(int)
    axes.set_xticks(shown, [f"{edges[index]:.3g}" for index in shown])
    axes.set_xlabel(row["unit"])


def piano_roll(sample: Sample, path: Path) -> str:
    """Pitch over bars, coloured by instrument, drums among them as on the instrument's roll."""
    figure, axes = plt.subplots(figsize=(10, 2.6), facecolor="#101216")
    axes.set_facecolor("#101216")
    notes = sample.notes
    for instrument in np.unique(notes.instrument):
        own = notes.chosen(notes.instrument == instrument)
        ends = own.onset + np.maximum(1, own.duration) * 0.9
        lines = np.stack((np.stack((own.onset, own.pitch), 1), np.stack((ends, own.pitch), 1)), 1)
        axes.add_collection(LineCollection(lines, colors=COLOURS[instrument], linewidths=2, label=INSTRUMENTS[instrument]))
    last = int((notes.onset + notes.duration).max())
    axes.set_xlim(0, last)
    axes.set_ylim(notes.pitch.min() - 2, notes.pitch.max() + 2)
    bars = notes.bars.lines(last)
    bars = bars[bars <= last]
    axes.set_xticks(bars, [str(bar) for bar in range(len(bars))])
    axes.tick_params(colors="#9fb0bf", length=0)
    axes.grid(axis="x", color="#2a2e36", linewidth=0.5)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, labelcolor="#c9d1d9", fontsize=7)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return _save(figure, path, dpi=90)
