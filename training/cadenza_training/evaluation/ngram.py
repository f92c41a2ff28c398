"""A 6-gram of tokens: the baseline that knows nothing but the last five.

Interpolated Witten-Bell smoothing (Witten & Bell 1991): p(w|c) = (n(c,w) + e T(c) p(w|c')) /
(n(c) + e T(c)), T the number of different tokens seen after c, c' the context without its oldest
token; below the unigrams of each kind stands what the grammar allows, uniformly. So each
distribution sums to 1 over the tokens that may follow. Plain Witten-Bell (e = 1) and Kneser-Ney's
discounts trust long contexts far too much, because a piece repeats itself and no other piece, so
the escape e is fitted to the validation split, one for each order. Counts lie in sorted arrays,
one 64-bit key an n-gram: 52 bits of a Zobrist hash of the context (Zobrist 1970), 12 of the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

import numpy as np

from ..data import FIRST_CHORD, FIRST_DURATION, FIRST_NOTE, START, Corpus
from .events import OUTRO
from .grammar import RANGES

VOCABULARY = START + 1
TOKEN = np.uint64((1 << 12) - 1)
# What may follow, by place in the event; the outro may stand where an event begins.
ALLOWED = np.zeros((3, VOCABULARY), dtype=bool)
for _place, (_first, _end) in enumerate(RANGES):
    ALLOWED[_place, _first:_end] = True
ALLOWED[0, OUTRO] = True
UNIFORM = ALLOWED / ALLOWED.sum(axis=1, keepdims=True)
ESCAPES = (0.5, 1, 2, 4, 8, 16, 32, 64, 128)


def next_place(tokens: np.ndarray) -> np.ndarray:
    """The place in the event (0 time, 1 duration+velocity, 2 note) that follows each token; any shape."""
    return np.where(tokens < FIRST_DURATION, 1, np.where(tokens < FIRST_NOTE, 2, 0))


class NGram:
    """Counts of all n-grams up to `order` in whole pieces of a split, drawn until they hold `budget` tokens."""

    def __init__(self, corpus: Corpus, order: int, budget: int, seed: int) -> None:
        assert order >= 1, order
        generator = np.random.default_rng(seed)
        self.order = order
        self.escapes = [1.0] * order
        self._salt = generator.integers(0, 2**64, (order, VOCABULARY), dtype=np.uint64)
        tokens = self._draw(corpus, budget, generator)
        self.tokens = len(tokens)
        wanted = np.flatnonzero((tokens < FIRST_CHORD) | (tokens == OUTRO))
        self._keys: list[np.ndarray] = []
        self._totals: list[np.ndarray] = []
        context = self._salt[0, next_place(tokens[wanted - 1])]
        for length in range(order):
            if length > 0:
                context += self._salt[length, tokens[wanted - length]]
            keys = (context & ~TOKEN) | tokens[wanted].astype(np.uint64)
            keys.sort()
            starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
            self._keys.append(keys[starts])
            self._totals.append(np.append(starts, len(keys)))

    def unigrams(self) -> NGram:
        """The token frequencies of each kind alone: this one cut to order 1, sharing its counts."""
        first = copy(self)
        first.order = 1
        return first

    def fit(self, contexts: np.ndarray, tokens: np.ndarray) -> None:
        """Chooses each order's escape, from the lowest up, to make `tokens` (B) after `contexts` likeliest."""
        lower = UNIFORM[next_place(contexts[:, -1]), tokens]
        for length, context in self._hashes(contexts):
            found = [self._mixed(length, context, tokens, lower, escape) for escape in ESCAPES]
            best = int(np.argmax([np.log(probability).mean() for probability in found]))
            self.escapes[length], lower = ESCAPES[best], found[best]

    def probabilities(self, contexts: np.ndarray) -> np.ndarray:
        """(B, V) for the token that follows each of `contexts`, (B, order - 1 or more) tokens, newest last."""
        result = UNIFORM[next_place(contexts[:, -1])]
        for length, context in self._hashes(contexts):
            low, kinds, total = self._seen(length, context)
            escape = self.escapes[length] * kinds
            result *= np.where(kinds > 0, escape / np.maximum(total + escape, 1), 1)[:, None]
            rows = np.repeat(np.arange(len(contexts)), kinds)
            index = np.arange(len(rows)) + np.repeat(low - (np.cumsum(kinds) - kinds), kinds)
            follower = (self._keys[length][index] & TOKEN).astype(np.int64)
            totals = self._totals[length]
            result[rows, follower] += (totals[index + 1] - totals[index]) / (total + escape)[rows]
        return result

    def probability(self, contexts: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """(B) for `tokens` (B) after `contexts`, as in `probabilities`, without the rest of the distribution."""
        result = UNIFORM[next_place(contexts[:, -1]), tokens]
        for length, context in self._hashes(contexts):
            result = self._mixed(length, context, tokens, result, self.escapes[length])
        return result

    def _mixed(self, length: int, context: np.ndarray, tokens: np.ndarray, lower: np.ndarray, escape: float) -> np.ndarray:
        """Witten-Bell of one order, over the probabilities `lower` of the order below."""
        keys, totals = self._keys[length], self._totals[length]
        _, kinds, total = self._seen(length, context)
        wanted = (context & ~TOKEN) | tokens.astype(np.uint64)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        count = np.where(keys[place] == wanted, totals[place + 1] - totals[place], 0)
        return np.where(kinds > 0, (count + escape * kinds * lower) / np.maximum(total + escape * kinds, 0.5), lower)

    def _draw(self, corpus: Corpus, budget: int, generator: np.random.Generator) -> np.ndarray:
        """Pieces one after another, each behind as many START as make its first context whole."""
        before = [START] * max(0, self.order - 3)
        parts, size = [], 0
        for piece in generator.permutation(len(corpus.lengths)):
            if size >= budget:
                break
            begin, length = int(corpus.offsets[piece]), int(corpus.lengths[piece])
            parts += [np.array(before, dtype=np.uint16), corpus.tokens[begin : begin + length]]
            size += length
        return np.concatenate(parts)

    def _hashes(self, contexts: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """(length of the context, its hashes (B)), from the empty context to the longest."""
        context = self._salt[0, next_place(contexts[:, -1])]
        yield 0, context
        for length in range(1, self.order):
            context = context + self._salt[length, contexts[:, -length]]
            yield length, context

    def _seen(self, length: int, context: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each context: where its followers begin, T(c) and n(c)."""
        keys, totals = self._keys[length], self._totals[length]
        low = np.searchsorted(keys, context & ~TOKEN)
        high = np.searchsorted(keys, context | TOKEN, side="right")
        return low, high - low, totals[high] - totals[low]
