"""Keys, other sites' browsers, request ids, logs, metrics, health and settings."""

import base64
import hashlib
import json
import logging
import re

import pytest
from fastapi import APIRouter, FastAPI, Request, Response

from ticketopt import InvalidInputError, StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import Settings, create_app, serve
from ticketopt.service.log import JsonFormatter, WordsFormatter
from ticketopt.service.middleware import Direct
from ticketopt.service.problem_details import ServiceError, add_handlers

from .client import Client

KEY, OTHER = "correct-horse-battery", "staple-staple-staple"
CANARY = "marmalade"


@pytest.fixture
def locked(store):
    return Client(create_app(store, api_keys=(OTHER, KEY)))


def test_without_a_key_only_health_is_reachable(locked):
    document = Client(create_app(open_store("memory:"))).get("/openapi.json").json()
    paths = [
        *document["paths"],
        "/docs",
        "/openapi.json",
        "/dashboard",
        "/dashboard/script.js",
        "/nowhere",
        "/v1/jobs/x",
    ]
    assert len(paths) > 20
    for path in paths:
        for method in ("GET", "POST", "DELETE", "OPTIONS", "HEAD"):
            answer = locked.request(method, path)
            if path in ("/", "/healthz", "/readyz"):
                assert answer.status_code == (200 if method in ("GET", "HEAD") else 405)
            else:
                assert answer.status_code == 401, (method, path)
                assert answer.headers["www-authenticate"].startswith("Basic")
                assert answer.headers["content-type"] == "application/problem+json"


def basic(password, user="me"):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer {OTHER}"},
        {"X-API-Key": KEY},
        {"Authorization": basic(KEY)},
        {"Authorization": basic(OTHER, "")},
    ],
)
def test_a_key_opens(locked, headers):
    assert locked.request("GET", "/v1/agents", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Basic ////"},
        {"Authorization": basic(KEY[:-1])},
        {"X-API-Key": KEY.upper()},
        {"X-API-Key": f"{OTHER},{KEY}"},
        {"X-API-Key": b"\xff\xfe"},
        {"Cookie": f"key={KEY}"},
    ],
)
def test_what_is_no_key_does_not(locked, headers):
    answer = locked.request("GET", "/v1/agents", headers=headers)
    assert answer.status_code == 401
    assert KEY not in answer.text


@pytest.fixture(scope="module")
def guarded():
    return Client(create_app(open_store("memory:"), allowed_hosts=("service", "desk.example")))


def test_a_page_of_another_site_changes_nothing(client, store):
    for site in ("cross-site", "same-site"):
        answer = client.request("POST", "/v1/tickets", content=b'{"tickets": []}', headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:ticketopt:problem:other-site")
    for site in ("same-origin", "none"):
        answer = client.request("POST", "/v1/tickets", content=b'{"tickets": []}', headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://service"}, 200),
        ({"Origin": "https://DESK.example:8443"}, 200),  # one of our own names, behind a proxy
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://service.evil.example"}, 403),
        ({"Origin": "http://service:81"}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 200),  # no page can set that one
    ],
)
def test_where_browsers_do_not_say_who_asks_the_origin_of_the_page_does(guarded, headers, status):
    """They do not over plain HTTP, except on this machine."""
    answer = guarded.request("POST", "/v1/tickets", content=b'{"tickets": []}', headers=headers)
    assert answer.status_code == status


