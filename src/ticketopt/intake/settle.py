"""Tickets meet the team: who has a ticket already, and whether its group is one of the team's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeGuard

from ticketopt.intake.languages import same_spelling
from ticketopt.intake.team import TeamRows
from ticketopt.intake.tickets import TicketRows
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, shown

__all__ = ["person", "settle"]

_SHOWN = 5


def settle(work: TicketRows, team: TeamRows, report: Report, *, is_export: bool) -> dict[str, int]:
    """Tickets in work stay with their agents, and count as load where the team does not say its own.

    A new or reopened ticket with an assignee prefers that one. An assignee whom the team does not know changes nothing.
    A helpdesk's own groups need not be those of the team: in an export, one that no agent is in is left out.

    Returns
    -------
    Agent id -> tickets that stay there. They leave `work`.
    """
    known = _names(team)
    loads: Counter[Any] = Counter()
    stay: Counter[str] = Counter()
    strangers: Counter[str] = Counter()
    kept = []
    for k, (row, stage, assignee) in enumerate(zip(work.rows, work.stages, work.assignees, strict=True)):
        names = assignee if isinstance(assignee, list) else [assignee]
        agent = next((known[person(str(name))] for name in names if person(str(name)) in known), None)
        if agent is None or stage == "new":
            kept.append(k)
            if agent is not None:
                row.setdefault("previous_agent", agent)
            elif assignee is not None and names:
                strangers[str(names[0])] += 1
            continue
        effort = row.get("effort", 1)
        loads[agent] += effort if isinstance(effort, int) else 1
        stay[str(agent)] += 1
    for part in ("rows", "places", "stages", "assignees"):
        setattr(work, part, [getattr(work, part)[k] for k in kept])
    _meet_languages(work, team)
    if is_export:
        _drop_unknown_groups(work, team, report)
    _say(strangers, stay, _add_loads(team, loads), report)
    return dict(stay)


def person(name: str) -> str:
    """A name as names of people are compared: `Lovelace, Ada` is `Ada Lovelace`."""
    return " ".join(sorted(spelled(name).replace(",", " ").split()))


def _meet_languages(work: TicketRows, team: TeamRows) -> None:
    """`de-AT`, `German` and `Deutsch` get one spelling, that of the team."""
    asked = [row for row in work.rows if isinstance(row, dict) and isinstance(row.get("language"), str)]
    speakers = [row for row in team.rows if isinstance(row, dict) and _are_names(row.get("languages"))]
    tickets, agents = same_spelling([row["language"] for row in asked], [row["languages"] for row in speakers])
    for row, language in zip(asked, tickets, strict=True):
        row["language"] = language
    for row, languages in zip(speakers, agents, strict=True):
        row["languages"] = languages


def _drop_unknown_groups(work: TicketRows, team: TeamRows, report: Report) -> None:
    known: set[str] = set()
    for agent in team.rows:
        if isinstance(agent, Mapping):
            groups = agent.get("groups")
            names = [agent.get("team"), *(groups if _are_names(groups) else ())]
            known.update(spelled(name) for name in names if isinstance(name, str))
    unknown: Counter[str] = Counter()
    for row in work.rows:
        if isinstance(group := row.get("group"), str) and spelled(group) not in known:
            unknown[row.pop("group")] += 1
    if unknown:
        words = f"{unknown.total()} are for a group that no agent is in ({_most(unknown)})"
        report.warn("tickets", words, "anybody may take them; name the group as team or groups of its agents if not")


def _most(names: Counter[str]) -> str:
    """The most frequent names; more are not listed."""
    return ", ".join(shown(name) for name, _ in names.most_common(_SHOWN))


def _are_names(value: object) -> TypeGuard[list[str] | tuple[str, ...]]:
    return isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)


def _names(team: TeamRows) -> dict[str, Any]:
    """How a person may be written (name, address, login) -> the id; what two have is nobody's, unless it is an id."""
    rows = [row for row in team.rows if isinstance(row, Mapping) and row.get("agent_id") is not None]
    ids = {person(str(row["agent_id"])): row["agent_id"] for row in rows}
    holders: dict[str, dict[str, Any]] = {}
    for row in rows:
        also = team.aliases.get(str(row["agent_id"]), ())
        for name in (*([] if row.get("name") is None else [str(row["name"])]), *also):
            holders.setdefault(person(name), {})[str(row["agent_id"])] = row["agent_id"]
    return {name: next(iter(agents.values())) for name, agents in holders.items() if len(agents) == 1} | ids


def _add_loads(team: TeamRows, loads: Counter[Any]) -> bool:
    """Whether loads were added: only where the team says none of its own."""
    if not loads or any(isinstance(row, Mapping) and row.get("current_load") is not None for row in team.rows):
        return False
    for row in team.rows:
        if isinstance(row, dict) and row.get("agent_id") in loads:
            row["current_load"] = loads[row["agent_id"]]
    return True


def _say(strangers: Counter[str], stay: Counter[str], are_loads: bool, report: Report) -> None:
    if stay:
        whose = "they count as its load" if are_loads else "its current_load is taken to count them"
        words = f"{stay.total()} are in work and stay with the team: {whose}"
        report.warn("tickets", words, "nothing needs to be done")
    if strangers:
        words = f"{strangers.total()} have an assignee who is not in the team ({_most(strangers)})"
        report.warn("tickets", words, "they are assigned anew; add who is missing to the team")
