"""Waiting for a condition that others bring about: a browser, a server, a job."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds after which it will not come to pass any more; nobody waits so long where all is well."""


def until(condition: Callable[[], T]) -> T:
    """What the condition says, as soon as that is true."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"it did not come to pass within {PATIENCE:.0f} s"
        time.sleep(0.01)
    return found
