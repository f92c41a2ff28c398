"""Batches made ready in the background, so that a GPU never waits for numpy.

What will be asked for next is known (the step after this one, crops as long), but for the few
times that a run's crops or batches change; then what was made ready is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from .sampler import Batch

THREADS = 2


class Ready(NamedTuple):
    """A Batch (sampler.py) as tensors."""

    inputs: Tensor
    targets: Tensor
    asked: int
    conditions: Tensor | None


def ready(batch: Batch, pinned: bool = False) -> Ready:
    """The batch as tensors; `pinned` puts them where a GPU copies from while it computes."""

    def tensor(array: np.ndarray) -> Tensor:
        made = torch.from_numpy(array)
        return made.pin_memory() if pinned else made

    conditions = None if batch.conditions is None else tensor(batch.conditions)
    return Ready(tensor(batch.inputs), tensor(batch.targets), batch.asked, conditions)


class Prefetch:
    """`take` gives what `draw(step, length, tokens)` gives, as tensors, mostly without waiting.

    `ahead` batches are made ready, `pinned` or not as by `ready`.
    """

    def __init__(self, draw: Callable[[int, int, int], Batch], ahead: int = 4, pinned: bool = False) -> None:
        self._draw, self._ahead, self._pinned = draw, ahead, pinned
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="batches")
        self._ready: dict[tuple[int, int, int], Future[Ready]] = {}

    def take(self, step: int, length: int, tokens: int) -> Ready:
        """The batch of `step`: `tokens` in crops of `length`."""
        coming = [(step + later, length, tokens) for later in range(self._ahead + 1)]
        for key in set(self._ready) - set(coming):
            self._ready.pop(key).cancel()
        for key in coming:
            if key not in self._ready:
                self._ready[key] = self._pool.submit(self._make, *key)
        return self._ready.pop(coming[0]).result()

    def close(self) -> None:
        """Ends the threads; what was made ready is lost."""
        self._pool.shutdown(cancel_futures=True)

    def _make(self, step: int, length: int, tokens: int) -> Ready:
        return ready(self._draw(step, length, tokens), self._pinned)
