"""Kinds of logs, one file each. A new one is one file and one entry here."""

from collections.abc import Mapping

from ticketopt.history.sources.audit import AUDIT
from ticketopt.history.sources.base import Source
from ticketopt.history.sources.servicenow_audit import SERVICENOW_AUDIT

SOURCES: Mapping[str, Source] = {
    "audit": AUDIT,
    "servicenow_audit": SERVICENOW_AUDIT,
}
"""All kinds of logs, by the name that `kind_of_log=` takes."""

__all__ = ["SOURCES", "Source"]
