"""The outbox: what answers make of a delivery, and a helpdesk that limits, fails, hangs, dies and comes back."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time

import httpx
import pytest

from support.fake_helpdesk import FakeHelpdesk, Fault, token_of
from support.helpdesk_events import id_of
from support.until import until
from ticketopt.intake.events import TicketEvent
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.live.dispatcher import Dispatcher
from ticketopt.live.outbox import LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, TIMEOUT, Outbox
from ticketopt.live.stores import CLOSED, WAITING, Batch, Retention, StoredTicket, open_store
from ticketopt.live.stores.rows import Keep

NOW = 1_795_424_400.0


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def wish(store, wanted, at=NOW, tenant=""):
    """Wishes of open tickets."""
    rows = {name: StoredTicket(None, 0, WAITING, {}) for name in wanted}
    while store.commit(tenant, store.version(tenant), Batch(None, tickets=rows, deliveries=wanted, at=at)) is None:
        pass


class Desk:
    """An outbox whose helpdesk gives one answer after the other; the last one for ever."""

    def __init__(self, *answers, name="zendesk", **more):
        self.answers, self.asked, self.told = list(answers), [], []
        self.clock, self.store = Clock(), open_store("memory:")
        client = httpx.Client(transport=httpx.MockTransport(self._answer))
        self.outbox = Outbox(
            self.store,
            INTEGRATIONS[name],
            url="https://acme.example/",
            token="secret-token",
            client=client,
            clock=self.clock,
            tell=self.told.append,
            **more,
        )

    def _answer(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(answer)

    def send(self, seconds=0.0):
        """Let time pass, then send what is due."""
        self.clock.now += seconds
        while self.outbox.send_next():
            pass

    def rows(self):
        return {row.ticket_id: row for row in self.store.deliveries("")}


@pytest.fixture
def one():
    """Makes a desk with one delivery due."""

    def make(*answers, **more):
        desk = Desk(*answers, **more)
        wish(desk.store, {"7": "5"})
        return desk

    return make


def close(store, *names, at=NOW):
    rows = {name: StoredTicket(None, 0, CLOSED, {}) for name in names}
    assert store.commit("", store.version(""), Batch(None, tickets=rows, at=at)) is not None


class TestTicketsThatAreDone:
    def test_a_wish_of_a_ticket_closed_meanwhile_is_withdrawn_and_holds_up_nothing(self, one):
        desk = one(200)
        wish(desk.store, {"8": "6"})
        close(desk.store, "7")
        desk.send()
        desk.send(10_000)
        assert [str(request.url) for request in desk.asked] == ["https://acme.example/api/v2/tickets/8.json"]
        assert {name: row.state for name, row in desk.rows().items()} == {"7": "withdrawn", "8": "sent"}
        assert [(out.ticket_id, out.result, out.error) for out in desk.told] == [
            ("7", "withdrawn", None),
            ("8", "sent", None),
        ]

    def test_one_that_was_to_be_tried_again_is_not(self, one):
        desk = one(503, 200)
        desk.send()
        close(desk.store, "7")
        desk.send(10_000)
        assert (len(desk.asked), desk.rows()["7"].state) == (1, "withdrawn")

    def test_a_dead_letter_of_a_closed_ticket_stays_unsent_though_somebody_wants_it_again(self, one):
        desk = one(422, 200)
        desk.send()
        close(desk.store, "7")
        assert desk.store.resend("", now=desk.clock()) == 1
        desk.send()
        assert (len(desk.asked), desk.rows()["7"].state) == (1, "withdrawn")

    def test_one_whose_closed_ticket_is_forgotten_is_not_sent_either(self, one):
        desk = one(200)
        close(desk.store, "7")
        assert desk.store.prune("", now=NOW, keep=Retention(closed_tickets=Keep(rows=0)))["closed_tickets"] == 1
        desk.send()
        assert (desk.asked, desk.rows()["7"].state) == ([], "withdrawn")

    def test_opened_again_it_is_a_new_wish_that_is_sent(self, one):
        desk = one(200)
        close(desk.store, "7")
        desk.send()
        wish(desk.store, {"7": "6"})
        desk.send()
        assert [json.loads(request.content)["ticket"] for request in desk.asked] == [{"assignee_id": 6}]
        assert desk.rows()["7"].state == "sent"

    def test_a_dry_run_says_so_and_changes_nothing(self, one):
        desk = one(200, is_dry_run=True)
        close(desk.store, "7")
        desk.send()
        assert ([out.result for out in desk.told], desk.rows()["7"].state) == (["withdrawn"], "due")


def test_a_ticket_that_came_under_its_number_is_told_under_the_id_that_events_have():
    desk, number, sys_id = Desk(200, name="servicenow"), "INC0010001", "a" * 32
    dispatcher = Dispatcher(desk.store, clock=desk.clock, delivers=True)
    dispatcher.upsert_agents([{"agent_id": "5", "capacity": 1}])
    assert dispatcher.submit([{"ticket_id": number}]) == {number: "5"}
    desk.send()
    assert (desk.rows()[number].state, desk.asked) == ("dead", [])  # nobody knows the id that its API takes
    event = TicketEvent(ticket_id=sys_id, alias=number, stage="open", at=NOW)
    assert dispatcher.apply([event]) == dispatcher.apply([event]) == {number: "5"}
    assert list(desk.store.snapshot("").tickets) == [number]
    desk.store.resend("", now=desk.clock.now)
    desk.send()
    assert [request.url.path for request in desk.asked] == [f"/api/now/table/incident/{sys_id}"]
    other = TicketEvent(ticket_id="b" * 32, alias="INC2", stage="open", at=NOW)
    assert dispatcher.apply([other]) == {"b" * 32: None}


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_success_is_sent_once(self, one, status):
        desk = one(status)
        desk.send()
        desk.send(10_000)
        (request,) = desk.asked
        assert (request.method, str(request.url)) == ("PUT", "https://acme.example/api/v2/tickets/7.json")
        assert json.loads(request.content) == {"ticket": {"assignee_id": 5}}
        assert request.headers["authorization"] == "Bearer secret-token"
        assert [(out.result, out.ticket_id, out.agent_id, out.request, out.error) for out in desk.told] == [
            ("sent", "7", "5", "PUT /api/v2/tickets/7.json", None)
        ]
        assert desk.rows()["7"].state == "sent"

    @pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 422, 451])
    def test_what_blames_the_request_is_a_dead_letter_with_its_reason_until_it_is_sent_again(self, one, status):
        desk = one(httpx.Response(status, json={"error": "RecordInvalid", "description": "secret text"}), 200)
        desk.send()
        desk.send(10_000)
        row = desk.rows()["7"]
        assert (row.state, len(desk.asked)) == ("dead", 1)
        assert (
            row.error.startswith(f"{status} ") and row.error.endswith(": RecordInvalid") and "secret" not in row.error
        )
        assert [out.result for out in desk.told] == ["dead"]
        assert desk.store.resend("", now=desk.clock()) == 1
        desk.send()
        assert (desk.rows()["7"].state, desk.rows()["7"].error) == ("sent", None)

    @pytest.mark.parametrize("status", [408, 409, 423, 425, 500, 502, 503, 520])
    def test_what_blames_the_moment_is_tried_again_later_and_later(self, one, status):
        desk = one(status, status, status, 200)
        times = []
        for _ in range(4000):
            before = len(desk.asked)
            desk.send(0.05)
            if len(desk.asked) > before:
                times.append(desk.clock.now - NOW)
        assert len(times) == 4
        gaps = [b - a for a, b in itertools.pairwise(times)]
        assert gaps == sorted(gaps) and 0.5 < gaps[0] < 2 and gaps[2] < 12
        assert desk.rows()["7"].state == "sent"

    def test_a_helpdesk_that_always_fails_at_one_ticket_is_given_up_there_and_only_there(self):
        desk = Desk(200)
        desk._answer = None
        wish(desk.store, {"7": "5"})
        desk.outbox._client = httpx.Client(
            transport=httpx.MockTransport(lambda r: httpx.Response(500 if "/7.json" in str(r.url) else 200))
        )
        for k in range(200):
            wish(desk.store, {f"{100 + k}": "6"}, at=desk.clock.now)
            desk.send(300)
        rows = desk.rows()
        assert rows["7"].state == "dead" and str(MOST_ATTEMPTS) in rows["7"].error
        assert {row.state for name, row in rows.items() if name != "7"} == {"sent"}

    @pytest.mark.parametrize(
        ("status", "headers", "seconds"),
        [
            (429, {"Retry-After": "30"}, 30),
            (503, {"Retry-After": "30"}, 30),
            (403, {"Retry-After": "30"}, 30),
            (429, {"Retry-After": "Mon, 23 Nov 2026 09:00:30 GMT"}, 30),
            (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 30)}, 30),
            (429, {"Retry-After": "99999999"}, LONGEST_PAUSE),
            (429, {"Retry-After": "soon"}, 1),
            (429, {"Retry-After": "-5"}, 1),
            (429, {}, 1),
            (401, {}, 60),
            (301, {"Location": "https://elsewhere.example"}, 60),
        ],
    )
    def test_a_limit_and_a_wrong_token_hold_up_everything_for_as_long_as_they_say(self, one, status, headers, seconds):
        desk = one(httpx.Response(status, headers=headers), 200)
        wish(desk.store, {"8": "6"})
        desk.send()
        desk.send(seconds - 0.01)
        assert len(desk.asked) == 1
        desk.send(0.02)
        desk.send(2)
        assert [str(r.url)[-6:] for r in desk.asked] in (["7.json", "8.json", "7.json"], ["7.json", "7.json", "8.json"])
        assert {row.state for row in desk.rows().values()} == {"sent"}
        assert all(r.url.host == "acme.example" for r in desk.asked)

    def test_a_helpdesk_that_is_down_is_left_in_peace_and_nothing_is_given_up(self, one):
        desk = one(httpx.ConnectError("down"))
        wish(desk.store, {str(n): "6" for n in range(100, 300)})
        for _ in range(600):
            desk.send(60)
        assert 300 < len(desk.asked) <= 610
        assert {row.state for row in desk.rows().values()} == {"due"}
        assert "ConnectError" in desk.rows()["7"].error
        desk.answers = [200]
        for _ in range(10):
            desk.send(1000)
        assert {row.state for row in desk.rows().values()} == {"sent"}

    @pytest.mark.parametrize("fate", [httpx.ReadTimeout("slow"), httpx.WriteTimeout("slow"), 504])
    def test_after_a_timeout_nothing_is_sent_for_that_ticket_until_the_lease_has_run_out(self, one, fate):
        """The helpdesk may still carry the older request out: a newer one that overtakes it would be undone."""
        desk = one(fate, 200)
        desk.send()
        wish(desk.store, {"7": "6", "8": "5"})
        desk.send(LEASE / 2)
        assert [str(request.url)[-6:] for request in desk.asked] == ["7.json", "8.json"]
        desk.send(LEASE / 2 + 1)
        assert json.loads(desk.asked[-1].content) == {"ticket": {"assignee_id": 6}}
        assert desk.rows()["7"].state == "sent"
        assert desk.told[0].result == "unsettled"

    def test_all_timeouts_of_a_request_together_are_shorter_than_the_lease(self):
        assert TIMEOUT.connect + TIMEOUT.read + TIMEOUT.write + TIMEOUT.pool < LEASE

    def test_a_broken_connection_is_tried_again(self, one):
        desk = one(httpx.RemoteProtocolError("cut"), httpx.ReadError("cut"), 200)
        for _ in range(5):
            desk.send(5)
        assert (len(desk.asked), desk.rows()["7"].state) == (3, "sent")

    def test_a_ticket_that_the_api_cannot_name_is_a_dead_letter(self, one):
        desk = one(200, name="servicenow")
        desk.send()
        assert (desk.asked, desk.rows()["7"].state) == ([], "dead")
        assert "sys_id" in desk.rows()["7"].error

    @pytest.mark.parametrize(
        "body", [b"x" * 10**6, b"[" * 5000, b'{"error": 5}', b'{"error": "a\\nb"}', b"\xff", b'["x"]']
    )
    def test_odd_answers_are_read_no_further_than_needed(self, one, body):
        desk = one(httpx.Response(422, content=body))
        desk.send()
        assert desk.rows()["7"].error == "422 Unprocessable Entity"


class TestWishes:
    def test_only_the_newest_one_is_sent(self, one):
        desk = one(200)
        wish(desk.store, {"7": "6"})
        wish(desk.store, {"7": None})
        desk.send()
        assert [json.loads(request.content) for request in desk.asked] == [{"ticket": {"assignee_id": None}}]

    def test_one_that_comes_while_another_is_sent_follows_it(self, one):
        desk = one(200)
        real = desk._answer

        def answer(request):
            if len(desk.asked) == 0:
                wish(desk.store, {"7": "6"})
                assert desk.store.due_deliveries("", now=desk.clock(), lease=5, limit=9) == []
            return real(request)

        desk.outbox._client = httpx.Client(transport=httpx.MockTransport(answer))
        desk.send()
        assert [json.loads(r.content)["ticket"]["assignee_id"] for r in desk.asked] == [5, 6]
        assert desk.rows()["7"].state == "sent"

    def test_a_dry_run_says_each_once_and_sends_nothing(self, one):
        desk = one(200, is_dry_run=True)
        desk.send()
        desk.send(100)
        wish(desk.store, {"7": "6"})
        desk.send()
        assert [(out.result, out.agent_id) for out in desk.told] == [("would send", "5"), ("would send", "6")]
        assert desk.asked == [] and desk.rows()["7"].state == "due"

    def test_other_tenants_are_not_told_of(self, one):
        desk = one(200)
        wish(desk.store, {"9": "5"}, tenant="other")
        desk.send()
        assert len(desk.asked) == 1


def outbox(store, fake, **more):
    client = httpx.Client(timeout=httpx.Timeout(0.5), limits=httpx.Limits(max_connections=4))
    return Outbox(
        store, INTEGRATIONS[fake.name], url=fake.url, token=token_of(fake.name), client=client, lease=2.5, **more
    )


class Senders:
    """Some threads that each run an outbox of their own, as replicas do."""

    def __init__(self, store, fake, count=2):
        self.stop, self.told = threading.Event(), []
        self.senders = [outbox(store, fake, tell=self.told.append) for _ in range(count)]
        self.threads = [
            threading.Thread(target=sender.run, args=(self.stop,), kwargs={"poll": 0.02}) for sender in self.senders
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread, sender in zip(self.threads, self.senders, strict=True):
            thread.join(10)
            sender.close()


def settled(store):
    return all(row.state != "due" for row in store.deliveries("", limit=None))


@pytest.fixture(params=["memory:", "sqlite"])
def store(request, tmp_path):
    return open_store("memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/t.db")


@pytest.mark.parametrize("name", INTEGRATIONS)
def test_every_product_is_told_and_told_again(name):
    store = open_store("memory:")
    with FakeHelpdesk(name, tickets=6) as fake:
        fake.gone.add(id_of(name, 5))
        ids = [id_of(name, n) for n in range(1, 8)]
        wish(store, {ids[0]: "5", ids[1]: "6", ids[2]: None, ids[3]: "99", ids[4]: "5", ids[6]: "5"}, at=0)
        sender = outbox(store, fake)
        while sender.send_next():
            pass
        states = {row.ticket_id: (row.state, row.error) for row in store.deliveries("")}
        assert [states[ids[k]][0] for k in (0, 1, 2, 3, 4, 6)] == ["sent", "sent", "sent", "dead", "dead", "dead"]
        assert all(states[ids[k]][1].endswith(": RecordInvalid") for k in (3, 4, 6))
        assert [fake.assignees[ids[k]] for k in (0, 1, 2)] == ["5", "6", None]
        assert {status for _, status in fake.requests} <= {fake.api.ok, fake.api.no_agent, 404, 410}
        wish(store, {ids[0]: None}, at=0)
        while sender.send_next():
            pass
        assert fake.assignees[ids[0]] is None
        sender.close()


@pytest.mark.parametrize("name", ["zendesk", "github"])
def test_with_a_wrong_token_nothing_is_lost(name):
    store = open_store("memory:")
    with FakeHelpdesk(name) as fake:
        wish(store, {id_of(name, 1): "5"}, at=0)
        sender = Outbox(store, INTEGRATIONS[name], url=fake.url, token="wrong")
        assert sender.send_next() and not sender.send_next()
        assert store.deliveries("")[0].state == "due" and "401" in store.deliveries("")[0].error
        sender.close()


def test_a_limit_is_kept_to(store):
    with FakeHelpdesk("zendesk", tickets=12) as fake:
        fake.limit = (4, 1.0)
        wish(store, {str(n): "5" for n in range(1, 13)}, at=0)
        with Senders(store, fake, count=1):
            until(lambda: settled(store))
        assert {fake.assignees[str(n)] for n in range(1, 13)} == {"5"}
        assert sum(status == 429 for _, status in fake.requests) <= 4


FAULTS = [
    Fault(500),
    Fault(500, is_applied=True),
    Fault(409),
    Fault(502, is_applied=True),
    Fault(503),
    Fault(429, {"Retry-After": "1"}),
    Fault(is_cut=True),
    Fault(is_cut=True, is_applied=True),
    Fault(200, after=0.9, is_applied=True),
    Fault(504, after=0.2, is_applied=True),
]


@pytest.mark.parametrize("name", ["zendesk", *(pytest.param(n, marks=pytest.mark.slow) for n in [*INTEGRATIONS][1:])])
def test_through_a_storm_the_helpdesk_ends_with_the_newest_wishes(name, tmp_path):
    """Failures of all kinds, half of them after the assignment was made, and a helpdesk that dies and comes back."""
    store, chance = open_store(f"sqlite:///{tmp_path}/t.db"), random.Random(name)
    with FakeHelpdesk(name, tickets=8) as fake:
        newest = {}
        with Senders(store, fake):
            for round_ in range(14):
                for _ in range(3):
                    ticket = id_of(name, chance.randint(1, 8))
                    newest[ticket] = chance.choice(["5", "6", "7", "8", None])
                    wish(store, {ticket: newest[ticket]}, at=time.time())
                fake.faults.extend(chance.sample(FAULTS, 2))
                if round_ in (4, 9):
                    fake.stop()
                    time.sleep(0.2)
                    fake.start()
                time.sleep(0.05)
            fake.faults.clear()
            until(lambda: settled(store))
            at_the_end = dict(fake.assignees)
            time.sleep(1.0)  # what the helpdesk is still at would come now
        assert {ticket: fake.assignees[ticket] for ticket in newest} == newest
        assert fake.assignees == at_the_end
        assert [row.state for row in store.deliveries("")] == ["sent"] * len(newest)
