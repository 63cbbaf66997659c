"""The service beside a helpdesk, both ways: events in, assignments out, echoes back, and both of them killed."""

from __future__ import annotations

import json
import logging
import os
import queue
import random
import signal
import threading
import time
from dataclasses import replace

import httpx
import pytest

from support.fake_helpdesk import FakeHelpdesk, Fault, token_of
from support.helpdesk_events import Happened, id_of, sent, stage_after
from support.until import until
from ticketopt import Dispatcher
from ticketopt.errors import InvalidInputError
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.live.stores import open_store
from ticketopt.service import Settings, create_app
from ticketopt.service.sender import SenderThread

from .client import Client
from .test_server_crash import start

TEAM = {"agents": [{"agent_id": name, "skills": {"VPN": 5}, "capacity": 9} for name in ("5", "6", "7")]}
SECRET = "a secret of the webhook"

SHORT_LEASE = "from ticketopt.live.outbox import Outbox; Outbox.__init__.__kwdefaults__['lease'] = 21.0; "
"""What was claimed by a process that is killed is waited for; this lease still outlasts any request."""


def outgoing(fake, **more):
    return {
        "helpdesk": fake.name,
        "helpdesk_url": fake.url,
        "helpdesk_token": token_of(fake.name),
        "outbox": "on",
        **more,
    }


class Desk:
    """People at a helpdesk, and what it tells the service: every event at least once, some late, some twice."""

    def __init__(self, fake, post, *, delay=0.0):
        self.fake, self.post, self.delay = fake, post, delay
        self.states = {}
        self._lock = threading.RLock()
        self._todo = queue.Queue()
        self._open = 0
        fake.on_change = self.assigned
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join(10)

    def do(self, action, n, **changes):
        with self._lock:
            state = self.states.get(n, Happened(action="created", n=n))
            state = replace(state, action=action, at=time.time(), stage=stage_after(action, state.stage), **changes)
            self.states[n] = state
            self._tell(state)

    def assigned(self, n, agent, at):
        with self._lock:
            state = replace(self.states[n], action="assigned" if agent else "unassigned", assignee=agent, at=at)
            self.states[n] = replace(state, stage="open" if state.stage == "new" else state.stage)
            self._tell(self.states[n])

    def _tell(self, state):
        told = sent(self.fake.name, state)
        if told is not None:
            self._open += 1
            self._todo.put(told)

    def is_done(self):
        return self._open == 0

    def _work(self):
        chance = random.Random(7)
        while (told := self._todo.get()) is not None:
            body, headers = told
            time.sleep(self.delay * chance.random())
            for _ in range(2 if chance.random() < 0.2 else 1):
                while self.post(body, headers) != 200:
                    time.sleep(0.05)
            with self._lock:
                self._open -= 1


@pytest.fixture
def beside(store):
    """Makes the service beside a fake helpdesk, in this process."""
    begun = []

    def make(fake, **more):
        app = create_app(store, **outgoing(fake, **more))
        live = Client(app)
        assert live.request("POST", "/v1/agents", json=TEAM).status_code == 200
        sender = SenderThread(app.state.context)
        sender.start()
        path = f"/v1/webhooks/{fake.name}"
        desk = Desk(fake, lambda body, headers: live.request("POST", path, json=body, headers=headers).status_code)
        begun.extend([desk, sender])
        return live, desk

    yield make
    for one in begun:
        one.stop()


def held(store):
    rows = store.tickets("", states=["waiting", "assigned", "held"])
    return {name: row.data.get("outside", row.agent_id) for name, row in rows}


def is_settled(store):
    return all(row.state != "due" for row in store.deliveries("", limit=None))


@pytest.mark.slow
@pytest.mark.parametrize("name", INTEGRATIONS)
def test_both_sides_agree_and_nothing_goes_round_in_circles(name, store, beside):
    with FakeHelpdesk(name, tickets=6) as fake:
        live, desk = beside(fake)
        for n in range(1, 5):
            desk.do("created", n)
        until(lambda: desk.is_done() and is_settled(store) and len(held(store)) == 4)
        until(lambda: {fake.assignees[t] for t in held(store)} <= {"5", "6", "7"} and desk.is_done())
        assert {t: fake.assignees[t] for t in held(store)} == held(store)
        told = len(fake.log)
        assert told == 4
        fake.give(id_of(name, 1), {"5": "6"}.get(fake.assignees[id_of(name, 1)], "5"))
        until(lambda: desk.is_done() and held(store)[id_of(name, 1)] == fake.assignees[id_of(name, 1)])
        moved = live.request("POST", "/v1/tickets/reassign", json={"ticket_id": id_of(name, 2), "agent_id": "7"})
        assert moved.status_code == 200
        until(lambda: fake.assignees[id_of(name, 2)] == "7" and desk.is_done() and is_settled(store))
        desk.do("solved", 3)
        until(desk.is_done)
        time.sleep(1.5)  # what goes round would come now
        assert {t: fake.assignees[t] for t in held(store)} == held(store)
        assert len(held(store)) == 3 and len(fake.log) <= told + 1
        assert live.get("/v1/check").json()["is_right"]
        assert 'ticketopt_deliveries_total{result="sent"}' in live.get("/metrics").text


