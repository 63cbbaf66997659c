"""Freshservice: one row per ticket, with the effort in minutes."""

from ticketopt.history.sources.export import export

FRESHSERVICE = export(
    "freshservice",
    hours_per_unit={"hours": 1 / 60},
    assigned=("assigned time", "first assigned in"),
    resolved=("resolved time", "resolved_at"),
    closed=("closed time", "closed_at"),
    hours=("effort required to resolve (in mins)", "time tracked", "planned effort"),
    kind=("category", "type"),
    time=("last updated time", "updated_at"),
)
