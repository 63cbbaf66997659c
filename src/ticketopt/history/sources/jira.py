"""Jira and Jira Service Management: one row per issue; times in seconds."""

from ticketopt.history.sources.export import export

JIRA = export(
    "jira",
    hours_per_unit={"estimate": 1 / 3600, "hours": 1 / 3600},
    resolved=("resolved", "fields.resolutiondate", "resolution date", "erledigt", "résolu", "resuelta", "resolvido"),
    estimate=("original estimate", "fields.timeoriginalestimate", "ursprüngliche schätzung", "estimation originale"),
    hours=("time spent", "fields.timespent", "zeitaufwand", "temps consacré", "tiempo trabajado", "tempo gasto"),
    opened_by=("creator id", "fields.creator.accountId", "fields.creator.name", "creator", "ersteller", "créateur"),
    kind=("issue type", "fields.issuetype.name", "work type", "vorgangstyp", "type de ticket", "tipo de incidencia"),
    time=("updated", "fields.updated", "aktualisiert", "mise à jour", "actualizada", "atualizado"),
)
