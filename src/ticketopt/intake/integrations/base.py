"""What a member of `INTEGRATIONS` is: how one helpdesk tells of its tickets, and how it is told who has one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from ticketopt.intake.helpdesks.base import Helpdesk, Names
from ticketopt.intake.integrations.signature import Signature

__all__ = [
    "SNAPSHOT",
    "STATED",
    "ApiRequest",
    "EventKind",
    "Integration",
    "as_number",
    "basic_or_bearer",
    "from_top",
]

Payload = Mapping[str, Any]
Headers = Mapping[str, str]
"""A request's headers, by their names in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """What the type of an event says beside the state of the ticket that it brings along.

    Attributes
    ----------
    ended : how the ticket has ended ("deleted", "spam", "merged" ...), whatever its status says; None: by its status.
    changes : what has changed, where the type or the body says so; None: it does not say, so that an assignee is one
        whom somebody has set, and none is not spoken of.
    """

    ended: str | None = None
    changes: frozenset[str] | None = frozenset()


SNAPSHOT = EventKind()
"""An event that brings the ticket as it is, and is not about its assignee."""

STATED = EventKind(changes=None)
"""An event that brings the ticket as it is, and does not say what has changed."""


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request to a helpdesk's API: `path` is what comes after the address in the settings; `json` its body."""

    method: str
    path: str
    json: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One helpdesk, both ways.

    Attributes
    ----------
    helpdesk : whose words for a status and a priority these are.
    label : the product's name, for people.
    kind : body, headers -> the type of the event, as `kinds` has it.
    kinds : the types that say something of a ticket; all others are taken and say nothing.
    roots : where in a body the ticket is, the best first; an empty one is the body itself.
    names : a field of ours, or of `BESIDE`, or `alias`, `at`, `event_id`, `merged_into` -> the dotted paths of it in
        the ticket, the best first; one that begins with `/` begins at the top of the body.
    changed : body -> what has changed by our names, where a body says so and its type does not.
    tidy : body -> the same where each thing has a path.
    endings : words for a status that is an end -> how it ended, beside the words that all use.
    nobody : ids that are no agent.
    id_headers : headers that name the delivery.
    signature : how the product signs what it sends; None where it does not.
    takes_secret : whether the secret itself, in a header or in the address, is as good as a signature.
    assign : ticket id, agent id (None: nobody) -> the request that sets it.
    authorize : token -> the headers that go with every request.
    address : an example of what the settings are to hold as the address of the API.
    zone_at : the zone that is set, the path of a time -> the zone of that time where it names none.
    setup : what to choose in the product, for the error about a body that names no ticket.
    """

    helpdesk: Helpdesk
    label: str
    kind: Callable[[Payload, Headers], str]
    kinds: Mapping[str, EventKind]
    roots: tuple[str, ...]
    names: Names
    assign: Callable[[str, str | None], ApiRequest]
    authorize: Callable[[str], dict[str, str]]
    address: str
    setup: str
    changed: Callable[[Payload], frozenset[str] | None] = lambda _: None
    tidy: Callable[[Payload], Payload] = lambda body: body
    endings: Mapping[str, str] = field(default_factory=dict)
    nobody: frozenset[str] = frozenset()
    id_headers: tuple[str, ...] = ()
    signature: Signature | None = None
    takes_secret: bool = True
    zone_at: Callable[[tzinfo, str], tzinfo] = lambda zone, _: zone


def from_top(body: object, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    for step in path.split(".") if path else ():
        body = body.get(step) if isinstance(body, Mapping) else None
    return body


def basic_or_bearer(token: str) -> dict[str, str]:
    """`name:secret` as HTTP Basic, anything else as a bearer token."""
    if ":" in token:
        return {"Authorization": "Basic " + b64encode(token.encode()).decode()}
    return {"Authorization": f"Bearer {token}"}


def as_number(agent: str | None) -> int | str | None:
    """An id of digits as the number that most APIs want."""
    return int(agent) if agent is not None and agent.isascii() and agent.isdecimal() and len(agent) < 20 else agent