def test_every_answer_has_an_id(client):
    assert client.request("GET", "/", headers={"X-Request-ID": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
    made = {
        client.request("GET", "/", headers={"X-Request-ID": bad}).headers["x-request-id"]
        for bad in ("", "a b", "x" * 101)
    }
    assert len(made) == 3
    assert all(len(one) == 36 for one in made)
    assert "x-request-id" in client.get("/nowhere").headers


def test_the_log_has_a_line_for_each_request_and_never_what_was_said(client, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"tickets": [{"ticket_id": "a", "title": CANARY, "description": CANARY, "customer": CANARY}]}
    client.request("POST", "/v1/tickets", json=body, headers={"X-Request-ID": "r1"})
    client.request("POST", f"/v1/{CANARY}?q={CANARY}", json=body)
    client.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": "b", "title": CANARY, "effort": CANARY}]})
    client.request("GET", f"/v1/explain?ticket_id={CANARY}")
    lines = [json.loads(JsonFormatter().format(r)) for r in caplog.records if r.name == "ticketopt.service.access"]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/v1/tickets", 200),
        ("POST", "unmatched", 404),
        ("POST", "/v1/tickets", 422),
        ("GET", "/v1/explain", 404),
    ]
    assert lines[0]["request_id"] == "r1"
    ours = [JsonFormatter().format(record) for record in caplog.records if record.name.startswith("ticketopt")]
    assert CANARY not in "".join(ours)


def test_in_a_terminal_the_log_speaks_in_words(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.request("POST", "/v1/tickets", json={"tickets": []})
    (record,) = [record for record in caplog.records if record.name == "ticketopt.service.access"]
    line = WordsFormatter().format(record)
    assert re.fullmatch(r"\d\d:\d\d:\d\d request POST /v1/tickets 200 \d+\.\d{3} s", line)
    warning = logging.LogRecord("x", logging.WARNING, "f", 1, "too many", (), None)
    assert WordsFormatter().format(warning)[8:] == " warning: too many"


def test_an_error_in_the_log_does_not_repeat_its_message():
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        import sys

        record = logging.LogRecord("uvicorn.error", logging.ERROR, "f", 1, "Exception in app", (), sys.exc_info())
    lines = JsonFormatter().format(record), WordsFormatter().format(record)
    assert json.loads(lines[0])["error"] == "RuntimeError"
    assert lines[1].endswith("error=RuntimeError")
    assert CANARY not in str(lines)


def test_metrics_count_requests_and_plans(client):
    client.assign({"agents": [{"agent_id": "a"}], "tickets": [{"ticket_id": 1}]})
    client.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": 1}]})
    client.request("BREW", "/teapot")
    text = client.get("/metrics").text
    for line in (
        'ticketopt_requests_total{method="POST",route="/v1/tickets",status="200"} 1.0',
        'ticketopt_requests_total{method="other",route="unmatched",status="404"} 1.0',
        'ticketopt_solves_total{solver="network",status="optimal"} 2.0',
        "ticketopt_solver_restarts 0.0",
        'ticketopt_request_seconds_count{route="/v1/ticket-assignment"} 1.0',
    ):
        assert line in text


def test_health(client, tmp_path):
    assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}
    client.app.state.context.ending.set()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    (tmp_path / "t.json").write_text("not ours")
    broken = Client(create_app(open_store(f"json:{tmp_path}/t.json"))).get("/readyz")
    assert (broken.status_code, broken.headers["retry-after"]) == (503, "1")


def test_settings_that_cannot_work_are_all_listed():
    with pytest.raises(InvalidInputError) as caught:
        Settings(time_limit=0, max_body_bytes=0, max_tickets=-1, api_keys=("short", "x" * 16), policy={"balanse": 1})
    assert [issue.path for issue in caught.value.issues] == [
        "time_limit",
        "max_body_bytes",
        "max_tickets",
        "api_keys[0]",
        "policy.'balanse'",
    ]
    assert KEY not in repr(Settings(api_keys=(KEY,)))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_others_are_let_in_only_with_keys(host, tmp_path):
    with pytest.raises(InvalidInputError, match="api_keys: are none, and others than this machine reach"):
        serve(host=host, store=f"sqlite:///{tmp_path}/t.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [InvalidInputError.single("x", "is odd", "be even"), StoreError("down"), ServiceError("busy")]
)
def test_the_short_way_to_a_handler_answers_as_the_frameworks(error):
    routes = APIRouter()

    @routes.post("/short")
    async def short(request: Request) -> Response:
        if await request.body():
            raise error
        return Response("done")

    @routes.post("/long/{name}")
    async def long(request: Request, name: str) -> Response:
        return await short(request)

    answers = []
    for middleware in (None, Direct):
        app = FastAPI()
        add_handlers(app)
        app.include_router(routes)
        if middleware is not None:
            app.add_middleware(middleware, routes=routes.routes)
        client = Client(app)
        asked = [("POST", path, body) for path in ("/short", "/long/x", "/short/", "/none") for body in (b"", b"x")]
        given = [client.request(method, path, content=body) for method, path, body in [*asked, ("GET", "/short", b"")]]
        answers.append([(one.status_code, {**one.headers, "content-length": ""}) for one in given])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]][:2] != [200, 200]


def test_answers_are_shown_in_no_frame_and_taken_as_what_they_are(client):
    for path in ("/", "/docs", "/dashboard", "/v1/agents", "/nowhere", "/openapi.json", "/metrics"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_the_docs_run_their_own_script_and_no_other(client):
    page = client.get("/docs")
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in page.headers["content-security-policy"]
    assert '"docExpansion": "none"' in page.text


@pytest.mark.parametrize("path", ["/", "/docs", "/v1/agents", "/v1/events", "/v1/explain", "/nowhere", "/v1/tickets"])
def test_head_is_answered_as_get_without_the_body(client, path):
    head = client.request("HEAD", path)
    get = client.get(path if path != "/v1/events" else "/v1/events?follow=false")
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