def test_what_is_refused_can_be_looked_at_and_sent_again(store, beside, caplog):
    with FakeHelpdesk("zendesk", tickets=3) as fake:
        live, desk = beside(fake)
        fake.gone.add("2")
        with caplog.at_level(logging.INFO, "ticketopt.service.outbox"):
            for n in (1, 2):
                desk.do("created", n)
            until(lambda: desk.is_done() and is_settled(store) and len(store.deliveries("")) == 2)
        answer = live.get("/v1/deliveries?state=dead").json()["deliveries"]
        assert [(row["ticket_id"], row["state"], row["error"]) for row in answer] == [
            ("2", "dead", "404 Not Found: RecordInvalid")
        ]
        assert len(live.get("/v1/deliveries").json()["deliveries"]) == 2
        assert len(live.get("/v1/deliveries?limit=1").json()["deliveries"]) == 1
        assert live.get("/v1/deliveries?state=late").status_code == 422
        assert live.get("/v1/deliveries?limit=0&after=x").status_code == 422
        fake.gone.clear()
        assert live.request("POST", "/v1/deliveries/resend", json={}).json() == {"resent": 1}
        until(lambda: is_settled(store))
        assert fake.assignees["2"] == held(store)["2"]
        assert live.request("POST", "/v1/deliveries/resend", json={"ticket_ids": [1, "2"]}).json() == {"resent": 2}
        told = "".join(str(record.__dict__) for record in caplog.records)
        assert "'result': 'dead'" in told and "secret-token" not in told and "VPN" not in told


def test_a_dry_run_only_says_it(store, beside, caplog):
    with FakeHelpdesk("jira") as fake, caplog.at_level(logging.INFO, "ticketopt.service.outbox"):
        _, desk = beside(fake, outbox="dry-run")
        desk.do("created", 1)
        until(lambda: "would send" in "".join(str(record.__dict__) for record in caplog.records))
        assert fake.requests == []


def test_with_the_outbox_off_or_for_another_tenant_nothing_is_kept(store, beside):
    with FakeHelpdesk("zendesk") as fake:
        for more in ({"outbox": "off"}, {"helpdesk_tenant": "other"}):
            _, desk = beside(fake, **more)
            desk.do("created", 1)
            until(desk.is_done)
        assert store.deliveries("") == [] and fake.requests == []


@pytest.mark.parametrize(
    ("more", "paths"),
    [
        ({"outbox": "on"}, ["helpdesk", "helpdesk_url", "helpdesk_token"]),
        ({"outbox": "dry-run"}, ["helpdesk", "helpdesk_url"]),
        ({"helpdesk": "zendsk"}, ["helpdesk"]),
        ({"outbox": "maybe"}, ["outbox"]),
        (
            {"outbox": "on", "helpdesk": "zendesk", "helpdesk_token": "t", "helpdesk_url": "http://acme.example"},
            ["helpdesk_url"],
        ),
        ({"helpdesk_url": "acme"}, ["helpdesk_url"]),
        ({"helpdesk_url": "https://user:word@acme.example"}, ["helpdesk_url"]),
        ({"helpdesk_url": "https://acme.example:99999"}, ["helpdesk_url"]),
        ({"helpdesk_url": "ftp://acme.example"}, ["helpdesk_url"]),
        ({"helpdesk_url": "https://acme.example/?x=1"}, ["helpdesk_url"]),
        ({"helpdesk_token": "a\nb"}, ["helpdesk_token"]),
        ({"helpdesk_token": "é"}, ["helpdesk_token"]),
        ({"webhook_secrets": {"zendesk": "short"}}, ["webhook_secrets[0]"]),
        ({"webhook_secrets": {"zendsk": SECRET}}, ["webhook_secrets[0]"]),
        ({"webhook_secrets": [f"zendesk={SECRET}", f"zendesk={SECRET}"]}, ["webhook_secrets"]),
        (
            {"webhook_secrets": {"acme/zendsk": SECRET, "acme/": SECRET, "\0/jira": SECRET}},
            [f"webhook_secrets[{k}]" for k in (2, 0, 1)],
        ),
        ({"webhook_secrets": [f"Zo\u00e9/jira={SECRET}", f"Zoe\u0301/jira={SECRET}"]}, ["webhook_secrets"]),
        (
            {"webhook_secrets": [f"zendesk={SECRET}", f"acme/zendesk={SECRET}b"], "helpdesk_tenant": "acme"},
            ["webhook_secrets"],
        ),
        ({"webhook_secrets": [f"/zendesk={SECRET}", f"zendesk={SECRET}b"]}, ["webhook_secrets"]),
        (
            {"webhook_secrets": [f"jira={SECRET}", f"Zo\u00e9/jira={SECRET}b"], "helpdesk_tenant": "Zoe\u0301"},
            ["webhook_secrets"],
        ),
        ({"helpdesk_tenant": "a\0"}, ["helpdesk_tenant"]),
        ({"webhook_secrets": "zendesk=x"}, ["webhook_secrets"]),
        ({"webhook_secrets": 5}, ["webhook_secrets"]),
    ],
)
def test_settings_that_cannot_work_are_said(more, paths):
    with pytest.raises(InvalidInputError) as error:
        Settings(**more)
    assert [issue.path for issue in error.value.issues] == paths
    assert SECRET not in str(error.value)


