"""Single tickets and pages of them, and all of a ticket's life that can be asked for over HTTP."""

from urllib.parse import quote

import httpx
import pytest

from ticketopt.service import create_app

from .client import Client

AGENTS = [{"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 2}, {"agent_id": "bob", "capacity": 1}]


class Desk(Client):
    """Changes by their path below `/v1`, and tickets by their ids."""

    def change(self, path, **body):
        answer = self.request("POST", f"/v1/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return {row["ticket_id"]: row["agent_id"] for row in answer.json()["decided"]}

    def ticket(self, name):
        return self.get(f"/v1/tickets/{name}").json()

    def page(self, query=""):
        answer = self.get(f"/v1/tickets{query}").json()
        return [row["ticket_id"] for row in answer["tickets"]], answer["next"]


@pytest.fixture
def desk(store):
    desk = Desk(create_app(store, clock=lambda: 1.7e9))
    desk.change("agents", agents=AGENTS)
    return desk


def test_a_ticket_on_hold_is_not_lost(desk):
    assert desk.change("tickets", tickets=[{"ticket_id": "a", "title": "the VPN is down"}]) == {"a": "ann"}
    desk.change("tickets/hold", ticket_id="a")
    board = desk.get("/v1/assignments").json()
    assert [board[part] for part in ("assignments", "waiting")] == [[], []]
    assert board["held"] == [desk.ticket("a")]
    assert (desk.ticket("a")["state"], desk.ticket("a")["agent_id"]) == ("held", "ann")
    desk.change("tickets/reopen", ticket_id="a")
    assert desk.ticket("a")["state"] == "assigned"


def test_a_change_leaves_what_it_does_not_state(desk):
    desk.change("agents/status", agent_id="ann", availability_status="away")
    desk.change("agents/status", agent_id="bob", availability_status="away")
    desk.change("tickets", tickets=[{"ticket_id": "a", "title": "the VPN is down", "priority": "low"}])
    before = desk.ticket("a")
    assert desk.change("tickets/change", tickets=[{"ticket_id": "a", "priority": "critical"}]) == {"a": None}
    after = desk.ticket("a")
    assert (before["skills"], before["urgency"] < after["urgency"]) == (after["skills"], True)
    assert desk.change("agents", agents=[{"agent_id": "ann", "name": "Ann Lee"}]) == {}
    team = {row["agent_id"]: row for row in desk.get("/v1/agents").json()["agents"]}
    assert (team["ann"]["name"], team["ann"]["skills"], team["ann"]["capacity"]) == ("Ann Lee", {"vpn": 9}, 2)


def test_who_leaves_gives_the_tickets_back(desk):
    desk.change("tickets", tickets=[{"ticket_id": "a", "title": "the VPN is down"}])
    assert desk.change("tickets/unassign", ticket_id="a") == {"a": "bob"}
    assert desk.change("agents/remove", agent_id="bob") == {"a": "ann"}
    assert desk.change("agents/remove", agent_id="ann") == {"a": None}
    assert desk.get("/v1/agents").json()["agents"] == []
    assert desk.get("/v1/check").json()["is_right"]


def test_pages(desk):
    desk.change("tickets", tickets=[{"ticket_id": k, "title": "the VPN is down"} for k in range(5)])
    desk.change("tickets/close", ticket_id=1)
    assert desk.page() == (["0", "1", "2", "3", "4"], None)
    assert desk.page("?limit=2") == (["0", "1"], "1")
    assert desk.page("?limit=2&after=1") == (["2", "3"], "3")
    assert desk.page("?limit=2&after=3") == (["4"], None)
    assert desk.page("?state=closed") == (["1"], None)
    waiting, _ = desk.page("?state=waiting")
    assert sorted(waiting + desk.page("?state=closed&state=assigned")[0]) == ["0", "1", "2", "3", "4"]
    assert desk.page("?agent_id=bob")[0] == [name for name in "01234" if desk.ticket(name)["agent_id"] == "bob"]
    assert (desk.ticket("1")["state"], desk.ticket("1")["ended"]) == ("closed", "closed")


@pytest.mark.parametrize("query", ["?state=lost", "?limit=0", "?limit=x", "?after=nobody", "?agent_id="])
def test_a_page_that_cannot_be(desk, query):
    answer = desk.get(f"/v1/tickets{query}")
    assert (answer.status_code, [error["path"] for error in answer.json()["errors"]]) == (
        422,
        [query[1:].partition("=")[0]],
    )


@pytest.mark.parametrize("name", ["nobody", "acme%2Fshop%237", "a/b", "%00", "%ff", "", "x" * 300])
def test_an_unknown_ticket_is_not_found(desk, name):
    answer = desk.get(f"/v1/tickets/{name}")
    assert (answer.status_code, answer.json()["title"]) == (404, "There is no such ticket")


def test_every_id_that_a_ticket_may_have_is_found_over_a_socket(running):
    names = [
        "acme/shop#7",
        "a//b",
        "/",
        "a?b=c&d#e",
        "two words",
        "100%25",
        "a+b;c",
        "\u00e9\u00df\u4e2d\U0001f3ab",
        "close",
        "a:b@c",
    ]
    with running(store="memory:") as service, httpx.Client(base_url=service.url, timeout=60) as client:
        client.post("/v1/tickets", json={"tickets": [{"ticket_id": name} for name in names]}).raise_for_status()
        asked = {name: client.get(f"/v1/tickets/{quote(name, safe='')}") for name in names}
        assert {name: answer.json().get("ticket_id") for name, answer in asked.items()} == {one: one for one in names}
        routes = {line.partition('route="')[2].partition('"')[0] for line in client.get("/metrics").text.splitlines()}
        assert "/v1/tickets/{ticket_id}" in routes


def test_a_load_of_work_that_is_not_kept_is_put_right(desk):
    ask = {"agents": AGENTS, "tickets": [{"ticket_id": "x", "title": "the VPN is down"}]}
    for _ in range(2):
        assert desk.request("POST", "/v1/ticket-assignment", json=ask).status_code == 200
    assert desk.change("tickets", tickets=[{"ticket_id": "a", "title": "the VPN is down"}]) == {"a": "bob"}
    assert desk.change("tickets", tickets=[{"ticket_id": "b", "title": "the VPN is down"}]) == {"b": None}
    assert desk.change("agents/load", agent_id="ann", load=0) == {"b": "ann"}
    loads = {row["agent_id"]: row["current_load"] for row in desk.get("/v1/agents").json()["agents"]}
    assert loads == {"ann": 1, "bob": 1}
    assert desk.get("/v1/check").json()["is_right"]
    answer = desk.request("POST", "/v1/agents/load", json={"agent_id": "ann", "load": 0})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "load")


AN_AGENT = {"agent_id": "ann", "skills": {"vpn": 5}, "capacity": 3}
UNKNOWN_TICKET = [
    *(("POST", f"/v1/tickets/{verb}", {"ticket_id": "zz"}) for verb in ("close", "reopen", "hold", "unassign")),
    ("POST", "/v1/tickets/reassign", {"ticket_id": "zz", "agent_id": "ann"}),
    ("POST", "/v1/tickets/change", {"tickets": [{"ticket_id": "zz", "priority": "low"}]}),
    ("GET", "/v1/explain?ticket_id=zz", None),
    ("GET", "/v1/tickets/zz", None),
]
UNKNOWN_AGENT = [
    ("POST", "/v1/agents/status", {"agent_id": "zoe", "availability_status": "available"}),
    ("POST", "/v1/agents/capacity", {"agent_id": "zoe", "capacity": 3}),
    ("POST", "/v1/agents/load", {"agent_id": "zoe", "load": 0}),
    ("POST", "/v1/agents/remove", {"agent_id": "zoe"}),
    ("POST", "/v1/tickets/reassign", {"ticket_id": "a", "agent_id": "zoe"}),
    ("GET", "/v1/explain?ticket_id=a&agent_id=zoe", None),
]


@pytest.mark.parametrize(
    ("kind", "method", "path", "body"),
    [*(("no-ticket", *one) for one in UNKNOWN_TICKET), *(("no-agent", *one) for one in UNKNOWN_AGENT)],
)
def test_what_is_about_a_ticket_or_agent_that_is_not_there_is_404(client, kind, method, path, body):
    client.request("POST", "/v1/agents", json={"agents": [AN_AGENT]})
    client.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": "a", "skills": {"vpn": 1}}]})
    version = client.get("/v1/counts").json()["version"]
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), answer.text
    assert answer.json()["type"] == f"urn:ticketopt:problem:{kind}"
    if path != "/v1/tickets/zz":
        assert [error["path"] for error in answer.json()["errors"]] == [kind.removeprefix("no-") + "_id"]
    assert client.get("/v1/counts").json()["version"] == version


def test_a_change_that_makes_no_more_pairs_is_never_refused_for_their_number(store):
    free = Client(create_app(store))
    free.request("POST", "/v1/agents", json={"agents": [{"agent_id": k, "capacity": 0} for k in range(3)]})
    free.request("POST", "/v1/tickets", json={"tickets": [{"ticket_id": k} for k in range(4)]})
    bound = Client(create_app(store, max_pairs=5))  # 12 wait from before
    for path, body in (
        ("/v1/agents", {"agents": [{"agent_id": 1, "name": "Bo", "capacity": 0}]}),
        ("/v1/tickets", {"tickets": [{"ticket_id": 2, "priority": "high"}]}),
        ("/v1/tickets/change", {"tickets": [{"ticket_id": 2, "priority": "low"}]}),
        ("/v1/tickets/close", {"ticket_id": 3}),
        ("/v1/agents/remove", {"agent_id": 2}),
    ):
        assert bound.request("POST", path, json=body).status_code == 200, path
    for path, body in (
        ("/v1/agents", {"agents": [{"agent_id": 1, "name": "Bob"}, {"agent_id": 9, "capacity": 0}]}),
        ("/v1/tickets", {"tickets": [{"ticket_id": 2, "priority": "high"}, {"ticket_id": 9}]}),
    ):
        answer = bound.request("POST", path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "tickets"), path
