"""The appendix holds what was computed, and says what it cannot hold."""

from __future__ import annotations

import pytest

import ticketopt
from ticketopt.problem.plain import fingerprint
from ticketopt.report.curious import curious


def test_slots_are_those_of_the_result_best_first() -> None:
    tickets = [{"ticket_id": k, "urgency": k / 9} for k in range(4)]
    result = ticketopt.assign(tickets, [{"agent_id": 1, "name": "Ada", "capacity": 2}, {"agent_id": 2, "capacity": 1}])
    found = curious(result, 1.0)
    assert {row[0] for row in found.slots} == {"Ada", "2"}
    assert {row[4] for row in found.slots} == {"0"}
    facts = dict(found.facts)
    assert fingerprint(result.problem) in facts["Input"]
    assert facts["Certificate"] == str(result.certificate)
    assert facts["Gap"] == "0.00%"


def test_tiers_have_no_prices_and_unequal_effort_no_certificate_at_hand() -> None:
    agents = [{"agent_id": 1, "capacity": 3}]
    tiers = curious(ticketopt.assign([{"ticket_id": 1}], agents, policy={"tiers": ["unassigned"]}), 1.0)
    assert (tiers.slots, tiers.no_slots[:16]) == ((), "A plan by tiers ")
    uneven = curious(ticketopt.assign([{"ticket_id": 1, "effort": 2}], agents), 1.0)
    assert "Certificate" not in dict(uneven.facts)


def test_a_large_queue_of_unequal_effort_is_not_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketopt.report.curious.MOST_PAIRS", 0)
    result = ticketopt.assign([{"ticket_id": 1, "effort": 2}], [{"agent_id": 1, "capacity": 1}])
    assert "left out on queues of this size" in curious(result, 1.0).no_slots
