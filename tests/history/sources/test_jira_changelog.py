"""Jira's changelog: what it does not list is as it is now; categories tell unknown words for a status."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import ticketopt


def issue(key: str, status: str, category: str, histories: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "fields": {
            "created": "2026-01-19T09:00:00.000+0100",
            "status": {"name": status, "statusCategory": {"key": category}},
            **fields,
        },
        "changelog": {"histories": histories},
    }


def person(number: int, name: str) -> dict[str, str]:
    return {"accountId": f"acc-{number}", "displayName": name}


def history(minute: int, field: str, **item: Any) -> dict[str, Any]:
    created = f"2026-01-19T09:{minute:02}:00.000+0100"
    return {"id": str(minute), "created": created, "author": person(1, "Ada"), "items": [{"field": field, **item}]}


def read(*issues: dict[str, Any]) -> ticketopt.History:
    return ticketopt.read_history(json.dumps({"issues": issues}).encode())


def test_an_assignee_who_never_changed_had_the_issue_from_the_start() -> None:
    moves = [history(30, "status", fromString="Offen", toString="Fertiggestellt")]
    found = read(issue("A-1", "Fertiggestellt", "done", moves, assignee=person(1, "Ada"), timespent=1800))
    assert found.agents == ("Ada",)
    assert ((found.stints.start - found.begin) / 60).tolist() == [0]
    assert ((found.stints.end - found.begin) / 60).tolist() == [30]
    assert found.stints.outcome.tolist() == [0], "the category of a status that is not known says that it is done"
    assert found.tickets.hours.tolist() == [0.5]


def test_two_people_of_one_name_are_two_agents() -> None:
    found = read(
        issue("A-1", "Open", "new", [], assignee=person(1, "Eva Ray")),
        issue("A-2", "Open", "new", [], assignee=person(2, "Eva Ray")),
        issue("A-3", "Open", "new", [], assignee=person(3, "Ben")),
    )
    assert sorted(found.agents) == ["Ben", "Eva Ray (acc-1)", "Eva Ray (acc-2)"]


def test_who_opened_an_issue_and_kept_it_is_seen() -> None:
    found = read(issue("A-1", "Open", "new", [], assignee=person(1, "Ada"), creator=person(1, "Ada")))
    assert found.tickets.own.tolist() == [True]


def test_issues_without_a_changelog_are_one_row_each() -> None:
    plain = issue("A-1", "Open", "new", [], assignee=person(1, "Ada"), summary="VPN")
    del plain["changelog"]
    plain["fields"]["reporter"] = person(2, "Ben")
    found = read(plain)
    assert found.source.startswith("Jira, one row")
    assert np.isnan(found.tickets.resolved).all()
