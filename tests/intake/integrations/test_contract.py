"""What every member of `INTEGRATIONS` keeps: its events in, as the products send them, and our assignments out."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from support.helpdesk_events import ACTIONS, FORMS, Happened, id_of, sent, stage_after
from support.helpdesk_exports import EXPORTS, expected
from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import read_queue
from ticketopt.intake.helpdesks import HELPDESKS
from ticketopt.intake.helpdesks.statuses import ENDINGS, STATUSES
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.intake.integrations.signature import is_signed
from ticketopt.intake.webhook import OTHER, read_webhook
from ticketopt.problem.names import spelled
from ticketopt.problem.records import Ticket

AT = 1_795_424_400.0
TEAM = {"5": {"name": "Ada Lovelace", "team": "Service Desk"}, "6": {"name": "Bob"}}

each = pytest.mark.parametrize("name", INTEGRATIONS)
each_action = pytest.mark.parametrize(("name", "action"), [(name, one) for name in INTEGRATIONS for one in ACTIONS])

WANTED = {
    **dict.fromkeys(ACTIONS, (None, None)),
    **{"held": ("held", None), "reopened": ("open", None), "restored": ("open", None)},
    **{end: ("done", end) for end in ("solved", "closed", "deleted", "spam", "merged")},
}


def happened(action, **more):
    stage = stage_after(action, "new" if action in ("created", "assigned") else "open")
    return Happened(action=action, stage=stage, assignee="5" if action in ("assigned", "held") else None, **more)


@each
class TestMembers:
    def test_have_a_form_and_words(self, name):
        integration = INTEGRATIONS[name]
        assert name in FORMS and integration.label and integration.setup and integration.address.startswith("https://")
        assert integration.helpdesk is HELPDESKS.get(name, integration.helpdesk)

    def test_name_fields_of_tickets(self, name):
        ours = {*Ticket.__dataclass_fields__, "status", "assignee", "organization"}
        own = {"alias", "at", "event_id", "merged_into", "deleted", "spam"}
        assert {"ticket_id", "title", "status", "assignee", "at"} <= set(INTEGRATIONS[name].names) <= ours | own

    def test_words_stand_as_they_are_looked_up(self, name):
        integration = INTEGRATIONS[name]
        for words in (integration.endings, integration.helpdesk.statuses, integration.helpdesk.priorities):
            assert [word for word in words if word != spelled(word)] == []
        assert all(header == header.lower() for header in integration.id_headers)

    def test_a_body_that_names_no_ticket_is_an_error_that_says_what_to_choose(self, name):
        body, headers = sent(name, happened("created"))
        for wrong in ([], "x", None, 5):
            with pytest.raises(InvalidInputError) as error:
                read_webhook(INTEGRATIONS[name], wrong, headers, team=TEAM)
            assert INTEGRATIONS[name].setup in str(error.value)
        kept = {key: value for key, value in body.items() if key in ("type", "webhookEvent", "event", "action")}
        with pytest.raises(InvalidInputError, match=r"is missing|is not there"):
            read_webhook(INTEGRATIONS[name], kept, headers, team=TEAM)

    def test_no_value_of_any_field_loses_the_ticket(self, name):
        """Whatever stands in a field that is not the id: the ticket is there, and what is wrong is said."""
        body, headers = sent(name, replace(happened("created"), assignee="5"))
        whole = read_webhook(INTEGRATIONS[name], body, headers, team=TEAM)
        ids = {
            "id",
            "key",
            "sys_id",
            "number",
            "action",
            "event",
            "webhookEvent",
            "full_name",
            "type",
            "issue",
            "ticket",
        }
        for path in _paths(body):
            if path[-1] in ids | {"detail", "incident", "fields", "repository", "operation"}:
                continue
            for value in ({"a": [1]}, [[]], [{}], "\x00", "x" * 300, -1, 1e308, True, "{{ticket.x}}", "", None, 10**30):
                found = read_webhook(INTEGRATIONS[name], _with(body, path, value), headers, team=TEAM)
                assert [one.ticket_id for one in found.events] == [whole.events[0].ticket_id], (path, value)
                Ticket(ticket_id="x", **found.events[0].fields)  # every field that is given is valid
                said = ("counts as not given", "is not in the team")
                assert all(note.path and any(word in note.problem for word in said) for note in found.notes)


def _paths(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))


def _with(body, path, value):
    copy = json.loads(json.dumps(body))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


@each_action
def test_every_action_is_what_it_is(name, action):
    told = sent(name, happened(action, n=7, priority="high", into=3))
    if told is None:
        return
    body, headers = told
    received = read_webhook(INTEGRATIONS[name], body, headers, team=TEAM)
    (event,) = received.events
    assert received.kind in INTEGRATIONS[name].kinds and received.notes == ()
    assert event.ticket_id == id_of(name, 7)
    assert event.at == pytest.approx(AT, abs=0.5)
    stage, ended = WANTED[action]
    assert event.ended == ("closed" if name == "zammad" and action == "solved" else ended)
    assert event.stage in ({stage} if stage in ("held", "done") else {"new", "open"})
    if name != "chatwoot" or action == "created":
        assert event.fields["title"] == "VPN drops"
    if name != "zammad" or action == "created":
        assert event.fields.get("description", "Twice an hour.") == "Twice an hour."
    assert event.fields["priority"] == "high"
    assert (event.assignee, event.says_assignee) in {
        "assigned": [("5", True)],
        "unassigned": [(None, not event.shows_nobody)],
        "held": [("5", True), ("5", False)],
    }.get(action, [(None, False)])
    assert event.assignee is None or not event.shows_nobody
    assert "group" not in event.fields or name == "zammad"
    if name in ("zendesk", "github", "jira", "zammad", "chatwoot"):
        assert event.event_id


@each
def test_other_events_say_nothing(name):
    strange = [
        ({"type": "zen:event-type:user.created", "detail": {"id": "5"}}, {}),
        ({"type": "zen:event-type:ticket.csat_received", "detail": {"id": "5"}}, {}),
        ({"webhookEvent": "comment_created", "issue": {"key": "A-1"}}, {}),
        ({"webhookEvent": "sprint_started"}, {}),
        ({"event": "message_created", "id": 5}, {}),
        ({"action": "opened", "issue": {"number": 1}}, {"x-github-event": "pull_request"}),
        ({"zen": "Keep it logically awesome."}, {"x-github-event": "ping"}),
    ]
    own = {"zendesk": [0, 1], "jira": [2, 3], "chatwoot": [4], "github": [5, 6]}
    for k in own.get(name, ()):
        body, headers = strange[k]
        assert read_webhook(INTEGRATIONS[name], body, headers, team=TEAM).kind == OTHER


@each
def test_an_assignee_whom_an_event_is_not_about_is_not_spoken_of(name):
    """A state from before our own assignment arrived must not take the ticket away again."""
    for action in ("commented", "renamed", "solved"):
        told = sent(name, replace(happened(action), assignee=None))
        if told:
            (event,) = read_webhook(INTEGRATIONS[name], *told, team=TEAM).events
            assert not event.says_assignee


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        *[("Geschlossen", "done"), ("FERMÉ", "done"), ("Cerrado ", "done"), ("Gelöst", "done"), (4, "done")],
        *[("En espera", "held"), ("In Bearbeitung", "open"), ("Duplicate", "done"), (5.0, "done"), ("5.0", "done")],
        *[("Zapp", None), (True, None), (99, None), ({"name": "x"}, None), ("", None), (None, None)],
    ],
)
def test_statuses_in_every_language(word, wanted):
    body = {"ticket": {"id": 1, "status": word}}
    received = read_webhook(INTEGRATIONS["freshdesk"], body, {}, team={})
    assert received.events[0].stage == wanted
    assert [note.path for note in received.notes] == (["ticket.status"] if wanted is None and word else [])


def test_endings_are_ends():
    assert set(ENDINGS.values()) == {"solved", "deleted", "spam", "merged"}
    assert [word for word in ENDINGS if STATUSES.get(word) != "done" or word != spelled(word)] == []


@pytest.mark.parametrize("value", [{"x": 1}, [{}], "x" * 300, True, 1.5])
def test_an_assignee_that_cannot_be_read_takes_it_from_nobody(value):
    body, headers = sent("zendesk", Happened(action="assigned", assignee="5", stage="open"))
    body["detail"]["assignee_id"] = value
    received = read_webhook(INTEGRATIONS["zendesk"], body, headers, team=TEAM)
    assert not received.events[0].says_assignee
    assert [note.path for note in received.notes] == ["detail.assignee_id"]


def test_people_are_known_by_id_and_by_name_and_of_several_the_one_of_the_team():
    told = {"ticket": {"id": 1, "agent_email": "ada@example.com", "agent_name": "Lovelace, Ada"}}
    (event,) = read_webhook(INTEGRATIONS["freshdesk"], told, {}, team=TEAM).events
    assert event.assignee == "5"
    body, headers = sent("github", Happened(action="assigned", assignee="zoe", stage="open"))
    body["issue"]["assignees"].append({"login": "6"})
    (event,) = read_webhook(INTEGRATIONS["github"], body, headers, team=TEAM).events
    assert event.assignee == "6"


def test_a_customer_is_the_organization_where_there_is_one():
    body, headers = sent("zendesk", Happened(action="created"))
    body["detail"]["organization_id"] = None
    (event,) = read_webhook(INTEGRATIONS["zendesk"], body, headers, team=TEAM).events
    assert event.fields["customer"] == "8447388090494"
    body["detail"]["organization_id"] = "99"
    (event,) = read_webhook(INTEGRATIONS["zendesk"], body, headers, team=TEAM).events
    assert event.fields["customer"] == "99"


def test_groups_and_languages_count_where_the_team_knows_them():
    body = {"ticket": {"id": 1, "group_name": "service-desk", "language": "de"}}
    (event,) = read_webhook(INTEGRATIONS["freshdesk"], body, {}, team=TEAM).events
    assert event.fields == {"group": "service-desk", "language": "de"}
    german = {"5": {"languages": ["German"]}}
    (event,) = read_webhook(INTEGRATIONS["freshdesk"], body, {}, team=german).events
    assert event.fields == {"language": "German"}


@each
class TestSignatures:
    def test_are_those_of_who_knows_the_secret(self, name):
        signature = INTEGRATIONS[name].signature
        if signature is None:
            assert INTEGRATIONS[name].takes_secret
            return
        time = {"x-zendesk-webhook-signature-timestamp": "2026-11-23T09:00:00Z"}.get(
            signature.time_header, "1795424400"
        )
        headers = {signature.header: signature.sign("secret", b"{}", time)}
        if signature.time_header:
            headers[signature.time_header] = time
        assert is_signed(signature, "secret", headers, b"{}", now=AT + 10)
        assert not is_signed(signature, "Secret", headers, b"{}", now=AT)
        assert not is_signed(signature, "secret", headers, b"{ }", now=AT)
        assert not is_signed(signature, "secret", {}, b"{}", now=AT)
        assert not is_signed(signature, "secret", {**headers, signature.header: "é"}, b"{}", now=AT)
        if signature.time_header:
            for now in (AT + 301, AT - 301):
                assert not is_signed(signature, "secret", headers, b"{}", now=now)
            for wrong in ("", "soon", "1e3", "9" * 400, "2026-11-23T09:00:01Z"):
                assert not is_signed(signature, "secret", {**headers, signature.time_header: wrong}, b"{}", now=AT)


def test_signatures_that_others_have_computed():
    """The example of GitHub's documentation, and hashes made with a command-line tool."""
    github, zendesk = INTEGRATIONS["github"].signature, INTEGRATIONS["zendesk"].signature
    wanted = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert github.sign("It's a Secret to Everybody", b"Hello, World!") == wanted
    assert zendesk.sign("key", b"The quick brown fox jumps over the lazy dog") == (
        "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="
    )


