"""Exports as helpdesks write them, and what is right to read out of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from support.helpdesk_cases import HTML, Case, cases
from support.helpdesk_forms import Form
from support.helpdesk_forms_csv import CSV_FORMS
from support.helpdesk_forms_json import JSON_FORMS

__all__ = ["EXPORTS", "expected", "form_of", "headings", "realistic_export", "records"]

EXPORTS: Mapping[str, Mapping[str, Form]] = {
    helpdesk: {**CSV_FORMS.get(helpdesk, {}), **JSON_FORMS.get(helpdesk, {})}
    for helpdesk in {**CSV_FORMS, **JSON_FORMS}
}
"""Helpdesk -> name of a form (`csv`, `csv de`, `json`, ...) -> the form."""

N_BLANK_ROWS = 2


def form_of(helpdesk: str, form: str) -> Form:
    """A form by its name; `csv@cp1252;` is `csv` as some spreadsheet saved it again: an encoding and a delimiter."""
    name, _, dialect = form.partition("@")
    found = EXPORTS[helpdesk][name]
    if not dialect:
        return found
    bare = dialect.rstrip(";\t")
    return replace(found, encoding=bare or found.encoding, delimiter=dialect[len(bare) :] or found.delimiter)


def realistic_export(helpdesk: str, form: str, n: int = 200, seed: int = 0) -> bytes:
    """`n` tickets as this helpdesk writes them: every column it has, in its order, its words, dates and quirks.

    Parameters
    ----------
    form : a name in `EXPORTS[helpdesk]`, with `@` and an encoding and a delimiter as `form_of` takes them.
    """
    shape = form_of(helpdesk, form)
    rows = [[(heading, _cell(kind, case, shape)) for heading, kind in shape.columns] for case in _cases(shape, n, seed)]
    if shape.is_json:
        return _json(rows, shape)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=shape.delimiter, lineterminator=shape.newline)
    writer.writerow([heading for heading, _ in shape.columns])
    writer.writerows([["" if cell is None else cell for _, cell in row] for row in rows])
    writer.writerows([[""] * len(shape.columns)] * N_BLANK_ROWS)
    return out.getvalue().encode(shape.encoding)


def expected(helpdesk: str, form: str, n: int = 200, seed: int = 0) -> list[dict[str, Any]]:
    """What is right for each ticket, in order: ticket_id, title, priority, stage and creation_timestamp.

    Rows that are no tickets (pull requests) are not here; tickets that are finished are. A priority is None where the
    export does not say it.
    """
    shape = form_of(helpdesk, form)
    has_priority = any(kind == "priority" for _, kind in shape.columns)
    return [
        {
            "ticket_id": shape.ids.format(case.number),
            "title": case.title,
            "priority": shape.priorities[case.priority][1] if has_priority and case.priority is not None else None,
            "stage": shape.statuses[case.status][1],
            "creation_timestamp": case.created.timestamp(),
        }
        for case in _cases(shape, n, seed)
        if not (shape.has_others and case.is_no_ticket)
    ]


def records(data: bytes, helpdesk: str, form: str) -> list[Mapping[str, Any]]:
    """The rows of an export, JSON flattened to dotted keys; a doubled heading keeps its last cell."""
    shape = form_of(helpdesk, form)
    if not shape.is_json:
        text = io.StringIO(data.decode(shape.encoding), newline="")
        return list(csv.DictReader(text, delimiter=shape.delimiter))
    found = json.loads(data)
    for key in shape.within:
        found = found[key]
    return [dict(_flat(record)) for record in found]


def headings(data: bytes, helpdesk: str, form: str) -> list[str]:
    """All headings of an export."""
    return list(dict.fromkeys(key for record in records(data, helpdesk, form) for key in record))


def _flat(record: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _cases(shape: Form, n: int, seed: int) -> list[Case]:
    is_wide = shape.encoding.startswith("utf")
    return cases(n, seed, n_statuses=len(shape.statuses), n_priorities=len(shape.priorities), is_wide=is_wide)


def _json(rows: Sequence[Sequence[tuple[str, Any]]], shape: Form) -> bytes:
    found: Any = []
    for row in rows:
        record: dict[str, Any] = {}
        for path, cell in row:
            *parents, last = path.split(".")
            place: Any = record
            for parent in parents:
                place = place if place is None else place.setdefault(parent, {})
            if place is not None:
                place[last] = cell
        found.append(record)
    for key in reversed(shape.within):
        found = {key: found, "count": len(rows), "next_page": None}
    return json.dumps(found, ensure_ascii=False, indent=1).encode(shape.encoding)


def _cell(kind: str, case: Case, shape: Form) -> Any:
    """What stands in a cell; kinds that begin with `'` are that text, and with `=` that number or JSON."""
    if kind[0] == "'":
        return kind[1:]
    if kind[0] == "=":
        return json.loads(kind[1:])
    for part in (_identity, _moment, _person, _list):
        found = part(kind, case, shape)
        if found is not ...:
            return found
    raise KeyError(kind)


def _identity(kind: str, case: Case, shape: Form) -> Any:
    html = HTML.format(case.text.replace("\n", "<br>"))
    said = None if case.priority is None else shape.priorities[case.priority][0]
    return {
        "id": shape.written_ids.format(case.number).replace(",", "\u00a0"),
        "number": case.number,
        "title": case.title,
        "text": html if shape.is_html else case.text,
        "status": shape.statuses[case.status][0],
        "priority": said,
        "group": case.group,
        "group_id": 7 + len(case.group),
        "count": case.hours % 5,
        "pull": {"url": f"https://api.example.com/pulls/{case.number}"} if case.is_no_ticket else None,
        "url": f"https://example.com/-/{case.number}",
        "api_url": f"https://api.github.com/repos/acme/desk/issues/{case.number}",
        "html_url": f"https://github.com/acme/desk/{'pull' if case.is_no_ticket else 'issues'}/{case.number}",
        "sys_id": f"{case.number:032x}",
        "is_done": shape.statuses[case.status][1] == "done",
    }.get(kind, ...)


def _moment(kind: str, case: Case, shape: Form) -> Any:
    is_done = shape.statuses[case.status][1] == "done"
    after = case.created + timedelta(hours=case.hours)
    moment: dict[str, datetime | None] = {
        "created": case.created,
        "updated": after,
        "done": after if is_done else None,
        "assigned": case.created + timedelta(minutes=5) if case.agents else None,
        "due": case.created + timedelta(days=3) if case.number % 3 else None,
    }
    if kind not in moment:
        return ...
    found = moment[kind]
    return found if found is None else shape.date(found)


def _person(kind: str, case: Case, shape: Form) -> Any:
    first = case.agents[0] if case.agents else None
    return {
        "customer": case.customer.name,
        "customer_email": case.customer.email,
        "customer_login": case.customer.login,
        "customer_id": case.customer.number,
        "company": case.customer.group,
        "agent": first.name if first else shape.nobody,
        "agent_login": first.login if first else shape.nobody,
        "agent_email": first.email if first else shape.nobody,
        "agent_id": first.number if first else shape.nobody_id,
        "agent_object": {"login": first.login, "id": first.number, "name": first.name} if first else None,
        "agent_lines": "\n".join(agent.name for agent in case.agents),
    }.get(kind, ...)


def _list(kind: str, case: Case, shape: Form) -> Any:
    tags = [*case.tags, "", ""]
    return {
        "tags": shape.between.join(case.tags),
        "tag1": tags[0],
        "tag2": tags[1],
        "tag_list": list(case.tags),
        "tag_objects": [{"id": len(tag), "name": tag, "color": "d73a4a"} for tag in case.tags],
        "agent_objects": [{"login": agent.login, "id": agent.number} for agent in case.agents],
        "agent_users": [{"id": a.number, "username": a.login, "name": a.name} for a in case.agents],
    }.get(kind, ...)
