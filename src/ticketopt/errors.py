"""Everything that ticketopt raises or warns about.

TicketoptError
├── InvalidInputError        the caller's data is wrong; lists every issue   (also a ValueError)
│   └── UnknownIdError       there is no such ticket, or no such agent
├── UnsupportedModelError    the named backend cannot solve this model       (also a ValueError)
├── SolverError              a backend failed or its answer did not verify
├── IncompletePlanError      `Result.raise_for_status`: no plan, or tickets left out
└── StoreError               the queue could not be read or kept
    └── UnknownCommitError   the connection was lost while committing: kept or not, the same idempotency key tells
InputWarning                 the data was read, but something in it looks like a mistake
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "IncompletePlanError",
    "InputWarning",
    "InvalidInputError",
    "Issue",
    "SolverError",
    "StoreError",
    "TicketoptError",
    "UnknownCommitError",
    "UnknownIdError",
    "UnsupportedModelError",
]

SHOWN_ISSUES = 50
"""An error's message names this many issues; its `issues` hold all."""


class TicketoptError(Exception):
    """Base of every exception that ticketopt raises on purpose."""


class InputWarning(UserWarning):
    """The input could be read, but part of it was ignored or reinterpreted."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong in the input: where, what, and how to repair it."""

    path: str
    problem: str
    repair: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.problem}; {self.repair}"

    def below(self, prefix: str) -> Issue:
        """The same issue, seen from the container at `prefix`."""
        joint = "." if prefix and self.path and not self.path.startswith("[") else ""
        return Issue(f"{prefix}{joint}{self.path}", self.problem, self.repair)


class InvalidInputError(TicketoptError, ValueError):
    """The input cannot be used; `issues` lists everything wrong with it."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        count = len(self.issues)
        head = "1 issue" if count == 1 else f"{count} issues"
        lines = [f"{head} in the input:", *map(str, self.issues[:SHOWN_ISSUES])]
        if count > SHOWN_ISSUES:
            lines.append(f"... and {count - SHOWN_ISSUES} more in `issues`")
        super().__init__("\n  ".join(lines))

    def __reduce__(self) -> tuple[type[InvalidInputError], tuple[tuple[Issue, ...]]]:
        return type(self), (self.issues,)  # so that it comes back whole from another process

    @classmethod
    def single(cls, path: str, problem: str, repair: str) -> InvalidInputError:
        """An error about one value."""
        return cls([Issue(path, problem, repair)])


class UnknownIdError(InvalidInputError):
    """There is no such ticket, or no such agent; the path of its one issue says which of them."""


class UnsupportedModelError(TicketoptError, ValueError):
    """The backend that was asked for by name cannot solve this model."""


class SolverError(TicketoptError):
    """A backend failed, or returned an answer that does not verify."""


class IncompletePlanError(TicketoptError):
    """There is no plan, or the plan leaves tickets out."""


class StoreError(TicketoptError):
    """The store cannot be read or written."""


class UnknownCommitError(StoreError):
    """The connection was lost while committing, so that it is unknown whether the change was kept.

    The same call under the same idempotency key tells: it is answered as the first time where it was kept, and done
    where it was not.
    """
