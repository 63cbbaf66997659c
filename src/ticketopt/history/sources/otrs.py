"""OTRS and Znuny: one row per ticket, with the time accounted, in minutes."""

from ticketopt.history.sources.export import export

OTRS = export(
    "otrs",
    hours_per_unit={"hours": 1 / 60},
    started=("FirstLock", "erste sperre"),
    resolved=("Closed", "CloseTime", "geschlossen", "fermé", "cerrado"),
    hours=("accounted time", "AccountedTime", "erfasste zeit"),
    kind=("Service", "Type", "typ"),
    time=("Changed", "ChangeTime"),
)
