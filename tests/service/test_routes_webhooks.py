"""Hostile requests to a running service: none hangs it, gets a 500, is taken for good, or is repeated."""

import contextlib
import json
import socket

import httpx
import pytest

from .conftest import service as start

CANARY = "marmalade"
DEEP = "[" * 100_000
TEXT = {"title": CANARY, "description": CANARY}


def tickets(*rows):
    return json.dumps({"tickets": list(rows)})


def one(**fields):
    return tickets({"ticket_id": "x", **TEXT, **fields})


CHANGE = "/v1/tickets"
SEED = "/v1/ticket-assignment"

BODIES = {
    "nothing": (CHANGE, b""),
    "blank": (CHANGE, b"   "),
    "not JSON": (CHANGE, CANARY),
    "cut off": (CHANGE, one()[:-3]),
    "two documents": (CHANGE, one() + one()),
    "trailing comma": (CHANGE, '{"tickets": [],}'),
    "single quotes": (CHANGE, "{'tickets': []}"),
    "a comment": (CHANGE, '{"tickets": []} // ' + CANARY),
    "not UTF-8": (CHANGE, b'{"tickets": [{"ticket_id": "\xff"}]}'),
    "UTF-16": (CHANGE, '{"tickets": []}'.encode("utf-16")),
    "a null byte": (CHANGE, b'{"tickets": \x00[]}'),
    "deep": (CHANGE, DEEP),
    "deep in a field": (CHANGE, '{"tickets": ' + DEEP),
    "deep and closed": (CHANGE, '{"tickets": [' + "[" * 5000 + "]" * 5000 + "]}"),
    "NaN": (CHANGE, '{"tickets": [{"ticket_id": 1, "urgency": NaN}]}'),
    "infinity": (CHANGE, '{"tickets": [{"ticket_id": 1, "urgency": Infinity}]}'),
    "overflow": (CHANGE, '{"tickets": [{"ticket_id": 1, "urgency": 1e999}]}'),
    "a key twice": (CHANGE, '{"tickets": [], "tickets": []}'),
    "a list": (CHANGE, "[]"),
    "a text": (CHANGE, json.dumps(CANARY)),
    "a number": (CHANGE, "5"),
    "null": (CHANGE, "null"),
    "an unknown key": (CHANGE, json.dumps({"tickets": [], CANARY[:5]: 1})),
    "tickets as text": (CHANGE, json.dumps({"tickets": CANARY})),
    "tickets as object": (CHANGE, json.dumps({"tickets": {"0": {}}})),
    "a ticket as text": (CHANGE, tickets(CANARY)),
    "a ticket as null": (CHANGE, tickets(None)),
    "no id": (CHANGE, tickets(TEXT)),
    "an empty id": (CHANGE, tickets({"ticket_id": "", **TEXT})),
    "a blank id": (CHANGE, tickets({"ticket_id": "  \n", **TEXT})),
    "a long id": (CHANGE, tickets({"ticket_id": "x" * 201, **TEXT})),
    "an id with a null byte": (CHANGE, tickets({"ticket_id": "a\0b", **TEXT})),
    "half a surrogate": (CHANGE, '{"tickets": [{"ticket_id": "\\ud800"}]}'),
    "half a surrogate in text": (CHANGE, '{"tickets": [{"ticket_id": 1, "title": "\\udfff"}]}'),
    "a boolean id": (CHANGE, tickets({"ticket_id": True, **TEXT})),
    "half an id": (CHANGE, tickets({"ticket_id": 1.5, **TEXT})),
    "a huge id": (CHANGE, '{"tickets": [{"ticket_id": ' + "9" * 5000 + "}]}"),
    "an id twice": (CHANGE, tickets({"ticket_id": 1}, {"ticket_id": "1"})),
    "a title as list": (CHANGE, one(title=[CANARY])),
    "effort zero": (CHANGE, one(effort=0)),
    "effort below zero": (CHANGE, one(effort=-1)),
    "effort as text": (CHANGE, one(effort=CANARY)),
    "half an effort": (CHANGE, one(effort=0.5)),
    "a huge effort": (CHANGE, one(effort=10**18)),
    "urgency above 1": (CHANGE, one(urgency=1.0001)),
    "an unknown priority": (CHANGE, one(priority=CANARY[:4])),
    "a time that is none": (CHANGE, one(creation_timestamp="yesterday")),
    "a time below zero": (CHANGE, one(creation_timestamp=-5)),
    "a time in the far future": (CHANGE, one(due=1e18)),
    "skills as list": (CHANGE, one(skills=["sql"])),
    "a skill below zero": (CHANGE, one(skills={"sql": -1})),
    "a skill without a name": (CHANGE, one(skills={"": 1})),
    "a level above 10": (CHANGE, one(requires={"sql": 11})),
    "a pinned stranger": (CHANGE, one(pinned_agent="nobody")),
    "pinned and excluded": (CHANGE, one(pinned_agent="ann", excluded_agents=["ann"])),
    "SQL in a type": (CHANGE, one(effort="1; DROP TABLE agent")),
    "a prototype": (CHANGE, '{"__proto__": {"tickets": []}}'),
    "no agents": (SEED, json.dumps({"tickets": [{"ticket_id": 1, **TEXT}]})),
    "agents as text": (SEED, json.dumps({"tickets": [], "agents": CANARY})),
    "an agent below zero": (SEED, json.dumps({"tickets": [], "agents": [{"agent_id": "ann", "current_load": -1}]})),
    "an agent twice": (SEED, json.dumps({"tickets": [], "agents": [{"agent_id": 1}, {"agent_id": "1"}]})),
    "an unknown status": ("/v1/agents/status", json.dumps({"agent_id": "ann", "availability_status": "zzz"})),
    "an unknown agent": ("/v1/agents/capacity", json.dumps({"agent_id": "zoe", "capacity": 1})),
    "a capacity of text": ("/v1/agents/capacity", json.dumps({"agent_id": "ann", "capacity": CANARY})),
    "an unknown ticket": ("/v1/tickets/close", json.dumps({"ticket_id": "zzz"})),
    "an object as id": ("/v1/tickets/close", json.dumps({"ticket_id": {"$ne": 1}})),
    "endless changes": ("/v1/rebalance", json.dumps({"max_changes": 1e300})),
    "a job of nothing": ("/v1/jobs", "{}"),
    "a job for ever": ("/v1/jobs", json.dumps({"kind": "rebalance", "time_limit": 1e9})),
    "a webhook of nothing": ("/v1/webhooks/zendesk", "{}"),
    "a webhook of text": ("/v1/webhooks/freshdesk", json.dumps({"ticket": CANARY})),
    "a webhook's deep id": ("/v1/webhooks/zendesk", json.dumps({"detail": {"id": {"a": [CANARY]}}})),
    "10 MB of text in a number": (CHANGE, one(effort=CANARY * 1_200_000)),
    "too large": (CHANGE, one(title="x" * 17_000_000)),
    "many broken tickets": (CHANGE, tickets(*[{"ticket_id": k, "effort": CANARY} for k in range(15_000)])),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    store = f"sqlite:///{tmp_path_factory.mktemp('db')}/t.db"
    with start(store=store) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        agents = [{"agent_id": "ann", "skills": {"sql": 5}, "capacity": 5}]
        assert client.post("/v1/agents", json={"agents": agents}).status_code == 200
        yield client
    assert len(running.log) > 3
    assert CANARY not in "".join(running.log)


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused_and_changes_nothing(name, service):
    path, body = BODIES[name]
    before = service.get("/v1/check").json(), service.get("/v1/agents").json()
    answer = service.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 404, 413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert answer.status_code == 413 or answer.json()["errors"]
    assert (service.get("/v1/check").json(), service.get("/v1/agents").json()) == before


def test_there_are_enough_of_them():
    assert len(BODIES) >= 60


ODD = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"y" * 200_000 + b"\r\n\r\n",
    b"GET /v1/explain?ticket_id=%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /v1/events?after=99999999999999999999 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /dashboard/..%2f..%2fapp.py HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("raw", ODD, ids=lambda raw: raw[:30].decode("latin-1"))
def test_odd_bytes_on_the_socket_leave_the_service_up(raw, service):
    address = (service.base_url.host, service.base_url.port)
    answer = b""
    with socket.create_connection(address, timeout=30) as connection, contextlib.suppress(OSError):  # it may hang up
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65536):
            answer += chunk
    assert b" 500 " not in answer[:20]
    assert b"root:" not in answer
    assert service.get("/healthz").status_code == 200
