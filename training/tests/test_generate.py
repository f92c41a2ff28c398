"""What is drawn obeys the grammar and the heading; cached decoding is the model's own arithmetic."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cadenza_training.architecture import Architecture
from cadenza_training.data import Corpus
from cadenza_training.evaluation.cached_decoder import CachedDecoder
from cadenza_training.evaluation.events import Openings
from cadenza_training.evaluation.generate import OWN_DISTRIBUTION, NGramPredictor, Sampling, draw, generate
from cadenza_training.evaluation.grammar import Grammar
from cadenza_training.evaluation.ngram import NGram
from cadenza_training.golden import roughen
from cadenza_training.model import build_model

HEADINGS = np.array([[3087, 3073, 3075], [3087, 3074, 3075 + 6], [3087, 3073, 3075 + 11], [3087, 3074, 3075 + 8]] * 4)


def shape(positions: str, biases: bool = False) -> Architecture:
    return Architecture(3088, 32, 2, 2, 32, 128, 48, positions, biases)


def rough_model(positions: str, biases: bool = False) -> torch.nn.Module:
    torch.set_num_threads(1)
    torch.manual_seed(2)
    model = build_model(shape(positions, biases), flash=False).eval()
    roughen(model, torch.Generator().manual_seed(3))
    return model


def check(music: Openings) -> None:
    """The grammar's laws, in plain loops."""
    for heading, events in zip(music.headings, music.events, strict=True):
        drums, lead = heading[1] == 3074, heading[2] - 3075
        onset, last, led, until = 0, (0, -1), False, {}
        for time, duration, note in events:
            assert 0 <= time < 256 and 264 <= duration < 1280 and 1280 <= note < 2816
            onset += time
            instrument, pitch = divmod(int(note) - 1280, 128)
            assert instrument == 9 and drums or instrument != 9 and (led or instrument == lead)
            led = led or instrument == lead
            rank = (127 - pitch) * 12 + instrument
            assert time > 0 or rank > last[1] or last[0] != onset
            assert until.get(note, 0) <= onset
            until[note] = onset + (duration - 256) // 8
            last = (onset, rank)


@pytest.mark.parametrize("sampling", [OWN_DISTRIBUTION, Sampling(0.7, 0.9)])
def test_a_model_that_knows_nothing_still_keeps_the_grammar(sampling: Sampling) -> None:
    decoder = CachedDecoder(rough_model("rotary"), shape("rotary"))
    music = generate(decoder, HEADINGS, 40, sampling, 1)
    assert music.events.shape == (16, 40, 3)
    check(music)


def test_an_ngram_keeps_the_grammar(prepared: Path) -> None:
    ngram = NGram(Corpus(prepared, "train"), 6, 10**9, 1)
    check(generate(NGramPredictor(ngram), HEADINGS, 40, OWN_DISTRIBUTION, 1))


def test_drawing_is_a_function_of_the_seed() -> None:
    decoder = CachedDecoder(rough_model("rotary"), shape("rotary"))
    first, again, other = (generate(decoder, HEADINGS, 8, OWN_DISTRIBUTION, seed).events for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_grammar_refuses_what_it_does_not_allow() -> None:
    grammar = Grammar(HEADINGS[:1])
    grammar.push(np.array([0]))
    with pytest.raises(AssertionError, match="grammar"):
        grammar.push(np.array([1300]))
    grammar.push(np.array([256 + 8]))
    with pytest.raises(AssertionError, match="grammar"):
        grammar.push(np.array([1280 + 128 + 60]))
    grammar.push(np.array([1280 + 60]))


@pytest.mark.parametrize(("positions", "biases"), [("rotary", False), ("absolute", False), ("absolute", True)])
def test_cached_decoding_is_the_models_own_arithmetic(positions: str, biases: bool) -> None:
    model = rough_model(positions, biases)
    decoder = CachedDecoder(model, shape(positions, biases))
    tokens = np.concatenate((HEADINGS, np.random.default_rng(1).integers(0, 2816, (16, 45))), axis=1)
    with torch.no_grad():
        whole = model(torch.from_numpy(tokens)).numpy()
    np.testing.assert_allclose(decoder.begin(tokens[:, :3]), whole[:, 2], atol=3e-4)
    for position in range(3, tokens.shape[1]):
        np.testing.assert_allclose(decoder.step(tokens[:, position]), whole[:, position], atol=3e-4)


@pytest.mark.parametrize("positions", ["rotary", "absolute"])
def test_a_full_window_is_read_again_from_its_heading_and_a_whole_event(positions: str) -> None:
    model = rough_model(positions)
    decoder = CachedDecoder(model, shape(positions))
    tokens = np.concatenate((HEADINGS, np.random.default_rng(1).integers(0, 2816, (16, 150))), axis=1)
    decoder.begin(tokens[:, :3])
    for position in range(3, 60):
        found = decoder.step(tokens[:, position])
    # 48 are full; 21 of the newest stay (7 whole events), then 48 is read, and 49 to 59 follow.
    window = np.concatenate((tokens[:, :3], tokens[:, 48 - 21 : 60]), axis=1)
    with torch.no_grad():
        whole = model(torch.from_numpy(window))[:, -1].numpy()
    np.testing.assert_allclose(found, whole, atol=3e-4)
    assert (48 - 21 - 3) % 3 == 0


def test_draws_follow_the_distribution_the_mask_and_top_p() -> None:
    share = np.array([0.5, 0.3, 0.15, 0.05])
    logits = np.repeat(np.log(share)[None], 20_000, axis=0)
    mask = np.ones_like(logits, dtype=bool)

    def frequencies(sampling: Sampling) -> np.ndarray:
        return np.bincount(draw(logits, mask, sampling, np.random.default_rng(1)), minlength=4) / len(logits)

    np.testing.assert_allclose(frequencies(OWN_DISTRIBUTION), share, atol=0.01)
    np.testing.assert_allclose(frequencies(Sampling(0.5, 1)), share**2 / (share**2).sum(), atol=0.01)
    np.testing.assert_allclose(frequencies(Sampling(1, 0.7)), [0.5 / 0.8, 0.3 / 0.8, 0, 0], atol=0.01)
    np.testing.assert_allclose(frequencies(Sampling(1, 0.01)), [1, 0, 0, 0])
    mask[:, 0] = False
    np.testing.assert_allclose(frequencies(OWN_DISTRIBUTION), [0, 0.6, 0.3, 0.1], atol=0.01)
