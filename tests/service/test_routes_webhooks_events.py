"""What helpdesks tell, over HTTP: the life of a ticket, bodies of all forms, what is ignored, who may tell."""

from __future__ import annotations

import itertools
import json
from urllib.parse import quote
from uuid import uuid4

import pytest

from support.helpdesk_events import FORMS, Happened, id_of, iso, sent
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.live.stores import open_store
from ticketopt.service import create_app

from .client import Client

NOW = 1_795_424_400.0  # 2026-11-23T09:00:00Z
TEAM = [
    {"agent_id": "5", "name": "Ada", "skills": {"VPN": 9, "Printers": 3}, "capacity": 5},
    {"agent_id": "6", "name": "Bob", "skills": {"Printers": 8, "VPN": 4}, "capacity": 5},
]
SECRET = "a secret of the webhook"


class Live(Client):
    """A client of a queue that a helpdesk tells of its tickets."""

    tenant = "acme"

    def request(self, method, url, **options):
        return super().request(
            method, url, **{**options, "headers": {"x-tenant": self.tenant, **options.get("headers", {})}}
        )

    def hook(self, name, body, headers=None, query=""):
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        headers = {"content-type": "application/json", **(headers or {})}
        return self.request("POST", f"/v1/webhooks/{name}{query}", headers=headers, **content)

    def tell(self, name, **happened):
        """What has happened, told as this helpdesk does; None where it does not tell of such a thing."""
        told = sent(name, Happened(**{"at": NOW, **happened}))
        if told is None:
            return None
        answer = self.hook(name, *told)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self):
        found = self.get("/v1/assignments").json()
        return {row["ticket_id"]: row for part in ("assignments", "waiting", "held") for row in found.get(part, [])}

    def loads(self):
        return {row["agent_id"]: row["current_load"] for row in self.get("/v1/agents").json()["agents"]}


def live_with(store, capacity=5, **settings):
    return begun(Live(create_app(store, **{"clock": lambda: NOW + 100, "tenants": ("*",), **settings})), capacity)


def begun(live, capacity=5):
    team = [{**agent, "capacity": capacity} for agent in TEAM]
    assert live.request("POST", "/v1/agents", json={"agents": team}).status_code == 200
    return live


@pytest.fixture(scope="module")
def app():
    return create_app(open_store("memory:"), clock=lambda: NOW + 100, tenants=("*",))


@pytest.fixture
def new(app):
    """A queue of its own in an app that is shared."""
    live = Live(app)
    live.tenant = uuid4().hex
    yield live
    assert live.get("/v1/check").json()["is_right"]


@pytest.fixture
def live(new):
    return begun(new)


each = pytest.mark.parametrize("name", INTEGRATIONS)


class TestReopened:
    """A ticket that is open again there is open again here, and its former agent is preferred."""

    @each
    @pytest.mark.parametrize(("stage", "held"), [("open", False), ("held", True), ("new", False)])
    def test_after_it_was_solved(self, live, name, stage, held):
        agent = live.tell(name, action="created")["decided"][0]["agent_id"]
        live.tell(name, action="solved", stage="done", at=NOW + 1)
        assert live.rows() == {} and set(live.loads().values()) == {0}
        told = live.tell(name, action="held" if held else "reopened", stage=stage, at=NOW + 2)
        if told is None:
            return
        if stage == "new":
            assert told["decided"] == [{"ticket_id": id_of(name, 1), "agent_id": agent}]
        state = live.rows().get(id_of(name, 1), {}).get("state")
        assert held or state == "assigned"
        live.tell(name, action="commented", stage="open", at=NOW + 3)
        assert live.rows()[id_of(name, 1)]["agent_id"] == agent

    @each
    def test_an_older_event_that_comes_late_does_not_open_it(self, live, name):
        live.tell(name, action="created")
        live.tell(name, action="solved", stage="done", at=NOW + 10)
        live.tell(name, action="raised", stage="open", priority="high", at=NOW + 5)
        assert live.rows() == {}

    @each
    def test_a_close_that_comes_before_the_create_is_remembered(self, live, name):
        live.tell(name, action="solved", stage="done", at=NOW + 10)
        live.tell(name, action="created", at=NOW)
        assert live.rows() == {} and set(live.loads().values()) == {0}

    @each
    def test_what_is_told_twice_happens_once(self, live, name):
        for _ in range(2):
            live.tell(name, action="created")
        live.tell(name, action="solved", stage="done", at=NOW + 1)
        live.tell(name, action="reopened", stage="open", at=NOW + 2)
        live.tell(name, action="solved", stage="done", at=NOW + 1)
        live.tell(name, action="created")
        assert live.rows()[id_of(name, 1)]["state"] == "assigned"
        assert sum(live.loads().values()) == 1

    def test_freshdesk_by_its_numbers(self, store):
        seconds = itertools.count()
        live = live_with(store, clock=lambda: NOW + next(seconds))
        for status, state in ((2, "assigned"), (5, None), (2, "assigned"), (4, None), ("Offen", "assigned")):
            live.hook("freshdesk", {"ticket": {"id": 77, "subject": "Printer jams", "status": status, "priority": 2}})
            assert live.rows().get("77", {}).get("state") == state


