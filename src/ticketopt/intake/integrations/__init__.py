"""Helpdesks that a live queue stands beside: their events in, our assignments out. A new one is a file and an entry."""

from collections.abc import Mapping

from ticketopt.intake.integrations.base import ApiRequest, Integration
from ticketopt.intake.integrations.chatwoot import CHATWOOT
from ticketopt.intake.integrations.freshdesk import FRESHDESK
from ticketopt.intake.integrations.github import GITHUB
from ticketopt.intake.integrations.jira import JIRA
from ticketopt.intake.integrations.servicenow import SERVICENOW
from ticketopt.intake.integrations.zammad import ZAMMAD
from ticketopt.intake.integrations.zendesk import ZENDESK

INTEGRATIONS: Mapping[str, Integration] = {
    "zendesk": ZENDESK,
    "freshdesk": FRESHDESK,
    "jira": JIRA,
    "servicenow": SERVICENOW,
    "github": GITHUB,
    "zammad": ZAMMAD,
    "chatwoot": CHATWOOT,
}
"""All of them, by the name in the address of their webhook."""

__all__ = ["INTEGRATIONS", "ApiRequest", "Integration"]
