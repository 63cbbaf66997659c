"""The service over ASGI: answers, loads, and errors as problem details."""

import asyncio
import json
import threading
import time
import uuid

import httpx
import pytest

import ticketopt.service.context
from ticketopt import InvalidInputError, read_queue
from ticketopt.errors import UnknownCommitError
from ticketopt.live.batch import dispatch
from ticketopt.live.line import line_of
from ticketopt.live.stores import Batch, Event, open_store
from ticketopt.service import create_app
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE

from .client import Client
from .conftest import NOW

EMPTY = {"agents": [], "tickets": []}


def queue(n_tickets=1, **agent):
    return {
        "agents": [{"agent_id": "a", **agent}],
        "tickets": [{"ticket_id": f"T{k}", "urgency": 0.5} for k in range(n_tickets)],
    }


def loads_in(store):
    return {key: agent.load for key, agent in store.snapshot("").agents.items()}


def problem_of(answer):
    """The problem details of an answer, after checking what all of them share."""
    assert answer.headers["content-type"] == "application/problem+json"
    details = answer.json()
    assert details["status"] == answer.status_code
    assert uuid.UUID(details["instance"].removeprefix("urn:uuid:")).version == 4
    return details


def test_it_says_that_it_is_up(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["service"]) == ("ok", "ticketopt")


def test_the_answer_has_the_shape_of_the_seed_system(client):
    answer = client.assign(EXAMPLE_QUEUE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    plan = answer.json()
    assert next(iter(plan)) == "assignments"
    assert {tuple(row) for row in plan["assignments"]} == {("ticket_id", "assigned_agent_id", "rationale")}
    assert {row["ticket_id"]: row["assigned_agent_id"] for row in plan["assignments"]} == {
        "T-5001": "a-101",
        "T-5002": "a-102",
        "T-5003": "a-102",
    }


def test_a_ticket_left_out_is_not_among_the_assignments_but_has_its_reason(client):
    body = queue(2)
    body["tickets"][1]["requires"] = {"SQL": 5}
    plan = client.assign(body).json()
    assert [row["ticket_id"] for row in plan["assignments"]] == ["T0"]
    assert [(row["ticket_id"], row["reason"]) for row in plan["unassigned"]] == [("T1", "no_skill")]


def test_the_answer_is_what_the_library_says(client):
    expected = dispatch(read_queue(EXAMPLE_QUEUE), store=open_store("memory:")).to_dict()
    assert client.assign(EXAMPLE_QUEUE).json() == json.loads(json.dumps(expected))


def test_an_empty_batch_is_fine(client):
    plan = client.assign(EMPTY).json()
    assert (plan["assignments"], plan["unassigned"], plan["status"]) == ([], [], "optimal")


def test_loads_are_kept_between_calls_and_win_over_the_body(client, store):
    client.assign(queue(2, current_load=3))
    client.assign(queue(1, current_load=0))
    client.assign({"agents": [{"agent_id": "b", "current_load": 9}], "tickets": []})
    assert loads_in(store) == {"a": 6, "b": 9}


def test_ids_come_back_as_they_were_sent(client):
    body = {"agents": [{"agent_id": 7, "name": "Зоя 🦊"}], "tickets": [{"ticket_id": 12}, {"ticket_id": "é 1"}]}
    rows = client.assign(body).json()["assignments"]
    assert [(row["ticket_id"], row["assigned_agent_id"]) for row in rows] == [(12, 7), ("é 1", 7)]
    assert "Зоя 🦊" in rows[0]["rationale"]


def test_shifts_end_by_the_clock_of_the_server_unless_the_body_says_what_time_it_is(client):
    body = queue(1, shift_end=NOW - 60)
    assert [row["reason"] for row in client.assign(body).json()["unassigned"]] == ["off_shift"]
    assert client.assign({**body, "now": NOW - 120}).json()["unassigned"] == []


def test_the_policy_of_the_service_holds(store):
    client = Client(create_app(store, policy={"max_new_per_agent": 1}))
    plan = client.assign(queue(3)).json()
    assert (len(plan["assignments"]), len(plan["unassigned"])) == (1, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"policy": {"balanse": 1}}, {"policy": {"weights": {"magic": 1}}}, {"time_limit": 0}, {"max_body_bytes": 0}],
    ids=str,
)
def test_settings_that_cannot_work_fail_at_the_start(store, wrong):
    with pytest.raises(InvalidInputError):
        create_app(store, **wrong)


