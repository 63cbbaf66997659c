"""Kinds of logs, one file each. A new one is one file and one entry here."""

from collections.abc import Mapping

from ticketopt.history.sources.audit import AUDIT
from ticketopt.history.sources.base import Source
from ticketopt.history.sources.events import EVENTS
from ticketopt.history.sources.field_changes import FIELD_CHANGES
from ticketopt.history.sources.freshdesk import FRESHDESK
from ticketopt.history.sources.freshservice import FRESHSERVICE
from ticketopt.history.sources.github import GITHUB
from ticketopt.history.sources.gitlab import GITLAB
from ticketopt.history.sources.glpi import GLPI
from ticketopt.history.sources.jira import JIRA
from ticketopt.history.sources.jira_changelog import JIRA_CHANGELOG
from ticketopt.history.sources.osticket import OSTICKET
from ticketopt.history.sources.otrs import OTRS
from ticketopt.history.sources.redmine import REDMINE
from ticketopt.history.sources.servicenow import SERVICENOW
from ticketopt.history.sources.servicenow_audit import SERVICENOW_AUDIT
from ticketopt.history.sources.sys_audit import SYS_AUDIT
from ticketopt.history.sources.tickets import TICKETS
from ticketopt.history.sources.vinst import VINST
from ticketopt.history.sources.work import WORK
from ticketopt.history.sources.zammad import ZAMMAD
from ticketopt.history.sources.zendesk import ZENDESK
from ticketopt.history.sources.zendesk_audits import ZENDESK_AUDITS

SOURCES: Mapping[str, Source] = {
    "audit": AUDIT,
    "servicenow_audit": SERVICENOW_AUDIT,
    "jira_changelog": JIRA_CHANGELOG,
    "zendesk_audits": ZENDESK_AUDITS,
    "field_changes": FIELD_CHANGES,
    "sys_audit": SYS_AUDIT,
    "events": EVENTS,
    "vinst": VINST,
    "tickets": TICKETS,
    "work": WORK,
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
"""All kinds of logs, by the name that `kind_of_log=` takes."""

__all__ = ["SOURCES", "Source"]
