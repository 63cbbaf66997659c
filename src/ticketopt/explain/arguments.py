"""How a question is read: its time, its ids and its numbers, or one error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ticketopt.errors import InvalidInputError
from ticketopt.explain.deadline import Deadline
from ticketopt.explain.solver import Solver
from ticketopt.problem.fields import Reader, Report, number, shown
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id
from ticketopt.solvers.thread import interruptible

__all__ = ["agent_position", "check", "ticket_position", "within"]


@contextmanager
def within(time_limit: float, seed: int) -> Iterator[Solver]:
    """The time of a question, in seconds. Once it is over, or after Ctrl-C, the answer is what is known by then."""
    check(time_limit=(number(1e-3, 86_400, " (seconds)"), time_limit))
    deadline = Deadline.after(time_limit)
    with interruptible(deadline.stop):
        yield Solver(deadline, seed)


def check(**arguments: tuple[Reader, object]) -> None:
    """Raise one `InvalidInputError` with everything that the reader of each argument says of its value."""
    report = Report()
    for name, (reader, value) in arguments.items():
        reader(value, name, report)
    if report.issues:
        raise InvalidInputError(report.issues)


def ticket_position(problem: Problem, ticket_id: Id) -> int:
    """Where a ticket stands in the queue; an unknown id is an error."""
    return _position(problem.ticket_index, ticket_id, "ticket_id", "in the queue")


def agent_position(problem: Problem, agent_id: Id | None) -> int:
    """Where an agent stands in the team, -1 for None; an unknown id is an error."""
    if agent_id is None:
        return -1
    return _position(problem.agent_index, agent_id, "agent_id", "in the team")


def _position(known: Mapping[str, int], given: Id, path: str, place: str) -> int:
    if str(given) in known:
        return known[str(given)]
    report = Report()
    report.unknown(path, f"{shown(given)} is not {place}", str(given), known)
    raise InvalidInputError(report.issues)
