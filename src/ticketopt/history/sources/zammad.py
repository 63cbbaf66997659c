"""Zammad: one ticket each."""

from ticketopt.history.sources.export import export

ZAMMAD = export(
    "zammad",
    resolved=("close_at", "closed_at"),
    opened_by=("created_by", "created_by.login", "created_by_id"),
    kind=("category", "type"),
    time=("updated_at",),
)
