"""Builds and loads kernels.cpp: once for each machine and kind of storage, into the user's cache.

Activations are stored as bf16 where the CPU multiplies it in hardware (AVX512-BF16), else as f32: in emulation bf16 is an
eighth as fast as f32.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import torch

from ..architecture import ConfigurationError

SOURCES = ("kernels.cpp", "attention.h", "rows.h", "lanes.h")
FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fno-finite-math-only", "-shared", "-fPIC")
COMPILER = "g++"


def cpu_flags() -> frozenset[str]:
    """What the kernel says that the CPU has ("avx2", "avx512_bf16"); nothing where it does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), []))


def lacking() -> str | None:
    """What this machine lacks for the kernels, as the end of a sentence, or None."""
    if shutil.which(COMPILER) is None:
        return f"there is no {COMPILER}; install it"
    if not {"avx2", "fma"} <= cpu_flags():
        return "the CPU has no AVX2"
    return None


def storage() -> torch.dtype:
    """In what activations are stored on this machine."""
    return torch.bfloat16 if "avx512_bf16" in cpu_flags() else torch.float32


class Kernels:
    """The functions of kernels.cpp for one kind of storage; tensors, whole numbers and floats are passed as they are."""

    def __init__(self, stored: torch.dtype) -> None:
        self._library = ctypes.CDLL(str(_built(stored)))
        self._library.cross_entropy.restype = self._library.sum_of_squares.restype = ctypes.c_double
        self.stored = stored

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._library, name)

        def call(*arguments: torch.Tensor | int | float | None) -> Any:
            return function(*map(_argument, arguments))

        setattr(self, name, call)
        return call


def _argument(value: torch.Tensor | int | float | None) -> Any:
    if value is None:
        return ctypes.c_void_p(0)
    if isinstance(value, torch.Tensor):
        assert value.is_contiguous(), "kernels read whole rows"
        return ctypes.c_void_p(value.data_ptr())
    return ctypes.c_float(value) if isinstance(value, float) else ctypes.c_long(value)


def _built(stored: torch.dtype) -> Path:
    folder = Path(__file__).parent
    flags = [*FLAGS, *(["-DSTORE_BF16"] if stored == torch.bfloat16 else [])]
    parts = [*(folder.joinpath(name).read_bytes() for name in SOURCES), " ".join((*flags, *sorted(cpu_flags()))).encode()]
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cadenza-training"
    library = cache / f"{name}.so"
    if not library.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = library.with_suffix(f".{os.getpid()}")
        built = subprocess.run([COMPILER, *flags, str(folder / "kernels.cpp"), "-o", str(made)], capture_output=True, text=True)
        if built.returncode != 0:
            raise ConfigurationError(f"{COMPILER} cannot build the kernels; train with --path torch: {built.stderr.strip().splitlines()[-1]}")
        made.replace(library)
    return library
