"""The runs that stand in runs/ can be read, and the design's is the design's."""

import json
from pathlib import Path

import numpy as np
import pytest

from cadenza_training.architecture import ConfigurationError
from cadenza_training.data import Corpus
from cadenza_training.run_config import Run, read_run
from cadenza_training.sampler import Sampler, piece_weights

RUNS = sorted((Path(__file__).parents[1] / "runs").glob("*.json"))


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_a_run_is_readable(path: Path) -> None:
    assert read_run(path)["id"] == f"cadenza-{path.stem.removesuffix('-more')}"


def test_the_design_is_the_design() -> None:
    run = Run.parse(read_run(next(path for path in RUNS if path.stem == "design")))
    shape = run.architecture
    assert (shape.vocabulary, shape.contextLength, shape.dim, shape.depth, shape.heads, shape.headDim) == (3088, 512, 512, 12, 10, 64)
    assert shape.positions == "absolute" and run.matrixOptimiser == "adamw"
    assert run.batchTokens == 64 * 512 and run.cropSchedule == ((0, 512),)
    assert run.epochs == 5 and run.learningRate == run.matrixLearningRate == 2e-4


def test_an_epoch_is_the_split_once(raw_run: dict) -> None:
    del raw_run["steps"]
    assert Run.parse({**raw_run, "epochs": 5}).length(1000) == -(-5 * 1000 // 192)
    for wrong in ({}, {"steps": 3, "epochs": 2}, {"steps": 0}):
        with pytest.raises(ConfigurationError, match="steps or epochs"):
            Run.parse({**raw_run, **wrong})


def test_excluded_sources_are_not_learnt_from(prepared: Path, raw_run: dict) -> None:
    run = Run.parse({**raw_run, "excludedSources": ["band"], "sourceShares": [{"share": 1, "sources": ["quartet"]}]})
    corpus = Corpus(prepared, "train", run.excludedSources)
    whole = Corpus(prepared, "train")
    assert set(corpus.source) == {2} and len(corpus.lengths) == (whole.source == 2).sum()
    for row in Sampler(corpus, run).batch(0, 48).inputs:
        assert row[0] == 3087
    with pytest.raises(ConfigurationError, match="excludedSources"):
        Corpus(prepared, "train", ["band", "quartet"])


def test_without_shares_every_token_weighs_the_same(prepared: Path, raw_run: dict) -> None:
    corpus = Corpus(prepared, "train")
    weights = piece_weights(corpus, Run.parse({**raw_run, "sourceShares": [], "soloFactor": 1.0}))
    np.testing.assert_array_equal(weights, corpus.lengths)


def test_a_run_with_an_unknown_field_is_refused(raw_run: dict, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**raw_run, "dropout": 0.1}))
    with pytest.raises(ConfigurationError, match="dropout"):
        read_run(path)
