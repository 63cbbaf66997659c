"""The live queue over HTTP: changes, views, events, jobs, tenants and keys that count once."""

import json

import pytest

from support.until import until
from ticketopt.live.stores import open_store
from ticketopt.service import create_app

from .bad_solvers import slow
from .client import Client

AGENTS = [
    {"agent_id": "ann", "name": "Ann", "skills": {"vpn": 9}, "capacity": 2},
    {"agent_id": "bob", "skills": {"mail": 9}, "capacity": 1, "current_load": 1},
]


def ticket(name, **more):
    return {"ticket_id": name, "title": "the VPN is down", **more}


class Live(Client):
    """A client of the live queue: bodies in, what was decided out."""

    def post(self, path, body, **headers):
        return self.request("POST", path, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def decided(self, path, body, **headers):
        answer = self.post(path, body, **headers)
        assert answer.status_code == 200, answer.text
        return {row["ticket_id"]: row["agent_id"] for row in answer.json()["decided"]}

    def paths(self, path, body=None, **headers):
        """The paths of everything wrong."""
        answer = self.get(path) if body is None else self.post(path, body, **headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
        return [error["path"] for error in answer.json()["errors"]]

    def events(self, query="", **headers):
        names = {k.replace("_", "-"): v for k, v in headers.items()}
        answer = self.request("GET", f"/v1/events?follow=false{query}", headers=names)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        found = []
        for block in answer.text.strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "data" in fields:
                assert fields["event"] == "change"
                found.append((int(fields["id"]), json.loads(fields["data"])))
        return found


@pytest.fixture
def live(store):
    live = Live(create_app(store, tenants=("other",), clock=lambda: 1.7e9))
    assert live.decided("/v1/agents", {"agents": AGENTS}) == {}
    return live


def test_a_day(live):
    assert live.decided("/v1/tickets", {"tickets": [ticket("a"), ticket(2)]}) == {"a": "ann", "2": "ann"}
    assert live.decided("/v1/tickets", {"tickets": [ticket("c")]}) == {"c": None}
    board = live.get("/v1/assignments").json()
    assert [(row["ticket_id"], row["agent_id"], row["units"]) for row in board["assignments"]] == [
        ("a", "ann", 1),
        ("2", "ann", 1),
    ]
    assert [row["ticket_id"] for row in board["waiting"]] == ["c"]
    assert live.decided("/v1/tickets/close", {"ticket_id": 2}) == {"c": "ann"}
    assert live.decided("/v1/agents/capacity", {"agent_id": "bob", "capacity": 3}) == {}
    assert live.decided("/v1/tickets/reopen", {"ticket_id": 2}) == {"2": "bob"}
    assert live.decided("/v1/tickets/reassign", {"ticket_id": "a", "agent_id": "bob"}) == {"a": "bob"}
    assert live.decided("/v1/rebalance", {}) == {"2": "ann"}
    assert live.decided("/v1/agents/status", {"agent_id": "ann", "availability_status": "Off_Duty"}) == {}
    team = live.get("/v1/agents").json()["agents"]
    assert [(agent["agent_id"], agent["current_load"], agent["availability_status"]) for agent in team] == [
        ("ann", 2, "off duty"),
        ("bob", 2, "available"),
    ]
    assert live.get("/v1/check").json() == {"is_right": True, "issues": []}


def test_why(live):
    live.decided("/v1/tickets", {"tickets": [ticket("a")]})
    told = live.get("/v1/explain?ticket_id=a").json()
    assert (told["agent_id"], told["options"][0]["agent_id"]) == ("ann", "ann")
    assert "Assigned to Ann (ann) for vpn (9)" in told["rationale"]
    why_not = live.get("/v1/explain?ticket_id=a&agent_id=bob").json()["options"]
    assert why_not[0]["obstacles"] == ["bob holds 1 + 1 units; the capacity is 1"]
    assert live.get("/v1/explain?ticket_id=x").status_code == 404
    assert live.paths("/v1/explain?agent_id=%00") == ["ticket_id", "agent_id"]
    assert live.get("/v1/explain?ticket_id=a&agent_id=zoe").status_code == 404


def test_a_request_under_a_key_counts_once(live):
    body = {"tickets": [ticket("a")]}
    for _ in range(2):
        assert live.decided("/v1/tickets", body, Idempotency_Key="k") == {"a": "ann"}
        live.decided("/v1/tickets/close", {"ticket_id": "a"}, Idempotency_Key="c")
    assert live.paths("/v1/tickets", {"tickets": []}, Idempotency_Key="k") == ["idempotency_key"]
    assert live.paths("/v1/tickets", body, Idempotency_Key="x" * 201) == ["Idempotency-Key"]
    assert live.get("/v1/agents").json()["agents"][0]["current_load"] == 0


def test_the_seeds_endpoint_counts_once_under_a_key_and_twice_without(live):
    body = {"agents": AGENTS, "tickets": [ticket("a", description="VPN asap")]}
    answers = [live.post("/v1/ticket-assignment", body, Idempotency_Key="k") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert "asap" in answers[0].text
    assert live.get("/v1/agents").json()["agents"][0]["current_load"] == 1
    for _ in range(2):
        live.post("/v1/ticket-assignment", body)
    assert live.get("/v1/agents").json()["agents"][0]["current_load"] == 2
    assert live.get("/v1/check").json()["is_right"]


def test_tenants_share_nothing(live):
    assert live.decided("/v1/tickets", {"tickets": [ticket("a")]}, X_Tenant="other") == {"a": None}
    assert live.decided("/v1/tickets", {"tickets": [ticket("a")]}) == {"a": "ann"}
    assert live.paths("/v1/tickets", {"tickets": []}, X_Tenant="\x7f") == ["X-Tenant"]


def test_everything_wrong_with_a_body_is_said_at_once(live):
    assert live.paths("/v1/tickets", {"tickets": [{"ticket_id": "", "effort": -1}, 3]}) == [
        "tickets[0].ticket_id",
        "tickets[0].effort",
        "tickets[1]",
    ]
    assert live.paths("/v1/rebalance", {"max_changes": -1, "change_cost": "x", "now": 1}) == [
        "'now'",
        "max_changes",
        "change_cost",
    ]
    assert live.paths("/v1/tickets/reassign", {"agent_id": {}}) == ["ticket_id", "agent_id"]
    assert live.paths("/v1/tickets", []) == [""]
    assert live.paths("/v1/tickets", {"tickets": None}) == ["tickets"]
    assert live.paths("/v1/jobs", {"kind": "magic", "time_limit": 0}) == ["kind", "time_limit"]
    assert live.paths("/v1/jobs", {"kind": "rebalance", "tickets": []}) == ["tickets"]
    assert live.paths("/v1/jobs", {"kind": "assignment"}) == ["agents", "tickets"]
    assert live.paths("/v1/events?follow=maybe&after=x") == ["follow", "after"]


def test_more_tickets_than_allowed_are_413(store):
    live = Live(create_app(store, max_tickets=2))
    many = [ticket(k) for k in range(3)]
    for path, body in (
        ("/v1/tickets", {"tickets": many}),
        ("/v1/ticket-assignment", {"tickets": many, "agents": []}),
        ("/v1/jobs", {"kind": "assignment", "tickets": many, "agents": []}),
    ):
        answer = live.post(path, body)
        assert (answer.status_code, answer.json()["detail"][:21]) == (413, "The most is 2 tickets")


def test_what_happens_is_told_from_where_one_stopped(live):
    live.decided("/v1/tickets", {"tickets": [ticket("a"), ticket("b")]})
    told = live.events()
    assert [(event["kind"], event["ticket_id"], event["agent_id"], event["change"]) for _, event in told] == [
        ("agent", None, "ann", 0),
        ("agent", None, "bob", 1),
        ("assigned", "a", "ann", 1),
        ("assigned", "b", "ann", 1),
    ]
    assert live.events(f"&after={told[1][0]}") == told[2:]
    assert live.events(last_event_id=str(told[2][0])) == told[3:]
    assert live.events("&after=-1") == told[3:]
    assert live.events(x_tenant="other") == []
    assert "VPN" not in str(told)


def ended(live, job):
    def now():
        found = live.get(f"/v1/jobs/{job['job_id']}").json()
        return found if found["state"] in ("done", "failed") else None

    return until(now)


def test_a_job_is_begun_asked_for_and_done(live):
    live.decided("/v1/tickets", {"tickets": [ticket("a")]})
    live.decided("/v1/agents", {"agents": [{"agent_id": "cy", "skills": {"vpn": 10}, "capacity": 9}]})
    answer = live.post("/v1/jobs", {"kind": "rebalance", "time_limit": 60}, Idempotency_Key="j")
    assert (answer.status_code, answer.headers["location"]) == (202, f"/v1/jobs/{answer.json()['job_id']}")
    job = ended(live, answer.json())
    assert (job["state"], job["result"]) == ("done", {"decided": [{"ticket_id": "a", "agent_id": "cy"}]})
    again = live.post("/v1/jobs", {"kind": "rebalance", "time_limit": 60}, Idempotency_Key="j").json()
    assert again["job_id"] == job["job_id"]
    assert live.paths("/v1/jobs", {"kind": "rebalance"}, Idempotency_Key="j") == ["idempotency_key"]
    body = {"kind": "assignment", "agents": AGENTS, "tickets": [ticket("z")]}
    job = ended(live, live.post("/v1/jobs", body).json())
    assert job["result"]["assignments"][0]["assigned_agent_id"] == "ann"
    assert live.get("/v1/check").json()["is_right"]


def test_jobs_of_others_and_unknown_ones_are_not_there(live):
    job = live.post("/v1/jobs", {"kind": "rebalance"}, X_Tenant="other").json()
    for method in ("GET", "DELETE"):
        for job_id in (job["job_id"], "x", "%00"):
            answer = live.request(method, f"/v1/jobs/{job_id}")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_job_that_is_stopped_keeps_its_best(store, monkeypatch):
    from ticketopt.solvers import BACKENDS, Backend

    table = {"slow": Backend("is slow", lambda model: None, slow), **BACKENDS}
    monkeypatch.setattr("ticketopt.service.context.BACKENDS", table)
    live = Live(create_app(store, max_jobs=1))
    body = {"kind": "assignment", "agents": AGENTS, "tickets": [ticket("a", effort=2)], "time_limit": 600}
    job = live.post("/v1/jobs", body).json()
    refused = live.post("/v1/jobs", body)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    until(lambda: live.get(f"/v1/jobs/{job['job_id']}").json()["progress"]["objective"] is not None)
    assert live.get("/v1/agents").json()["agents"] == []
    assert live.request("DELETE", f"/v1/jobs/{job['job_id']}").json()["state"] in ("stopping", "done")
    job = ended(live, job)
    assert job["result"]["assignments"][0]["assigned_agent_id"] == "ann"
    assert "stopped" in job["result"]["reason"] or job["result"]["status"] == "optimal"
    assert live.get("/v1/agents").json()["agents"][0]["current_load"] == 2


def test_a_job_that_fails_says_how(live, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("canary")

    monkeypatch.setattr("ticketopt.service.context.Context.dispatch", fail)
    job = ended(live, live.post("/v1/jobs", {"kind": "assignment", "agents": [], "tickets": []}).json())
    assert (job["state"], job["problem"]["status"]) == ("failed", 500)
    assert "canary" not in str(job)


def test_no_ticket_text_is_kept(tmp_path):
    live = Live(create_app(open_store(f"sqlite:///{tmp_path}/t.db")))
    live.decided("/v1/agents", {"agents": AGENTS})
    text = {"title": "canary vpn", "description": "canary", "customer": "canary"}
    live.decided("/v1/tickets", {"tickets": [{"ticket_id": "a", **text}]}, Idempotency_Key="k")
    live.post("/v1/ticket-assignment", {"agents": AGENTS, "tickets": [{"ticket_id": "b", **text}]}, Idempotency_Key="s")
    assert b"canary" not in (tmp_path / "t.db").read_bytes()
    assert "canary" not in live.get("/v1/assignments").text + live.get("/v1/explain?ticket_id=a").text