@pytest.mark.parametrize(
    "content_type", [None, "", "application/json", "Application/JSON; charset=utf-8", "application/vnd.helpdesk+json"]
)
def test_json_is_taken_under_any_of_its_names(client, content_type):
    headers = {} if content_type is None else {"content-type": content_type}
    assert client.assign(json.dumps(EMPTY), headers=headers).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/csv", "json", "*/*"])
def test_other_content_types_are_415(client, content_type):
    answer = client.assign(json.dumps(EMPTY), headers={"content-type": content_type})
    details = problem_of(answer)
    assert (details["status"], details["title"]) == (415, "The content type is not JSON")


NOT_JSON = {
    "nothing": b"",
    "a word": b"agents",
    "cut off": b'{"agents": [',
    "NaN": b'{"agents": [], "tickets": [{"ticket_id": 1, "urgency": NaN}]}',
    "infinity": b'{"agents": [], "tickets": [{"ticket_id": 1, "urgency": -Infinity}]}',
    "a key twice": b'{"agents": [], "tickets": [], "agents": []}',
    "not UTF-8": b'{"agents": [], "tickets": [{"ticket_id": "\xff"}]}',
    "UTF-16": json.dumps(EMPTY).encode("utf-16"),
    "deep": b"[" * 200_000,
    "deep object": b'{"a":' * 100_000,
    "many digits": b'{"agents": [], "tickets": [{"ticket_id": ' + b"1" * 5000 + b"}]}",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_400(client, body):
    details = problem_of(client.assign(body))
    assert (details["status"], details["type"]) == (400, "urn:ticketopt:problem:not-json")
    assert len(details["errors"]) == 1


@pytest.mark.parametrize("body", ["[]", "null", "3", "true", '"agents"'])
def test_json_that_is_no_object_is_422(client, body):
    details = problem_of(client.assign(body))
    assert details["status"] == 422
    assert details["errors"][0]["repair"] == 'give {"agents": [...], "tickets": [...]}'


def test_a_text_as_body_opens_no_file_of_the_server(client, tmp_path):
    secret = tmp_path / "queue.json"
    secret.write_text(json.dumps(EXAMPLE_QUEUE))
    assert problem_of(client.assign(json.dumps(str(secret))))["status"] == 422


def test_every_issue_is_listed_with_its_path_and_repair(client, store):
    body = {
        "agents": [{"agent_id": "a", "current_load": -1}, {"agent_id": "a", "availability_status": "gone fishing"}],
        "tickets": [{"title": "x"}, {"ticket_id": 1, "urgency": 7, "effort": 0}, 5],
        "now": "soon",
    }
    details = problem_of(client.assign(body))
    assert (details["status"], details["type"]) == (422, "urn:ticketopt:problem:invalid-input")
    assert [error["path"] for error in details["errors"]] == [
        "agents[0].current_load",
        "agents[1].availability_status",
        "agents[1].agent_id",
        "tickets[0].ticket_id",
        "tickets[1].urgency",
        "tickets[1].effort",
        "tickets[2]",
        "now",
    ]
    assert all(error["problem"] and error["repair"] for error in details["errors"])
    assert details["detail"] == "8 values are wrong; nothing was assigned."
    assert store.snapshot("").agents == {}


def test_numbers_that_overflow_and_half_surrogates_are_422(client):
    body = '{"agents": [], "tickets": [{"ticket_id": 1, "urgency": 1e400, "title": "\\ud800", "effort": 1e400}]}'
    details = problem_of(client.assign(body))
    assert [error["path"] for error in details["errors"]] == [
        "tickets[0].urgency",
        "tickets[0].title",
        "tickets[0].effort",
    ]


def test_a_flood_of_issues_is_cut_but_counted(client, monkeypatch):
    monkeypatch.setattr("ticketopt.service.problem_details.SHOWN_ERRORS", 3)
    details = problem_of(client.assign({"agents": [], "tickets": [{}] * 5}))
    assert len(details["errors"]) == 3
    assert details["detail"] == "5 values are wrong; nothing was assigned. The first 3 are listed."


def test_a_body_of_just_the_limit_is_taken_and_one_byte_more_is_413(store):
    body = json.dumps(EMPTY)
    assert Client(create_app(store, max_body_bytes=len(body))).assign(body).status_code == 200
    details = problem_of(Client(create_app(store, max_body_bytes=len(body) - 1)).assign(body))
    assert (details["status"], details["title"]) == (413, "The request is too large")


def test_a_body_without_a_length_is_counted_while_it_arrives(store):
    sent = []

    async def chunks():
        for k in range(1000):
            sent.append(k)
            yield b" " * 100

    assert problem_of(Client(create_app(store, max_body_bytes=250)).assign(chunks()))["status"] == 413
    assert len(sent) == 3


def test_an_unknown_address_is_a_404_and_a_wrong_method_a_405(client):
    assert problem_of(client.get("/v1/nothing"))["title"] == "Not Found"
    assert problem_of(client.get("/static-offline-docs/nothing"))["status"] == 404
    answer = client.get("/v1/ticket-assignment")
    assert problem_of(answer)["title"] == "Method Not Allowed"
    assert answer.headers["allow"] == "POST"


def test_every_problem_is_an_occurrence_of_its_own(client):
    first, second = (problem_of(client.assign("x"))["instance"] for _ in range(2))
    assert first != second


def test_a_corrupt_store_is_a_503_that_does_not_tell_where_it_is(tmp_path, caplog):
    path = tmp_path / "agent_state.json"
    path.write_text("not ours")
    client = Client(create_app(open_store(f"json:{path}")))
    answer = client.assign(queue())
    assert problem_of(answer)["status"] == 503
    assert str(tmp_path) not in answer.text
    assert str(path) in caplog.text
    assert path.read_text() == "not ours"


def test_a_change_of_unknown_fate_is_told_to_be_one(client, store, monkeypatch):
    def commit(*_, **__):
        raise UnknownCommitError("the connection was lost")

    monkeypatch.setattr(store, "commit", commit)
    details = problem_of(client.assign(queue()))
    assert (details["status"], details["type"]) == (503, "urn:ticketopt:problem:fate-unknown")
    assert "Idempotency-Key" in details["detail"]


def test_who_waits_too_long_for_room_to_solve_in_is_told_to_come_again_and_other_tenants_are_not_kept():
    app = create_app(open_store("memory:", lock_timeout=0.2), max_pairs=100, tenants=("*",))
    client = Client(app)
    many = {"agents": [{"agent_id": k} for k in range(3)], "tickets": [{"ticket_id": k} for k in range(20)]}
    with app.state.context.pairs.held("", 80):
        answer = client.assign(many)
        assert problem_of(answer)["type"] == "urn:ticketopt:problem:busy"
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert client.assign(many, headers={"X-Tenant": "other"}).status_code == 200
    assert client.assign(many).status_code == 200


def test_a_store_that_stays_busy_is_a_503(caplog):
    store = open_store("memory:", lock_timeout=0.05)
    client = Client(create_app(store))
    with line_of(store, "").turn(time.monotonic() + 1):
        assert problem_of(client.assign(queue()))["type"] == "urn:ticketopt:problem:store-unavailable"
    assert "busy" in caplog.text
    assert client.assign(queue()).status_code == 200


def test_a_plan_that_would_overflow_a_load_is_422_and_changes_nothing(store):
    store.commit("", 0, Batch(None, (Event("agent", None, "a", 1_000_000),), {"a": {"agent_id": "a"}}))
    client = Client(create_app(store, policy={"capacity": None}))
    assert problem_of(client.assign(queue()))["errors"][0]["path"] == "agents[0].current_load"
    assert loads_in(store) == {"a": 1_000_000}


def test_other_requests_are_answered_while_a_plan_is_made(client, monkeypatch):
    started, may_finish = threading.Event(), threading.Event()
    real = ticketopt.service.context.dispatch

    def slow(*args, **options):
        started.set()
        assert may_finish.wait(60)
        return real(*args, **options)

    monkeypatch.setattr(ticketopt.service.context, "dispatch", slow)

    async def talk():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(client.app), base_url="http://service") as web:
            plan = asyncio.create_task(web.post(client.url, json=queue()))
            assert await asyncio.to_thread(started.wait, 60)
            status = await web.get("/")
            may_finish.set()
            return status, await plan

    status, plan = asyncio.run(talk())
    assert (status.status_code, plan.status_code) == (200, 200)


def test_a_client_that_hangs_up_amid_its_body_changes_nothing(client, store, caplog):
    messages = [{"type": "http.request", "body": json.dumps(queue()).encode(), "more_body": True}]

    async def receive():
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(_):
        pass

    scope = {"type": "http", "method": "POST", "path": client.url, "headers": [], "query_string": b""}
    asyncio.run(client.app({**scope, "root_path": "", "http_version": "1.1"}, receive, send))
    assert store.snapshot("").agents == {}
    assert caplog.text == ""
