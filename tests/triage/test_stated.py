"""Evidence of what tickets state is made when somebody looks, and is what it would be at once."""

from __future__ import annotations

import pickle

import pytest

from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.record_columns import Records
from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.stated import stated_readings, stated_shares


@pytest.mark.parametrize(
    ("says", "urgency", "words"),
    [
        ({"urgency": 0.25}, 0.25, "0.25"),
        ({"priority": "high"}, 0.7, "high"),
        ({"priority": "low", "urgency": 1}, 1, "1"),
    ],
)
def test_the_evidence_is_what_the_ticket_says(says: dict[str, object], urgency: float, words: str) -> None:
    ticket = Ticket(ticket_id=1, skills={"vpn": 3, "Mail": 1, "SAP": 0}, **says)  # type: ignore[arg-type]
    reading = read_tickets([ticket], skills=["VPN"], now=0.0)[0]
    of_urgency = Evidence("urgency", words, "priority" if words == "high" else "urgency", urgency)
    shares = {"VPN": 0.75, "Mail": 0.25}
    of_skills = [Evidence(name, name, "skills", share) for name, share in shares.items()]
    evidence = sorted([*of_skills, of_urgency], key=lambda item: -item.weight)
    assert reading == Reading(shares, urgency, tuple(evidence)) and reading.about_urgency() == [of_urgency]
    assert (
        pickle.loads(pickle.dumps(reading)) == reading and type(pickle.loads(pickle.dumps(reading)).evidence) is tuple
    )


def test_shares_add_up_and_a_single_skill_is_all() -> None:
    assert stated_shares([{"vpn": 1e-300}], {"vpn": "VPN"}) == [{"VPN": 1.0}]
    assert stated_shares([{"a": 2, "b": 1, "c": 1}], {}) == [{"a": 0.5, "b": 0.25, "c": 0.25}]
    assert stated_shares([{"a": 0}, {}], {}) == [{}, {}]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_queue_that_states_all_is_read_as_among_others(is_kept: bool) -> None:
    said = {"skills": [{"vpn": 2.0, "Mail": 1.0}, {}, {"SAP": 0.0}], "urgency": [0.5, None, None]}
    records = Records(Ticket, {"ticket_id": [1, 2, 3], **said, "priority": [None, "low", "high"]}, 3)
    other = Ticket(ticket_id=4, title="VPN drops")
    alone = read_tickets(records if is_kept else tuple(records), skills=["VPN"], now=0.0)
    assert alone == read_tickets([*records, other], skills=["VPN"], now=0.0)[:3]
    assert stated_readings([*records, other], {}) is None and stated_readings([], {}) == ()
    assert [reading.urgency for reading in alone] == [0.5, 0.1, 0.7]
