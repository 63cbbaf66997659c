"""osTicket: one row per ticket, with how often it was reopened."""

from ticketopt.history.sources.export import export

OSTICKET = export(
    "osticket",
    resolved=("closed date", "closed", "date closed", "geschlossen am", "date de clôture", "fecha de cierre"),
    reopened=("reopen count", "reopens"),
    kind=("help topic", "hilfethema", "rubrique d'aide", "tema de ayuda", "tópico de ajuda"),
    time=("last updated", "zuletzt aktualisiert", "dernière mise à jour"),
)
