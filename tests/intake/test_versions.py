"""Incremental exports: pages, later versions of the same ticket, what is deleted or spam."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, read_queue

TEAM = "agent_id,name,skills\n1,Ada Lovelace,VPN:9\n"


def read(folder: Path, data: object, name: str = "tickets.json") -> Queue:
    text = data if isinstance(data, str) else json.dumps(data)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "team.csv").write_text(TEAM, encoding="utf-8")
    return read_queue(folder / name, agents=folder / "team.csv")


def ticket(number: int, status: str = "new", hour: int = 9, **more: Any) -> dict[str, Any]:
    """A row of the incremental export, as it was written at an hour of one day."""
    texts = {"subject": f"{status} {hour}", "raw_subject": "x", "description": "d", "is_public": True, "tags": []}
    people = {"requester_id": 5, "submitter_id": 5, "assignee_id": None, "organization_id": None, "group_id": None}
    times = {"created_at": "2026-11-23T08:00:00Z", "updated_at": f"2026-11-23T{hour:02}:00:00Z"}
    return {
        "id": number,
        "status": status,
        **texts,
        **people,
        **times,
        "generated_timestamp": 1_795_420_000 + hour,
        **more,
    }


def titles(queue: Queue) -> dict[object, str]:
    return {t.ticket_id: t.title for t in queue.tickets}


ROWS = [
    ticket(1, "new", 9),
    ticket(2, "new", 9),
    ticket(1, "open", 11),
    ticket(3, "deleted", 10),
    ticket(4, "closed", 10),
    ticket(2, "closed", 12),
    ticket(5, "new", 9, is_public=False),
    ticket(1, "open", 10),
]
TIME_BASED = {"tickets": ROWS, "count": 8, "end_of_stream": True, "end_time": 1_795_430_000, "next_page": None}
BY_CURSOR = {
    "tickets": ROWS,
    "after_cursor": "MTU3",
    "after_url": "https://x",
    "before_cursor": None,
    "end_of_stream": True,
}


@pytest.mark.parametrize("export", [TIME_BASED, BY_CURSOR])
def test_the_latest_version_of_every_ticket_counts(tmp_path: Path, export: object) -> None:
    found = read(tmp_path, export)
    assert found.about.tickets_from == "Zendesk"
    assert titles(found) == {1: "open 11", 5: "new 9"}
    assert found.about.set_aside == {"closed": 2, "deleted": 1, "older version": 3}
    words = "set aside as finished or no tickets: 3 'older version', 2 'closed', 1 'deleted'"
    assert words in " ".join(map(str, found.warnings))


def test_pages_in_one_file(tmp_path: Path) -> None:
    pages = [{**TIME_BASED, "tickets": ROWS[:3], "end_of_stream": False}, {**TIME_BASED, "tickets": ROWS[3:]}]
    assert titles(read(tmp_path, pages)) == {1: "open 11", 5: "new 9"}
    lines = "\n".join(map(json.dumps, pages))
    assert titles(read(tmp_path, lines, "tickets.jsonl")) == {1: "open 11", 5: "new 9"}


def test_an_empty_page(tmp_path: Path) -> None:
    assert read(tmp_path, {**BY_CURSOR, "tickets": []}).tickets == ()


def test_what_changed_in_the_same_second_is_told_by_its_time_or_its_place(tmp_path: Path) -> None:
    same = {"generated_timestamp": 1_795_420_000}
    rows = [ticket(1, "open", 11, **same), ticket(1, "new", 10, **same), ticket(2, "new", 9), ticket(2, "open", 9)]
    assert titles(read(tmp_path, {"tickets": rows})) == {1: "open 11", 2: "open 9"}


def test_a_ticket_that_came_back_is_there(tmp_path: Path) -> None:
    rows = [ticket(1, "deleted", 9), ticket(1, "open", 10), ticket(2, "new", 9), ticket(2, "deleted", 10)]
    found = read(tmp_path, {"tickets": rows})
    assert titles(found) == {1: "open 10"}
    assert found.about.set_aside == {"deleted": 1, "older version": 2}


def test_flags_of_spam_and_deletion(tmp_path: Path) -> None:
    common = {"subject": "x", "responder_id": None, "fr_due_by": None, "company_id": None, "priority": 1, "status": 2}
    rows = [
        {"id": 1, **common, "spam": False, "deleted": False},
        {"id": 2, **common, "spam": True, "deleted": False},
        {"id": 3, **common, "spam": False, "deleted": True},
    ]
    found = read(tmp_path, rows)
    assert found.about.tickets_from == "Freshdesk" and list(titles(found)) == [1]
    assert found.about.set_aside == {"spam": 1, "deleted": 1}


def test_a_table_of_nobody_has_every_ticket_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"row 2\.ticket_id: is '1', like .*tickets\.csv row 1;"):
        read(tmp_path, "ticket_id,updated_at\n1,2026-11-23\n1,2026-11-24\n", "tickets.csv")
