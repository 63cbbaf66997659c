"""Somebody else's columns and words, one file per helpdesk. A new helpdesk is one file and one entry here."""

from collections.abc import Mapping

from ticketopt.intake.helpdesks.base import Helpdesk
from ticketopt.intake.helpdesks.freshdesk import FRESHDESK
from ticketopt.intake.helpdesks.freshservice import FRESHSERVICE
from ticketopt.intake.helpdesks.github import GITHUB
from ticketopt.intake.helpdesks.gitlab import GITLAB
from ticketopt.intake.helpdesks.glpi import GLPI
from ticketopt.intake.helpdesks.jira import JIRA
from ticketopt.intake.helpdesks.osticket import OSTICKET
from ticketopt.intake.helpdesks.otrs import OTRS
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.helpdesks.redmine import REDMINE
from ticketopt.intake.helpdesks.servicenow import SERVICENOW
from ticketopt.intake.helpdesks.zammad import ZAMMAD
from ticketopt.intake.helpdesks.zendesk import ZENDESK

HELPDESKS: Mapping[str, Helpdesk] = {
    "plain": PLAIN,
    "zendesk": ZENDESK,
    "freshdesk": FRESHDESK,
    "freshservice": FRESHSERVICE,
    "jira": JIRA,
    "servicenow": SERVICENOW,
    "github": GITHUB,
    "gitlab": GITLAB,
    "zammad": ZAMMAD,
    "osticket": OSTICKET,
    "glpi": GLPI,
    "otrs": OTRS,
    "redmine": REDMINE,
}
"""All helpdesks, by the name that `--from` takes."""

__all__ = ["HELPDESKS", "Helpdesk"]
