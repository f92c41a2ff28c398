"""The n-gram is a distribution at every context, and the one that Witten-Bell's formula gives."""

from pathlib import Path

import numpy as np
import pytest

from cadenza_training.data import START, Corpus
from cadenza_training.evaluation.losses import contexts_of, held_out, ngram_losses
from cadenza_training.evaluation.ngram import ALLOWED, UNIFORM, VOCABULARY, NGram, next_place


@pytest.fixture
def corpus(prepared: Path) -> Corpus:
    return Corpus(prepared, "train")


def held(prepared: Path, count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    return held_out(Corpus(prepared, "test"), 48, count)


@pytest.mark.parametrize("order", [1, 2, 6])
def test_distributions_sum_to_one_over_what_may_follow(prepared: Path, corpus: Corpus, order: int) -> None:
    ngram = NGram(corpus, order, 10**9, 1)
    ngram.fit(*contexts_of(*held(prepared), max(1, order - 1)))
    seen, _ = contexts_of(*held(prepared), max(1, order - 1))
    unseen = np.random.default_rng(1).integers(0, 2816, (50, max(1, order - 1)))
    for contexts in (seen[:200], unseen):
        found = ngram.probabilities(contexts)
        assert found.shape == (len(contexts), VOCABULARY)
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
        assert ((found > 0) == ALLOWED[next_place(contexts[:, -1])]).all()


def test_the_probability_of_one_token_is_that_of_the_distribution(prepared: Path, corpus: Corpus) -> None:
    ngram = NGram(corpus, 6, 10**9, 1)
    contexts, wanted = contexts_of(*held(prepared), 5)
    ngram.fit(contexts, wanted)
    whole = ngram.probabilities(contexts)[np.arange(len(wanted)), wanted]
    np.testing.assert_allclose(ngram.probability(contexts, wanted), whole, rtol=1e-12)


def test_counts_are_those_of_a_plain_loop(corpus: Corpus) -> None:
    ngram = NGram(corpus, 3, 10**9, 1)
    counts: dict[tuple[int, ...], dict[int, int]] = {}
    for piece in range(len(corpus.lengths)):
        begin = int(corpus.offsets[piece])
        tokens = [int(token) for token in corpus.tokens[begin : begin + int(corpus.lengths[piece])]]
        for place in range(3, len(tokens)):
            for context in ((int(next_place(np.array(tokens[place - 1]))),), (0, tokens[place - 1]), (0, *tokens[place - 2 : place])):
                followers = counts.setdefault(context, {})
                followers[tokens[place]] = followers.get(tokens[place], 0) + 1

    def plain(before: list[int], token: int) -> float:
        place = int(next_place(np.array(before[-1])))
        result = float(UNIFORM[place, token])
        for context in ((place,), (0, before[-1]), (0, *before[-2:])):
            if followers := counts.get(context):
                result = (followers.get(token, 0) + len(followers) * result) / (sum(followers.values()) + len(followers))
        return result

    begin = int(corpus.offsets[3])
    music = [int(token) for token in corpus.tokens[begin : begin + 30]]
    for place in range(5, 30):
        for token in (music[place], 300, 1290, 7):
            if not ALLOWED[int(next_place(np.array(music[place - 1]))), token]:
                continue
            found = ngram.probability(np.array([music[:place]])[:, -2:], np.array([token]))
            assert found[0] == pytest.approx(plain(music[:place], token), rel=1e-12)


def test_more_context_and_fitted_escapes_lower_the_loss(prepared: Path, corpus: Corpus) -> None:
    windows = held(prepared, 100)
    ngram = NGram(corpus, 6, 10**9, 1)
    plain = ngram_losses(ngram, *windows).loss.mean()
    ngram.fit(*contexts_of(*windows, 5))
    fitted = ngram_losses(ngram, *windows)
    unigrams = ngram_losses(ngram.unigrams(), *windows)
    assert fitted.loss.mean() < plain and fitted.loss.mean() < unigrams.loss.mean()
    assert fitted.hit.mean() > unigrams.hit.mean()
    assert len(fitted.loss) == (windows[1] >= 0).sum()


def test_a_budget_of_tokens_is_kept_to_a_piece(corpus: Corpus) -> None:
    small = NGram(corpus, 6, 300, 1)
    padding = 3 * len(corpus.lengths)
    assert 300 <= small.tokens <= 300 + int(corpus.lengths.max()) + padding
    assert NGram(corpus, 6, 300, 1).tokens == small.tokens
    assert START not in (small._keys[0] & np.uint64(4095))
