"""When a shift begins, waiting tickets are taken up by the service itself; a week is stated and shown over HTTP."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from support.until import until
from ticketopt.errors import StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import create_app, shift_watch
from ticketopt.service.shift_watch import ShiftWatch

from .client import Client, running

WEEK = {"working_hours": "Mon-Fri 9-17", "time_zone": "Europe/Berlin"}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


class Service:
    def __init__(self):
        self.now, self.store = at("2026-11-30T08:00"), open_store("memory:")
        self.app = create_app(self.store, clock=lambda: self.now)
        self.client = Client(self.app)
        self.watch = ShiftWatch(self.app.state.context)

    def post(self, path, body, tenant="", **headers):
        named = {"X-Tenant": tenant} if tenant else {}
        answer = self.client.request("POST", path, json=body, headers={**named, **headers})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def begin(self, tenant=""):
        self.post("/v1/agents", {"agents": [{"agent_id": "ann", "capacity": 9, **WEEK}]}, tenant)
        self.post("/v1/tickets", {"tickets": [{"ticket_id": "t"}]}, tenant)

    def holder(self, tenant=""):
        return self.store.ticket(tenant, "t").agent_id


@pytest.fixture
def service():
    return Service()


def test_tickets_that_wait_for_a_shift_are_taken_up_in_every_queue_when_it_begins(service):
    service.begin()
    service.begin("acme")
    service.watch.look()
    service.now = at("2026-11-30T08:59:59")
    service.watch.look()
    assert (service.holder(), service.holder("acme")) == (None, None)
    service.now = at("2026-11-30T09:00:05")
    service.watch.look()
    assert (service.holder(), service.holder("acme")) == ("ann", "ann")


def test_a_service_that_was_down_when_the_shift_began_takes_them_up_at_its_first_look(service):
    service.begin()
    service.now = at("2026-11-30T10:00")
    service.watch.look()
    assert service.holder() == "ann"


def test_where_nothing_has_changed_and_no_shift_begins_nothing_is_read(service, monkeypatch):
    service.begin()
    service.watch.look()
    read = []
    snapshot = service.store.snapshot
    monkeypatch.setattr(service.store, "snapshot", lambda *a, **k: read.append(1) or snapshot(*a, **k))
    for minute in range(1, 60):
        service.now = at(f"2026-11-30T08:{minute:02}")
        service.watch.look()
    assert read == []
    service.now = at("2026-11-30T09:00")
    service.watch.look()
    assert read


def test_a_week_that_comes_later_is_known_at_the_next_look(service):
    service.post("/v1/agents", {"agents": [{"agent_id": "ann", "capacity": 9, "availability_status": "away"}]})
    service.post("/v1/tickets", {"tickets": [{"ticket_id": "t"}]})
    service.watch.look()
    service.post("/v1/agents", {"agents": [{"agent_id": "ann", "availability_status": None, **WEEK}]})
    service.watch.look()
    service.now = at("2026-11-30T09:00")
    service.watch.look()
    assert service.holder() == "ann"


def test_it_looks_by_itself_and_goes_on_after_an_error(service, monkeypatch, caplog):
    monkeypatch.setattr(shift_watch, "EVERY", 0.05)
    service.begin()
    real, calls = service.store.tenants, []

    def tenants():
        calls.append(1)
        if len(calls) == 1:
            raise StoreError("down")
        return real()

    monkeypatch.setattr(service.store, "tenants", tenants)
    with running(service.app):
        until(lambda: len(calls) >= 3)
        service.now = at("2026-11-30T09:00")
        until(lambda: service.holder() == "ann")
    assert "shifts failed: down" in caplog.text


@pytest.mark.parametrize("method", ["commit", "version", "snapshot"])
@pytest.mark.parametrize("error", [StoreError("locked"), KeyError("x")])
def test_other_queues_get_their_shifts_where_the_store_fails_for_one(service, monkeypatch, caplog, method, error):
    for tenant in ("aaa", "bbb"):
        service.begin(tenant)
    service.watch.look()
    service.now = at("2026-11-30T09:00:05")
    real = getattr(service.store, method)

    def fail(tenant, *arguments, **options):
        if tenant == "aaa":
            raise error
        return real(tenant, *arguments, **options)

    monkeypatch.setattr(service.store, method, fail)
    service.watch.look()
    assert (service.holder("aaa"), service.holder("bbb")) == (None, "ann")
    (told,) = [record for record in caplog.records if record.name == "ticketopt.service.background"]
    assert (told.levelname, told.details) == ("ERROR", {"tenant": "aaa"})
    assert 'ticketopt_background_failures_total{work="shifts"} 1.0' in service.client.get("/metrics").text
    monkeypatch.undo()
    service.watch.look()
    assert service.holder("aaa") == "ann"


def test_the_team_shows_its_weeks_and_who_is_on_shift_and_can_be_sent_again_as_it_is_shown(service):
    service.begin()
    (shown,) = service.client.get("/v1/agents").json()["agents"]
    assert (shown["working_hours"], shown["time_zone"]) == ("Mon-Fri 09:00-17:00", "Europe/Berlin")
    assert (shown["is_available"], shown["is_on_shift"]) == (True, False)
    service.post("/v1/agents", {"agents": [shown]})
    service.now = at("2026-11-30T09:00")
    (shown,) = service.client.get("/v1/agents").json()["agents"]
    assert shown["is_on_shift"]
    wrong = service.client.request("POST", "/v1/agents", json={"agents": [{"agent_id": "b", "working_hours": "9-17"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "agents[0].working_hours")