REQUESTS = {
    "zendesk": ("PUT", "/api/v2/tickets/7.json", {"ticket": {"assignee_id": 5}}, {"ticket": {"assignee_id": None}}),
    "freshdesk": ("PUT", "/api/v2/tickets/7", {"responder_id": 5}, {"responder_id": None}),
    "jira": ("PUT", "/rest/api/3/issue/SUP-7/assignee", {"accountId": "5"}, {"accountId": None}),
    "servicenow": ("PATCH", f"/api/now/table/incident/{7:032x}", {"assigned_to": "5"}, {"assigned_to": ""}),
    "github": ("PATCH", "/repos/acme/shop/issues/7", {"assignees": ["5"]}, {"assignees": []}),
    "zammad": ("PUT", "/api/v1/tickets/7", {"owner_id": 5}, {"owner_id": 1}),
    "chatwoot": ("POST", "/conversations/7/assignments", {"assignee_id": 5}, {"assignee_id": 0}),
}


@each
class TestAssignments:
    def test_are_the_products_own_requests(self, name):
        method, path, agent, nobody = REQUESTS[name]
        for who, body in (("5", agent), (None, nobody)):
            request = INTEGRATIONS[name].assign(id_of(name, 7), who)
            assert (request.method, request.path, request.json) == (method, path, body)

    def test_no_id_leaves_its_place_in_the_path(self, name):
        for ticket in ("../users/1", "7?x=1", "7#x", "7/../../x", "7 8", "é"):
            try:
                request = INTEGRATIONS[name].assign(ticket, "5")
            except InvalidInputError:
                continue
            assert request.path.count("/") == REQUESTS[name][1].count("/")
            assert not {"?", "#", " "} & set(request.path) and request.path.isascii()

    def test_tokens_go_into_headers_only(self, name):
        headers = INTEGRATIONS[name].authorize("a-token")
        assert headers and all(isinstance(value, str) for value in headers.values())


