"""Tickets meet the team: who has a ticket already, and whether its group is one of the team's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from ticketopt.intake.column import are_texts
from ticketopt.intake.languages import same_spelling
from ticketopt.intake.team import TeamRows
from ticketopt.intake.tickets import Rows, TicketColumns
from ticketopt.problem.names import spelled
from ticketopt.problem.report import NOTHING_TO_DO, Report, shown

__all__ = ["ids_by_name", "person", "settle"]

_SHOWN = 5


def settle(work: TicketColumns | Rows, team: TeamRows, report: Report, *, is_export: bool) -> dict[str, int]:
    """Tickets in work stay with their agents, and count as load where the team does not say its own.

    A new or reopened ticket with an assignee prefers that one. An assignee whom the team does not know changes nothing.
    A helpdesk's own groups need not be those of the team: in an export, one that no agent is in is left out.

    Returns
    -------
    Agent id -> tickets that stay there. They leave `work`.
    """
    if isinstance(work, Rows):
        _meet_languages_of_rows(work, team)
        return {}
    loads: Counter[Any] = Counter()
    stay: Counter[str] = Counter()
    strangers: Counter[str] = Counter()
    if any(assignee is not None for assignee in work.assignees):
        _meet_assignees(work, team, loads, stay, strangers)
    languages = work.columns.get("language", ())
    if spelling := _meet_languages(languages, team):
        work.columns["language"] = [spelling.get(word, word) if isinstance(word, str) else word for word in languages]
    if is_export:
        _drop_unknown_groups(work, team, report)
    _say(strangers, stay, _add_loads(team, loads), report)
    return dict(stay)


def _meet_assignees(
    work: TicketColumns, team: TeamRows, loads: Counter[Any], stay: Counter[str], strangers: Counter[str]
) -> None:
    """Tickets in work leave, and are counted in `loads` and `stay`; assignees whom nobody knows are in `strangers`."""
    known = _names(team)
    efforts = work.columns.get("effort") or [1] * len(work.numbers)
    preferred = list(work.columns.get("previous_agent") or [None] * len(work.numbers))
    kept = []
    agents: dict[str, Any] = {}
    for k, (effort, stage, assignee) in enumerate(zip(efforts, work.stages, work.assignees, strict=True)):
        names = [] if assignee is None else list(map(str, assignee if isinstance(assignee, list) else [assignee]))
        for name in names:
            if name not in agents:
                agents[name] = known.get(person(name))
        agent = next((agents[name] for name in names if agents[name] is not None), None)
        if agent is None or stage == "new":
            kept.append(k)
            if agent is not None and preferred[k] is None:
                preferred[k] = agent
            elif agent is None and names:
                strangers[names[0]] += 1
            continue
        loads[agent] += effort if isinstance(effort, int) else 1
        stay[str(agent)] += 1
    if any(agent is not None for agent in preferred):
        work.columns["previous_agent"] = preferred
    work.keep(kept)


def person(name: str) -> str:
    """A name as names of people are compared: `Lovelace, Ada` is `Ada Lovelace`."""
    return " ".join(sorted(spelled(name).replace(",", " ").split()))


def _meet_languages_of_rows(work: Rows, team: TeamRows) -> None:
    words = [row.get("language") if isinstance(row, dict) else None for row in work.rows]
    spelling = _meet_languages(words, team)
    for k, word in enumerate(words):
        if isinstance(word, str) and word in spelling:
            work.rows[k] = {**work.rows[k], "language": spelling[word]}


def _meet_languages(words: Sequence[Any], team: TeamRows) -> dict[str, str]:
    """`de-AT`, `German` and `Deutsch` get one spelling, that of the team.

    Returns
    -------
    Word of the tickets -> its other spelling, where it has one.
    """
    once = dict.fromkeys(words) if are_texts(words) else words
    asked = list(dict.fromkeys(word for word in once if isinstance(word, str)))
    speakers = [row for row in team.rows if isinstance(row, dict) and _are_names(row.get("languages"))]
    tickets, agents = same_spelling(asked, [row["languages"] for row in speakers])
    for row, languages in zip(speakers, agents, strict=True):
        row["languages"] = languages
    return {word: new for word, new in zip(asked, tickets, strict=True) if new is not None and new != word}


def _drop_unknown_groups(work: TicketColumns, team: TeamRows, report: Report) -> None:
    known: set[str] = set()
    for agent in team.rows:
        if isinstance(agent, Mapping):
            groups = agent.get("groups")
            names = [agent.get("team"), *(groups if _are_names(groups) else ())]
            known.update(spelled(name) for name in names if isinstance(name, str))
    unknown: Counter[str] = Counter()
    groups = work.columns.get("group", ())
    for group, count in Counter(group for group in groups if isinstance(group, str)).items():
        if spelled(group) not in known:
            unknown[group] = count
    if unknown:
        work.columns["group"] = [None if isinstance(name, str) and name in unknown else name for name in groups]
        words = f"{unknown.total()} are for a group that no agent is in ({_most(unknown)})"
        report.warn("tickets", words, "anybody may take them; name the group as team or groups of its agents if not")


def _most(names: Counter[str]) -> str:
    """The most frequent names; more are not listed."""
    return ", ".join(shown(name) for name, _ in names.most_common(_SHOWN))


def _are_names(value: object) -> TypeGuard[list[str] | tuple[str, ...]]:
    return isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)


def _names(team: TeamRows) -> dict[str, Any]:
    """How a person of the team may be written (id, name, address, login) -> the id."""
    rows = [row for row in team.rows if isinstance(row, Mapping) and row.get("agent_id") is not None]
    return ids_by_name(
        (row["agent_id"], [*filter(None, [row.get("name")]), *team.aliases.get(str(row["agent_id"]), ())])
        for row in rows
    )


def ids_by_name(people: Iterable[tuple[Any, Iterable[object]]]) -> dict[str, Any]:
    """Of ids and the names that go with each: how a person may be written -> the id.

    What two have is nobody's, unless it is an id.
    """
    ids: dict[str, Any] = {}
    holders: dict[str, dict[str, Any]] = {}
    for agent_id, names in people:
        ids[person(str(agent_id))] = agent_id
        for name in names:
            holders.setdefault(person(str(name)), {})[str(agent_id)] = agent_id
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
        words = f"in work: {stay.total()}, which stay with the team; {whose}"
        report.warn("tickets", words, NOTHING_TO_DO)
    if strangers:
        words = f"{strangers.total()} have an assignee who is not in the team ({_most(strangers)})"
        report.warn("tickets", words, "they are assigned anew; add who is missing to the team")
