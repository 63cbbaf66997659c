"""Solving in processes of their own: the same answers, and whatever happens there costs one answer its exactness."""

import os
import signal
import threading

import pytest

from support.backend_contract import is_general
from ticketopt import InvalidInputError, build_problem, resolve, solve
from ticketopt.errors import SolverError
from ticketopt.service.solver_process import SolverProcess
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
    backends = workers(memory_bytes=4 * 2**30).backends_for()
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
    limit = 30 if name in LYING else 1.5 if name == "eat" else 0.5
    result = solve(PROBLEM, backends=pool.backends_for(), time_limit=limit)
    assert result.solver == "greedy"
    assert "bad" in result.reason or "process" in result.reason
    assert result.assigned == solve(PROBLEM, solver="greedy").assigned
    assert pool.restarts == (name not in LYING)
    again = solve(PROBLEM, backends=pool.backends_for(), time_limit=0.5)  # the next one finds a process that works
    assert again.solver == "greedy"


def test_stopping_reaches_the_process_and_its_progress_comes_back(workers):
    pool, stop, heard = workers(backends=table(slow)), threading.Event(), []

    def listen(news):
        heard.append(news)
        if news.lower_bound is not None:
            stop.set()

    result = solve(PROBLEM, backends=pool.backends_for(), time_limit=60, stop=stop, progress=listen)
    assert result.reason.startswith("stopped")
    assert heard
    assert pool.restarts == 0


def test_who_finds_no_free_process_gets_greedy(workers):
    pool, stop = workers(backends=table(slow)), threading.Event()
    works = threading.Event()

    def listen(news):
        if news.solver == "bad":
            works.set()

    options = {"backends": pool.backends_for(), "stop": stop, "time_limit": 600, "progress": listen}
    thread = threading.Thread(target=solve, args=(PROBLEM,), kwargs=options)
    thread.start()
    assert works.wait(60)
    result = solve(PROBLEM, backends=pool.backends_for(), time_limit=0.2)
    stop.set()
    thread.join()
    assert result.solver == "greedy"
    assert "no solver process was free in time" in result.reason


def test_errors_of_the_caller_stay_errors(workers):
    with pytest.raises(InvalidInputError):
        solve(PROBLEM, backends=workers().backends_for(), solver="best")


class Held:
    """A solve that goes on until it is told to stop."""

    def __init__(self, pool, tenant="", is_long=False):
        works, self.stop = threading.Event(), threading.Event()

        def listen(news):
            if news.solver == "bad":
                works.set()

        options = {"backends": pool.backends_for(tenant, is_long=is_long), "stop": self.stop, "progress": listen}
        self.thread = threading.Thread(target=solve, args=(PROBLEM,), kwargs={**options, "time_limit": 600})
        self.thread.start()
        assert works.wait(60)

    def end(self):
        self.stop.set()
        self.thread.join()


def found_none(pool, tenant, is_long=False):
    result = solve(PROBLEM, backends=pool.backends_for(tenant, is_long=is_long), time_limit=0.2)
    return "no solver process was free in time" in result.reason


@pytest.mark.slow
def test_long_work_and_one_tenant_leave_places_for_others(workers):
    pool = workers(count=3, long_count=3, tenant_long_count=2, backends=table(slow))
    held = [Held(pool, "a", is_long=True)]
    assert found_none(pool, "a", is_long=True)
    held += [Held(pool, "b", is_long=True), Held(pool, "a"), Held(pool, "b")]
    assert found_none(pool, "b", is_long=True)
    assert found_none(pool, "a")
    assert found_none(pool, "b")
    assert not found_none(pool, "c")
    assert not found_none(pool, "c", is_long=True)
    for one in held:
        one.end()
    assert not found_none(pool, "a", is_long=True)


def test_a_process_that_cannot_be_started_is_tried_again(workers, monkeypatch):
    pool = workers(backends=BACKENDS)
    real = SolverProcess

    def fail(*_):
        raise SolverError("no solver process could be started: too many open files")

    monkeypatch.setattr("ticketopt.service.workers.SolverProcess", fail)
    os.kill(pool._short.idle[0]._process.pid, signal.SIGKILL)
    pool._short.idle[0]._process.join()
    for _ in range(3):
        result = solve(PROBLEM, backends=pool.backends_for(), time_limit=5)
        assert "could be started" in result.reason
        with pytest.raises(SolverError):
            pool.check()
    monkeypatch.setattr("ticketopt.service.workers.SolverProcess", real)
    pool.check()
    assert solve(PROBLEM, backends=pool.backends_for(), time_limit=60).to_json() == solve(PROBLEM).to_json()
