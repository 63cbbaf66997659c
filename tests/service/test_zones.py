"""Times in bodies and events that state no zone are in the zone of the settings; those that do, stay."""

import json

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.live.stores import open_store
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket
from ticketopt.service import create_app
from ticketopt.service.settings import Settings
from ticketopt.service.zones import TIMES

from .client import Client

NOON_UTC, NOON_BERLIN = 1772452800.0, 1772449200.0  # of 2026-03-02
SUMMER_BERLIN = 1782900000.0  # 2026-07-01T12:00:00+02:00

WRITTEN = {
    "2026-03-02T12:00:00": NOON_BERLIN,
    " 2026-03-02 12:00 ": NOON_BERLIN,
    "2026-03-02T12:00:00Z": NOON_UTC,
    "2026-03-02T13:00:00+01:00": NOON_UTC,
    "2026-07-01T12:00": SUMMER_BERLIN,
    NOON_UTC: NOON_UTC,
}


def served(zone="Europe/Berlin"):
    store = open_store("memory:")
    return store, Client(create_app(store, zone=zone, clock=lambda: 2e9))


def kept(store, name, field="creation_timestamp"):
    return store.ticket("", name).data["ticket"][field]


@pytest.mark.parametrize("written", WRITTEN)
def test_of_tickets_in_bodies(written):
    store, client = served()
    for path in ("/v1/tickets", "/v1/tickets/change"):
        body = {"tickets": [{"ticket_id": "a", "creation_timestamp": written, "due": written}]}
        assert client.request("POST", path, json=body).status_code == 200
        assert kept(store, "a") == kept(store, "a", "due") == WRITTEN[written]


def test_of_agents_and_of_whole_queues_and_of_jobs():
    _, client = served()
    agent = {"agent_id": "a", "shift_start": "2026-03-02T12:00", "shift_end": "2026-03-02T14:00"}
    client.request("POST", "/v1/agents", json={"agents": [agent]})
    told = client.get("/v1/agents").json()["agents"][0]
    assert (told["shift_start"], told["shift_end"]) == (NOON_BERLIN, NOON_BERLIN + 7200)
    for now, is_there in (("2026-03-02T12:30", True), ("2026-03-02T12:30Z", True), ("2026-03-02T14:30", False)):
        body = {"agents": [agent], "tickets": [{"ticket_id": "t"}], "now": now}
        answer = client.assign(body).json()
        assert bool(answer["assignments"]) == is_there, now


@pytest.mark.parametrize(
    ("helpdesk", "body", "expected"),
    [
        ("jira", {"issue": {"key": "A-1", "fields": {"created": "2026-03-02T12:00:00.000"}}}, NOON_BERLIN),
        ("jira", {"issue": {"key": "A-1", "fields": {"created": "2026-03-02T12:00:00.000+0000"}}}, NOON_UTC),
        ("servicenow", {"incident": {"number": "A-1", "opened_at": "2026-03-02 12:00:00"}}, NOON_UTC),
        ("servicenow", {"incident": {"number": "A-1", "opened_at": {"value": "2026-03-02 12:00:00"}}}, NOON_UTC),
        (
            "servicenow",
            {"incident": {"number": "A-1", "opened_at": {"display_value": "2026-03-02 12:00:00"}}},
            NOON_BERLIN,
        ),
    ],
)
def test_of_events(helpdesk, body, expected):
    store, client = served()
    kind = {"webhookEvent": "jira:issue_created"} if helpdesk == "jira" else {"event": "insert"}
    answer = client.request("POST", f"/v1/webhooks/{helpdesk}", json={**kind, **body})
    assert answer.status_code == 200, answer.text
    assert kept(store, "A-1") == expected


def test_where_no_zone_is_set_it_is_utc_and_one_that_is_none_is_refused():
    store, client = served("UTC")
    client.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": "a", "due": "2026-03-02T12:00"}]})
    assert kept(store, "a", "due") == NOON_UTC
    for zone in ("Berlin", "UTC+1", "CET"):
        assert Settings(zone=zone).time_zone.utcoffset(None) or Settings(zone=zone).time_zone.key
    for zone in ("EST or so", "", "UTC+99"):
        with pytest.raises(InvalidInputError) as caught:
            Settings(zone=zone)
        assert [issue.path for issue in caught.value.issues] == ["zone"]


@pytest.mark.parametrize("wrong", ["noon", "2026-13-01T00:00", "", [], {}, True])
def test_what_is_no_time_is_said_as_it_was_written(wrong):
    _, client = served()
    answer = client.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": "a", "due": wrong}, 5]})
    plain = served("UTC")[1].request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": "a", "due": wrong}, 5]})
    assert answer.status_code == 422
    assert answer.json()["errors"] == plain.json()["errors"]


def test_no_time_of_a_record_is_forgotten():
    for name, kind in (("tickets", Ticket), ("agents", Agent)):
        schemas = {field: json.dumps(entry.reader.given) for field, entry in table_of(kind).entries.items()}
        assert tuple(field for field, schema in schemas.items() if "ISO 8601" in schema) == TIMES[name]
