"""At most so many new tickets for one agent, or for one team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from ticketopt.formulation.constraints.base import Constraint, Given, count_rows, no_rows
from ticketopt.model.rows import PackingRows
from ticketopt.problem.fields import first_spellings, spelled
from ticketopt.problem.problem import Problem


def _groups(problem: Problem) -> list[tuple[str, int, list[int]]]:
    """(name, limit, agents) of every limit in force."""
    policy = problem.policy
    groups: list[tuple[str, int, list[int]]] = []
    if policy.max_new_per_agent is not None:
        groups += [(agent.name, policy.max_new_per_agent, [j]) for j, agent in enumerate(problem.agents)]
    if policy.max_new_per_team is None:
        return groups
    limits = policy.max_new_per_team
    by_name = {spelled(team): limit for team, limit in limits.items()} if isinstance(limits, Mapping) else {}
    teams: dict[str, list[int]] = {}
    for j, agent in enumerate(problem.agents):
        if agent.team is not None:
            teams.setdefault(spelled(agent.team), []).append(j)
    for team, members in teams.items():
        limit = limits if isinstance(limits, int) else by_name.get(team)
        if limit is not None:
            groups.append((f"team {problem.agents[members[0]].team}", limit, members))
    return groups


def rows(problem: Problem) -> PackingRows:
    groups = [group for group in _groups(problem) if group[1] < problem.n_tickets]
    if not groups:
        return no_rows(problem)
    labels = [f"{name} takes at most {limit} new tickets" for name, limit, _ in groups]
    every = np.ones(problem.n_tickets, dtype=np.bool_)
    return count_rows(every, [agents for _, _, agents in groups], [limit for _, limit, _ in groups], labels)


def broken(problem: Problem, given: Given) -> Iterator[str]:
    policy = problem.policy
    if policy.max_new_per_agent is not None:
        per_agent = Counter(j for _, j in given)
        for j, count in sorted(per_agent.items()):
            if count > policy.max_new_per_agent:
                yield f"{problem.agents[j].name} gets {count} tickets; at most {policy.max_new_per_agent} are allowed"
    limits = policy.max_new_per_team
    if limits is None:
        return
    teams = [team for _, j in given if (team := problem.agents[j].team) is not None]
    shown, per_team = first_spellings(teams), Counter(map(spelled, teams))
    for key, team in shown.items():
        same = limits.items() if isinstance(limits, Mapping) else [(team, limits)]
        for limit in (limit for name, limit in same if spelled(name) == key):
            if per_team[key] > limit:
                yield f"team {team} gets {per_team[key]} tickets; at most {limit} are allowed"


RULE = Constraint("at most max_new_per_agent / max_new_per_team new tickets", "limit", broken, rows=rows)
