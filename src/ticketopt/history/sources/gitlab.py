"""GitLab: one issue each, with estimated and spent seconds."""

from ticketopt.history.sources.export import export

GITLAB = export(
    "gitlab",
    hours_per_unit={"estimate": 1 / 3600, "hours": 1 / 3600},
    resolved=("closed at (utc)", "closed_at"),
    estimate=("time estimate", "time_stats.time_estimate"),
    hours=("time spent", "time_stats.total_time_spent"),
    time=("updated at (utc)", "updated_at"),
)
