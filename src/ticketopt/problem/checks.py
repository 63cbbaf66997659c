"""What must hold for records to make one problem: unique ids, known names, readings in range."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from ticketopt.errors import SHOWN_ISSUES
from ticketopt.problem.clean_values import are_numbers
from ticketopt.problem.fields import Report, choices, first_spellings, number, shown, spelled
from ticketopt.problem.linked import check_linked
from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Reading
from ticketopt.problem.record_columns import Records, stating, values_of
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Id, Ticket

_NAMING = ("pinned_agent", "previous_agent", "excluded_agents", "effort_by_agent", "requires", "group")
"""The fields of a ticket that name agents, and what agents have."""

_are_shares = are_numbers(float, 0, 1)

_Record = TypeVar("_Record", Ticket, Agent)


def check_readings(readings: Sequence[Reading], report: Report) -> None:
    skills = [reading.skills for reading in readings]
    names = set[str]().union(*skills)
    values = [*(reading.urgency for reading in readings), *chain.from_iterable(own.values() for own in skills)]
    if _are_shares(values) and len(set(map(spelled, names))) == len(names):
        return  # as triage makes them; the words below are only for what is wrong
    read_urgency, read_weight = number(0, 1), number(0, 1e6)
    for i, reading in enumerate(readings):
        if len(reading.skills) > 1 and len(set(map(spelled, reading.skills))) < len(reading.skills):
            report.error(f"readings[{i}].skills", "name one skill in two spellings", "keep one of them")
        if _are_shares((reading.urgency, *reading.skills.values())):
            continue
        read_urgency(reading.urgency, f"readings[{i}].urgency", report)
        for skill, weight in reading.skills.items():
            read_weight(weight, f"readings[{i}].skills[{shown(skill)}]", report)


def check_records(records: Sequence[object], kind: type[_Record], where: str, report: Report) -> None:
    id_field = table_of(kind).id_field
    are_of_kind = records.kind is kind if isinstance(records, Records) else set(map(type, records)) <= {kind}
    if are_of_kind and len(set(map(str, values_of(records, id_field)))) == len(records):
        return  # the words below are only for what is wrong
    first: dict[str, int] = {}
    places = [f"{where}[{k}]" for k in range(len(records))]
    for k, record in enumerate(records):
        if not isinstance(record, kind):
            report.error(f"{where}[{k}]", f"is not a {kind.__name__}", f"build it with ticketopt.{kind.__name__}(...)")
            continue
        check_id(str(getattr(record, id_field)), k, first, f"{places[k]}.{id_field}", places, report)


def check_id(identity: str, k: int, first: dict[str, int], path: str, places: Sequence[str], report: Report) -> None:
    """An error where record `k` has the id of an earlier one; `first` holds the ids and numbers of those.

    `places` are what messages call the records.
    """
    if identity in first:
        report.error(path, f"is {shown(identity)}, like {places[first[identity]]}", "give every one its own id")
    first.setdefault(identity, k)


def check_names(tickets: Sequence[Ticket], agents: Sequence[Agent], policy: Policy, report: Report) -> None:
    team = [str(agent.agent_id) for agent in agents]
    known, known_skills = set(team), first_spellings(skill for agent in agents for skill in agent.skills)
    groups = first_spellings(group for agent in agents for group in agent.all_groups)
    for i in sorted(set(chain.from_iterable(stating(tickets, name) for name in _NAMING))):
        ticket, path = tickets[i], f"tickets[{i}]"
        check_pin(ticket, path, known, team, report)
        soft: dict[str, Iterable[Id | None]] = {
            "previous_agent": [ticket.previous_agent],
            "excluded_agents": ticket.excluded_agents,
            "effort_by_agent": ticket.effort_by_agent,
        }
        for name, ids in soft.items():
            strangers = [value for value in ids if value is not None and str(value) not in known]
            if strangers:
                words = "is" if len(strangers) == 1 else f"and {len(strangers) - 1:,} more are"
                report.warn(f"{path}.{name}", f"{shown(strangers[0])} {words} not in the team", "it changes nothing")
        for skill in ticket.requires:
            if spelled(skill) not in known_skills:
                _warn_of_nobody(
                    f"{path}.requires", f"no agent has the skill {shown(skill)}", skill, known_skills, report
                )
        if ticket.group is not None and spelled(ticket.group) not in groups:
            words = f"no agent is in the group {shown(ticket.group)}"
            _warn_of_nobody(f"{path}.group", words, ticket.group, groups, report)
    _check_policy_names(tickets, agents, policy, report)
    check_linked(tickets, len(agents), policy, report)


def _warn_of_nobody(path: str, problem: str, name: str, known: Mapping[str, str], report: Report) -> None:
    """Warn that nobody can take a ticket, with the closest known name while there are few warnings."""
    is_early = known and len(report.warnings) < SHOWN_ISSUES
    report.warn(path, problem, choices(name, known.values()) if is_early else "nobody can take the ticket")


def check_pin(ticket: Ticket, path: str, known: Container[str], team: Sequence[str], report: Report) -> None:
    pinned = ticket.pinned_agent
    if pinned is None:
        return
    if str(pinned) not in known:
        report.unknown(f"{path}.pinned_agent", f"{shown(pinned)} is not in the team", str(pinned), team)
    if str(pinned) in map(str, ticket.excluded_agents):
        report.error(f"{path}.excluded_agents", f"holds the pinned agent {shown(pinned)}", "drop one of the two")


def _check_policy_names(tickets: Sequence[Ticket], agents: Sequence[Agent], policy: Policy, report: Report) -> None:
    known = {str(agent.agent_id) for agent in agents}
    for customer, agent_id in policy.customer_agents.items():
        if str(agent_id) not in known:
            path = f"policy.customer_agents[{shown(customer)}]"
            report.unknown(path, f"{shown(agent_id)} is not in the team", str(agent_id), known)
    teams = {spelled(agent.team) for agent in agents if agent.team is not None}
    limits = policy.max_new_per_team
    for team in limits if isinstance(limits, dict) else ():
        if spelled(team) not in teams:
            report.warn(f"policy.max_new_per_team[{shown(team)}]", "is not a team of any agent", "it changes nothing")
    queue = set(map(str, values_of(tickets, "ticket_id"))) if policy.separate else set()
    for k, pair in enumerate(policy.separate):
        for ticket_id in pair:
            if str(ticket_id) not in queue:
                report.warn(f"policy.separate[{k}]", f"{shown(ticket_id)} is not in the queue", "it changes nothing")
