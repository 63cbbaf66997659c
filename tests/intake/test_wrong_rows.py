"""What is wrong with a row, or with a whole table, is said once; with `skip_invalid` the row goes, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, read_queue

AGENTS = "agent_id,skills\na1,VPN:9\n"


def queue(folder: Path, tickets: str, agents: str = AGENTS, **how: object) -> Queue:
    (folder / "t.csv").write_text(tickets, encoding="utf-8")
    (folder / "a.csv").write_text(agents, encoding="utf-8")
    return read_queue(folder / "t.csv", agents=folder / "a.csv", **how)  # type: ignore[arg-type]


GOOD = "".join(f"T{k},t,high,2026-11-23\n" for k in range(5))
HEAD = "ticket_id,title,priority,due\n"

SKIPPED: dict[str, tuple[str, list[int]]] = {
    "one wrong word": ("T9,x,zzz,\n", [6]),
    "more equal mistakes than are named": ("".join(f"U{k},x,zzz,\n" for k in range(9)), list(range(6, 15))),
    "a wrong date": ("T9,x,,soon\n", [6]),
    "more wrong dates than are named": ("".join(f"U{k},x,,soon\n" for k in range(7)), list(range(6, 13))),
    "a longer row": ("T9,a,b,c,d,e\n", [6]),
    "an id twice": ("T1,again,low,\n", [6]),
    "no id": (",x,low,\n", [6]),
    "a rounded id": ("1.0E+05,x,low,\n", [6]),
    "dates whose order nobody knows": ("T9,x,,3/5/2026\nT8,x,,4/5/2026\n", [6, 7]),
    "dates in both orders": ("T9,x,,13/5/2026\nT8,x,,5/13/2026\nT7,x,,2/3/2026\n", [6, 7, 8]),
    "two things in one row": ("T9,x,zzz,soon\n", [6]),
}


@pytest.mark.parametrize(("rows", "wrong"), SKIPPED.values(), ids=SKIPPED)
def test_just_the_wrong_rows_are_skipped(tmp_path: Path, rows: str, wrong: list[int]) -> None:
    found = queue(tmp_path, HEAD + GOOD + rows, skip_invalid=True)
    assert [skipped.place for skipped in found.skipped] == [f"{tmp_path}/t.csv row {k}" for k in wrong]
    assert [ticket.ticket_id for ticket in found.tickets] == [f"T{k}" for k in range(5)]
    assert all(ticket.priority == "high" and ticket.due for ticket in found.tickets)
    with pytest.raises(InvalidInputError):
        queue(tmp_path, HEAD + GOOD + rows)


ONE_ERROR: dict[str, tuple[str, str, str]] = {
    "no heading of ids": ("Foo;Bar\n1;2\n3;4\n5;6\n", AGENTS, "t.csv: has no column that is known as ticket_id"),
    "a heading misspelt": ("tiket_id,title\n1,a\n2,b\n", AGENTS, "--map 'tiket_id=ticket_id'"),
    "no heading at all": ("T-9,Mail,low\nT-8,VPN,low\n", AGENTS, "its headings are 'T-9', 'Mail', 'low'"),
    "a page of the web": ("<html><body>Sign in</body></html>\n", AGENTS, "has no column that is known as ticket_id"),
    "blanks as separators": ("ticket_id title\nT-1, VPN, x\nT-2, x, y\n", AGENTS, "has more cells than the header"),
    "rows that are all longer": ("ticket_id\n1,a\n2,b\n3,c\n4,d\n", AGENTS, "and so have 3 other rows"),
    "no heading of agents": ("ticket_id\n1\n", "Foo,Bar\n1,2\n3,4\n", "a.csv: has no column that is known as agent_id"),
    "a rounded id": ("ticket_id,title\n1.0E+05,a\n2,b\n", AGENTS, "is no longer the id that was there"),
    "an order of dates": (
        "ticket_id,due\n1,1/2/2026\n2,3/4/2026\n3,5/6/2026\n",
        AGENTS,
        "say day_first or month_first (--day-first, --month-first)",
    ),
}


@pytest.mark.parametrize(("tickets", "agents", "words"), ONE_ERROR.values(), ids=ONE_ERROR)
def test_one_fault_of_a_table_is_one_error(tmp_path: Path, tickets: str, agents: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        queue(tmp_path, tickets, agents)
    assert len(caught.value.issues) == 1
    assert words in str(caught.value.issues[0])


@pytest.mark.parametrize("tickets", ["Foo;Bar\n1;2\n", "<html></html>\n"])
def test_a_table_without_ids_is_not_skipped(tmp_path: Path, tickets: str) -> None:
    with pytest.raises(InvalidInputError, match="has no column that is known as ticket_id"):
        queue(tmp_path, tickets, skip_invalid=True)