class TestChanged:
    """What changes there changes here: what waits is weighed again, who was set by hand has it."""

    @each
    def test_who_is_urgent_now_is_first(self, new, name):
        live = begun(new, capacity=1)
        for n in (1, 2):
            live.tell(name, action="created", n=n)
        live.tell(name, action="created", n=3, priority="medium", title="VPN slow", at=NOW + 1)
        live.tell(name, action="created", n=4, priority="low", title="Printer toner", at=NOW + 1)
        before = live.rows()[id_of(name, 4)]["urgency"]
        live.tell(name, action="raised", n=4, priority="critical", title="Printer toner", at=NOW + 2)
        assert live.rows()[id_of(name, 4)]["urgency"] > before
        answer = live.request("POST", "/v1/tickets/close", json={"ticket_id": id_of(name, 1)}).json()
        assert [row["ticket_id"] for row in answer["decided"]] == [id_of(name, 4)]

    @pytest.mark.parametrize("name", ["zendesk", "freshdesk", "jira", "servicenow", "github"])
    def test_a_new_subject_is_read_again(self, new, name):
        live = begun(new, capacity=0)
        live.tell(name, action="created", title="Printer toner", text="")
        before = live.rows()[id_of(name, 1)]["skills"]
        live.tell(name, action="renamed", title="VPN gateway down for all", text="", at=NOW + 1)
        assert live.rows()[id_of(name, 1)]["skills"] != before

    @each
    def test_who_was_set_by_hand_has_it_and_keeps_it(self, live, name):
        live.tell(name, action="created")
        other = {"5": "6", "6": "5"}[live.rows()[id_of(name, 1)]["agent_id"]]
        live.tell(name, action="assigned", stage="open", assignee=other, at=NOW + 1)
        row = live.rows()[id_of(name, 1)]
        assert (row["agent_id"], row["is_pinned"]) == (other, True)
        assert live.loads() == {other: 1, {"5": "6", "6": "5"}[other]: 0}

    @each
    def test_a_state_without_our_assignment_takes_it_from_nobody(self, live, name):
        live.tell(name, action="created")
        before = live.rows()[id_of(name, 1)]["agent_id"]
        live.tell(name, action="commented", stage="new", at=NOW + 1)
        live.tell(name, action="raised", stage="new", priority="high", at=NOW + 2)
        assert live.rows()[id_of(name, 1)]["agent_id"] == before is not None

    @each
    def test_one_whom_a_stranger_has_is_not_planned(self, live, name):
        live.tell(name, action="created")
        told = live.tell(name, action="assigned", stage="open", assignee="99", at=NOW + 1)
        assert ["is not in the team" in note["problem"] for note in told["notes"]] == [True]
        assert live.rows().get(id_of(name, 1), {"agent_id": None})["agent_id"] is None
        assert set(live.loads().values()) == {0}


