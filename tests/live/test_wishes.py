"""What of a decision is told to the helpdesk, and what is not: an echo, and what people there have decided."""

from __future__ import annotations

import pytest

from ticketopt import Dispatcher, open_store
from ticketopt.intake.events import TicketEvent

NOW = 1_795_424_400.0
TEAM = [{"agent_id": name, "capacity": 9} for name in ("5", "6")]


class Queue:
    def __init__(self, **more):
        self.store, self.now = open_store("memory:"), NOW
        self.dispatcher = Dispatcher(self.store, clock=lambda: self.now, **{"delivers": True, **more})
        self.dispatcher.upsert_agents(TEAM)
        self._seen = 0

    def event(self, ticket="7", seconds=1.0, **more):
        self.now += seconds
        self.dispatcher.apply([TicketEvent(ticket_id=ticket, at=self.now, **more)])

    def assigned(self, agent, ticket="7"):
        self.event(ticket, assignee=agent, says_assignee=True)

    def wishes(self):
        """The wishes since the last call."""
        new = self.store.deliveries("", after=self._seen)
        self._seen = max([self._seen, *(row.number for row in new)])
        return {row.ticket_id: row.agent_id for row in new}

    def holder(self, ticket="7"):
        return self.store.ticket("", ticket).agent_id


@pytest.fixture
def queue():
    return Queue()


def test_what_is_decided_here_is_told_and_its_echo_is_not(queue):
    queue.event(stage="new")
    agent = queue.holder()
    assert queue.wishes() == {"7": agent}
    for _ in range(3):
        queue.assigned(agent)
    assert queue.wishes() == {} and queue.holder() == agent


def test_what_a_person_decides_there_is_not_told_back(queue):
    queue.event(stage="new")
    agent = queue.holder()
    queue.assigned(agent)
    queue.wishes()
    other = {"5": "6", "6": "5"}[agent]
    queue.assigned(other)
    assert (queue.holder(), queue.wishes()) == (other, {})
    queue.assigned("a stranger")
    assert (queue.holder(), queue.wishes()) == (None, {})


def test_what_a_person_decides_there_before_our_wish_has_arrived_takes_its_place(queue):
    """Else the wish, sent later, would undo it."""
    queue.event(stage="new")
    agent = queue.holder()
    queue.wishes()
    other = {"5": "6", "6": "5"}[agent]
    queue.assigned(other)
    assert (queue.holder(), queue.wishes()) == (other, {"7": other})
    queue.assigned(other)
    assert queue.wishes() == {}
    queue.assigned(agent)
    assert (queue.holder(), queue.wishes()) == (agent, {})


def test_echoes_of_older_wishes_take_it_from_nobody(queue):
    queue.event(stage="new")
    first = queue.holder()
    second = {"5": "6", "6": "5"}[first]
    queue.dispatcher.reassign("7", second)
    assert queue.wishes() == {"7": second}
    queue.assigned(first)
    assert (queue.holder(), queue.wishes()) == (second, {})
    queue.assigned(second)
    assert (queue.holder(), queue.wishes()) == (second, {})


def test_who_is_taken_away_there_is_assigned_anew_and_told(queue):
    queue.event(stage="new")
    queue.assigned(queue.holder())
    queue.wishes()
    former = queue.holder()
    queue.assigned(None)
    assert queue.holder() not in (None, former)
    assert queue.wishes() == {"7": queue.holder()}


def test_a_ticket_shown_without_anybody_was_taken_away_only_where_the_helpdesk_knew_who_had_it(queue):
    queue.event(stage="new", shows_nobody=True)
    former = queue.holder()
    queue.event(fields={"title": "VPN"}, shows_nobody=True)  # written before our assignment came there
    assert queue.holder() == former
    queue.assigned(former)
    known_at = queue.now
    queue.event(seconds=-5.0, fields={"title": "VPN drops"}, shows_nobody=True)  # older than what is known
    assert queue.holder() == former
    queue.now = known_at
    queue.dispatcher.apply([TicketEvent(ticket_id="7", shows_nobody=True)])  # nobody says when that was
    assert queue.holder() == former
    queue.wishes()
    queue.event(fields={"title": "VPN drops again"}, shows_nobody=True)
    second = queue.holder()
    assert second not in (None, former) and queue.wishes() == {"7": second}
    queue.assigned(second)
    queue.now += 301.0
    queue.dispatcher.apply([TicketEvent(ticket_id="7", shows_nobody=True)])
    assert queue.holder() not in (None, second)


