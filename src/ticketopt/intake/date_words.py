"""The words of dates without accents and in lower case; nothing but data.

English, German, French, Spanish, Portuguese, Italian, Dutch, Polish and Swedish.
"""

from __future__ import annotations

import unicodedata

__all__ = ["BESIDE", "MONTHS", "MONTH_NAMES", "WEEKDAYS", "without_accents"]


def without_accents(text: str) -> str:
    """A text in lower case, its letters without what stands above or below them: `Março` is `marco`."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().replace("\u0142", "l"))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MONTH_WORDS = (
    "jan january januar janner jaenner janvier janv enero ene janeiro gennaio gen januari stycznia styczen sty",
    "feb february februar feber fevrier fevr fev febrero fevereiro febbraio februari febr lutego luty lut",
    "mar march marz maerz mrz mars marzo marco maart mrt marca marzec marts",
    "apr april avril avr abril abr aprile kwietnia kwiecien kwi",
    "may mai mayo maio maggio mag mei maja maj",
    "jun june juni juin junio junho giugno giu czerwca czerwiec cze",
    "jul july juli juillet juil julio julho luglio lug lipca lipiec lip",
    "aug august aout aou agosto ago augustus augusti sierpnia sierpien sie",
    "sep september sept septembre septiembre setiembre setembro set settembre sett wrzesnia wrzesien wrz",
    "oct october oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik paz",
    "nov november novembre noviembre novembro listopada listopad lis",
    "dec december dezember dez decembre diciembre dic dezembro dicembre grudnia grudzien gru desember",
)

MONTHS = {word: month for month, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}
"""A month's name or abbreviation in English and the languages above -> 1 to 12."""

_WEEKDAY_WORDS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday "
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag "
    "lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche "
    "lunes martes mie miercoles jue jueves vie viernes sab sabado domingo dom "
    "segunda seg terca ter quarta qua quinta qui sexta sex feira "
    "lunedi martedi mercoledi gio giovedi venerdi sabato domenica "
    "ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag "
    "poniedzialek pon wtorek wt sroda sr czwartek czw piatek pt sobota sob niedziela nd "
    "mandag tirsdag onsdag torsdag fredag lordag sondag tisdag"
)

WEEKDAYS = frozenset(_WEEKDAY_WORDS.split())
"""Weekdays in these languages. `mar` is a month as well: where another month follows, it is the weekday."""

_BESIDE_WORDS = "at of the de del da do den der am um le el il om a as alle las ore h uhr kl uur o godz g"

BESIDE = frozenset(_BESIDE_WORDS.split())
"""Words that may stand beside the parts of a date and say nothing."""
