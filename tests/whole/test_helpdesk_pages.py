"""Each helpdesk has its page, and what a page says of events, addresses and requests is what the tables say."""

from __future__ import annotations

import json
import re

import pytest

from support.helpdesk_facts import PAGES, facts_of, page_facts, with_facts
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.intake.webhook import read_webhook
from ticketopt.problem.record_fields import table_of
from ticketopt.service.settings import ServerSettings

SECTIONS = ("## Events in", "## Decisions out", "## What is not done")


def test_every_helpdesk_has_a_page_and_every_page_a_helpdesk():
    assert {path.stem for path in PAGES.glob("*.md")} == {"README", *INTEGRATIONS}
    overview = (PAGES / "README.md").read_text()
    for name, integration in INTEGRATIONS.items():
        assert f"[{integration.label}" in overview and f"]({name}.md)" in overview


@pytest.mark.parametrize("name", INTEGRATIONS)
def test_a_page_says_what_the_tables_say(name):
    """Where it does not, this puts right what it says: `with_facts(text, facts_of(name))`."""
    text = (PAGES / f"{name}.md").read_text()
    assert page_facts(text) == facts_of(name)
    assert with_facts(text, facts_of(name)) == text
    assert [line for line in text.splitlines() if line.startswith("## ")][: len(SECTIONS)] == [*SECTIONS]


SAID = {
    "id": "7",
    "title": "VPN is down",
    "subject": "VPN is down",
    "status": "Open",
    "priority": "High",
    "assignee.email": "ann@example.com",
    "assignee.name": "Ann",
    "agent.name": "Ann",
    "group.name": "Network",
    "updated_at_with_timestamp": "2026-11-23T09:00:00Z",
}
"""What a product puts in the place of its placeholders."""


@pytest.mark.parametrize("name", ["zendesk", "freshdesk"])
def test_the_body_that_a_page_has_one_write_is_understood_to_the_last_word(name):
    text = (PAGES / f"{name}.md").read_text()
    (body,) = re.findall(r'^ +(\{"ticket": .+?\}\})$', text, re.MULTILINE | re.DOTALL)
    filled = json.loads(re.sub(r"\{\{ticket\.([\w.]+)\}\}", lambda found: SAID[found[1]], body))
    received = read_webhook(INTEGRATIONS[name], filled, {}, team={"a1": {"name": "Ann", "team": "Network"}})
    (event,) = received.events
    assert (event.ticket_id, event.assignee, received.notes) == ("7", "a1", ())
    assert event.stage == {"zendesk": "open", "freshdesk": "new"}[name]  # a new ticket of Freshdesk's is open
    assert {"title": "VPN is down", "priority": "high", "group": "Network"}.items() <= dict(event.fields).items()


VALUES = {"HELPDESK": INTEGRATIONS, "WEBHOOK_SECRETS": INTEGRATIONS, "OUTBOX": ("on", "dry-run", "off")}


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_settings_that_a_page_names_are_settings_with_values_that_they_take(path):
    named = re.findall(r"\bTICKETOPT_([A-Z_]+)(?:=([\w.-]+))?", path.read_text())
    assert {"WEBHOOK_SECRETS", "OUTBOX"} <= {name for name, _ in named}
    for name, value in named:
        assert name.lower() in table_of(ServerSettings).entries
        assert not value or value in VALUES.get(name, [value])
