"""A copy is found in any key and on any instrument; what is no tune and what crosses lines is not."""

import json
from pathlib import Path

import numpy as np
import pytest

from cadenza_training.data import Corpus
from cadenza_training.evaluation import copying
from cadenza_training.evaluation.copying import CopySearch, lengths
from cadenza_training.evaluation.events import Notes, piece_events, read_notes


def tune(generator: np.random.Generator, notes: int) -> np.ndarray:
    """(notes, 3) tokens of a piano line without any repetition to speak of."""
    pitch = generator.integers(40, 90, notes)
    return np.stack((generator.integers(1, 60, notes), np.full(notes, 256 + 4 * 8 + 3), 1280 + pitch), axis=1)


def corpus_of(folder: Path, pieces: list[np.ndarray]) -> Corpus:
    folder.mkdir()
    tokens, index = [], []
    for events in pieces:
        piece = [3087, 3073, 3075, *events.flatten().tolist()]
        index.append([len(tokens), len(piece), 0])
        tokens += piece
    np.asarray(tokens, dtype="<u2").tofile(folder / "train.bin")
    (folder / "train.index.json").write_text(json.dumps({"sources": ["made"], "pieces": index}))
    return Corpus(folder, "train")


def shared(corpus: Corpus, *windows: Notes) -> copying.Shared:
    search = CopySearch(list(windows))
    search.read(corpus)
    return search.shared()


@pytest.fixture
def pieces() -> list[np.ndarray]:
    generator = np.random.default_rng(5)
    return [tune(generator, 60) for _ in range(6)]


def test_an_exact_copy_is_found_whole(tmp_path: Path, pieces: list[np.ndarray]) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    found = shared(corpus, read_notes(piece_events(corpus, 3)))
    assert found.longest.tolist() == [max(n for n in lengths(60))] and found.longest[0] > 54
    assert found.share.tolist() == [1]


def test_a_transposed_passage_on_another_instrument_is_found(tmp_path: Path, pieces: list[np.ndarray]) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    fresh = tune(np.random.default_rng(9), 60)
    fresh[20:40] = pieces[2][10:30]
    fresh[:, 2] += 3 * 128 - 5
    copied, own = read_notes(fresh), read_notes(tune(np.random.default_rng(10), 60))
    found = shared(corpus, own, copied)
    assert found.longest.tolist() == [0, 20]
    assert found.share.tolist() == [0, pytest.approx(20 / 60)]
    assert 20 in lengths(60)


def test_a_copy_is_found_beneath_other_instruments_and_drums(tmp_path: Path, pieces: list[np.ndarray]) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    line = read_notes(pieces[0])
    other = Notes(np.sort(np.random.default_rng(2).integers(0, 1500, 200)), np.full(200, 2), np.full(200, 4), np.arange(200) % 90)
    drums = Notes(other.onset, other.duration, np.full(200, 9), np.full(200, 38))
    parts = [np.concatenate([getattr(part, name) for part in (line, other, drums)]) for name in ("onset", "duration", "instrument", "pitch")]
    order = np.argsort(parts[0], kind="stable")
    assert shared(corpus, Notes(*(part[order] for part in parts))).longest[0] > 54


def test_another_rhythm_is_no_copy(tmp_path: Path, pieces: list[np.ndarray]) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    other = pieces[1].copy()
    other[::4, 0] += 1
    assert shared(corpus, read_notes(other)).longest.tolist() == [0]


def test_repeated_notes_are_no_tune(tmp_path: Path) -> None:
    drone = np.tile([[4, 256 + 4 * 8, 1280 + 60]], (80, 1))
    corpus = corpus_of(tmp_path / "data", [drone])
    found = shared(corpus, read_notes(drone))
    assert found.longest.tolist() == [0] and found.share.tolist() == [0]


def test_runs_do_not_cross_pieces(tmp_path: Path, pieces: list[np.ndarray]) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    joined = np.concatenate((pieces[0][-6:], pieces[1][:6]))
    assert shared(corpus, read_notes(joined)).longest.tolist() == [0]


def test_chunks_cover_every_piece_once(tmp_path: Path, pieces: list[np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = corpus_of(tmp_path / "data", pieces)
    windows = [read_notes(piece) for piece in pieces]
    whole = shared(corpus, *windows)
    monkeypatch.setattr(copying, "CHUNK_TOKENS", 200)
    assert len(copying._chunks(corpus)) == 3
    parts = shared(corpus, *windows)
    assert parts.longest.tolist() == whole.longest.tolist() and parts.share.tolist() == [1] * 6


def test_lengths_grow_by_an_eighth() -> None:
    found = lengths(100)
    assert found[:9] == [8, 9, 10, 11, 12, 13, 14, 15, 16] and found[-1] <= 100
    assert all(1 <= after - before <= max(1, before // 8) for before, after in zip(found, found[1:]))
