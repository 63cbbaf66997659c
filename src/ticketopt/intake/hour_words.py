"""The words of working hours and absences in seven languages, without accents and in lower case; nothing but data."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ABSENT", "ALL_DAY", "DAYS", "FROM", "NOTHING", "OFF", "UNTIL", "ZONE_NAMES"]

_DAY_WORDS = (
    "mon monday mondays mo montag montags lun lundi lunes luni lunedi seg segunda ma maandag",
    "tue tues tuesday tuesdays di dienstag dienstags mar mardi martes ter terca martedi dinsdag",
    "wed weds wednesday wednesdays mi mittwoch mittwochs mer mercredi mie miercoles qua quarta mercoledi wo woensdag",
    "thu thur thurs thursday thursdays do donnerstag donnerstags jeu jeudi jue jueves qui quinta gio giovedi donderdag",
    "fri friday fridays fr freitag freitags ven vendredi vie viernes sex sexta venerdi vr vrijdag",
    "sat saturday saturdays sa samstag samstags sonnabend sam samedi sab sabado sabados sabato za zaterdag",
    "sun sunday sundays so sonntag sonntags dim dimanche dom domingo domingos domenica zo zondag",
)

_EVERY_DAY, _WORKING_DAYS, _WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)

_SEVERAL_DAYS = {
    "weekday weekdays workday workdays werktags werktage wochentags ouvrables laborables uteis feriali": _WORKING_DAYS,
    "weekend weekends wochenende we finde": _WEEKEND,
    "daily everyday taglich quotidien diario diariamente giornaliero dagelijks": _EVERY_DAY,
}

DAYS: Mapping[str, tuple[int, ...]] = {
    **{word: (day,) for day, words in enumerate(_DAY_WORDS) for word in words.split()},
    **{word: days for words, days in _SEVERAL_DAYS.items() for word in words.split()},
}
"""A word for a day or for several -> 0 (Monday) to 6."""

_NOTHING_WORDS = (
    "from de del da du von vom at um and und y et e ed en the shift shifts hours hrs hr uhr h heures horas ore "
    "only nur every jeden jours dias giorni dagen overnight nachts night day local time ortszeit o'clock each all on "
    "am days"
)

NOTHING = frozenset(_NOTHING_WORDS.split())
"""Words that may stand beside hours and days and say nothing."""

_OFF_WORDS = "off closed free none no frei geschlossen libre ferme repos cerrado fechado folga riposo vrij"

OFF = frozenset(_OFF_WORDS.split())
"""Words for no hours at all."""

ALL_DAY = ("24/7", "24x7", "24h", "24 h", "24 hours", "24 stunden", "all day", "around the clock", "rund um die uhr")
"""Words for every hour."""

_FROM_WORDS = "from start starts begin begins since first von ab beginn desde inicio du debut depuis dal inizio"
_UNTIL_WORDS = "to until till end ends last thru through bis ende hasta fin au jusqu'au ate fim al fino"

FROM, UNTIL = frozenset(_FROM_WORDS.split()), frozenset(_UNTIL_WORDS.split())
"""Words of a heading or a cell that say which end of an absence a date is."""

ABSENT = (
    *("out of office", "out of the office", "ooo", "on leave", "leave", "on vacation", "vacation", "vacations", "pto"),
    *("holiday", "holidays", "on holiday", "absent", "absence", "absences", "away", "time off", "annual leave"),
    *("sick leave", "parental leave", "urlaub", "abwesend", "abwesenheit", "abwesenheiten", "krank", "ferien"),
    *("vacaciones", "ausencia", "ausente", "ausencias", "conge", "conges", "absent(e)", "vacances", "ferie"),
    *("assenza", "assente", "ferias", "vakantie", "verlof", "afwezig", "unavailable", "not available"),
)
"""What a heading calls an absence, alone or beside words of `FROM` and `UNTIL`."""

_ZONES = {
    "cet cest mez mesz met mest": "Europe/Berlin",
    "wet west": "Europe/Lisbon",
    "eet eest": "Europe/Athens",
    "utc gmt z zulu": "UTC",
    "et eastern": "America/New_York",
    "ct central": "America/Chicago",
    "mt mountain": "America/Denver",
    "pt pacific": "America/Los_Angeles",
    "msk": "Europe/Moscow",
    "jst osaka": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "aest aedt": "Australia/Sydney",
    "nzst nzdt": "Pacific/Auckland",
    "uk edinburgh": "Europe/London",
    "mumbai chennai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "bern": "Europe/Zurich",
}

_AMERICAN = ("eastern", "central", "mountain", "pacific")

ZONE_NAMES: Mapping[str, str] = {
    **(_names := {word: zone for words, zone in _ZONES.items() for word in words.split()}),
    **{f"{word} time{more}": _names[word] for word in _AMERICAN for more in ("", " (us & canada)")},
}
"""Names of zones beside those of the IANA list, where one place is meant; EST, IST or CST name several."""
