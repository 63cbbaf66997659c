"""Learned levels count with their lower ends where the policy is cautious, everywhere alike."""

from __future__ import annotations

import pytest

import ticketopt
from ticketopt import Agent, Policy, Problem, Ticket, open_store
from ticketopt.formulation.constraints import CONSTRAINTS
from ticketopt.problem.held import held_levels

LEARNED = Agent(agent_id="new", skills={"VPN": 9, "SAP": 4}, learned_levels={"vpn": (9, 2, 10, 5)})
KNOWN = Agent(agent_id="old", skills={"VPN": 7}, learned_levels={"VPN": (7, 6.5, 7.5, 200)})
CAUTIOUS = Policy(cautious=True)


def test_the_lower_end_counts_only_where_asked_for() -> None:
    assert held_levels(LEARNED, Policy()) == {"VPN": 9, "SAP": 4}
    assert held_levels(LEARNED, CAUTIOUS) == {"VPN": 2, "SAP": 4}


@pytest.mark.parametrize(
    ("skills", "learned"),
    [({"VPN": 8}, {"VPN": (9, 2, 10, 5)}), ({"VPN": 8}, {"VPN": (8, 2)}), ({"VPN": 8}, {"Latin": (8, 2, 9, 5)})],
)
def test_what_somebody_wrote_counts_as_written(skills: dict[str, float], learned: dict[str, tuple[float, ...]]) -> None:
    assert held_levels(Agent(agent_id=1, skills=skills, learned_levels=learned), CAUTIOUS) == skills


def test_who_is_known_from_few_tickets_is_trusted_less() -> None:
    ticket = Ticket(ticket_id="t", skills={"VPN": 1})
    assert ticketopt.assign([ticket], [LEARNED, KNOWN], policy={"balance": 0}).assigned == {"t": "new"}
    careful = ticketopt.assign([ticket], [LEARNED, KNOWN], policy={"balance": 0, "cautious": True})
    assert careful.assigned == {"t": "old"}
    assert "VPN (6.5, the lower end of 7, 6.5 to 7.5, learned from 200 tickets)" in careful["t"].rationale


@pytest.mark.parametrize(
    ("rule", "ticket", "settings"),
    [
        ("no_skill", Ticket(ticket_id=1, requires={"VPN": 3}), {}),
        ("no_match", Ticket(ticket_id=1, skills={"VPN": 1}), {"min_match": 0.3}),
    ],
)
@pytest.mark.parametrize("is_cautious", [True, False])
def test_rules_as_data_and_in_words_count_the_same_level(
    rule: str, ticket: Ticket, settings: dict[str, float], is_cautious: bool
) -> None:
    policy = Policy.from_dict({"cautious": is_cautious, **settings})
    problem = Problem([ticket], [LEARNED], policy)
    constraint = next(one for one in CONSTRAINTS.values() if one.reason == rule)
    assert constraint.mask is not None
    mask = constraint.mask(problem)
    assert mask is not None
    assert mask[0, 0] == (not is_cautious)
    assert bool(list(constraint.broken(problem, [(0, 0)]))) == is_cautious


def test_effort_saved_is_that_of_the_level_that_counts() -> None:
    policy = Policy(cautious=True, expert_saving=0.5)
    problem = Problem([Ticket(ticket_id=1, effort=10, skills={"VPN": 1})], [LEARNED, KNOWN], policy)
    assert problem.pair_effort.tolist() == [[9, 7]]
    assert [problem.units(0, j) for j in (0, 1)] == [9, 7]


def test_a_live_queue_counts_it_after_the_team_went_through_its_store() -> None:
    store = open_store("memory:")
    ticketopt.Dispatcher(store, policy={"balance": 0}).upsert_agents([LEARNED, KNOWN])
    desk = ticketopt.Dispatcher(store, policy={"balance": 0, "cautious": True})
    desk.submit([{"ticket_id": "t", "skills": {"VPN": 1}}])
    assert desk.state().tickets["t"].agent_id == "old"
