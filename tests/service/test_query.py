"""Names in an address that no route knows are refused, but about health and in what a helpdesk's product sends."""

import re

import pytest

from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.access import OPEN_PATHS
from ticketopt.service.routes.dashboard import PARTS

from .client import Client

NEAREST = {
    "/v1/tickets?stat=waiting": ("stat", "state"),
    "/v1/tickets?limits=5": ("limits", "limit"),
    "/v1/explain?ticket=a": ("ticket", "ticket_id"),
    "/v1/agents?atfer=a": ("atfer", "after"),
    "/v1/events?folow=false": ("folow", "follow"),
    "/v1/deliveries?states=dead": ("states", "state"),
    "/v1/counts?tennant=acme": ("tennant", "tenant"),
    "/v1/tickets/T-1?tenat=acme": ("tenat", "tenant"),
    "/dashboard?tenent=acme": ("tenent", "tenant"),
}


@pytest.mark.parametrize("address", NEAREST)
def test_the_parameter_is_named_with_the_nearest_known_one(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    (error,) = answer.json()["errors"]
    given, known = NEAREST[address]
    assert given in error["path"]
    assert error["problem"] == "is not a known parameter"
    assert f"'{known}'" in error["repair"] or known in error["repair"]


def routes():
    for path, methods in create_app(open_store("memory:")).openapi()["paths"].items():
        yield from ((method.upper(), re.sub(r"{.*?}", "x", path)) for method in methods)
    yield from (("GET", path) for path in (*PARTS, "/dashboard/settings.json", "/docs", "/openapi.json"))
    yield "POST", "/v1/webhooks/zendesk/"


@pytest.mark.parametrize(("method", "path"), [*routes()])
def test_every_route_refuses_what_it_does_not_know_but_those_about_health_and_webhooks(client, method, path):
    answer = client.request(method, f"{path}?colour=red")
    heeds_all = path not in OPEN_PATHS | {"/metrics"} and not path.startswith("/v1/webhooks/")
    assert (answer.status_code == 422) == heeds_all, answer.text
    if heeds_all:
        assert [error["problem"] for error in answer.json()["errors"]] == ["is not a known parameter"]


def test_a_parameter_that_is_there_twice_is_refused_but_where_it_is_a_list(client):
    answer = client.get("/v1/tickets?limit=5&limit=7&after=a&state=waiting&state=held")
    assert [(error["path"], error["problem"]) for error in answer.json()["errors"]] == [("limit", "is there 2 times")]
    assert client.get("/v1/tickets?state=waiting&state=held").status_code == 200


def test_what_cannot_be_read_in_an_address_is_said_and_not_repeated_raw(client):
    for query in ("?%00%ff=1", "?\u00e9=1", "?=", "?&&a&", "?" + "&".join(f"k{k}=1" for k in range(500))):
        answer = client.get("/v1/counts" + query)
        assert answer.status_code == 422, query
        assert answer.text.isascii()


def test_what_is_known_stays_known():
    client = Client(create_app(open_store("memory:"), tenants=("acme",), webhook_secrets=("zendesk=" + "s" * 16,)))
    assert client.get("/v1/counts?tenant=acme").status_code == 200
    assert client.get("/v1/counts?").status_code == 200
    event = {"type": "zen:event-type:ticket.created", "detail": {"id": "1", "subject": "x"}}
    answer = client.request("POST", "/v1/webhooks/zendesk?secret=" + "t" * 16, json=event)
    assert answer.status_code == 401
    assert client.get("/healthz?x=1").status_code == client.get("/readyz?x=1").status_code == 200


def test_an_event_is_taken_whatever_the_product_adds_to_the_address(client):
    event = {"webhookEvent": "jira:issue_created", "issue": {"key": "OPS-1", "fields": {"summary": "VPN"}}}
    answer = client.request("POST", "/v1/webhooks/jira?user_id=ada&user_key=ada", json=event)
    assert answer.status_code == 200, answer.text
    assert client.get("/v1/tickets/OPS-1").status_code == 200
