"""What one request may bring is bounded before anything is made of it."""

import time

import pytest

from ticketopt import InvalidInputError
from ticketopt.service import Settings, create_app
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.sizes import MAX_ENTRIES, MAX_KEYS, check_sizes

from .client import Client

SMALL = Settings(max_tickets=4, max_agents=3, max_pairs=6)


def rows(n):
    return [{} for _ in range(n)]


@pytest.mark.parametrize(
    ("tickets", "agents", "words"),
    [
        (4, 1, None),
        (2, 3, None),
        (5, 0, "The most is 4 tickets"),
        (0, 4, "The most is 3 agents"),
        (3, 3, "Tickets times agents are at most 6"),
    ],
)
def test_tickets_agents_and_pairs_are_bounded(tickets, agents, words):
    body = {"tickets": rows(tickets), "agents": rows(agents)}
    if words is None:
        check_sizes(body, SMALL)
        return
    with pytest.raises(ServiceError) as caught:
        check_sizes(body, SMALL)
    assert caught.value.name == "too-large"
    assert caught.value.detail.startswith(words)


def test_keys_and_entries_of_each_record_are_bounded():
    many, keys = ["x"] * (MAX_ENTRIES + 1), dict.fromkeys(map(str, range(MAX_KEYS + 1)))
    body = {"tickets": [{"excluded_agents": many[1:]}, {"excluded_agents": many, "y" * 99: many}, keys], **keys}
    with pytest.raises(InvalidInputError) as caught:
        check_sizes(body, Settings())
    assert [issue.path for issue in caught.value.issues] == [
        "",
        "tickets[1].excluded_agents",
        f"tickets[1].{'y' * 60}",
        "tickets[2]",
    ]


@pytest.mark.parametrize("data", [None, [], 5, {}, {"tickets": 5, "agents": {}}, {"tickets": [5, None]}])
def test_other_data_is_left_to_its_readers(data):
    check_sizes(data, SMALL)


@pytest.mark.parametrize("path", ["/v1/ticket-assignment", "/v1/tickets", "/v1/jobs", "/v1/rebalance"])
def test_megabytes_of_unknown_keys_are_refused_in_no_time(path, client):
    body = {"kind": "rebalance", "tickets": [], "agents": [], **{f"key{k}": k for k in range(50_000)}}
    began = time.monotonic()
    answer = client.request("POST", path, json=body)
    assert answer.status_code == 422
    assert len(answer.content) < 1000
    assert time.monotonic() - began < 5


def test_a_compressed_body_is_refused(client):
    for encoding, status in {"gzip": 415, "br, gzip": 415, "identity": 200, "Identity ": 200}.items():
        answer = client.assign({"agents": [], "tickets": []}, headers={"Content-Encoding": encoding})
        assert answer.status_code == status, encoding
    assert client.assign(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}).json()["type"].endswith(":encoded")


def test_a_team_that_is_too_large_is_refused_before_it_is_read(store):
    client = Client(create_app(store, max_agents=2))
    body = {"agents": [{"agent_id": k} for k in range(3)]}
    assert client.request("POST", "/v1/agents", json=body).status_code == 413
    assert client.request("POST", "/v1/agents", json={"agents": body["agents"][:2]}).status_code == 200
