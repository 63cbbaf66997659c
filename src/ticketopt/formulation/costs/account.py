"""A customer's tickets are cheapest with the agent who looks after that customer."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm, no_cost
from ticketopt.problem.customers import account_agent
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def matrix(problem: Problem) -> Float:
    """(n, A) 1 for everybody but the agent of the ticket's customer; 0 in rows without one in the team."""
    if not problem.policy.customer_agents or not stating(problem.tickets, "customer"):
        return no_cost(problem)
    wanted = np.array([problem.agent_of(account_agent(t, problem.policy)) for t in problem.tickets], dtype=np.int64)
    others = np.arange(problem.n_agents)[None, :] != wanted[:, None]
    elsewhere: Float = (others & (wanted >= 0)[:, None]).astype(np.float64)
    return elsewhere


def is_asked(problem: Problem) -> bool:
    """Whether the policy gives any customer an agent."""
    return bool(problem.policy.customer_agents)


SUMMARY = "giving a customer's ticket to others than the customer's agent"

TERM = CostTerm(SUMMARY, 0.25, matrix, by_ticket=True, by_load=False, is_asked=is_asked)
