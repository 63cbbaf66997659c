"""Python's collector of cyclic garbage, while a table is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cyclic garbage meanwhile.

    Reading makes none, but hundreds of thousands of objects that stay, and the collector would go through them again
    and again: that is a quarter of the time. Where several threads do this at once, the first that began ends it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
