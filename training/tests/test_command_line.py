"""A misuse of a command is one sentence and status 2."""

import importlib
import sys

import pytest


@pytest.mark.parametrize("command", ["train", "evaluate", "export", "import_allegro", "quantisation_cost", "tries"])
def test_misuse_is_one_sentence(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"cadenza_training.{command}")
    monkeypatch.setattr(sys, "argv", [module.__file__, "--bogus"])
    with pytest.raises(SystemExit) as exit:
        module.main()
    assert exit.value.code == 2
    printed = capsys.readouterr().err
    assert len(printed.strip().splitlines()) == 1
    assert f"see python -m cadenza_training.{command} --help" in printed
