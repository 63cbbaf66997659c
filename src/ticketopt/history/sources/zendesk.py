"""Zendesk: one row per ticket, with when its assignee got it and how many had it."""

from ticketopt.history.sources.export import export

ZENDESK = export(
    "zendesk",
    assigned=("assigned at", "metric_set.assigned_at", "metrics.assigned_at", "zugewiesen am", "assigné le"),
    resolved=("solved at", "metric_set.solved_at", "metrics.solved_at", "gelöst am", "résolu le", "resuelto el"),
    holders=("assignee stations", "metric_set.assignee_stations", "metrics.assignee_stations"),
    reopened=("reopens", "metric_set.reopens", "metrics.reopens"),
    opened_by=("submitter_id", "submitter id", "submitter"),
    kind=("ticket type", "type", "ticket form"),
    time=("updated at", "updated_at"),
)
