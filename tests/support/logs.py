"""Logs with known stints: courses of tickets, written as every kind of log writes them."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from ticketopt.history.history import History, Outcome

__all__ = [
    "BEGIN",
    "WRITERS",
    "Course",
    "Held",
    "courses",
    "csv_of",
    "expected",
    "found",
    "stamp",
    "steps",
    "write_changes",
]

BEGIN = 1_768_809_600  # 2026-01-19 08:00, a Monday: its day cannot be a month
AGENTS = ("Ada", "Ben", "Cyd", "Dag")


@dataclass(frozen=True)
class Held:
    """An agent had a ticket, minutes from its opening; `pauses` are pairs within. `handed_back`: nobody had it then."""

    agent: str
    start: int
    end: int
    pauses: tuple[tuple[int, int], ...] = ()
    handed_back: bool = False


@dataclass(frozen=True)
class Course:
    """A ticket's way. `created` in minutes from `BEGIN`; the last stint ends as `ending` says."""

    name: str
    created: int
    kind: str
    held: tuple[Held, ...]
    ending: str


@st.composite
def courses(draw: st.DrawFn) -> list[Course]:
    """Some tickets; minutes are distinct within each."""
    found = []
    for k in range(draw(st.integers(0, 5))):
        clock, held, before = 0, [], ""
        for _ in range(draw(st.integers(1, 3))):
            agent = draw(st.sampled_from([name for name in AGENTS if name != before]))
            start = clock + draw(st.integers(2, 40))
            n_pauses = draw(st.integers(0, 2))
            ticks = [start]
            for _ in range(2 * n_pauses + 1):
                ticks.append(ticks[-1] + draw(st.integers(2, 300)))
            pauses = tuple(zip(ticks[1:-1:2], ticks[2:-1:2], strict=True))
            back = draw(st.booleans())
            held.append(Held(agent, start, ticks[-1], pauses, back))
            clock, before = ticks[-1] if back else ticks[-1] - 2, agent
        ending = draw(st.sampled_from(("resolved", "withdrawn", "open")))
        found.append(
            Course(f"T{k}", draw(st.integers(0, 5_000)), draw(st.sampled_from(("VPN", "Mail"))), tuple(held), ending)
        )
    return [_joined(course) for course in found]


def _joined(course: Course) -> Course:
    """A stint that is passed on directly ends when the next one begins; the last one is never handed back."""
    held = list(course.held)
    for k, one in enumerate(held):
        is_last = k == len(held) - 1
        end = one.end if is_last or one.handed_back else held[k + 1].start
        held[k] = Held(one.agent, one.start, end, one.pauses, one.handed_back and not is_last)
    return Course(course.name, course.created, course.kind, tuple(held), course.ending)


@dataclass(frozen=True)
class Step:
    """A row: minutes from `BEGIN`, stage (`new`, `open`, `waiting`, `resolved`, `withdrawn`), holder and actor."""

    course: Course
    minute: int
    stage: str
    agent: str | None
    actor: str
    group: str


def steps(course: Course) -> list[Step]:
    """The rows of a ticket. Whoever has it makes its changes; the first one is made by who opened it."""
    rows = [Step(course, course.created, "new", None, "Opener", "G0")]

    def step(minute: int, stage: str, agent: str | None, actor: str, group: str) -> None:
        rows.append(Step(course, course.created + minute, stage, agent, actor, group))

    for k, one in enumerate(course.held):
        group = f"G{k}"
        step(one.start, "open", one.agent, one.agent, group)
        for start, end in one.pauses:
            step(start, "waiting", one.agent, one.agent, group)
            step(end, "open", one.agent, one.agent, group)
        if one.handed_back:
            step(one.end, "new", None, one.agent, f"G{k + 1}")
    last = course.held[-1]
    if course.ending != "open":
        step(last.end, course.ending, last.agent, last.agent, f"G{len(course.held) - 1}")
    return rows