def test_an_agent_who_joins_has_what_the_helpdesk_gave_before(queue):
    queue.event(stage="open", assignee="new", says_assignee=True)
    queue.event("8", stage="held", assignee="new", says_assignee=True)
    assert (queue.holder(), queue.holder("8"), queue.wishes()) == (None, None, {})
    assert queue.dispatcher.upsert_agents([{"agent_id": "new", "capacity": 1}]) == {"7": "new", "8": "new"}
    assert [queue.dispatcher.state().tickets[name].state for name in "78"] == ["assigned", "held"]
    assert (queue.wishes(), queue.dispatcher.check()) == ({}, ())
    queue.event(assignee="new", says_assignee=True)
    assert (queue.holder(), queue.wishes()) == ("new", {})


def test_a_reopened_ticket_goes_to_others_where_who_had_it_is_away_or_says_why_it_waits(queue):
    queue.event(stage="open", assignee="5", says_assignee=True)
    queue.event(stage="done", ended="solved")
    queue.dispatcher.set_status("5", "off duty")
    queue.event(stage="open")
    assert queue.holder() not in (None, "5")
    queue.event(stage="done", ended="solved")
    for name in queue.dispatcher.state().agents:
        queue.dispatcher.set_status(name, "off duty")
    queue.event(stage="open")
    row = queue.dispatcher.state().tickets["7"]
    assert (row.agent_id, row.data["reason"]) == (None, "unavailable")


def test_an_event_of_a_clock_that_is_wrong_does_not_outlast_what_follows(queue):
    queue.dispatcher.apply([TicketEvent(ticket_id="7", at=NOW + 3e7, stage="open")])
    queue.event(seconds=600.0, stage="done", ended="solved")
    assert queue.store.ticket("", "7").state == "closed"


def test_changes_by_hand_are_told(queue):
    queue.dispatcher.submit([{"ticket_id": "7"}, {"ticket_id": "8"}])
    assert queue.wishes() == {"7": queue.holder("7"), "8": queue.holder("8")}
    queue.dispatcher.set_status("5", "off duty")
    queue.dispatcher.set_status("6", "off duty")
    queue.dispatcher.unassign("7")
    assert queue.wishes() == {"7": None}
    queue.dispatcher.close("8")
    assert queue.wishes() == {}
    queue.dispatcher.sign_on("5")
    assert queue.wishes() == {"7": "5"}


def test_opened_again_its_agent_is_told_anew_unless_the_helpdesk_has_said_that_it_knows(queue):
    """What was still to be sent when it was closed has been withdrawn."""
    queue.event(stage="new")
    agent = queue.holder()
    assert queue.wishes() == {"7": agent}
    queue.event(stage="done", ended="solved")
    queue.event(stage="open")
    assert (queue.holder(), queue.wishes()) == (agent, {"7": agent})
    queue.assigned(agent)
    queue.event(stage="done", ended="solved")
    queue.event(stage="open")
    assert (queue.holder(), queue.wishes()) == (agent, {})


def test_an_echo_that_comes_after_the_end_is_still_no_decision_of_a_person(queue):
    queue.event(stage="new")
    first = queue.holder()
    second = {"5": "6", "6": "5"}[first]
    queue.dispatcher.reassign("7", second)
    queue.dispatcher.close("7")
    queue.assigned(first)
    assert (queue.holder(), queue.store.ticket("", "7").state) == (second, "closed")
    queue.wishes()
    queue.dispatcher.reopen("7")
    assert queue.wishes() == {"7": second}


def test_nothing_is_told_where_nobody_listens():
    queue = Queue(delivers=False)
    queue.event(stage="new")
    assert queue.wishes() == {} and "wished" not in queue.store.ticket("", "7").data
