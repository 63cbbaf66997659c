"""Anytime: progress is told truly, and a solve that is stopped gives its best plan with a bound."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ticketopt
from support.backend_contract import is_exact, is_general
from support.slow import PATIENT, hard_model
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import BACKENDS, Backend, Options, milp
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.process import call_in_process
from ticketopt.solvers.progress import Progress, Track

GENERAL = [name for name, backend in BACKENDS.items() if is_general(backend) and is_exact(backend)]


class TestTrack:
    def test_keeps_what_is_news_and_never_goes_back(self) -> None:
        heard: list[Progress] = []
        track = Track(heard.append)
        for cost, bound in [(None, 3), (9, None), (9, 3), (12, 2), (8, 5), (None, 4), (5, 5)]:
            track.report("x", cost, bound)
        assert [(p.objective, p.lower_bound) for p in heard] == [(None, 3), (9, 3), (8, 5), (5, 5)]
        assert heard == track.history
        assert [p.gap for p in heard] == [None, 6 / 9, 3 / 8, 0.0]
        assert sorted(p.seconds for p in heard) == [p.seconds for p in heard]

    def test_does_not_believe_a_bound_above_a_plan(self) -> None:
        track = Track()
        track.report("x", 7, 3)
        track.report("x", None, 9)
        assert [(p.objective, p.lower_bound) for p in track.history] == [(7, 3)]


class TestEveryBackend:
    @pytest.mark.parametrize("name", BACKENDS)
    def test_ends_with_the_answer_itself(self, name: str) -> None:
        model = replace(hard_model(12, 3), effort=np.ones(12, dtype=np.int64))
        heard: list[Progress] = []
        found = solve_model(model, solver=name, progress=heard.append)
        assert heard and found.progress == tuple(heard)
        assert (heard[-1].objective, heard[-1].lower_bound) == (found.objective, found.lower_bound)
        assert all(p.lower_bound is None or p.lower_bound <= found.objective for p in heard)

    @pytest.mark.parametrize("name", GENERAL)
    def test_is_stopped_with_a_verified_plan_and_a_bound(self, name: str) -> None:
        model, stop = hard_model(400, 25), threading.Event()
        found = solve_model(model, solver=name, time_limit=600, stop=stop, progress=lambda news: stop.set())
        assert found.status is Status.FEASIBLE and feasible(model, found.assignment)
        assert found.reason.startswith("stopped before the proof")
        assert found.lower_bound is not None and found.lower_bound <= found.objective

    @pytest.mark.parametrize("name", ["auto", *BACKENDS])
    def test_asked_to_stop_before_it_begins_still_answers(self, name: str) -> None:
        model, stop = replace(hard_model(40, 4), effort=np.ones(40, dtype=np.int64)), threading.Event()
        stop.set()
        found = solve_model(model, solver=name, stop=stop)
        assert feasible(model, found.assignment)

    def test_cp_sat_tells_of_better_plans_and_bounds(self) -> None:
        found = solve_model(hard_model(60, 5), solver="cp_sat", time_limit=1.5)
        costs = [p.objective for p in found.progress if p.objective is not None]
        assert len(set(costs)) > 1 and costs == sorted(costs, reverse=True)

    def test_highs_tells_of_plans_and_bounds_from_its_log(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(milp, "PAIRS_IN_PROCESS", 0)
        heard: list[tuple[int | None, int | None]] = []
        model = hard_model(60, 5)
        outcome = milp.solve(model, Options(20, progress=lambda cost, bound: heard.append((cost, bound))))
        assert heard, "its log was not understood"
        best = objective(model, outcome.assignment)
        assert all(cost is None or cost >= best for cost, _ in heard)
        assert all(bound is None or bound <= best for _, bound in heard)


class TestListener:
    def test_is_called_in_the_thread_that_solves(self) -> None:
        where: list[str] = []
        solve_model(hard_model(30, 3), time_limit=1, progress=lambda _: where.append(threading.current_thread().name))
        assert set(where) == {threading.current_thread().name}

    def test_trouble_of_the_listener_stops_the_solver_and_comes_through(self) -> None:
        def listen(news: Progress) -> None:
            raise ZeroDivisionError("mine")

        with pytest.raises(ZeroDivisionError, match="mine"):
            solve_model(hard_model(5, 2), solver="patient", backends=PATIENT, progress=listen, time_limit=60)
        assert not [t for t in threading.enumerate() if t.name == "ticketopt solver"]

    def test_trouble_of_the_solver_comes_through_as_ever(self) -> None:
        def fail(model: AssignmentModel, options: Options) -> Outcome:
            raise ZeroDivisionError("its own")

        with pytest.raises(ticketopt.SolverError, match=r"bad failed \(ZeroDivisionError: its own\)"):
            solve_model(hard_model(5, 2), solver="bad", backends={"bad": Backend("fails", lambda model: None, fail)})


class TestResult:
    def queue(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        tickets = [{"ticket_id": i, "effort": 1 + i % 3, "urgency": 0.5} for i in range(12)]
        return tickets, [{"agent_id": j, "capacity": 7} for j in range(3)]

    def test_keeps_the_history_in_weighted_units(self) -> None:
        heard: list[ticketopt.Progress] = []
        result = ticketopt.assign(*self.queue(), progress=heard.append)
        assert [p.objective for p in result.progress] == [p.objective for p in heard]
        assert (heard[-1].objective, heard[-1].lower_bound) == (result.objective, result.lower_bound)
        assert "progress" not in result.to_dict()

    def test_resolve_tells_and_stops_too(self) -> None:
        tickets, agents = self.queue()
        result = ticketopt.assign(tickets, agents)
        stop = threading.Event()
        stop.set()
        heard: list[ticketopt.Progress] = []
        again = ticketopt.resolve(
            result.problem, previous=result, change_cost=1.0, freeze=[0], progress=heard.append, stop=stop
        )
        assert heard[-1].objective == pytest.approx(again.objective)
        assert ticketopt.verify(again.problem, again, constraints=again.constraints) == []


TESTS = str(Path(__file__).parents[1])

SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from support.slow import PATIENT, STUBBORN, hard_model
from ticketopt.solvers.auto import solve_model
def listen(news):
    print("began", flush=True)
try:
    found = solve_model(hard_model(5, 2), solver={solver!r}, backends={backends}, progress=listen, time_limit=60)
    print(found.status.value, found.reason)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
class TestInterrupt:
    def started(self, solver: str, backends: str) -> subprocess.Popen[str]:
        code = SCRIPT.format(tests=TESTS, solver=solver, backends=backends)
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "began\n"
        return process

    def test_the_first_gives_the_best_plan(self) -> None:
        process = self.started("patient", "PATIENT")
        process.send_signal(signal.SIGINT)
        words, _ = process.communicate(timeout=30)
        assert words.splitlines()[-1] == "feasible stopped before the proof; asked for by name"

    def test_the_second_interrupts(self) -> None:
        process = self.started("stubborn", "STUBBORN")
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None and process.stdout.readline() == "began\n"  # it has news again
        process.send_signal(signal.SIGINT)
        words, _ = process.communicate(timeout=30)
        assert words == "interrupted\n"


class TestApart:
    def test_a_process_is_killed_when_stop_is_asked_for(self) -> None:
        stop = threading.Event()
        stop.set()
        assert call_in_process("time:sleep", {"n": np.array(1)}, Options(60, stop=stop)) is None

    def test_a_process_that_raises_says_why(self) -> None:
        with pytest.raises(ticketopt.SolverError, match="process failed: TypeError"):
            call_in_process("time:sleep", {"n": np.array(1)}, Options(60))
