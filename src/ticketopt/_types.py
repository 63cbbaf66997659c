"""The arrays that the house speaks of: their names say what is in them, their docstrings what shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bool", "Float", "Int", "Matrix"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
Matrix = NDArray[Any]
"""Numbers of any kind, as somebody gave them."""
