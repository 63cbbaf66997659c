"""Columns of skill levels -> 0 to 10, on one scale for a whole team."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from ticketopt.intake.cells import Mistake, named, plain_value, read_each, without_mistakes
from ticketopt.intake.column import Column
from ticketopt.intake.date_words import without_accents
from ticketopt.problem.records import MAX_LEVEL
from ticketopt.problem.report import Report, is_number

__all__ = ["DEFAULT_LEVEL", "Level", "level_of", "read_levels"]

DEFAULT_LEVEL = 5.0
"""The level of a skill that somebody has, without a word about how well."""

_LOWEST_PERCENT = 20  # where no number is above it, one above 10 is more likely a mistake than a percentage

_REPAIR = "give a number from 0 to 10, or 4/5, 80 %, a number of stars or a word such as expert"

_WORDS_OF = {
    0.0: "no,none,false,not at all,nein,nicht,keine,kein,non,aucun,aucune,ninguno,ninguna,nada,nenhum,nessuno,"
    "\u2717,\u2718,\u2716,\u274c,\u2610",
    2.0: "beginner,novice,basic,basics,entry,entry level,elementary,trainee,foundation,a1,a2,"
    "anfanger,grundkenntnisse,grundlagen,einsteiger,debutant,debutante,notions,basique,principiante,basico,basica",
    4.0: "lower intermediate,b1,junior,working knowledge,limited working",
    5.0: "intermediate,medium,average,competent,conversational,working,moderate,b2,"
    "mittel,gut,intermediaire,moyen,moyenne,intermedio,intermedia,medio,media",
    7.0: "advanced,proficient,good,upper intermediate,skilled,senior,professional,professional working,c1,"
    "fortgeschritten,fortgeschrittene,sehr gut,avance,avancee,confirme,courant,avanzado,avanzada,avancado,avancada",
    9.0: "expert,fluent,master,excellent,full professional,very good,c2,specialist,guru,"
    "experte,expertin,fliessend,verhandlungssicher,experto,experta,maitrise,fluido,fluida,especialista,dominio",
    10.0: "native,mother tongue,bilingual,native speaker,native or bilingual,muttersprache,muttersprachler,"
    "muttersprachlich,langue maternelle,natif,bilingue,lengua materna,nativo,nativa",
}

_YES = "x,yes,true,y,ok,ja,oui,si,sim,vrai,\u2713,\u2714,\u2705,\u2611,\u2612,\u2022"

WORDS = {word: level for level, words in _WORDS_OF.items() for word in words.split(",")}
WORDS |= dict.fromkeys(_YES.split(","), DEFAULT_LEVEL)
"""A word or sign for a level -> 0 to 10."""

_RATIO = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)\s?(?:/|of|out of|von|sur|de)\s?(\d{1,9})")
_PERCENT = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)\s?%")
_BARE = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
_STARS = re.compile(r"([\u2605\u2b50\u25cf*]*)([\u2606\u25cb]*)")
_SCALE = re.compile(r"[(\[]\s?(?:[01]\s?(?:-|to|bis|a)\s?|/\s?|of\s)(\d{1,3})\s?[)\]]")


class Level(NamedTuple):
    """A level as it is written: on our scale, or a bare number on a scale still to be found."""

    value: float
    is_bare: bool = False


def level_of(text: str) -> Level | Mistake:
    """What a cell's text says of a level."""
    plain = without_accents(text.replace("\u2013", "-").replace("\ufe0f", "")).strip(" .")
    key = " ".join(re.sub(r"[-_]", " ", plain).split())
    ratio, percent, stars = _RATIO.fullmatch(plain), _PERCENT.fullmatch(plain), _STARS.fullmatch(plain)
    if _BARE.fullmatch(plain):
        return Level(_float(plain), is_bare=True)
    if key in WORDS:
        return Level(WORDS[key])
    share = math.nan
    if ratio and int(ratio[2]):
        share = _float(ratio[1]) / int(ratio[2])
    elif percent:
        share = _float(percent[1]) / 100
    elif stars and stars[0]:
        share = len(stars[1]) / max(len(stars[0]), 5)
    if math.isnan(share):
        return Mistake(f"{named(text)} is not a level", _REPAIR)
    return Level(share * MAX_LEVEL) if share <= 1 else Mistake(f"{named(text)} is more than everything", _REPAIR)


def _float(digits: str) -> float:
    return float(digits.replace(",", "."))


def _level(cell: Any) -> Level | Mistake:
    value = plain_value(cell)
    if isinstance(value, str):
        return level_of(value)
    if isinstance(value, bool):
        return Level(DEFAULT_LEVEL if value else 0.0)
    if not is_number(value):
        return Mistake(f"is {named(cell)}, not a level", _REPAIR)
    try:
        return Level(float(value), is_bare=True)
    except OverflowError:
        return Level(math.inf, is_bare=True)


def read_levels(columns: Sequence[Column], report: Report, *, scale: float | None = None) -> list[list[float | None]]:
    """Read all columns of levels of one team.

    Parameters
    ----------
    scale : the highest level of numbers that stand alone. None: what a column's heading says, as in `VPN (1-5)`; else
        10, or 100 where some are above 20 and none above 100.

    Returns
    -------
    per column, per row: 0 to 10, or None where nothing is given or it is wrong
    """
    read: list[list[Level | Mistake | None]] = [read_each(column, _level) for column in columns]
    said = [scale if scale is not None else _scale_of(column.heading) for column in columns]
    unsaid = [
        (value.value, column, k)
        for column, values, own in zip(columns, read, said, strict=True)
        if own is None
        for k, value in enumerate(values)
        if isinstance(value, Level) and value.is_bare
    ]
    guess = _guess(unsaid, report)
    levels = []
    for column, values, own in zip(columns, read, said, strict=True):
        scaled = (_scaled(value, column.cells[k], own or guess) for k, value in enumerate(values))
        levels.append(without_mistakes(column, scaled, report))
    return levels


def _scale_of(heading: str) -> float | None:
    found = _SCALE.search(heading.lower().replace("\u2013", "-"))
    highest = int(found[1]) if found else 100 if heading.rstrip(" )]").endswith("%") else 0
    return float(highest) if highest else None


def _guess(numbers: Sequence[tuple[float, Column, int]], report: Report) -> float:
    """The scale of numbers of which nobody said it; and a warning where it is not plain."""
    if not numbers:
        return MAX_LEVEL
    highest, column, k = max(numbers, key=lambda item: item[0])
    if _LOWEST_PERCENT < highest <= 100:
        report.warn(column.place(k), f"levels up to {highest:g} were read as percent", "say the scale")
        return 100.0
    if 0 < highest <= MAX_LEVEL / 2:
        problem = f"no number is above {highest:g}, and they were read as levels from 0 to 10"
        report.warn(column.place(k), problem, "say the highest level, such as levels=5 (--levels 5)")
    return MAX_LEVEL


def _scaled(value: Level | Mistake | None, cell: Any, scale: float) -> float | Mistake | None:
    if not isinstance(value, Level):
        return value
    if not value.is_bare:
        return value.value
    if not 0 <= value.value <= scale:
        return Mistake(
            f"{named(cell)} is not from 0 to {scale:g}", f"give levels from 0 to {scale:g}, or say the scale"
        )
    return value.value * MAX_LEVEL / scale
