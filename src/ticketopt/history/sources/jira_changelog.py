"""Jira issues with their changelog (`expand=changelog`): every change of status, assignee and what else there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ticketopt.history.sources.base import Source
from ticketopt.history.sources.changes import Change, label_people, rows_of_changes
from ticketopt.intake.helpdesks.jira import JIRA

__all__ = ["JIRA_CHANGELOG"]

_IDS = ("assignee",)
"""Fields whose changes name somebody by an id beside a name."""

_FIELDS = {"status": "status", "assignee": "assignee", "issuetype": "issue type", "priority": "priority"} | {
    "Component": "component",
    "Team": "team",
}


def unfold(records: list[Any]) -> list[dict[str, Any]] | None:
    """Rows of issues; None where the records are not issues with a changelog."""
    issues = [record for record in records if isinstance(record, Mapping)]
    if not issues or not any(isinstance(_of(issue, "changelog.histories"), list) for issue in issues):
        return None
    categories: dict[str, Any] = {}
    names: dict[Any, str] = {}
    rows = [row for issue in issues for row in _rows(issue, categories, names)]
    for row in rows:
        row["status category"] = categories.get(str(row["status"]))
    label_people(rows, ("assignee", "changed by", "creator", "reporter"), names)
    return rows


def _rows(issue: Mapping[str, Any], categories: dict[str, Any], names: dict[Any, str]) -> list[dict[str, Any]]:
    fields = _of(issue, "fields") or {}
    if status := _of(fields, "status.name"):
        categories[str(status)] = _of(fields, "status.statusCategory.key")
    fixed = {
        "key": issue.get("key"),
        "summary": fields.get("summary"),
        "description": fields.get("description") if isinstance(fields.get("description"), str) else None,
        "created": fields.get("created"),
        "due date": fields.get("duedate"),
        "reporter": _person(fields.get("reporter"), names),
        "creator": _person(fields.get("creator"), names),
        "original estimate": fields.get("timeoriginalestimate"),
        "time spent": fields.get("timespent"),
    }
    current = {
        "status": status,
        "assignee": _person(fields.get("assignee"), names),
        "issue type": _of(fields, "issuetype.name"),
        "priority": _of(fields, "priority.name"),
        "component": next((part.get("name") for part in fields.get("components") or ()), None),
    }
    histories = _of(issue, "changelog.histories") or []
    ordered = sorted(
        histories, key=lambda h: (str(h.get("created")), int(h["id"]) if str(h.get("id")).isdigit() else 0)
    )
    changes = [
        Change(h.get("created"), h.get("id"), _person(h.get("author"), names), dict(_changed(h, names)))
        for h in ordered
    ]
    return rows_of_changes(fixed, (fixed["created"], fixed["creator"] or fixed["reporter"]), current, changes)


def _age(history: Mapping[str, Any]) -> tuple[str, int]:
    number = str(history.get("id"))
    return str(history.get("created")), int(number) if number.isdecimal() else 0


def _changed(history: Mapping[str, Any], names: dict[Any, str]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for item in history.get("items") or ():
        name = _FIELDS.get(str(item.get("field")))
        if name is None:
            continue
        if item["field"] in _IDS:
            for key, text in ((item.get("from"), item.get("fromString")), (item.get("to"), item.get("toString"))):
                if key and text:
                    names[key] = str(text)
            yield name, (item.get("from"), item.get("to"))
        else:
            yield name, (item.get("fromString"), item.get("toString"))


def _person(person: Any, names: dict[Any, str]) -> Any:
    if not isinstance(person, Mapping):
        return None
    key = next((person[part] for part in ("accountId", "key", "name") if person.get(part)), None)
    if key is not None and person.get("displayName"):
        names[key] = str(person["displayName"])
    return key


def _of(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = record.get(part) if isinstance(record, Mapping) else None
    return record


JIRA_CHANGELOG = Source(
    label="Jira changelog",
    shape="updates",
    names={
        "ticket": ("key",),
        "time": ("time",),
        "order": ("change",),
        "status": ("status category",),
        "substatus": ("status",),
        "agent": ("assignee",),
        "group": ("team", "component"),
        "actor": ("changed by",),
        "opened_by": ("creator",),
        "requester": ("reporter",),
        "kind": ("issue type",),
        "priority": ("priority",),
        "created": ("created",),
        "due": ("due date",),
        "estimate": ("original estimate",),
        "hours": ("time spent",),
        "title": ("summary",),
        "description": ("description",),
    },
    words=JIRA.statuses,
    hours_per_unit={"estimate": 1 / 3600, "hours": 1 / 3600},
    unfold=unfold,
)
