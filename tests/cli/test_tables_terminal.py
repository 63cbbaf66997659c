"""What tables look like in a terminal: as wide as it is, in color where it has any, each ticket once."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

import ticketopt
from ticketopt.cli import tables

LONG = "The whole third floor has had no network since the switch was replaced, and nobody can work " * 2


def result(n: int = 9, **ticket: Any) -> ticketopt.Result:
    agents = [{"agent_id": f"agent_{k}", "name": f"Maximiliane Mustermann {k}", "capacity": 2} for k in range(3)]
    tickets = [
        {"ticket_id": f"T-{k}", "title": LONG, "urgency": k / 10, "skills": {"x": 1}, **ticket} for k in range(n)
    ]
    return ticketopt.assign(tickets, agents)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.filterwarnings("ignore::ticketopt.InputWarning")
@pytest.mark.parametrize(("columns", "widest"), [(None, 80), ("60", 60), ("100", 100), ("300", 300)])
def test_no_line_is_wider_than_the_terminal_and_ids_stay_whole(
    columns: str | None, widest: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    found = result(title="網路中斷 " * 30)
    tables.print_result(found)
    text = capsys.readouterr().out
    assert max(cell_len(line) for line in text.splitlines()) <= widest
    words = text.split()
    assert all(str(decision.ticket_id) in words for decision in found.decisions)


def test_plans_are_sorted_by_urgency_and_what_waits_stands_once(capsys: pytest.CaptureFixture[str]) -> None:
    tables.print_result(result())
    text = capsys.readouterr().out
    plan, _, rest = text.partition("Left out: 3")
    assert [line.split()[1] for line in plan.splitlines() if "T-" in line] == [f"T-{k}" for k in (8, 7, 6, 5, 4, 3)]
    left, _, loads = rest.partition("Loads")
    assert [word for word in left.split() if word in ("T-2", "T-1", "T-0")] == ["T-2", "T-1", "T-0"]
    assert left.count("All 3 people who can take this have a full day.") == 1
    assert not {"T-0", "T-1", "T-2"} & set(loads.replace("FILE", "").split())


def test_urgencies_are_in_color_unless_nobody_wants_any(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["critical", "a"], ["low", "b"]]
    tables.print_table("Plan", ["urgency", "ticket"], rows)
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    tables.print_table("Plan", ["urgency", "ticket"], rows)
    assert "\x1b[1;31mcritical" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    tables.print_table("Plan", ["urgency", "ticket"], rows)
    assert "31m" not in capsys.readouterr().out


def test_loads_stand_fullest_first(capsys: pytest.CaptureFixture[str]) -> None:
    agents = [{"agent_id": k, "name": f"P{k}", "capacity": 10, "current_load": k} for k in (1, 9, 5)]
    tables.print_result(ticketopt.assign([], agents))
    loads = capsys.readouterr().out.partition("Loads")[2]
    assert [line.split()[0] for line in loads.splitlines() if line.startswith("P")] == ["P9", "P5", "P1"]


def test_who_is_not_here_is_said_below_the_loads_in_the_zone_of_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    agents = [{"agent_id": 1, "name": "Ada"}, {"agent_id": 2, "name": "Bob", "shift_start": 7200, "shift_end": 9999}]
    tables.print_result(ticketopt.assign([], agents, now=60.0), ZoneInfo("Asia/Tokyo"))
    assert "Not here: Bob (begins at 11:00)." in capsys.readouterr().out.partition("Loads")[2]


def test_nothing_that_a_ticket_says_is_obeyed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    found = ticketopt.assign(
        [{"ticket_id": "[bold]1[/bold]", "title": "\x1b[2J[red]x[/red] :smile:"}], [{"agent_id": "[a]", "capacity": 1}]
    )
    tables.print_result(found)
    text = capsys.readouterr().out
    assert "\x1b" not in text
    for words in ("[bold]1[/bold]", "[red]x[/red] :smile:", "[a]"):
        assert words in text
