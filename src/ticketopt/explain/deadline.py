"""The time that one question may take, whatever it asks in between."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

__all__ = ["Deadline"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the clock of `time.perf_counter`, in seconds."""

    end: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(perf_counter() + seconds)

    @property
    def left(self) -> float:
        """Seconds left, 0 or more."""
        return max(0.0, self.end - perf_counter())

    @property
    def is_over(self) -> bool:
        """Whether no time is left: then nothing more is begun."""
        return self.left == 0.0
