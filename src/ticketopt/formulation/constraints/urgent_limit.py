"""At most so many urgent tickets for one agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ticketopt.formulation.constraints.base import Constraint, Given, count_rows, no_rows
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem


def rows(problem: Problem) -> PackingRows:
    limit = problem.policy.max_urgent_per_agent
    if limit is None or problem.is_urgent.sum() <= limit:
        return no_rows(problem)
    labels = [f"{agent.name} takes at most {limit} urgent tickets" for agent in problem.agents]
    groups = [[j] for j in range(problem.n_agents)]
    return count_rows(problem.is_urgent, groups, [limit] * problem.n_agents, labels)


def broken(problem: Problem, given: Given) -> Iterator[str]:
    limit = problem.policy.max_urgent_per_agent
    if limit is None:
        return
    counts = Counter(j for i, j in given if problem.raised_readings[i].urgency >= problem.policy.urgent_from)
    for j, count in sorted(counts.items()):
        if count > limit:
            yield f"{problem.agents[j].name} has {count} urgent tickets; at most {limit} are allowed"


RULE = Constraint("at most max_urgent_per_agent urgent tickets per agent", "limit", broken, rows=rows)
