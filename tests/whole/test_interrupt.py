"""Ctrl-C at many moments, in processes of their own: every long call gives what it has, and nothing crashes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

SETUP = """
import os, signal, sys, threading, warnings
sys.path.insert(0, {tests!r})
warnings.simplefilter("ignore")
from dataclasses import replace
import ticketopt
from support.slow import PATIENT, STUBBORN, hard_model
from ticketopt.solvers.auto import solve_model

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

def queue(n, a):
    tickets = [
        {{"ticket_id": i, "skills": {{"abcde"[i * 7 % 5]: 1}}, "urgency": i * 3 % 10 / 10, "effort": 1 + i * 5 % 8}}
        for i in range(n)
    ]
    agents = [
        {{"agent_id": f"g{{j}}", "skills": {{"abcde"[(j + k) % 5]: (j * 3 + k) % 11 for k in (0, 2)}}, "capacity": 30}}
        for j in range(a)
    ]
    return ticketopt.build_problem(tickets, agents)
"""


def outcome(code: str) -> list[str]:
    """What a process prints; it has ended well."""
    setup = SETUP.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", setup + code], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_ctrl_c_while_cp_sat_searches_does_not_end_the_process() -> None:
    code = """
from functools import partial
from ticketopt.solvers.thread import interruptible, run
from ticketopt.solvers import Options
from ticketopt.solvers.gap import cp_model
heard, stop = [], threading.Event()
def hear(cost, bound):
    heard.append(bound)
    if len(heard) == 1:
        interrupt()
with interruptible(stop):
    found = run(partial(cp_model.search, hard_model(400, 25)), Options(60, stop=stop), hear)
print(found.status.value)
try:
    interrupt()
except KeyboardInterrupt:
    print("Python still has its Ctrl-C")
"""
    assert outcome(code) == ["feasible", "Python still has its Ctrl-C"]


def test_a_signal_that_does_not_wake_who_waits_for_the_solver_is_heard_all_the_same() -> None:
    code = """
def interrupt_without_waking():
    threading.Event().wait(0.3)  # by now the main thread sleeps, and nothing that the solver says wakes it
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
threading.Thread(target=interrupt_without_waking).start()
print(solve_model(hard_model(5, 2), solver="patient", backends=PATIENT, time_limit=120).status.value)
"""
    assert outcome(code) == ["feasible"]


@pytest.mark.slow
def test_ctrl_c_in_any_tier_gives_the_plan_so_far() -> None:
    code = """
tiers = ("unassigned", "urgent_unassigned", "cost", "balance")
unequal = queue(60, 6)
equal = replace(unequal, tickets=[replace(ticket, effort=1) for ticket in unequal.tickets])
for problem in (unequal, equal):
    problem = replace(problem, policy=replace(problem.policy, tiers=tiers))
    for moment in (1, 2, 4, 6, 9):
        heard = []
        def listen(news):
            heard.append(news)
            if len(heard) == moment:
                interrupt()
        found = ticketopt.solve(problem, time_limit=60, progress=listen)
        is_whole = len(found.tiers) == 4 and not ticketopt.verify(problem, found)
        print(is_whole and (len(heard) >= moment or found.status.value == "optimal"))
"""
    assert outcome(code) == ["True"] * 10


def test_one_ctrl_c_reaches_every_block_around_and_those_opened_later_and_the_second_interrupts() -> None:
    code = """
from ticketopt.solvers.thread import interruptible
outer, inner, later, after = (threading.Event() for _ in range(4))
with interruptible(outer):
    with interruptible(inner):
        interrupt()
    try:
        with interruptible(later):
            interrupt()
    except KeyboardInterrupt:
        print("interrupted")
with interruptible(after):
    pass
print([event.is_set() for event in (outer, inner, later, after)])
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""
    assert outcome(code) == ["interrupted", "[True, True, True, False]", "True"]


def test_after_a_second_ctrl_c_no_thread_of_the_solver_is_left() -> None:
    code = """
from ticketopt.model.outcome import Outcome, Status
def listen(news):
    interrupt()
try:
    solve_model(hard_model(5, 2), solver="stubborn", backends=STUBBORN, progress=listen, time_limit=60)
except KeyboardInterrupt:
    print("interrupted", [thread.name for thread in threading.enumerate() if thread.name.startswith("ticketopt")])
"""
    assert outcome(code) == ["interrupted []"]


CALLS = {
    "why_not": "first.why_not(0, 'g1', resolve=True, time_limit=200)",
    "alternatives": "first.alternatives(0, 30, resolve=True, time_limit=200)",
    "next_for": "first.next_for('g1', 30, resolve=True, time_limit=200)",
    "slot_values": "first.slot_values(resolve=True, time_limit=200)",
    "skill_values": "first.skill_values(time_limit=200)",
    "bottlenecks": "first.bottlenecks(time_limit=200)",
    "frontier": "ticketopt.frontier(problem, values=[0, 1, 2], time_limit=200)",
    "compare": "ticketopt.compare(problem, ['cp_sat', 'milp', 'price_guided'], time_limit=200)",
    "resolve": "ticketopt.resolve(problem, previous=first, change_cost=1.0, time_limit=200)",
    "solve_many": "ticketopt.solve_many([problem] * 3, time_limit=200)",
    "replay": "ticketopt.replay(kept, time_limit=200)",
}


@pytest.mark.slow
def test_ctrl_c_ends_every_long_call_with_what_it_has() -> None:
    """The signal comes once a solver works; without it, each call would take minutes."""
    code = f"""
problem = queue(300, 40)
first = ticketopt.solve(problem, solver="greedy")
kept = {{**first.record(), "solver": "price_guided"}}
first._analysis
def watch():
    while not any(thread.name == "ticketopt solver" for thread in threading.enumerate()):
        pass
    threading.Event().wait(0.2)
    interrupt()
for name, call in {CALLS!r}.items():
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    eval(call)
    watcher.join()
    print(name)
"""
    assert outcome(code) == list(CALLS)


def test_ctrl_c_while_others_solve_many_gives_what_is_solved() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
problem = queue(300, 40)
with ThreadPoolExecutor(1) as executor:
    quick = ticketopt.solve_many([queue(3, 2)], executor)
    executor.submit(interrupt)
    found = ticketopt.solve_many([problem, problem], executor, time_limit=2)
print(type(quick[0]).__name__, [str(answer) for answer in found])
"""
    assert outcome(code) == ["Result ['stopped before it was solved', 'stopped before it was solved']"]
