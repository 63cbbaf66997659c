"""A plain table of changes: ticket, time, who has it, status."""

from ticketopt.history.sources.base import Source
from ticketopt.intake.helpdesks.plain import PLAIN

_T = PLAIN.tickets

AUDIT = Source(
    label="a table of changes",
    shape="updates",
    names={
        "ticket": _T["ticket_id"],
        "time": (
            *("time", "timestamp", "changed at", "changed on", "changed", "change time", "updated at", "updated on"),
            *("updated", "update time", "modified at", "modified", "event time", "event date", "at", "when", "moment"),
            *("datetime", "date time", "date", "logged at", "zeit", "zeitpunkt", "zeitstempel", "ge\u00e4ndert am"),
            *("datum", "modifi\u00e9 le", "date de modification", "horodatage", "fecha", "fecha de modificaci\u00f3n"),
            *(
                "modificado el",
                "modificado em",
                "data de modifica\u00e7\u00e3o",
                "data",
                "data modifica",
                "gewijzigd op",
            ),
        ),
        "order": ("change", "change number", "mod count", "sequence", "seq", "revision", "version", "event number"),
        "status": (*_T["status"], "new status", "status after", "to status", "activity", "action", "event"),
        "substatus": ("sub status", "substatus", "sub state", "substate"),
        "agent": (*_T["assignee"], "new assignee", "to agent", "new owner", "user", "resource", "who"),
        "group": (*_T["group"], "support team", "workgroup", "new group"),
        "actor": (
            *("changed by", "updated by", "modified by", "done by", "by", "author", "actor", "performed by", "editor"),
            *("ge\u00e4ndert von", "modifi\u00e9 par", "modificado por", "modificato da", "gewijzigd door"),
        ),
        "opened_by": ("opened by", "created by", "submitter", "erstellt von", "cr\u00e9\u00e9 par", "creado por"),
        "resolved_by": ("resolved by", "solved by", "closed by", "gel\u00f6st von"),
        "requester": _T["customer"],
        "kind": (
            *("category", "kind", "type", "ticket type", "request type", "issue type", "topic", "product", "service"),
            *(
                "kategorie",
                "art",
                "cat\u00e9gorie",
                "categor\u00eda",
                "categoria",
                "tipo",
                "type de demande",
                "categorie",
            ),
        ),
        "priority": _T["priority"],
        "created": (*(word for word in _T["creation_timestamp"] if word not in ("date", "timestamp", "datum")),),
        "due": _T["due"],
        "estimate": ("estimate", "estimated hours", "hours estimate", "original estimate", "gesch\u00e4tzte stunden"),
        "hours": ("hours", "hours worked", "time spent", "spent time", "actual hours", "hours actual", "worked"),
        "reopened": ("reopen count", "reopens", "reopened"),
        "title": _T["title"],
        "description": _T["description"],
    },
)
