"""Checkpoints: one file, replaced atomically, from which a training resumes exactly."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import torch

FILE = "checkpoint.pt"


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces `path` with `data`; after a crash the old or the new content stands, never a part."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_checkpoint(folder: Path, checkpoint: dict[str, Any]) -> None:
    """Replaces the folder's checkpoint; creates the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.save(checkpoint, buffer)
    write_atomically(folder / FILE, buffer.getvalue())


def read_checkpoint(folder: Path) -> dict[str, Any] | None:
    """The folder's checkpoint, tensors on the CPU, or None where there is none yet."""
    path = folder / FILE
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)
