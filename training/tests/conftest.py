"""Synthetic prepared music in the format of prepare-data, and a run small enough for a test."""

import json
from pathlib import Path

import numpy as np
import pytest

SOURCES = ("band", "band-solo", "quartet")
PIECES = 12


def write_split(folder: Path, split: str, generator: np.random.Generator) -> None:
    """Pieces of 5 to 200 events: a repeated figure over drums, so that there is something to learn."""
    tokens: list[int] = []
    pieces = []
    for number in range(PIECES):
        events = int(generator.integers(5, 200)) if number else 5
        piece = [3087, 3074, 3075]
        root = int(generator.integers(40, 70))
        for event in range(events):
            note = 1280 + 9 * 128 + 36 if event % 2 else 1280 + root + (0, 4, 7, 12)[event // 2 % 4]
            piece += [4 if event % 2 == 0 else 0, 256 + 4 * 8 + 3, note]
        pieces.append([len(tokens), len(piece), number % len(SOURCES)])
        tokens += piece
    np.asarray(tokens, dtype="<u2").tofile(folder / f"{split}.bin")
    (folder / f"{split}.index.json").write_text(json.dumps({"sources": SOURCES, "pieces": pieces}))


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder with the three splits."""
    folder = tmp_path / "prepared"
    folder.mkdir()
    generator = np.random.default_rng(1)
    for split in ("train", "validation", "test"):
        write_split(folder, split, generator)
    return folder


def write_charted_split(folder: Path, split: str, generator: np.random.Generator) -> None:
    """Pieces in 3/4 and 4/4 whose chord is that of their figure, with a chart of every half bar."""
    tokens: list[int] = []
    records: list[list[int]] = []
    pieces = []
    for number in range(PIECES):
        bars = int(generator.integers(2, 14))
        steps = (24, 32)[number % 2]
        piece, first = [3087, 3074, 3075 + number % 3], len(records)
        for bar in range(bars):
            root = int(generator.integers(12))
            level = int(generator.integers(2, 6))
            half = steps // 2
            players = [2 if instrument in (number % 3, 9) else 1 for instrument in range(12)]
            bar_length = {24: 5, 32: 7}[steps]
            for phase in (0, half):
                records.append([half, phase, bar_length, 1 + root * 6, 4, 2, 1 + level, 4, 1 + number % 3, *players])
            for beat in range(0, steps, 8):
                note = 1280 + 128 * (number % 3) + 48 + root + (0, 4, 7, 12)[beat // 8]
                piece += [8 if bar or beat else 0, 256 + 4 * 8 + level, note]
                if beat == 0:
                    piece += [0, 256 + 8 + level, 1280 + 9 * 128 + 36]
        piece.insert(3 + 3 * max(1, len(piece) // 3 - 1 - number), 3072)
        pieces.append([len(tokens), len(piece), number % len(SOURCES), first, len(records) - first, 1 + number % 16])
        tokens += piece
    np.asarray(tokens, dtype="<u2").tofile(folder / f"{split}.bin")
    np.asarray(records, dtype=np.uint8).tofile(folder / f"{split}.chart.bin")
    (folder / f"{split}.index.json").write_text(json.dumps({"sources": SOURCES, "pieces": pieces}))


@pytest.fixture
def charted(tmp_path: Path) -> Path:
    """A folder with the three splits and their charts."""
    folder = tmp_path / "charted"
    folder.mkdir()
    generator = np.random.default_rng(2)
    for split in ("train", "validation", "test"):
        write_charted_split(folder, split, generator)
    return folder


@pytest.fixture
def conditioned_run(raw_run: dict) -> dict:
    """The same run with conditions, stable rates, batches that grow, and a loss that becomes sliced."""
    return {
        **raw_run,
        "conditions": True,
        "schedule": "stable",
        "warmup": 0.2,
        "batchSchedule": [[0.5, 240]],
        "lossSchedule": [[0, "full"], [0.5, "sliced"]],
    }


@pytest.fixture
def raw_run() -> dict:
    """A run of 12 steps of a tiny model."""
    return {
        "id": "tiny",
        "version": "1.0.0",
        "license": "MIT",
        "quantization": "none",
        "seed": 3,
        "architecture": {
            "vocabulary": 3088,
            "dim": 32,
            "depth": 2,
            "heads": 2,
            "headDim": 32,
            "feedForward": 128,
            "contextLength": 48,
            "positions": "rotary",
        },
        "batchTokens": 192,
        "cropSchedule": [[0, 24], [0.5, 48]],
        "startShare": 0.25,
        "soloFactor": 0.3,
        "transpose": [-5, 6],
        "velocityShift": 1,
        "sourceShares": [{"share": 0.8, "sources": ["band"]}, {"share": 0.2, "sources": ["quartet"]}],
        "matrixOptimiser": "muon",
        "matrixLearningRate": 0.01,
        "learningRate": 0.01,
        "weightDecay": 0.0,
        "warmup": 0.1,
        "finalLearningRate": 0.1,
        "clip": 1.0,
        "autocast": False,
        "steps": 12,
        "logEvery": 4,
        "evaluateEvery": 6,
        "evaluationWindows": 8,
        "finalEvaluationWindows": 16,
        "checkpointMinutes": 60,
    }