def stamp(minute: int) -> str:
    return datetime.fromtimestamp(BEGIN + 60 * minute, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expected(given: Sequence[Course]) -> tuple[set[Any], set[Any]]:
    """Stints and pauses, in minutes from `BEGIN`."""
    edge = max((step.minute for course in given for step in steps(course)), default=0)
    stints, pauses = set(), set()
    words = {"resolved": Outcome.RESOLVED, "withdrawn": Outcome.WITHDRAWN, "open": Outcome.OPEN}
    for course in given:
        for k, one in enumerate(course.held):
            is_last = k == len(course.held) - 1
            outcome = words[course.ending] if is_last else Outcome.PASSED
            end = edge if outcome == Outcome.OPEN else course.created + one.end
            stints.add((course.name, one.agent, k, course.created + one.start, end, int(outcome)))
            pauses |= {(course.name, k, course.created + a, course.created + b) for a, b in one.pauses}
    return stints, pauses


def found(history: History) -> tuple[set[Any], set[Any]]:
    """The same of a history."""
    s, p = history.stints, history.pauses
    ids, agents = history.tickets.ids, history.agents

    def minutes(seconds: float) -> float:
        return (seconds - BEGIN) / 60

    stints = {
        (
            ids[s.ticket[k]],
            agents[s.agent[k]],
            int(s.attempt[k]),
            minutes(s.start[k]),
            minutes(s.end[k]),
            int(s.outcome[k]),
        )
        for k in range(len(s))
    }
    pauses = {
        (ids[s.ticket[k]], int(s.attempt[k]), minutes(a), minutes(b))
        for k, a, b in zip(p.stint.tolist(), p.start.tolist(), p.end.tolist(), strict=True)
    }
    return stints, pauses


def csv_of(rows: Sequence[Mapping[str, Any]], headings: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _all(given: Sequence[Course]) -> Iterator[Step]:
    return (step for course in given for step in steps(course))


def _audit(given: Sequence[Course]) -> bytes:
    words = {"new": "New", "open": "In Progress", "waiting": "Pending", "resolved": "Resolved", "withdrawn": "Canceled"}
    headings = ("ticket", "time", "agent", "status", "group", "changed by", "category")
    rows = [
        {
            "ticket": step.course.name,
            "time": stamp(step.minute),
            "agent": step.agent,
            "status": words[step.stage],
            "group": step.group,
            "changed by": step.actor,
            "category": step.course.kind if step.stage == "new" else "what it became",
        }
        for step in _all(given)
    ]
    return csv_of(rows, headings)


def _servicenow(given: Sequence[Course]) -> bytes:
    words = {"new": "New", "open": "Active", "waiting": "Awaiting User Info", "resolved": "Resolved", "withdrawn": "8"}
    headings = [
        "number",
        "incident_state",
        "sys_mod_count",
        "sys_updated_at",
        "sys_updated_by",
        "assigned_to",
        "assignment_group",
    ]
    rows = [
        {
            "number": course.name,
            "incident_state": words[step.stage],
            "sys_mod_count": k,
            "sys_updated_at": datetime.fromtimestamp(BEGIN + 60 * step.minute, UTC).strftime("%d/%m/%Y %H:%M"),
            "sys_updated_by": step.actor,
            "assigned_to": step.agent or "?",
            "assignment_group": step.group,
            "category": step.course.kind if k == 0 else "?",
            "opened_at": datetime.fromtimestamp(BEGIN + 60 * course.created, UTC).strftime("%d/%m/%Y %H:%M"),
        }
        for course in given
        for k, step in enumerate(steps(course))
    ]
    return csv_of(rows, [*headings, "category", "opened_at"])


_ACTIVITIES = {
    **{"new": "Insert ticket", "open": "Take in charge ticket", "waiting": "Wait"},
    **{"resolved": "Resolve ticket", "withdrawn": "Cancel ticket"},
}


def _events(given: Sequence[Course]) -> bytes:
    rows = [
        {
            "Case ID": step.course.name,
            "Activity": _ACTIVITIES[step.stage],
            "Resource": step.actor,
            "Complete Timestamp": stamp(step.minute).replace("T", " ").replace("Z", "").replace("-", "/"),
            "product": step.course.kind,
        }
        for step in _all(given)
    ]
    return csv_of(rows, ("Case ID", "Activity", "Resource", "Complete Timestamp", "product"))


def _xes(given: Sequence[Course]) -> bytes:
    traces = []
    for course in given:
        events = "".join(
            f'<event><string key="concept:name" value={quoteattr(_ACTIVITIES[step.stage])}/>'
            f'<string key="org:resource" value={quoteattr(step.actor)}/>'
            f'<date key="time:timestamp" value="{stamp(step.minute)}"/></event>'
            for step in steps(course)
        )
        case = (
            f'<string key="concept:name" value={quoteattr(course.name)}/><string key="product" value="{course.kind}"/>'
        )
        traces.append(f"<trace>{case}{events}</trace>")
    head = '<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><extension name="Concept" prefix="concept"/>'
    return f"{head}{''.join(traces)}</log>".encode()


def _vinst(given: Sequence[Course]) -> bytes:
    words = {
        "new": ("Queued", "Awaiting Assignment"),
        "open": ("Accepted", "In Progress"),
        "waiting": ("Accepted", "Wait - User"),
        "resolved": ("Completed", "Resolved"),
        "withdrawn": ("Completed", "Cancelled"),
    }
    headings = ("case", "time", "status", "sub_status", "owner", "owner_country", "support_team", "product")
    rows = [
        dict(
            zip(
                headings,
                (
                    step.course.name,
                    stamp(step.minute),
                    *words[step.stage],
                    step.actor,
                    "",
                    step.group,
                    step.course.kind,
                ),
                strict=True,
            )
        )
        for step in _all(given)
    ]
    return csv_of(rows, headings)


_JIRA = {
    "new": "To Do",
    "open": "In Progress",
    "waiting": "Waiting for customer",
    "resolved": "Done",
    "withdrawn": "Canceled",
}


def _jira(given: Sequence[Course]) -> bytes:
    issues = []
    for course in given:
        rows = steps(course)
        histories = [
            {
                "id": str(10 + k),
                "created": stamp(row.minute),
                "author": {"accountId": f"id-{row.actor}", "displayName": row.actor},
                "items": [
                    {"field": "status", "fromString": _JIRA[before.stage], "toString": _JIRA[row.stage]},
                    {
                        "field": "assignee",
                        "from": before.agent and f"id-{before.agent}",
                        "fromString": before.agent,
                        "to": row.agent and f"id-{row.agent}",
                        "toString": row.agent,
                    },
                    {"field": "Component", "fromString": before.group, "toString": row.group},
                    {"field": "issuetype", "fromString": course.kind, "toString": "what it became"},
                ],
            }
            for k, (before, row) in enumerate(itertools.pairwise(rows))
        ]
        fields = {
            "summary": course.name,
            "created": stamp(course.created),
            "status": {"name": _JIRA[rows[-1].stage], "statusCategory": {"key": "indeterminate"}},
            "issuetype": {"name": "what it became"},
            "creator": {"accountId": "id-Opener", "displayName": "Opener"},
        }
        issues.append({"key": course.name, "fields": fields, "changelog": {"histories": histories[::-1]}})
    return json.dumps({"issues": issues, "total": len(issues)}).encode()


_ZENDESK = {"new": "new", "open": "open", "waiting": "pending", "resolved": "solved", "withdrawn": "deleted"}


def _zendesk(given: Sequence[Course]) -> bytes:
    audits = []
    for course in given:
        rows = steps(course)
        for k, row in enumerate(rows):
            values = {
                "status": _ZENDESK[row.stage],
                "assignee_id": row.agent,
                "group_id": row.group,
                "type": course.kind,
            }
            events = [
                {"type": "Create" if k == 0 else "Change", "field_name": n, "value": v} for n, v in values.items()
            ]
            if k:
                values["type"] = "what it became"
            audits.append(
                {
                    "id": len(audits),
                    "ticket_id": course.name,
                    "created_at": stamp(row.minute),
                    "author_id": row.actor,
                    "events": [*events, {"type": "Comment", "body": "Hello"}],
                }
            )
    return json.dumps({"audits": audits[::-1], "count": len(audits)}).encode()


_NUMBERS = {"new": "1", "open": "2", "waiting": "3", "resolved": "6", "withdrawn": "8"}

_WORDS = {"new": "New", "open": "In Progress", "waiting": "On hold", "resolved": "Fixed", "withdrawn": "Duplicate"}


def _field_changes(
    given: Sequence[Course],
    words: Mapping[str, str] = _WORDS,
    headings: str = "ticket,time,field,old value,new value,by",
) -> bytes:
    """Nothing is said of what never changed."""
    rows: list[tuple[str, ...]] = []
    for course in given:
        before = Step(course, course.created, "", None, "Opener", "")
        for step in steps(course):
            values = {
                "state": (words.get(before.stage, ""), words[step.stage]),
                "assigned_to": (before.agent or "", step.agent or ""),
                "assignment_group": (before.group, step.group),
                "category": ("", course.kind) if not before.stage else (course.kind, course.kind),
                "sys_tags": ("", str(step.minute)),
            }
            rows += [
                (course.name, stamp(step.minute), name, old, new, step.actor)
                for name, (old, new) in values.items()
                if old != new
            ]
            before = step
    names = headings.split(",")
    return csv_of([dict(zip(names, row, strict=True)) for row in rows], names)


def _sys_audit(given: Sequence[Course]) -> bytes:
    return _field_changes(given, _NUMBERS, "documentkey,sys_created_on,fieldname,oldvalue,newvalue,user")


WRITERS: Mapping[str, Callable[[Sequence[Course]], bytes]] = {
    "audit": _audit,
    "servicenow_audit": _servicenow,
    "events": _events,
    "vinst": _vinst,
    "jira_changelog": _jira,
    "zendesk_audits": _zendesk,
    "field_changes": _field_changes,
    "sys_audit": _sys_audit,
}
"""Kind of log -> what writes one."""

xes = _xes


def write_changes(path: Path, history: History) -> Path:
    """A plain table of changes: who had which ticket from when on, and when it was resolved. The same path."""
    stints, lines = history.stints, []
    for s in range(len(stints)):
        agent, group = history.agents[stints.agent[s]], history.groups[stints.group[s]]
        kind = history.kinds[history.tickets.kind[stints.ticket[s]]]
        ticket = history.tickets.ids[stints.ticket[s]]
        lines.append((stints.start[s], ticket, agent, group, kind, "open"))
        if stints.outcome[s] == Outcome.RESOLVED:
            lines.append((stints.end[s], ticket, agent, group, kind, "resolved"))
    rows = [
        ",".join((ticket, datetime.fromtimestamp(time, UTC).isoformat(), *rest))
        for time, ticket, *rest in sorted(lines)
    ]
    path.write_text("\n".join(["ticket,time,agent,group,category,status", *rows]), encoding="utf-8")
    return path
