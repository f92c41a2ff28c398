"""Training with a chart: the rows begin at zero, are learnt, exported and used; stable runs, releases, sliced loss."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from cadenza_training.architecture import Architecture, ConfigurationError
from cadenza_training.conditions import GROUPS, STARTS
from cadenza_training.data import IGNORE, Corpus
from cadenza_training.evaluate import evaluate
from cadenza_training.evaluation.bars import COMMON_TIME, Bars
from cadenza_training.evaluation.cached_decoder import CachedDecoder
from cadenza_training.export import load_exported
from cadenza_training.loss import kinds, nats, slices, summed_nats
from cadenza_training.model import CONDITIONS, build_model
from cadenza_training.release import release
from cadenza_training.trainer import Trainer

SHAPE = Architecture(3088, 32, 2, 2, 32, 128, 48, "rotary", conditions=GROUPS)


def rows(*shape: int) -> torch.Tensor:
    generator = np.random.default_rng(1)
    drawn = generator.integers(0, [group.rows for group in GROUPS], (*shape, len(GROUPS)))
    return torch.from_numpy((drawn + STARTS).astype(np.int32))


def test_conditions_begin_without_a_word_and_then_speak() -> None:
    torch.manual_seed(1)
    model = build_model(SHAPE).eval()
    plain = build_model(Architecture(3088, 32, 2, 2, 32, 128, 48, "rotary")).eval()
    plain.load_state_dict({name: tensor for name, tensor in model.state_dict().items() if name != CONDITIONS})
    tokens = torch.randint(3088, (2, 20))
    carried = rows(2, 20)
    with torch.no_grad():
        assert torch.equal(model(tokens, carried), plain(tokens))
        weight = model.state_dict()[CONDITIONS].normal_()
        changed = model(tokens, carried)
        expected = plain(tokens, sum_embeds=weight[carried.long()].sum(2))
    torch.testing.assert_close(changed, expected)


def test_a_sliced_loss_is_the_softmax_of_the_kind_that_comes() -> None:
    torch.manual_seed(1)
    logits, targets = torch.randn(6, 3088), torch.tensor([3, 300, 1300, 3072, IGNORE, 255])
    assert kinds(targets).tolist() == [0, 1, 2, 0, 0, 0]
    time, duration, note = slices(logits)
    expected = [
        -time[0].log_softmax(0)[3], -duration[1].log_softmax(0)[300 - 256], -note[2].log_softmax(0)[1300 - 1280],
        -time[3].log_softmax(0)[256], torch.tensor(0.0), -time[5].log_softmax(0)[255],
    ]  # fmt: skip
    asked = targets != IGNORE
    torch.testing.assert_close(summed_nats(logits, targets, True), torch.stack(expected).sum())
    found = nats(logits[asked], targets[asked])
    torch.testing.assert_close(found.sliced.sum(), torch.stack(expected).sum())
    torch.testing.assert_close(found.full.sum(), summed_nats(logits, targets, False))
    logits[1, 300] = 99
    assert nats(logits[asked], targets[asked]).hit.tolist()[1] is True


@pytest.fixture
def trained(charted: Path, conditioned_run: dict, tmp_path: Path) -> Trainer:
    torch.set_num_threads(1)
    trainer = Trainer({**conditioned_run, "steps": 60, "quantization": "int8", "evaluateEvery": 1000}, charted, tmp_path / "run", session_steps=40)
    trainer.train()
    return trainer


def test_a_chart_is_learnt_exported_and_read_back(trained: Trainer, charted: Path) -> None:
    assert trained.tokens == 30 * 192 + 10 * 240
    folder = trained.export().parent
    model, manifest = load_exported(folder)
    assert manifest["conditions"] == [{"name": group.name, "rows": group.rows} for group in GROUPS]
    assert torch.equal(model.state_dict()[CONDITIONS], trained.model.state_dict()[CONDITIONS].half().float())
    found = evaluate(model, Corpus(charted, "validation"), 48, 20)
    assert found["given"]["loss"] < found["loss"] and found["given"]["tokens"] == found["tokens"]
    assert found["note"] == pytest.approx(sum(kind["loss"] for kind in found["kinds"].values()), abs=1e-3)


@pytest.mark.parametrize(("bars", "length", "row"), [((), 32, 7), ([COMMON_TIME] * 2, 32, 7), ([Bars(np.zeros(1, int), 24)] * 2, 24, 5)])
def test_a_conditioned_model_is_decoded_with_an_open_chart_in_its_metre(trained: Trainer, bars: list[Bars], length: int, row: int) -> None:
    model = trained.model.eval()
    decoder = CachedDecoder(model, SHAPE)
    headings = np.array([[3087, 3074, 3075], [3087, 3073, 3076]])
    music = np.array([[4, 290, 1340, 40, 290, 1344], [0, 290, 1470, 31, 290, 1470]])
    found = [decoder.begin(headings, bars)] + [decoder.step(token) for token in music.T]
    carried = np.tile(STARTS, (2, 9, 1))
    carried[:, 3:, 1] += row
    carried[0, 3:6, 0] += 1 + 4
    carried[0, 6:, 0] += 1 + 44 % length
    carried[1, 3:6, 0] += 1
    carried[1, 6:, 0] += 1 + 31 % length
    with torch.no_grad():
        wanted = model(torch.from_numpy(np.concatenate((headings, music), axis=1)), torch.from_numpy(carried))
    np.testing.assert_allclose(np.stack(found, axis=1), wanted[:, 2:].numpy(), atol=1e-4)


def test_a_model_of_tokens_alone_begins_a_run_with_conditions(
    prepared: Path, charted: Path, raw_run: dict, conditioned_run: dict, tmp_path: Path
) -> None:
    first = Trainer({**raw_run, "steps": 2}, prepared, tmp_path / "first")
    first.train()
    folder = first.export().parent
    more = Trainer(conditioned_run, charted, tmp_path / "more")
    more.begin_with(folder)
    state = more.model.state_dict()
    assert more.step == 2 and not state[CONDITIONS].any()
    assert all(torch.equal(tensor, state[name]) for name, tensor in first.model.state_dict().items())
    more.train()
    assert more.model.state_dict()[CONDITIONS].any()
    charted_model = more.export().parent
    with pytest.raises(ConfigurationError, match="another architecture"):
        Trainer(raw_run, prepared, tmp_path / "back").begin_with(charted_model)


def test_a_release_falls_from_a_copy_and_the_run_goes_on(trained: Trainer, charted: Path, tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in trained.out.iterdir()}
    out = tmp_path / "release"
    whole = release(trained.out, charted, out, steps=8)
    assert (whole.step, whole.decay_from) == (40, pytest.approx(40 / 60)) and whole.fraction() == 0
    whole.train()
    assert whole.step == 48 and whole.path.rates()[0] == pytest.approx(0.01 * max(0.1, 1 - (7 / 8) ** 0.5))
    assert whole.tokens == trained.tokens + 8 * 240  # the run's batches at that place
    part = release(trained.out, charted, tmp_path / "parts", steps=8)
    part.session_steps = 3
    part.train()
    again = release(trained.out, charted, tmp_path / "parts", steps=8)
    again.train()
    assert part.losses + again.losses == whole.losses
    assert {file.name: file.read_bytes() for file in trained.out.iterdir()} == before
    manifest = json.loads(whole.export("2.0.0").read_text())
    assert manifest["version"] == "2.0.0" and manifest["training"]["steps"] == 48
    with pytest.raises(ConfigurationError, match="stable"):
        Trainer(whole.raw, charted, tmp_path / "again").release_from(out)
    with pytest.raises(ConfigurationError, match="no checkpoint"):
        release(tmp_path / "nowhere", charted, out)


def test_a_stable_run_resumes_exactly(trained: Trainer, charted: Path, tmp_path: Path) -> None:
    parts = Trainer(trained.raw, charted, tmp_path / "parts", session_steps=25)
    parts.train()
    rest = Trainer(trained.raw, charted, tmp_path / "parts", session_steps=15)
    assert rest.resume()
    rest.train()
    assert parts.losses + rest.losses == trained.losses
