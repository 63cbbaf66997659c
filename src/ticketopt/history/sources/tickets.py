"""A plain table of tickets: one row each, as of the day it was written."""

from ticketopt.history.sources.export import export

TICKETS = export(
    "plain",
    assigned=("assigned", "assigned at", "assigned on", "assigned date", "assignment date", "zugewiesen am"),
    started=(
        "started",
        "started at",
        "started on",
        "work started",
        "first response",
        "first response at",
        "begonnen am",
    ),
    resolved=(
        *("resolved", "resolved at", "resolved on", "resolved date", "resolution date", "resolution time", "solved"),
        *("solved at", "solved on", "completed", "completed at", "completed on", "completed date", "finished"),
        *("finished at", "done at", "gelöst am", "erledigt am", "abgeschlossen am", "résolu le", "date de résolution"),
        *("resuelto el", "fecha de resolución", "resolvido em", "data de resolução", "risolto il", "opgelost op"),
        *("data rozwiązania", "解決日", "完了日時"),
    ),
    closed=(
        *("closed", "closed at", "closed on", "closed date", "date closed", "close date", "geschlossen am"),
        *(
            "clos le",
            "date de clôture",
            "fecha de cierre",
            "cerrado el",
            "fechado em",
            "data de fechamento",
            "chiuso il",
        ),
    ),
    estimate=("estimate", "estimated hours", "hours estimate", "original estimate", "geschätzte stunden"),
    hours=("hours", "hours worked", "time spent", "spent time", "actual hours", "hours actual", "worked", "stunden"),
    passes=("reassignment count", "reassignments", "reassigned", "passes", "transfers", "number of transfers"),
    holders=("assignee stations", "number of agents", "agents involved"),
    reopened=("reopen count", "reopens", "reopened", "times reopened"),
    opened_by=("opened by", "created by", "submitter", "submitted by", "erstellt von", "créé par", "creado por"),
    resolved_by=("resolved by", "solved by", "closed by", "gelöst von", "résolu par", "resuelto por"),
    kind=(
        *("category", "kind", "type", "ticket type", "request type", "issue type", "topic", "product", "service"),
        *("kategorie", "art", "catégorie", "categoría", "categoria", "tipo", "type de demande"),
    ),
    time=("updated", "updated at", "last update", "last updated", "modified", "changed", "aktualisiert am"),
)
