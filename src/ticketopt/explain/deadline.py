"""The time that one question may take, whatever it asks in between."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from time import perf_counter

__all__ = ["Deadline"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the clock of `time.perf_counter`, in seconds; or whenever `stop` is set before it."""

    end: float
    stop: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(perf_counter() + seconds)

    @property
    def left(self) -> float:
        """Seconds left, 0 or more."""
        return 0.0 if self.stop.is_set() else max(0.0, self.end - perf_counter())

    @property
    def is_over(self) -> bool:
        """Whether no time is left: then nothing more is begun."""
        return self.left == 0.0
