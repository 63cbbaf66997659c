"""A thread that goes on beside the requests, from when the app begins until it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

__all__ = ["Background", "each"]

FAREWELL = 30.0
"""Seconds that the step under way has to end."""


class Background:
    """Runs a function in a thread of its own.

    Parameters
    ----------
    name : of the thread.
    run : goes on until `stop` is set.
    """

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self.stop = threading.Event()
        self._name, self._run = name, run
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin, once."""
        if self._thread is None:
            self.stop.clear()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """End once the step under way is done."""
        self.stop.set()
        if self._thread is not None:
            self._thread.join(FAREWELL)
            self._thread = None


def each(tenants: Iterable[str], work: Callable[[str], object], failed: Callable[[str, Exception], object]) -> None:
    """Work for one tenant after the other; where that fails, `failed` is told, and the others have their turn."""
    for tenant in tenants:
        try:
            work(tenant)
        except Exception as error:
            failed(tenant, error)
