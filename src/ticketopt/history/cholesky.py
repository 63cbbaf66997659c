"""Cholesky's root, a tile at a time.

Of a matrix of some hundred columns a library for matrices makes work for threads. On a busy machine these wait for
each other, a hundred times as long as all of it takes, and the last digit depends on how many they are. Tiles are too
small for that.
"""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float

__all__ = ["upper_root"]

TILE = 64
"""Rows and columns of a tile: the product of two is the most that OpenBLAS leaves to one thread."""


def upper_root(matrix: Float) -> Float:
    """The upper triangle U with `U'U = matrix`, which is symmetric and positive definite. Shape (n, n).

    Raises
    ------
    numpy.linalg.LinAlgError
        Where it is not positive definite.
    """
    n = len(matrix)
    count = -(-n // TILE)
    padded = np.eye(count * TILE)
    padded[:n, :n] = matrix
    tiles = np.ascontiguousarray(padded.reshape(count, TILE, count, TILE).swapaxes(1, 2))
    for k in range(count):
        lower = np.linalg.cholesky(tiles[k, k])
        tiles[k, k] = lower.T
        row = np.linalg.inv(lower) @ tiles[k, k + 1 :]
        tiles[k, k + 1 :] = row
        tiles[k + 1 :, k + 1 :] -= row[:, None].swapaxes(-1, -2) @ row[None]
    return np.asarray(np.triu(tiles.swapaxes(1, 2).reshape(padded.shape)[:n, :n]), np.float64)
