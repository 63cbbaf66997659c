"""A thread that goes on beside the requests, from when the app begins until it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["Background"]

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