class TestEnded:
    """Deleted, spam, merged away: the agent has room again. A status in any language is one."""

    @each
    @pytest.mark.parametrize("action", ["closed", "deleted", "spam", "merged", "solved"])
    def test_its_agent_has_room_again(self, live, name, action):
        live.tell(name, action="created", n=2)
        live.tell(name, action="created", n=3)
        if live.tell(name, action=action, n=2, stage="done", into=3, at=NOW + 1) is not None:
            assert set(live.rows()) == {id_of(name, 3)} and sum(live.loads().values()) == 1
            if live.tell(name, action="restored", n=2, stage="open", at=NOW + 2) is not None:
                assert set(live.rows()) == {id_of(name, 2), id_of(name, 3)}

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            *[("soft_deleted", "DELETED"), ("permanently_deleted", "DELETED"), ("merged", "CLOSED")],
            *[
                ("marked_as_spam", "DELETED"),
                ("merged", "OPEN"),
                ("soft_deleted", "OPEN"),
                ("status_changed", "DELETED"),
            ],
        ],
    )
    def test_zendesk_by_the_type_of_the_event(self, live, kind, status):
        live.tell("zendesk", action="created")
        body, headers = sent("zendesk", Happened(action="commented", at=NOW + 1))
        body["type"], body["detail"]["status"] = f"zen:event-type:ticket.{kind}", status
        assert live.hook("zendesk", body, headers).status_code == 200
        assert live.rows() == {} and set(live.loads().values()) == {0}

    @pytest.mark.parametrize(
        "status",
        [
            *("spam", "deleted", "Cancelled", "Duplicate", "Geschlossen", "Fermé", "Cerrado", "Gelöst", "Closed "),
            *("CLOSED", 4, 5.0, "5", "Résolu", "Encerrado", "Chiuso", "erledigt", "Concluído"),
        ],
    )
    def test_freshdesk_by_the_accounts_own_label(self, live, status):
        live.tell("freshdesk", action="created")
        answer = live.hook("freshdesk", {"ticket": {"id": 1, "status": status}})
        assert (answer.status_code, answer.json()["notes"], live.rows()) == (200, [], {})

    @pytest.mark.parametrize("status", ["Zapp", 99, {"a": 1}, "schon fast fertig"])
    def test_a_status_that_nobody_knows_is_said_and_changes_nothing(self, live, status):
        live.tell("freshdesk", action="created")
        answer = live.hook("freshdesk", {"ticket": {"id": 1, "status": status}}).json()
        assert [note["path"] for note in answer["notes"]] == ["ticket.status"]
        assert live.rows()["1"]["state"] == "assigned"

    def test_one_that_was_never_known_is_no_error(self, live):
        live.tell("zendesk", action="deleted", n=899, stage="done")
        assert live.rows() == {}


class TestBodies:
    """A field that cannot be read never loses the ticket."""

    @pytest.mark.parametrize(
        ("body", "ticket"),
        [
            ({"freshdesk_webhook": {"ticket_id": 12, "ticket_subject": "VPN", "ticket_status": "Open"}}, "12"),
            ({"freshdesk_webhook": {"id": 12, "subject": "VPN", "tags": ""}}, "12"),
            ({"ticket_id": 13, "subject": "VPN"}, "13"),
            ({"id": "13", "ticket_subject": "VPN"}, "13"),
            ({"data": {"ticket": {"id": 13}}}, "13"),
            (
                b'{"ticket": {"id": 14, "subject": "VPN", "description": "line one\nline two\t", "status": "Open"}}',
                "14",
            ),
            (b'\xef\xbb\xbf{"ticket":{"id":28,"subject":"VPN"}}', "28"),
            ({"ticket": {"id": "#INC-21", "subject": "VPN"}}, "#INC-21"),
            ({"ticket": {"id": 20, "subject": "VPN", "created_at": "", "priority": "", "requester_id": ""}}, "20"),
            ({"ticket": {"id": 22, "subject": None, "description": None, "status": None}}, "22"),
            ({"ticket": {"id": 17, "subject": "VPN", "created_at": "2026-03-11 12:44:19"}}, "17"),
            ({"ticket": {"id": 18, "subject": "VPN", "created_at": "Mon, 23 Nov, 2026 at 9:00 AM"}}, "18"),
            ({"ticket": {"id": 19, "subject": "VPN", "created_at": "23/11/2026 09:00"}}, "19"),
            ({"ticket": {"id": 25, "subject": "VPN", "priority": "Dringend"}}, "25"),
        ],
    )
    def test_are_read(self, live, body, ticket):
        answer = live.hook("freshdesk", body)
        assert (answer.status_code, answer.json()["notes"]) == (200, []), answer.text
        assert [row["ticket_id"] for row in answer.json()["decided"]] == [ticket]

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            ({"created_at": "some time ago"}, "ticket.created_at"),
            ({"created_at": "05/06/2026"}, "ticket.created_at"),
            ({"created_at": {"x": 1}}, "ticket.created_at"),
            ({"created_at": "{{ticket.created_at}}"}, "ticket.created_at"),
            ({"due_by": "soon"}, "ticket.due_by"),
            ({"priority": 9}, "ticket.priority"),
            ({"priority": "Schnarch"}, "ticket.priority"),
            ({"requester_id": {"name": "x"}}, "ticket.requester_id"),
            ({"requester_id": "x" * 300}, "ticket.requester_id"),
            ({"subject": 5}, "ticket.subject"),
            ({"description": ["x"]}, "ticket.description"),
            ({"language": 5}, "ticket.language"),
        ],
    )
    def test_what_cannot_be_read_counts_as_not_given_and_is_said(self, live, more, path):
        answer = live.hook("freshdesk", {"ticket": {"id": 1, "subject": "VPN outage", **more}})
        assert answer.status_code == 200
        assert [note["path"] for note in answer.json()["notes"]] == [path]
        assert all("counts as not given" in note["problem"] and note["repair"] for note in answer.json()["notes"])
        assert live.rows()["1"]["state"] == "assigned"

    @pytest.mark.parametrize(
        ("body", "status", "path"),
        [
            ({}, 422, "id"),
            ({"ticket": {}}, 422, "ticket.id"),
            ({"ticket": {"id": "{{ticket.id}}"}}, 422, "ticket.id"),
            ({"ticket": {"id": {"a": 1}}}, 422, "ticket.id"),
            ({"ticket": {"id": "x" * 201}}, 422, "ticket.id"),
            ({"freshdesk_webhook": {"ticket_subject": "x"}}, 422, "freshdesk_webhook.id"),
            ([], 422, ""),
            (b'{"ticket": {"id": 15, "description": "<div dir="ltr">drops</div>"}}', 400, ""),
            (b'{"ticket": {"id": 16, "subject": "error "no route""}}', 400, ""),
        ],
    )
    def test_a_ticket_that_cannot_be_told_is_an_error_that_says_what_to_choose(self, live, body, status, path):
        answer = live.hook("freshdesk", body)
        assert answer.status_code == status
        (error,) = answer.json()["errors"]
        assert error["path"] == path and "automation rule" in error["repair"]
        assert live.rows() == {}

    def test_html_is_read_as_text(self, live):
        html = '<div class="urgent critical-outage"><style>.critical{}</style>Please order toner for the printer.</div>'
        plain = "Please order toner for the printer."
        for n, text in ((1, html), (2, plain)):
            live.hook("freshdesk", {"ticket": {"id": n, "subject": "Toner order", "description": text}})
        one, other = live.rows()["1"], live.rows()["2"]
        assert (one["skills"], one["urgency"]) == (other["skills"], other["urgency"])

    def test_no_text_of_a_ticket_is_in_an_answer(self, live):
        marks = {"subject": "marmalade", "description": ["marmalade"], "created_at": 5}
        answer = live.hook("freshdesk", {"ticket": {"id": 1, **marks}})
        assert answer.json()["notes"] and "marmalade" not in answer.text


