"""Options of the trainer's commands: argparse, but a misuse is one sentence with the remedy, status 2."""

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Says what is wrong without repeating the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}; see python -m {self.module} --help.\n")

    @property
    def module(self) -> str:
        """The command as it is started, for `python -m`."""
        return f"cadenza_training.{self.prog.removesuffix('.py')}"
