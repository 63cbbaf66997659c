"""Freshdesk: one row per ticket, with the time that was tracked."""

from ticketopt.history.sources.export import export

FRESHDESK = export(
    "freshdesk",
    resolved=("resolved time", "stats.resolved_at", "gelöst um", "heure de résolution", "hora de resolución"),
    closed=("closed time", "stats.closed_at", "closed_at"),
    reopened=("reopens",),
    hours=("time tracked", "time spent", "erfasste zeit"),
    kind=("type", "typ", "tipo"),
    time=("last update time", "updated_at"),
)
