"""Why tickets wait, in a team lead's words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt.report.waiting import Looked, waiting_tickets

ADA, BOB = {"agent_id": "a", "name": "Ada", "capacity": 1}, {"agent_id": "b", "name": "Bob", "capacity": 1}
LEAVE = {"availability_status": "on leave"}
SHIFT = {"shift_start": 0, "shift_end": 50}

CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], str]] = {
    "one who is away": (
        [{"requires": {"SAP": 3}}],
        [{**ADA, **LEAVE, "skills": {"SAP": 5}}, BOB],
        "Only Ada can take this, and is not here (on leave).",
    ),
    "all who could are away": (
        [{}],
        [{**ADA, **LEAVE}, {**BOB, **LEAVE}],
        "Neither of the two people who can take this is here: Ada and Bob.",
    ),
    "no language": (
        [{"language": "French"}],
        [{**ADA, "languages": ["English"]}],
        "Written in French, which nobody on the team speaks.",
    ),
    "language of somebody excluded": (
        [{"language": "French", "excluded_agents": ["a"]}],
        [{**ADA, "languages": ["French"]}, {**BOB, "languages": ["English"]}],
        "Written in French, and nobody who could otherwise take this speaks it.",
    ),
    "no level": (
        [{"requires": {"SAP": 8}}],
        [{**ADA, "skills": {"SAP": 5}}, BOB],
        "Needs SAP at level 8, and nobody here who could otherwise take this knows it well enough; "
        "Ada comes closest with level 5.",
    ),
    "nobody knows it": (
        [{"requires": {"SAP": 8}}],
        [ADA],
        "Needs SAP at level 8, and nobody here who could otherwise take this knows it.",
    ),
    "two skills": (
        [{"requires": {"SAP": 8, "VPN": 2}}],
        [{**ADA, "skills": {"SAP": 9}}],
        "Needs SAP at level 8 and VPN at level 2, and nobody here who could otherwise take this knows all that.",
    ),
    "no such group": ([{"group": "Legal"}], [ADA], "For Legal, and nobody on the team belongs to that group."),
    "pinned": ([{"pinned_agent": "a"}], [{**ADA, **LEAVE}, BOB], "Only Ada can take this, and is not here (on leave)."),
    "one away, one not begun": (
        [{"creation_timestamp": 99}],
        [{**ADA, **LEAVE}, {**BOB, "shift_start": 3600}],
        "Neither of the two people who can take this is here: Ada and Bob.",
    ),
    "meant for one of another group": (
        [{"group": "Legal", "pinned_agent": "a"}],
        [{**ADA, "team": "Sales"}, {**BOB, "team": "Legal"}],
        "Meant for Ada only, who does not belong to Legal.",
    ),
    "meant for one who does not speak it": (
        [{"language": "fr", "pinned_agent": "a"}],
        [{**ADA, "languages": ["de"]}],
        "Meant for Ada only, who does not speak fr.",
    ),
    "meant for one who does not know it": (
        [{"requires": {"SAP": 8}, "pinned_agent": "a"}],
        [{**ADA, "skills": {"SAP": 5}}],
        "Meant for Ada only, who does not know SAP at level 8.",
    ),
    "excluded": ([{"excluded_agents": ["a"]}], [ADA], "Not for Ada, and nobody else can take this."),
    "shift is over": (
        [{"creation_timestamp": 99}],
        [{**ADA, **SHIFT}],
        "Only Ada can take this, and is not here (the shift is over).",
    ),
    "nobody": ([{}], [], "There is nobody on the team."),
    "full before": (
        [{}],
        [{**ADA, "current_load": 1}],
        "Only Ada can take this, and had no room for it even before this plan.",
    ),
    "all full before": (
        [{}],
        [{**ADA, "current_load": 1}, {**BOB, "capacity": 0}],
        "Neither of the two people who can take this had room for it even before this plan.",
    ),
}


@pytest.mark.filterwarnings("ignore::ticketopt.InputWarning")
@pytest.mark.parametrize("case", CASES)
def test_every_reason_has_its_sentence(case: str) -> None:
    tickets, agents, words = CASES[case]
    result = ticketopt.assign([{"ticket_id": k, **ticket} for k, ticket in enumerate(tickets)], agents)
    assert [row.why for row in waiting_tickets(Looked.of(result))] == [words]


def test_work_that_is_longer_than_the_rest_of_a_shift_waits_for_that() -> None:
    tickets, policy = [{"ticket_id": 1, "creation_timestamp": 40, "effort": 9}], {"minutes_per_effort": 1}
    (row,) = waiting_tickets(Looked.of(ticketopt.assign(tickets, [{**ADA, **SHIFT, "capacity": 9}], policy=policy)))
    assert row.why == "Does not fit into the shift of Ada, and nobody else can take this."


def test_who_came_first_is_named_with_the_claim_and_a_limit_keeps_the_plans_own_words() -> None:
    tickets = [{"ticket_id": k, "urgency": k / 10} for k in (1, 9, 5)]
    (late, later) = waiting_tickets(Looked.of(ticketopt.assign(tickets, [ADA])))
    assert (late.i, late.first) == (2, (("more urgent", (1,)),))
    assert late.why == "Only Ada can take this, and has a full day."
    assert (later.i, later.others) == (0, 0)
    policy = {"max_new_per_agent": 1}
    (limited,) = waiting_tickets(Looked.of(ticketopt.assign(tickets[:2], [{**ADA, "capacity": 9}], policy=policy)))
    assert limited.why.startswith("A limit is reached")


@pytest.mark.parametrize("is_unit", [True, False])
def test_every_ticket_that_waits_has_a_sentence(is_unit: bool) -> None:
    rng = np.random.default_rng(11)
    for _ in range(60):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit))
        rows = waiting_tickets(Looked.of(result))
        assert sorted(row.i for row in rows) == np.flatnonzero(result.assignment < 0).tolist()
        assert all(row.why.endswith(".") for row in rows)
        urgency = [result.problem.urgency[row.i] for row in rows]
        assert urgency == sorted(urgency, reverse=True)


def test_a_minimum_match_is_told_by_what_the_ticket_wants() -> None:
    result = ticketopt.assign([{"ticket_id": 1, "skills": {"VPN": 1}}], [BOB], policy={"min_match": 0.4})
    (row,) = waiting_tickets(Looked.of(result))
    assert row.why == "Wants VPN, and nobody here who could otherwise take this knows enough of that."
