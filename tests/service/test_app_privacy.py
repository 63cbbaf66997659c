"""No error and no log line repeats what a ticket says."""

import json
import logging

import pytest

import ticketopt.service.handling
from ticketopt.live import batch
from ticketopt.live.stores import open_store
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS
from ticketopt.service import create_app

from .client import Client

CANARY = "xyzzy"

SAYINGS = {
    "a text": f"my {CANARY} is broken, it is urgent",
    "a long text": f"{CANARY} " * 10_000,
    "half a surrogate": f"{CANARY} \ud800",
    "control characters": f"{CANARY}\x00\x1b",
    "a list": [CANARY],
    "an object": {CANARY: CANARY},
    "nested": [{CANARY: [CANARY, {CANARY: None}]}],
}
"""What can stand where a ticket's title and description belong."""

WRONG = [
    *({"ticket_id": "T1", name: {"wrong": True}} for name in TICKET_FIELDS if name not in ("title", "description")),
    {"ticket_id": "T1", "urgency": 2, "priority": "hihg", "effort": 0.5, "due": "soon", "requires": {"SQL": 11}},
    {"ticket_id": "T1", "pinned_agent": "nobody", "excluded_agents": ["nobody"]},
    {},
]
"""Tickets with something wrong in them besides."""


def post(client, tickets, agents=()):
    body = json.dumps({"agents": list(agents), "tickets": tickets})
    return client.assign(body)


@pytest.mark.parametrize("saying", SAYINGS.values(), ids=SAYINGS)
@pytest.mark.parametrize("place", ["title", "description"])
def test_an_error_does_not_repeat_a_title_or_description(client, caplog, place, saying):
    caplog.set_level(logging.DEBUG)
    for wrong in WRONG:
        answer = post(client, [{**wrong, place: saying}])
        assert 400 <= answer.status_code < 500
        assert CANARY not in answer.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", AGENT_FIELDS)
def test_an_error_about_an_agent_does_not_repeat_a_ticket(client, name):
    ticket = {"ticket_id": "T1", "title": CANARY, "description": CANARY}
    answer = post(client, [ticket], [{"agent_id": "a", name: {"wrong": True}}])
    assert answer.status_code == 422
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        '{"agents": [], "tickets": [{"ticket_id": 1, "title": "xyzzy" "description": "xyzzy"}]}',
        '{"agents": [], "tickets": [{"ticket_id": 1, "title": "xyzzy\n"}]}',
        '{"agents": [], "tickets": [{"ticket_id": 1, "title": "xyzzy',
        '{"agents": [], "tickets": [{"ticket_id": 1, "title": "xyzzy \\q"}]}',
        '{"agents": [], "tickets": [{"title": "xyzzy", "title": "xyzzy"}]}',
        "xyzzy",
        '"xyzzy"',
        '["xyzzy"]',
        b'{"agents": [], "tickets": [{"ticket_id": 1, "title": "xyzzy \xff"}]}',
    ],
)
def test_an_error_about_the_json_does_not_repeat_it(client, body):
    answer = client.assign(body)
    assert answer.status_code in (400, 422)
    assert CANARY not in answer.text


def test_a_body_that_is_too_large_or_of_the_wrong_type_is_not_repeated(store):
    body = json.dumps({"agents": [], "tickets": [{"ticket_id": 1, "title": CANARY}]})
    answers = [
        Client(create_app(store, max_body_bytes=10)).assign(body),
        Client(create_app(store)).assign(body, headers={"content-type": "text/plain"}),
    ]
    assert [answer.status_code for answer in answers] == [413, 415]
    assert all(CANARY not in answer.text for answer in answers)


def test_a_failure_inside_says_nothing_and_logs_only_where_it_was(client, store, monkeypatch, caplog):
    def fail(problem, **_):
        raise RuntimeError(f"cannot solve {problem.tickets[0].title}")

    caplog.set_level(logging.DEBUG)
    body = {"agents": [{"agent_id": "a"}], "tickets": [{"ticket_id": 1, "title": CANARY}]}
    with monkeypatch.context() as patch:
        patch.setattr(batch, "solve", fail)
        answer = client.assign(body)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Nothing was assigned; the server's log tells where it failed."
    assert CANARY not in answer.text + caplog.text
    assert "a request failed with RuntimeError" in caplog.text
    assert "in dispatch" in caplog.text
    assert store.snapshot("").agents == {}
    assert client.assign(body).status_code == 200


def test_a_failure_before_the_body_is_read_is_a_problem_too(client, monkeypatch):
    async def fail(*_, **__):
        raise RuntimeError(CANARY)

    monkeypatch.setattr(ticketopt.service.handling, "read_body", fail)
    answer = client.assign({})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert CANARY not in answer.text


def test_a_store_that_fails_repeats_no_ticket(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    (tmp_path / "loads.json").write_text("{}")
    client = Client(create_app(open_store(f"json:{tmp_path}/loads.json")))
    answer = post(client, [{"ticket_id": "T1", "title": CANARY, "description": CANARY}])
    assert answer.status_code == 503
    assert CANARY not in answer.text + caplog.text


def test_the_store_keeps_no_ticket(tmp_path):
    client = Client(create_app(open_store(f"json:{tmp_path}/loads.json")))
    ticket = {"ticket_id": "T1", "title": CANARY, "description": CANARY, "customer": CANARY}
    assert post(client, [ticket], [{"agent_id": "a"}]).status_code == 200
    assert CANARY not in (tmp_path / "loads.json").read_text()