def test_secrets_are_not_shown():
    settings = Settings(
        helpdesk="zendesk", helpdesk_url="https://acme.example", helpdesk_token="secret-token", outbox="on",
        webhook_secrets={"zendesk": SECRET, "github": SECRET + "="},
    )  # fmt: skip
    assert "secret" not in repr(settings).replace("webhook_secrets", "")
    assert (settings.secrets_of("zendesk"), settings.secrets_of("github")) == ({"": SECRET}, {"": SECRET + "="})
    assert settings.secrets_of("jira") == {}


@pytest.mark.slow(about=100)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("broken_connections")
@pytest.mark.parametrize(("name", "scheme"), [("zendesk", "sqlite"), ("github", "sqlite"), ("jira", "postgresql")])
def test_a_storm_that_kills_both_ends_in_agreement(name, scheme, new_url):
    """At the end the helpdesk's assignees, the store and the sum of the events agree, and nothing moves any more."""
    url, chance = new_url(scheme), random.Random(3)
    store = open_store(url)
    with FakeHelpdesk(name, tickets=12) as fake:
        settings = {"store": url, **outgoing(fake), "webhook_secrets": [f"{name}={SECRET}"]}
        process, address = start(settings, SHORT_LEASE)
        signature = INTEGRATIONS[name].signature

        def post(body, headers):
            content = json.dumps(body).encode()
            stamp = {signature.time_header: str(int(time.time()))} if signature.time_header else {}
            proof = {signature.header: signature.sign(SECRET, content, stamp.get(signature.time_header, ""))}
            json_type = {"content-type": "application/json"}
            try:
                path = f"{address}/v1/webhooks/{name}"
                return httpx.post(path, content=content, headers={**headers, **proof, **stamp, **json_type}).status_code
            except httpx.TransportError:
                return 0

        httpx.post(f"{address}/v1/agents", json=TEAM).raise_for_status()
        desk = Desk(fake, post, delay=0.3)
        for n in range(1, 13):
            desk.do("created", n)
        for k in range(60):
            n = chance.randint(1, 12)
            stage = desk.states[n].stage
            fake.faults.extend(
                chance.sample([Fault(500), Fault(502, is_applied=True), Fault(is_cut=True, is_applied=True)], 1)
            )
            if chance.random() < 0.4:
                fake.give(id_of(name, n), chance.choice(["5", "6", "7"]))
            else:
                desk.do("reopened" if stage == "done" else chance.choice(["solved", "raised", "commented"]), n)
            if k % 12 == 5:
                os.kill(process.pid, signal.SIGKILL)
                process.wait(30)
                process, address = start(settings, SHORT_LEASE)
            if k % 20 == 10:
                fake.stop()
                time.sleep(0.5)
                fake.start()
            time.sleep(0.1)
        fake.faults.clear()
        deadline = time.monotonic() + 150  # the leases of those that were killed have to run out
        while not (desk.is_done() and is_settled(store)):
            assert time.monotonic() < deadline, (desk._open, store.deliveries("", state="due"))
            time.sleep(0.2)
        time.sleep(2)
        told, wanted = len(fake.log), held(store)
        assert {ticket: fake.assignees[ticket] for ticket in wanted} == wanted
        told_of = {row.ticket_id: row.state for row in store.deliveries("", limit=None)}
        assert "sent" in told_of.values() and set(told_of.values()) <= {
            "sent",
            "withdrawn",
        }  # what closed first needs none
        assert Dispatcher(store).check() == ()
        time.sleep(2)
        assert (len(fake.log), held(store)) == (told, wanted)
        desk.stop()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(60)


def test_secrets_of_one_helpdesk_for_several_tenants_and_of_several_for_one_are_fine():
    secrets = [f"zendesk={SECRET}", f"north/zendesk={SECRET}b", f"acme/jira={SECRET}", f"/zendesk={SECRET}c"]
    settings = Settings(webhook_secrets=secrets, helpdesk_tenant="acme")
    assert settings.secrets_of("zendesk") == {"acme": SECRET, "north": SECRET + "b", "": SECRET + "c"}
    assert settings.secrets_of("jira") == {"acme": SECRET}
