"""`solve_many`: many queues at once, on any executor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, Executor, Future, wait
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from ticketopt.errors import SolverError, TicketoptError
from ticketopt.planning.decisions import decisions_of, loads_of
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.planning.verify import verify
from ticketopt.problem.problem import Problem
from ticketopt.solvers.auto import AUTO
from ticketopt.solvers.base import LATENCY
from ticketopt.solvers.thread import interruptible

__all__ = ["solve_many"]

STOPPED = "stopped before it was solved"


def solve_many(
    problems: Iterable[Problem],
    executor: Executor | None = None,
    *,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
) -> list[Result | TicketoptError]:
    """Solve many problems, one job each.

    Parameters
    ----------
    executor : any of `concurrent.futures`: threads, processes, or Dask's `Client.get_executor()`. None solves one
        after another here.
    solver, time_limit, seed : as for `ticketopt.solve`, for each problem.

    Returns
    -------
    list
        In the order of the problems: a result, checked here once more if an executor gave it; or the error by which
        that one problem failed, a `SolverError` where its worker was lost. One failure never costs another problem its
        answer. After Ctrl-C the problem under way here gets its best plan so far, and those without an answer a
        `SolverError`.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> [result.assigned for result in ticketopt.solve_many([problem, problem])]
    [{1: 'ada', 2: 'bob'}, {1: 'ada', 2: 'bob'}]
    """
    stop = threading.Event()
    with interruptible(stop):
        return _solve_many(list(problems), executor, {"solver": solver, "time_limit": time_limit, "seed": seed}, stop)


def _solve_many(
    given: list[Problem], executor: Executor | None, options: Mapping[str, Any], stop: threading.Event
) -> list[Result | TicketoptError]:
    if executor is None:
        return [_settled(partial(_solved, problem, stop=stop, **options)) for problem in given]
    remote = partial(_sent, **options)
    futures: list[Future[Result | TicketoptError] | TicketoptError] = []
    for problem in given:
        try:
            futures.append(executor.submit(remote, _Job(problem)))
        except RuntimeError as error:
            futures.append(SolverError(f"the executor takes no more work: {error}"))
    return [
        item if isinstance(item, TicketoptError) else _settled(partial(_answer, problem, item, stop))
        for problem, item in zip(given, futures, strict=True)
    ]


def _waited(future: Future[Result | TicketoptError], stop: threading.Event) -> Result | TicketoptError:
    while not future.done() and not stop.is_set():
        wait([future], timeout=LATENCY)
    if future.done():
        return future.result()
    future.cancel()
    return SolverError(STOPPED)


def _solved(
    problem: Problem, *, solver: str, time_limit: float, seed: int, stop: threading.Event | None = None
) -> Result | TicketoptError:
    """A problem's result; what went wrong comes back as a value, whatever way the executor carries exceptions."""
    if stop is not None and stop.is_set():
        return SolverError(STOPPED)
    try:
        return solve(problem, solver=solver, time_limit=time_limit, seed=seed, stop=stop)
    except TicketoptError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Job:
    """A problem under a name of its own: Dask would hash every ticket to find one, which takes longer than solving."""

    problem: Problem
    name: str = field(default_factory=lambda: uuid4().hex)

    def __dask_tokenize__(self) -> str:
        return self.name


def _sent(job: _Job, **options: Any) -> Result | TicketoptError:
    """`_solved` without what is here already, the problem, and what is made of it, decisions and loads."""
    found = _solved(job.problem, **options)
    return found if isinstance(found, TicketoptError) else _with(found, problem=None, decisions=(), loads=())


def _whole(result: Result, problem: Problem) -> Result:
    """What a worker sent, with what `_sent` left out."""
    model, assignment = result.model, result.assignment
    decisions = decisions_of(problem, model, assignment, result.cost_terms, result.constraints)
    return _with(result, problem=problem, decisions=decisions, loads=loads_of(problem, model, assignment))


def _with(result: Result, **fields: object) -> Result:
    other = copy(result)
    for name, value in fields.items():
        object.__setattr__(other, name, value)
    return other


def _answer(
    problem: Problem, future: Future[Result | TicketoptError], stop: threading.Event
) -> Result | TicketoptError:
    """What a worker sends, checked."""
    found = _waited(future, stop)
    if isinstance(found, TicketoptError):
        return found
    if not isinstance(found, Result):
        return SolverError(f"the worker's answer is a {type(found).__name__}")
    if found.problem is None:
        found = _whole(found, problem)
    broken = verify(problem, found)
    return SolverError(f"the worker's plan is wrong: {broken[0].message}") if broken else found


def _settled(get: Callable[[], Result | TicketoptError]) -> Result | TicketoptError:
    """An answer, or the error that it takes the place of: nothing that goes wrong costs the others theirs."""
    try:
        return get()
    except (Exception, CancelledError) as error:
        return SolverError(f"the worker was lost ({type(error).__name__}: {error})")
