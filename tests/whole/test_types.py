"""What a type checker says of calls that are right, and of calls that are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

api = pytest.importorskip("mypy.api")

ROOT = Path(__file__).parents[2]

CALLS = """\
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pandas as pd
import polars as pl

import ticketopt
from ticketopt import Agent, Policy, Problem, Result, Ticket, assign, build_problem

ticket, agent = Ticket(ticket_id=1), Agent(agent_id="ada")
dicts: list[dict[str, Any]] = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "effort": 3}]
team = [{"agent_id": "ada", "skills": {"VPN": 9}}]


def each() -> Iterator[dict[str, Any]]:
    yield {"ticket_id": 1}


plan: Result = assign([ticket], [agent])
assign(dicts, team, policy={"balance": 1}, now="2026-03-01T08:00:00Z")
assign([], ())
assign([{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "effort": 3}], team)
assign([ticket, {"ticket_id": 2}], (agent,), policy=Policy(balance=1), now=datetime(2026, 3, 1))
assign(each(), team, now=1_700_000_000)
assign(pd.DataFrame(dicts), pd.DataFrame(team))
assign(pl.DataFrame(dicts), pl.LazyFrame(team))
problem: Problem = build_problem(dicts, team)
ticketopt.solve(problem).assigned
ticketopt.Session(problem).add_ticket(ticket)
queue: Any = None
ticketopt.Dispatcher(queue).submit(dicts)
assign(5, team)  # wrong
assign(dicts, "x")  # wrong
assign(5, "x")  # wrong
assign("x", team)  # wrong
assign(ticket, team)  # wrong
assign({"ticket_id": 1}, team)  # wrong
assign([1, 2], team)  # wrong
assign([agent], [ticket])  # wrong
assign(dicts, team, policy="urgent")  # wrong
assign(dicts, team, now=[1])  # wrong
build_problem(None, team)  # wrong
Problem(dicts, [agent])  # wrong
ticketopt.solve(dicts)  # wrong
ticketopt.Session(problem).add_ticket({"ticket_id": 2})  # wrong
ticketopt.Dispatcher(queue).submit(5)  # wrong
ticketopt.compare("x")  # wrong
"""


@pytest.mark.slow
def test_inputs_that_are_no_tickets_are_type_errors(tmp_path: Path) -> None:
    path = tmp_path / "calls.py"
    path.write_text(CALLS, encoding="utf-8")
    options = ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary", "--hide-error-context"]
    found, trouble, _ = api.run([*options, "--python-executable", sys.executable, str(path)])
    assert trouble == ""
    lines = {int(line.split(":")[1]) for line in found.splitlines() if ": error:" in line}
    assert lines == {k for k, line in enumerate(CALLS.splitlines(), start=1) if line.endswith("# wrong")}, found