@pytest.mark.parametrize(
    ("name", "body", "headers"),
    [
        ("zendesk", {"type": "zen:event-type:ticket.csat_received", "detail": {"id": "5"}}, {}),
        ("zendesk", {"type": "zen:event-type:user.created", "detail": {"id": "5"}}, {}),
        ("jira", {"webhookEvent": "comment_created", "issue": {"key": "A-1"}}, {}),
        ("github", {"zen": "Keep it logically awesome."}, {"x-github-event": "ping"}),
        ("github", {"action": "opened", "issue": {"number": 1}}, {"x-github-event": "issue_comment"}),
        ("chatwoot", {"event": "message_created", "id": 1}, {}),
        ("chatwoot", {"event": ["x"], "id": 1}, {}),
    ],
)
def test_what_says_nothing_of_a_ticket_is_taken_and_counted(live, name, body, headers):
    answer = live.hook(name, body, headers)
    assert answer.status_code == 202
    assert answer.json()["decided"] == [] and answer.json()["ignored"]
    assert f'ticketopt_webhooks_total{{event="other",helpdesk="{name}"}}' in live.get("/metrics").text
    assert live.rows() == {}


class TestSigned:
    def signed(self, name, body, secret=SECRET, at=NOW + 100):
        signature = INTEGRATIONS[name].signature
        if signature is None:
            return {"x-webhook-secret": secret}
        time = iso(at) if name == "zendesk" else str(int(at))
        stamp = {signature.time_header: time} if signature.time_header else {}
        return {signature.header: signature.sign(secret, body, time), **stamp}

    @each
    def test_only_who_knows_the_secret_is_heard(self, store, name):
        live = live_with(store, webhook_secrets={f"acme/{name}": SECRET})
        told, headers = sent(name, Happened(action="created", at=NOW))
        body = json.dumps(told).encode()
        wrong = [
            {},
            self.signed(name, body, "another secret of 20"),
            dict.fromkeys(self.signed(name, body), "x"),
            {"authorization": "Bearer x"},
            {"x-webhook-secret": "x"},
        ]
        if INTEGRATIONS[name].signature is not None:
            wrong.append(self.signed(name, body + b" "))
            if INTEGRATIONS[name].signature.time_header:
                wrong.append(self.signed(name, body, at=NOW - 1000))
        for one in wrong:
            answer = live.hook(name, body, {**headers, **one})
            assert (answer.status_code, answer.json()["type"]) == (401, "urn:ticketopt:problem:not-signed")
        assert live.rows() == {}
        answer = live.hook(name, body, {**headers, **self.signed(name, body)})
        assert answer.status_code == 200
        assert set(live.rows()) == {id_of(name, 1)}

    @each
    def test_the_secret_itself_is_enough_where_a_product_cannot_sign(self, store, name):
        live = live_with(store, webhook_secrets={f"acme/{name}": SECRET})
        body, headers = sent(name, Happened(action="created", at=NOW))
        ways = [
            ({"x-webhook-secret": SECRET}, ""),
            ({"authorization": f"Bearer {SECRET}"}, ""),
            ({}, f"?secret={SECRET}"),
        ]
        for more, query in ways:
            answer = live.hook(name, body, {**headers, **more}, query)
            assert answer.status_code == (200 if INTEGRATIONS[name].takes_secret else 401)

    def test_a_signed_webhook_needs_no_key_and_nothing_else_is_open(self, store):
        keys = {"api_keys": ("k" * 16,), "webhook_secrets": {"acme/github": SECRET}}
        live = Live(create_app(store, clock=lambda: NOW, tenants=("acme",), **keys))
        told, headers = sent("github", Happened(action="created", at=NOW))
        body = json.dumps(told).encode()
        assert live.hook("github", body, {**headers, **self.signed("github", body)}).status_code == 200
        assert live.hook("github", body, headers).json()["type"].endswith("not-signed")
        assert live.hook("jira", body, headers).json()["type"].endswith("no-key")
        assert live.get("/v1/assignments").status_code == 401
        for end, status in (("/", 200), ("x", 401), ("/x", 401), ("//", 401)):
            assert live.hook(f"github{end}", body, {**headers, **self.signed("github", body)}).status_code == status

    def test_a_secret_opens_the_queue_of_its_tenant_and_no_other(self, store):
        south, north = "a secret of the south", "a secret of the north"
        secrets = {"github": SECRET, "south/github": south, "n/orth/github": north}
        app = create_app(store, clock=lambda: NOW, tenants=("west",), api_keys=("k" * 16,), webhook_secrets=secrets)
        told, headers = sent("github", Happened(action="created", at=NOW))
        body, live = json.dumps(told).encode(), Live(app)
        live.tenant = ""
        right = {"": SECRET, "south": south, "n/orth": north}
        for tenant in (*right, "west"):
            for secret in (*right.values(), None):
                signed = {} if secret is None else self.signed("github", body, secret)
                answer = live.hook("github", body, {**headers, **signed}, f"?tenant={quote(tenant, safe='')}")
                status = 403 if tenant == "west" else 200 if secret == right[tenant] else 401
                assert (tenant, secret, answer.status_code) == (tenant, secret, status)
        assert store.tenants() == ["", "n/orth", "south"]
        assert live.hook("github", body, headers, "?tenant=east").status_code == 404

    @each
    def test_the_plain_secret_is_of_the_tenant_of_the_helpdesk(self, store, name):
        live = live_with(store, webhook_secrets={name: SECRET}, helpdesk_tenant="acme")
        told, headers = sent(name, Happened(action="created", at=NOW))
        body = json.dumps(told).encode()
        for tenant, status in {"": 403, "north": 403, "acme": 200}.items():
            live.tenant = tenant
            assert live.hook(name, body, {**headers, **self.signed(name, body)}).status_code == status
        assert store.tenants() == ["acme"]

    def test_a_replay_changes_nothing(self, store):
        live = live_with(store, webhook_secrets={"acme/zendesk": SECRET})
        for action, stage, at in (("created", "new", NOW), ("solved", "done", NOW + 1), ("created", "new", NOW)):
            told, headers = sent("zendesk", Happened(action=action, stage=stage, at=at))
            body = json.dumps(told).encode()
            assert live.hook("zendesk", body, {**headers, **self.signed("zendesk", body)}).status_code == 200
        assert live.rows() == {}


def test_there_is_a_form_for_each():
    assert set(FORMS) == set(INTEGRATIONS)
