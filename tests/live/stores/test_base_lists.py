"""Pages of tickets and agents, and single rows: what a list shows without reading a whole queue."""

import pytest

from ticketopt import InvalidInputError
from ticketopt.live.stores import Batch, Event, StoredAgent, StoredTicket

STATES = {"a": "waiting", "b": "assigned", "c": "closed", "d": "held", "e": "assigned", "f": "waiting"}
OWNERS = {"b": "ann", "c": "bob", "d": "ann", "e": "bob"}
ROWS = {name: StoredTicket(OWNERS.get(name), 1, state, {"k": name}) for name, state in STATES.items()}


@pytest.fixture
def begun(store):
    store.commit("", 0, Batch(None, (Event("agent", None, "z", 3),), {"z": {}, "x": {}, "y": {}}, ROWS))
    return store


def names(rows):
    return "".join(name for name, _ in rows)


def test_a_ticket_is_found_by_its_id(begun):
    assert begun.ticket("", "c") == ROWS["c"]
    assert begun.ticket("", "unknown") is None
    assert begun.ticket("other", "c") is None


def test_tickets_come_in_order_and_in_pages(begun):
    assert begun.tickets("") == list(ROWS.items())
    assert names(begun.tickets("", limit=2)) == "ab"
    assert names(begun.tickets("", after="b", limit=3)) == "cde"
    assert begun.tickets("", after="f") == []
    begun.commit("", 1, Batch(None, tickets={"g": ROWS["a"], "a": ROWS["b"]}))
    assert names(begun.tickets("")) == "abcdefg"


@pytest.mark.parametrize(
    ("states", "agent", "found"),
    [
        (["waiting"], None, "af"),
        ({"waiting", "assigned"}, None, "abef"),
        ((), None, ""),
        (["no state"], None, ""),
        (None, "ann", "bd"),
        (["assigned", "closed"], "bob", "ce"),
        (["waiting"], "ann", ""),
        (None, "nobody", ""),
    ],
)
def test_tickets_of_some_states_or_of_an_agent(begun, states, agent, found):
    assert names(begun.tickets("", states=states, agent=agent)) == found
    paged, after = "", None
    while page := names(begun.tickets("", states=states, agent=agent, after=after, limit=1)):
        paged, after = paged + page, page
    assert paged == found


def test_a_page_after_something_unknown_is_an_error(begun):
    for ask in (begun.tickets, begun.agents):
        with pytest.raises(InvalidInputError, match="after: 'gone' is not in the queue"):
            ask("", after="gone")


def test_agents_come_in_order_and_in_pages(begun):
    assert begun.agents("") == [("z", StoredAgent(3, {})), ("x", StoredAgent(0, {})), ("y", StoredAgent(0, {}))]
    assert names(begun.agents("", limit=1)) == "z"
    assert names(begun.agents("", after="z", limit=5)) == "xy"


def test_versions_and_counts_are_read_alone(begun):
    assert (begun.version(""), begun.version("other")) == (1, 0)
    assert begun.counts("") == {"waiting": 2, "assigned": 2, "held": 1, "closed": 1}
    assert begun.counts("other") == {}
    assert begun.tickets("other") == begun.agents("other") == []
