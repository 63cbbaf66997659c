"""`solve_many`: many queues at once, on whatever runs functions elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future
from functools import partial

from ticketopt.claims import verify
from ticketopt.errors import SolverError, TicketoptError
from ticketopt.problem import Problem
from ticketopt.result import Result
from ticketopt.solve import AUTO, solve

__all__ = ["solve_many"]


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
        In the order of the problems: a result, checked here once more; or the error by which that one problem failed,
        a `SolverError` where its worker was lost. One failure never costs another problem its answer.
    """
    work = partial(_solved, solver=solver, time_limit=time_limit, seed=seed)
    given = list(problems)
    if executor is None:
        return [_answer(problem, partial(work, problem)) for problem in given]
    futures: list[Future[Result | TicketoptError] | TicketoptError] = []
    for problem in given:
        try:
            futures.append(executor.submit(work, problem))
        except RuntimeError as error:
            futures.append(SolverError(f"the executor takes no more work: {error}"))
    return [
        item if isinstance(item, TicketoptError) else _answer(problem, item.result)
        for problem, item in zip(given, futures, strict=True)
    ]


def _solved(problem: Problem, *, solver: str, time_limit: float, seed: int) -> Result | TicketoptError:
    """A problem's result; what went wrong comes back as a value, whatever way the executor carries exceptions."""
    try:
        return solve(problem, solver=solver, time_limit=time_limit, seed=seed)
    except TicketoptError as error:
        return error


def _answer(problem: Problem, get: Callable[[], Result | TicketoptError]) -> Result | TicketoptError:
    try:
        found = get()
        if isinstance(found, TicketoptError):
            return found
        if not isinstance(found, Result):
            return SolverError(f"the worker's answer is a {type(found).__name__}")
        broken = verify(problem, found)
    except (Exception, CancelledError) as error:
        return SolverError(f"the worker was lost ({type(error).__name__}: {error})")
    return SolverError(f"the worker's plan is wrong: {broken[0].message}") if broken else found
