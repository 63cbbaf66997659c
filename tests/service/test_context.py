"""What all handlers share: whatever comes in, its text is read by the lexicon of the settings."""

import pytest

from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE
from ticketopt.triage import load_lexicon

from .client import Client
from .test_routes_queue import ended

OWN = {"concepts": {"paper": {"names": ["printers"], "sure": ["φλορβλ"]}}}
AGENTS = [
    {"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 4},
    {"agent_id": "bob", "skills": {"printers": 9}, "capacity": 4, "current_load": 1},
]
TICKETS = [{"ticket_id": "7", "title": "φλορβλ"}]


def whole_queue(client):
    return client.assign({"agents": AGENTS, "tickets": TICKETS}).json()["assignments"][0]["assigned_agent_id"]


def job(client):
    body = {"kind": "assignment", "agents": AGENTS, "tickets": TICKETS}
    done = ended(client, client.request("POST", "/v1/jobs", json=body).json())
    return done["result"]["assignments"][0]["assigned_agent_id"]


def live_queue(client):
    client.request("POST", "/v1/agents", json={"agents": AGENTS})
    return client.request("POST", "/v1/tickets", json={"tickets": TICKETS}).json()["decided"][0]["agent_id"]


def webhook(client):
    client.request("POST", "/v1/agents", json={"agents": AGENTS})
    body = {"ticket": {"id": 7, "subject": TICKETS[0]["title"], "description": "", "priority": 2, "status": 2}}
    return client.request("POST", "/v1/webhooks/freshdesk", json=body).json()["decided"][0]["agent_id"]


@pytest.mark.parametrize("way_in", [whole_queue, job, live_queue, webhook])
def test_text_is_read_by_the_lexicon(way_in):
    lexicons = (None, OWN, load_lexicon(OWN))
    took = [way_in(Client(create_app(open_store("memory:"), lexicon=lexicon))) for lexicon in lexicons]
    assert took == ["ann", "bob", "bob"]


def test_the_documentation_shows_what_the_lexicon_reads():
    lexicon = {"urgency": {"stated": {"critical": ["blank pages"]}}}
    plain, own = (Client(create_app(open_store("memory:"), lexicon=one)) for one in (None, lexicon))
    shown = [shown_answer(client) for client in (plain, own)]
    assert ["blank pages" in str(answer["assignments"]) for answer in shown] == [False, True]
    assert own.assign(EXAMPLE_QUEUE).json()["assignments"] == shown[1]["assignments"]


def shown_answer(client):
    answers = client.get("/openapi.json").json()["paths"][client.url]["post"]["responses"]
    return answers["200"]["content"]["application/json"]["example"]
