"""A lock that is handed on in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["FairLock"]


class FairLock:
    """Who has waited longest is next, and is woken at once.

    SQLite has those who wait for a file look again from time to time, at ever longer intervals, so that who comes later
    passes by, again and again where many write.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold it until the block ends.

        Raises
        ------
        TimeoutError
            Where that many seconds did not suffice.
        """
        self._take(timeout)
        try:
            yield
        finally:
            with self._guard:
                self._hand_on()

    def _take(self, timeout: float) -> None:
        mine = threading.Event()
        with self._guard:
            if not self._is_held:
                self._is_held = True
                return
            self._waiting.append(mine)
        came = False
        try:
            came = mine.wait(max(0.0, timeout))
        finally:
            if not came:
                with self._guard:
                    self._give_up(mine)
        if not came:
            raise TimeoutError

    def _give_up(self, mine: threading.Event) -> None:
        if mine.is_set():  # it came just now
            self._hand_on()
        else:
            self._waiting.remove(mine)

    def _hand_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._is_held = False
