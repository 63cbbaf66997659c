"""Solving in processes of their own: the same answers, and whatever happens there costs one answer its exactness."""

import threading

import pytest

from support.backend_contract import is_general
from ticketopt import InvalidInputError, build_problem, resolve, solve
from ticketopt.service.workers import Workers
from ticketopt.solvers import BACKENDS

from .bad_solvers import BAD, LYING, slow, table

AGENTS = [{"agent_id": "a", "skills": {"vpn": 9}, "capacity": 3}, {"agent_id": "b", "skills": {"mail": 5}}]
TICKETS = [{"ticket_id": k, "skills": {"vpn": 1}, "effort": 1 + k % 2} for k in range(5)]
PROBLEM = build_problem(TICKETS, AGENTS)
UNIT = build_problem([{"ticket_id": k, "skills": {"mail": 1}} for k in range(9)], AGENTS)


@pytest.fixture
def workers():
    made = []

    def make(**options):
        made.append(Workers(**{"count": 1, **options}))
        return made[-1]

    yield make
    for item in made:
        item.close()


def test_the_answers_are_the_same_as_here(workers):
    backends = workers(memory_bytes=4 * 2**30).backends
    for problem in (PROBLEM, UNIT, build_problem([], [])):
        assert solve(problem, backends=backends).to_json() == solve(problem).to_json()
    for name in (name for name, backend in BACKENDS.items() if is_general(backend)):
        there, here = solve(PROBLEM, solver=name, backends=backends), solve(PROBLEM, solver=name)
        assert there.objective == here.objective
    previous = solve(PROBLEM)
    again = resolve(PROBLEM, previous=previous, max_changes=1, backends=backends)
    assert again.to_json() == resolve(PROBLEM, previous=previous, max_changes=1).to_json()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_solver_costs_one_answer_its_exactness(name, workers):
    pool = workers(backends=table(BAD[name]), memory_bytes=3 * 2**30, grace=0.3)
    result = solve(PROBLEM, backends=pool.backends, time_limit=1.5 if name == "eat" else 0.5)
    assert result.solver == "greedy"
    assert "bad" in result.reason or "process" in result.reason
    assert result.assigned == solve(PROBLEM, solver="greedy").assigned
    assert pool.restarts == (name not in LYING)
    again = solve(PROBLEM, backends=pool.backends, time_limit=0.5)  # the next one finds a process that works
    assert again.solver == "greedy"


def test_stopping_reaches_the_process_and_its_progress_comes_back(workers):
    pool, stop, heard = workers(backends=table(slow)), threading.Event(), []

    def listen(news):
        heard.append(news)
        if news.lower_bound is not None:
            stop.set()

    result = solve(PROBLEM, backends=pool.backends, time_limit=60, stop=stop, progress=listen)
    assert result.reason.startswith("stopped")
    assert heard
    assert pool.restarts == 0


def test_who_finds_no_free_process_gets_greedy(workers):
    pool, stop = workers(backends=table(slow)), threading.Event()
    works = threading.Event()

    def listen(news):
        if news.solver == "bad":
            works.set()

    options = {"backends": pool.backends, "stop": stop, "time_limit": 600, "progress": listen}
    thread = threading.Thread(target=solve, args=(PROBLEM,), kwargs=options)
    thread.start()
    assert works.wait(60)
    result = solve(PROBLEM, backends=pool.backends, time_limit=0.2)
    stop.set()
    thread.join()
    assert result.solver == "greedy"
    assert "no solver process was free in time" in result.reason


def test_errors_of_the_caller_stay_errors(workers):
    with pytest.raises(InvalidInputError):
        solve(PROBLEM, backends=workers().backends, solver="best")
