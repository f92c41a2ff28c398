"""Batches made ready in the background, so that a GPU never waits for numpy.

What will be asked for next is known (the step after this one, crops as long), but for the few
times that a run's crop length changes; then what was made ready is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor

from .sampler import Batch

THREADS = 2


class Prefetch:
    """`take` gives what `draw(step, length)` gives, as tensors, mostly without waiting.

    `ahead` batches are made ready; `pinned` puts them where a GPU copies from while it computes.
    """

    def __init__(self, draw: Callable[[int, int], Batch], ahead: int = 4, pinned: bool = False) -> None:
        self._draw, self._ahead, self._pinned = draw, ahead, pinned
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="batches")
        self._ready: dict[tuple[int, int], Future[tuple[Tensor, Tensor, int]]] = {}

    def take(self, step: int, length: int) -> tuple[Tensor, Tensor, int]:
        """(B, length) inputs, targets and the number of targets asked for of the batch of `step`."""
        coming = [(step + later, length) for later in range(self._ahead + 1)]
        for key in set(self._ready) - set(coming):
            self._ready.pop(key).cancel()
        for key in coming:
            if key not in self._ready:
                self._ready[key] = self._pool.submit(self._make, *key)
        return self._ready.pop((step, length)).result()

    def close(self) -> None:
        """Ends the threads; what was made ready is lost."""
        self._pool.shutdown(cancel_futures=True)

    def _make(self, step: int, length: int) -> tuple[Tensor, Tensor, int]:
        inputs, targets, asked = self._draw(step, length)
        tensors = torch.from_numpy(inputs), torch.from_numpy(targets)
        if self._pinned:
            tensors = tensors[0].pin_memory(), tensors[1].pin_memory()
        return *tensors, asked
