"""Our table of word pieces, as it lies in the package and in memory.

A row is whole numbers: entries of one byte times a whole number of its own. So the sum over any words is exact, in
whatever order, and the same on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_ENTRY = 127
LARGEST_SCALE = 4095
"""Sums of 32 rows are exact even in single precision: 32 * 127 * 4095 < 2^24."""

_FILES = ("rows.npy", "scales.npy", "pieces.txt", "about.json")


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of word pieces.

    Attributes
    ----------
    rows : int8, shape (pieces, dimension). scales : uint16, one per row; the row is both multiplied.
    pieces : what each row is of, in order.
    about : name, recipe and figures of its making.
    """

    rows: NDArray[np.int8]
    scales: NDArray[np.uint16]
    pieces: tuple[str, ...]
    about: dict[str, Any]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Piece -> row."""
        return dict(zip(self.pieces, range(len(self.pieces)), strict=True))

    @property
    def dimension(self) -> int:
        """Entries of a row."""
        return int(self.rows.shape[1])


def quantized(rows: NDArray[np.float32], pieces: Sequence[str], about: dict[str, Any]) -> Table:
    """A table that says the same as real rows, up to rounding."""
    largest = np.abs(rows).max(axis=1)
    scales = np.ceil(largest / largest.max() * LARGEST_SCALE).clip(1, None)
    unit = largest.max() / LARGEST_SCALE / LARGEST_ENTRY
    entries = np.rint(rows / (scales[:, None] * unit)).clip(-LARGEST_ENTRY, LARGEST_ENTRY)
    return Table(entries.astype(np.int8), scales.astype(np.uint16), tuple(pieces), about)


def save(table: Table, folder: Path) -> None:
    """Write the table's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "rows.npy", table.rows)
    np.save(folder / "scales.npy", table.scales)
    (folder / "pieces.txt").write_bytes("\n".join(table.pieces).encode())
    (folder / "about.json").write_bytes((json.dumps(table.about, indent=1, sort_keys=True) + "\n").encode())


def load(folder: Path | None = None) -> Table:
    """The table in a folder, None is the package's. Its rows stay in the file until they are looked at."""
    place = Path(str(resources.files("ticketopt").joinpath("data/vectors"))) if folder is None else folder
    return Table(
        np.load(place / "rows.npy", mmap_mode="r"),
        np.load(place / "scales.npy"),
        tuple((place / "pieces.txt").read_bytes().decode().split("\n")),
        json.loads((place / "about.json").read_bytes()),
    )
