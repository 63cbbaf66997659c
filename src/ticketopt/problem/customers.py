"""What a policy says of customers: whose tickets are more urgent, and whose agent is whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.records import Agent, Id, Ticket

__all__ = ["account_agent", "for_team", "is_named", "raised", "raised_all"]


DIGITS = 12
"""Decimals that a raised urgency keeps: so 0.4 + 0.5 * 0.6 is 0.7 and counts as it."""


def raised(reading: Reading, ticket: Ticket, policy: Policy) -> Reading:
    """The reading of a ticket whose customer counts more: `urgency + weight * (1 - urgency)`, with the evidence."""
    weight = policy.customer_weights.get(str(ticket.customer), 0.0) if ticket.customer is not None else 0.0
    if not weight:
        return reading
    more = weight * (1.0 - reading.urgency)
    because = Evidence("urgency", str(ticket.customer), "customer", more)
    raised = min(1.0, round(reading.urgency + more, DIGITS))
    return replace(reading, urgency=raised, evidence=reading.with_more(because))


def raised_all(readings: Sequence[Reading], tickets: Sequence[Ticket], policy: Policy) -> Sequence[Reading]:
    """The readings of all tickets, each raised by its customer."""
    if not policy.customer_weights:
        return readings
    return tuple(raised(reading, ticket, policy) for reading, ticket in zip(readings, tickets, strict=True))


def account_agent(ticket: Ticket, policy: Policy) -> Id | None:
    """The agent whom the policy wants for the ticket's customer, None where it wants nobody."""
    return None if ticket.customer is None else policy.customer_agents.get(str(ticket.customer))


def is_named(ticket: Ticket, policy: Policy) -> bool:
    """Whether the policy says anything of the ticket's customer."""
    customer = str(ticket.customer)
    return ticket.customer is not None and (customer in policy.customer_weights or customer in policy.customer_agents)


def for_team(policy: Policy, agents: Collection[Agent]) -> Policy:
    """The same without wishes for agents who are not there: in a team that comes and goes that is no mistake."""
    team = {str(agent.agent_id) for agent in agents} if policy.customer_agents else set()
    kept = {customer: agent for customer, agent in policy.customer_agents.items() if str(agent) in team}
    return policy if len(kept) == len(policy.customer_agents) else replace(policy, customer_agents=kept)
