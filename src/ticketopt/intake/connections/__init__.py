"""Helpdesks that a live queue stands beside: their events in, our assignments out. A new one is a file and an entry."""

from collections.abc import Mapping

from ticketopt.intake.connections.base import ApiRequest, Connection
from ticketopt.intake.connections.chatwoot import CHATWOOT
from ticketopt.intake.connections.freshdesk import FRESHDESK
from ticketopt.intake.connections.github import GITHUB
from ticketopt.intake.connections.jira import JIRA
from ticketopt.intake.connections.servicenow import SERVICENOW
from ticketopt.intake.connections.zammad import ZAMMAD
from ticketopt.intake.connections.zendesk import ZENDESK

CONNECTIONS: Mapping[str, Connection] = {
    "zendesk": ZENDESK,
    "freshdesk": FRESHDESK,
    "jira": JIRA,
    "servicenow": SERVICENOW,
    "github": GITHUB,
    "zammad": ZAMMAD,
    "chatwoot": CHATWOOT,
}
"""All of them, by the name in the address of their webhook."""

__all__ = ["CONNECTIONS", "ApiRequest", "Connection"]
