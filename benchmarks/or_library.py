"""Read OR-Library's `assign` files (Beasley 1990) from any folder: linear assignment problems with known optima."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_assign(path: Path) -> NDArray[np.float64]:
    """(n, n) costs. `assignN` holds n and n x n costs; `assignpN` n and `i j cost` from 1: other pairs are infinite."""
    size, *values = (float(word) for word in path.read_text(encoding="ascii").split())
    n = int(size)
    if not path.name.startswith("assignp"):
        return np.array(values).reshape(n, n)
    cost = np.full((n, n), np.inf)
    row, column, value = np.array(values).reshape(-1, 3).T
    cost[row.astype(np.int64) - 1, column.astype(np.int64) - 1] = value
    return cost


def instances(folder: Path) -> Iterator[tuple[str, NDArray[np.float64], float | None]]:
    """Name, costs and known optimum (None where `known_values.csv` does not tell) of every file in a folder."""
    known: dict[str, float] = {}
    table = folder / "known_values.csv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as lines:
            known = {row["name"]: float(row["optimum"]) for row in csv.DictReader(lines)}
    for path in sorted(folder.glob("assign*.txt")):
        yield path.stem, read_assign(path), known.get(path.stem)
