"""Redmine: one row per issue, with estimated and spent hours."""

from ticketopt.history.sources.export import export

REDMINE = export(
    "redmine",
    resolved=("closed", "closed_on", "geschlossen", "fermé", "cerrada", "cerrado", "fechado"),
    estimate=("estimated time", "estimated_hours", "geschätzter aufwand", "temps estimé", "tiempo estimado"),
    hours=("spent time", "spent_hours", "total spent time", "aufgewendete zeit", "temps passé", "tiempo dedicado"),
    kind=("tracker", "tracker.name", "tipo"),
    time=("updated", "updated_on", "aktualisiert", "mis-à-jour", "actualizado"),
)
