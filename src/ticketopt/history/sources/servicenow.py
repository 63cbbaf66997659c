"""ServiceNow: a list of incidents, with how often each was passed on and reopened."""

from ticketopt.history.sources.export import export

SERVICENOW = export(
    "servicenow",
    resolved=("resolved_at", "resolved_at.value", "resolved", "gelöst", "résolu", "resuelto"),
    closed=("closed_at", "closed_at.value", "closed", "geschlossen", "fermé", "cerrado"),
    passes=("reassignment_count", "reassignment_count.value", "reassignment count"),
    reopened=("reopen_count", "reopen_count.value", "reopen count"),
    opened_by=("opened_by.value", "opened_by", "opened by"),
    resolved_by=("resolved_by.value", "resolved_by", "resolved by"),
    kind=("category", "category.display_value", "kategorie", "catégorie", "categoría", "categoria"),
    time=("sys_updated_on", "sys_updated_on.value", "updated"),
)