def test_agents_by_mail_and_by_login():
    assert INTEGRATIONS["zendesk"].assign("7", "a@b.c").json == {"ticket": {"assignee_email": "a@b.c"}}
    assert INTEGRATIONS["zammad"].assign("7", "a@b.c").json == {"owner": "a@b.c"}
    assert INTEGRATIONS["github"].assign("7", "ada").path == "/issues/7"


class TestFiles:
    """A ticket from a file is the one that a webhook of its product speaks of."""

    @pytest.mark.parametrize("name", [name for name in INTEGRATIONS if name in EXPORTS])
    def test_have_the_ids_of_events(self, name):
        number = expected(name, "json")[0]["ticket_id"]
        n = int(number, 16) if name == "servicenow" else int(re.findall(r"\d+", number)[-1])
        told, headers = sent(name, Happened(action="created", n=n))
        if name == "github":
            told["repository"]["full_name"] = "acme/desk"
        (event,) = read_webhook(INTEGRATIONS[name], told, headers, team={}).events
        assert event.ticket_id == number
        assert INTEGRATIONS[name].assign(number, "5").path

    def test_of_servicenow_without_a_sys_id_have_the_number_by_which_events_name_them_too(self):
        body = {"sys_id": "a" * 32, "number": "INC0010001", "state": "1"}
        (event,) = read_webhook(INTEGRATIONS["servicenow"], body, {}, team={}).events
        assert (event.ticket_id, event.alias) == ("a" * 32, "INC0010001")
        (event,) = read_webhook(INTEGRATIONS["servicenow"], {"number": "INC0010001"}, {}, team={}).events
        assert (event.ticket_id, event.alias) == ("INC0010001", None)

    @pytest.mark.parametrize(
        ("row", "ticket"),
        [
            ({"html_url": "https://github.com/acme/desk/issues/7", "url": "u"}, "acme/desk#7"),
            ({"url": "https://api.github.com/repos/acme/desk/issues/7"}, "acme/desk#7"),
            ({"url": "https://git.acme.example/it/wi.fi-1/issues/7"}, "it/wi.fi-1#7"),
            ({"number": 7}, 7),
        ],
    )
    def test_of_github_say_the_repository_where_an_address_is_there(self, row, ticket):
        issue = {"number": 7, "title": "VPN", "createdAt": "2026-11-23T09:00:00Z", "assignees": [], "labels": [], **row}
        queue = read_queue({"tickets": [issue], "agents": [{"agent_id": "ann"}]}, helpdesk="github")
        assert queue.tickets[0].ticket_id == ticket
