"""GLPI: one row per ticket; several technicians stand in one cell."""

from ticketopt.history.sources.export import export

GLPI = export(
    "glpi",
    resolved=("resolution date", "solved date", "date de résolution", "lösungsdatum", "fecha de solución", "17"),
    closed=("closing date", "date de clôture", "schließungsdatum", "fecha de cierre", "16"),
    opened_by=("writer", "recipient", "rédacteur", "22"),
    kind=("category", "catégorie", "kategorie", "categoría", "categoria", "itilcategories_id", "7"),
    time=("last update", "dernière modification", "letzte aktualisierung", "19"),
)
