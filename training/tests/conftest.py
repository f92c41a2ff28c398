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
