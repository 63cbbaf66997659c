"""The life of a ticket in sequences of events, as each helpdesk sends them: in order, sent again, swapped, doubled.

A plain model knows only the true order: the last event that speaks of a part says how it is. However the events come,
the queue ends there, and its loads add up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest

from support.helpdesk_events import Happened, id_of, sent, stage_after
from ticketopt import Dispatcher, open_store
from ticketopt.intake.events import TicketEvent
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.intake.webhook import read_webhook

NOW = 1_795_424_400.0
AGENTS = ["5", "6", "7"]
TEAM = [{"agent_id": name, "skills": {"VPN": 5}, "capacity": 20} for name in AGENTS]
NAMES = {name: {} for name in AGENTS}
PRIORITIES = {"low": 0.1, "medium": 0.4, "high": 0.7}
NEXT = {
    "new": ["renamed", "raised", "commented", "assigned", "held", "solved", "closed", "deleted", "spam"],
    "open": ["renamed", "raised", "commented", "assigned", "unassigned", "held", "solved", "closed", "merged"],
    "held": ["raised", "commented", "reopened", "assigned", "solved", "deleted"],
    "done": ["commented", "reopened", "restored", "raised"],
}
"""What may happen to a ticket at a stage."""


@dataclass
class Model:
    """How a ticket must end: where it is, who must have it (None: anybody or nobody), how urgent it is."""

    stage: str | None = None
    ended: str | None = None
    person: str | None = None
    urgency: float | None = None

    def see(self, event: TicketEvent) -> None:
        if event.stage is not None:
            self.stage, self.ended = event.stage, event.ended
        if event.says_assignee:
            self.person = event.assignee
        elif event.shows_nobody:
            self.person = None
        if "priority" in event.fields:
            self.urgency = PRIORITIES[event.fields["priority"]]


def lives(name: str, chance: random.Random) -> list[list[TicketEvent]]:
    """The events of up to three tickets in their true order."""
    told = []
    for n in range(1, chance.randint(1, 3) + 1):
        at, state, events = NOW + chance.randint(0, 5), Happened(action="created", n=n), []
        for k in range(chance.randint(1, 8)):
            at += chance.randint(1, 60)
            action = "created" if k == 0 else chance.choice(NEXT[state.stage])
            after = replace(state, action=action, at=at, stage=stage_after(action, state.stage))
            if action == "assigned":
                after = replace(
                    after, assignee=chance.choice(AGENTS), stage="open" if state.stage == "new" else state.stage
                )
            elif action == "unassigned":
                after = replace(after, assignee=None)
            elif action == "raised":
                after = replace(after, priority=chance.choice([*PRIORITIES]))
            body = sent(name, after)
            if body is not None:
                events.extend(read_webhook(INTEGRATIONS[name], *body, team=NAMES).events)
                state = after
        told.append(events)
    return told


def mixed(events: list[TicketEvent], chance: random.Random) -> list[TicketEvent]:
    """The same events as a network delivers them: some swapped with a neighbor or late, some more than once."""
    order = [(k + chance.choice([0, 0, 0, 1.5, 4]), event) for k, event in enumerate(events)]
    order += [(k + chance.choice([0.1, 2, 9]), event) for k, event in enumerate(events) if chance.random() < 0.3]
    return [event for _, event in sorted(order, key=lambda pair: pair[0])]


def check_sequence(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")
    tickets = lives(name, chance)
    models = []
    for events in tickets:
        models.append(Model())
        for event in events:
            models[-1].see(event)
    store = open_store("memory:")
    dispatcher = Dispatcher(store, clock=lambda: NOW + 10_000)
    dispatcher.upsert_agents(TEAM)
    everything = sorted((event for events in tickets for event in events), key=lambda event: event.at or 0)
    come = everything if seed % 3 == 0 else mixed(everything, chance)
    while come:  # one by one, as webhooks bring them, or together
        size = 1 if seed % 2 else chance.randint(1, 3)
        dispatcher.apply(come[:size])
        come = come[size:]
    assert dispatcher.check() == ()
    for n, model in enumerate(models, 1):
        row = store.ticket("", id_of(name, n))
        assert row is not None
        words = f"{name} {seed} ticket {n}: {model}, {row}"
        assert {"done": "closed", "held": "held"}.get(model.stage, "open") == (
            row.state if row.state in ("closed", "held") else "open"
        ), words
        assert row.data.get("ended") == model.ended, words
        if model.person is not None and model.stage != "done":
            assert row.agent_id == model.person, words
        if model.urgency is not None and name != "chatwoot":
            assert row.data["urgency"] == model.urgency, words


@pytest.mark.parametrize("name", INTEGRATIONS)
def test_every_life_ends_where_it_must(name, seeds):
    for seed in seeds(5, 300):
        check_sequence(name, seed)
