"""Python's collector of cyclic garbage, while many records are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cyclic garbage meanwhile.

    Reading tables and tickets makes none, but hundreds of thousands of objects that stay, and the collector would go
    through them again and again: a quarter of the time for a table, half of it for the texts of a long queue. Where
    several threads do this at once, the first that began ends it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
