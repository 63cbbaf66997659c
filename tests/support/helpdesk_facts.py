"""What the pages in docs/helpdesks say of each integration, as its tables have it; a test holds the pages to it."""

from __future__ import annotations

import json
from pathlib import Path

from support.fake_helpdesk import token_of
from support.helpdesk_events import id_of
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.intake.integrations.base import EventKind, Integration
from ticketopt.intake.integrations.signature import MAX_AGE, Signature
from ticketopt.service.routes.webhooks import WEBHOOKS

PAGES = Path(__file__).parents[2] / "docs" / "helpdesks"
BEGIN, END = "<!-- facts: held to the tables by a test -->\n", "<!-- end of facts -->\n"

INTERNAL = frozenset({"event_id"})
"""Names of which a page has nothing to say."""


def facts_of(name: str) -> str:
    """The facts of one integration, as its page has them."""
    integration = INTEGRATIONS[name]
    return "\n".join([*_addresses(name, integration), "", *_events(integration), "", *_fields(integration), ""])


def page_facts(text: str) -> str:
    """The facts that a page states; empty where it has no place for them."""
    return text.partition(BEGIN)[2].partition(END)[0]


def with_facts(text: str, facts: str) -> str:
    """A page with these facts in their place."""
    before, begin, rest = text.partition(BEGIN)
    return before + begin + facts + END + rest.partition(END)[2]


def _addresses(name: str, integration: Integration) -> list[str]:
    token = token_of(name)
    headers = ", ".join(f"`{key}: {_without_secret(value)}`" for key, value in integration.authorize(token).items())
    rows = [
        ("address of the webhook", f"`https://YOUR-HOST{WEBHOOKS}{name}`"),
        ("signature", _signature(integration.signature)),
        ("the secret itself instead", "is taken" if integration.takes_secret else "is not taken"),
        ("address of the API", f"`{integration.address}`"),
        ("a token looks like", f"`{token}`"),
        ("it is sent as", headers),
        ("to assign", _request(integration, id_of(name, 1), "5")),
        ("to assign nobody", _request(integration, id_of(name, 1), None)),
    ]
    return ["| | |", "|---|---|", *(f"| {what} | {how} |" for what, how in rows)]


def _without_secret(value: str) -> str:
    """A header without what the token makes of it."""
    return "Basic BASE64" if value.startswith("Basic ") else value.replace("secret-token", "TOKEN")


def _signature(signature: Signature | None) -> str:
    if signature is None:
        return "none: the product does not sign"
    signed = "the body"
    if signature.time_header:
        joint = f"`{signature.joint}` and " if signature.joint else ""
        signed = f"the time in `{signature.time_header}` (at most {MAX_AGE:.0f} s off), {joint}the body"
    prefix = f", after `{signature.prefix}`" if signature.prefix else ""
    return f"`{signature.header}`: HMAC-{signature.digest.upper()} of {signed}, in {signature.encoding}{prefix}"


def _request(integration: Integration, ticket: str, agent: str | None) -> str:
    request = integration.assign(ticket, agent)
    return f"`{request.method} {request.path}` `{json.dumps(request.json)}`"


def _events(integration: Integration) -> list[str]:
    rows = [f"| `{kind}` | {_said(event)} |" for kind, event in integration.kinds.items()]
    return ["| event | what it says |", "|---|---|", *rows]


def _said(event: EventKind) -> str:
    if event.ended is not None:
        return f"the ticket has ended: {event.ended}"
    if event.changes is None:
        return "the ticket as it is, and who has it where somebody does"
    if "assignee" in event.changes:
        return "the ticket as it is, and who has it, or nobody"
    return "the ticket as it is, but not who has it"


def _fields(integration: Integration) -> list[str]:
    rows = [
        f"| {field} | {', '.join(f'`{path}`' for path in paths)} |"
        for field, paths in integration.names.items()
        if paths and field not in INTERNAL
    ]
    roots = ", ".join(f"`{root}`" if root else "the body" for root in integration.roots)
    head = f"Below {roots}, or from the top where a path begins with `/`:"
    return [head, "", "| what is read | from where |", "|---|---|", *rows]
