"""GitHub: one issue each."""

from ticketopt.history.sources.export import export

GITHUB = export(
    "github",
    resolved=("closed_at", "closedAt"),
    time=("updated_at", "updatedAt"),
)
