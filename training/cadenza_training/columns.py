"""Prepared data turned into columns that compress well, and back: what travels to a machine that only files reach.

Of each event its time, duration, velocity, instrument and pitch stand with those of all others, a byte each, and so do the
columns of the chart. `training/gpu.sh` packs the folder; the way back gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np

from .architecture import ConfigurationError
from .command_line import Parser
from .data import EVENT, FIRST_DURATION, FIRST_NOTE, OUTRO, PREFIX, RECORD

SPLITS = ("train", "validation", "test")
EVENTS = ("time", "duration", "velocity", "instrument", "pitch")


def write_columns(data: Path, out: Path, split: str) -> None:
    """Writes a split's columns to `out`; raises ConfigurationError for tokens that are no pieces one after another."""
    tokens = np.fromfile(data / f"{split}.bin", dtype="<u2")
    pieces = np.array(json.loads((data / f"{split}.index.json").read_text())["pieces"], dtype=np.int64)
    offsets, lengths = pieces[:, 0], pieces[:, 1]
    if offsets[0] != 0 or (offsets[1:] != (offsets + lengths)[:-1]).any() or offsets[-1] + lengths[-1] != len(tokens):
        raise ConfigurationError(f"{data / split}.bin holds more than the pieces of its index; run prepare-data again")
    music = np.ones(len(tokens), dtype=bool)
    music[offsets[:, None] + np.arange(PREFIX)] = False
    ends = np.flatnonzero(tokens == OUTRO)
    music[ends] = False
    outro = np.full(len(pieces), -1, dtype="<i4")
    outro[np.searchsorted(offsets, ends, side="right") - 1] = ends - offsets[np.searchsorted(offsets, ends, side="right") - 1]
    events = tokens[music].reshape(-1, EVENT)
    columns = (events[:, 0], *np.divmod(events[:, 1] - FIRST_DURATION, 8), *np.divmod(events[:, 2] - FIRST_NOTE, 128))
    for name, column in zip(EVENTS, columns, strict=True):
        column.astype(np.uint8).tofile(out / f"{split}.{name}")
    tokens[offsets[:, None] + np.arange(PREFIX)].T.tofile(out / f"{split}.headings")
    outro.tofile(out / f"{split}.outros")
    if (chart := data / f"{split}.chart.bin").exists():
        np.ascontiguousarray(np.fromfile(chart, dtype=np.uint8).reshape(-1, RECORD).T).tofile(out / f"{split}.chart")
    shutil.copy(data / f"{split}.index.json", out / f"{split}.index.json")


def read_columns(folder: Path, out: Path, split: str) -> None:
    """Writes the split to `out` as prepare-data wrote it."""
    shutil.copy(folder / f"{split}.index.json", out / f"{split}.index.json")
    pieces = np.array(json.loads((out / f"{split}.index.json").read_text())["pieces"], dtype=np.int64)
    offsets = pieces[:, 0]
    tokens = np.empty(int(pieces[:, 1].sum()), dtype="<u2")
    music = np.ones(len(tokens), dtype=bool)
    headings = offsets[:, None] + np.arange(PREFIX)
    tokens[headings] = np.fromfile(folder / f"{split}.headings", dtype="<u2").reshape(PREFIX, -1).T
    music[headings] = False
    outros = np.fromfile(folder / f"{split}.outros", dtype="<i4")
    ends = (offsets + outros)[outros >= 0]
    tokens[ends] = OUTRO
    music[ends] = False
    time, duration, velocity, instrument, pitch = (
        np.fromfile(folder / f"{split}.{name}", dtype=np.uint8).astype(np.uint16) for name in EVENTS
    )
    tokens[music] = np.stack((time, FIRST_DURATION + 8 * duration + velocity, FIRST_NOTE + 128 * instrument + pitch), axis=1).ravel()
    tokens.tofile(out / f"{split}.bin")
    if (chart := folder / f"{split}.chart").exists():
        np.ascontiguousarray(np.fromfile(chart, dtype=np.uint8).reshape(RECORD, -1).T).tofile(out / f"{split}.chart.bin")


def main() -> None:
    """Turns a folder of prepared data into columns, or columns back into prepared data."""
    parser = Parser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="what prepare-data wrote, or columns with --back")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--back", action="store_true", help="from columns to prepared data")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    turn = read_columns if options.back else write_columns
    try:
        for split in SPLITS:
            turn(options.data, options.out, split)
    except (OSError, ValueError, ConfigurationError) as error:
        sys.exit(f"error: {options.data} cannot be turned ({error}); give a folder that prepare-data or this command wrote")


if __name__ == "__main__":
    main()
