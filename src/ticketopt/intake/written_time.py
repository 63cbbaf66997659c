"""One time as somebody wrote it -> its year, month, day, time of day and zone. Nothing is guessed.

`python-dateutil` 4.0.0 was measured on the tables of `tests/intake/test_dates.py` (November 2026), with the day first
but where a text begins with its year. Of 157 texts that say a time it reads 96 rightly and 2 wrongly (it turns GMT+2
around), and refuses the others: months outside English, zones such as `Europe/Berlin`, weeks, 24:00. Of 73 texts that
say none it takes 29: it fills in what is missing (`5`, `may`, `10 am`, `-1` and `2026` are dates to it) and drops zones
such as EST. It does not tell `2026-11-23` from its midnight, nor whether the order of day and month was a guess; with
the day first, 2026-13-05 is 13 May to it; the word UTC is the machine's own zone where that has this name. A cell took
it 50 us. So it is not used.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ticketopt.intake.cells import Mistake, plain_text
from ticketopt.intake.date_words import BESIDE, MONTHS, WEEKDAYS, without_accents
from ticketopt.problem.report import shown

__all__ = ["WRITE", "ZONE_WORDS", "WrittenTime", "into_the_day", "written_time"]

WRITE = "write it such as 2026-11-23T09:00:00Z"


class WrittenTime(NamedTuple):
    """A time as it is written.

    Attributes
    ----------
    year, month, day : not yet checked against the calendar.
    seconds : into the day, as a clock on the wall shows them; None where only the date is written.
    zone : None where none is written.
    is_open : whether `month` and `day` may be the other way round; they are as if the day came first.
    note : how a number was read (`a date serial`), else empty.
    """

    year: int
    month: int
    day: int
    seconds: float | None = None
    zone: tzinfo | None = None
    is_open: bool = False
    note: str = ""


_CLOCK = re.compile(
    r"(?:\b|(?<=[t_]))(?:"
    r"(?P<hour>\d{1,2})(?::|\s?h\s?)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?(?!\d)"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|(?P<hour_alone>\d{1,2})\s?(?P<half_alone>[ap])\.?\s?m\b\.?"
    r"|(?<=[\s,])(?P<hour_dotted>\d{1,2})\.(?P<minute_dotted>\d{2})(?:\.(?P<second_dotted>\d{2})(?:\.0+)?)?"
    r"(?:(?=$|\s?uhr|\s?uur)|\s?(?P<half_dotted>[ap])\.?\s?m\b\.?))"
)
_OFFSET = re.compile(
    r"\s*(utc|gmt|ut|z\b)?\s*(?:([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?(?![\d/.-]))?\s*(\([^()]*\))?"
)
_NAMED_ZONE = re.compile(r"\s*[\[(]?([A-Za-z][\w+-]*(?:/[\w+-]+)+|UTC|GMT)[\])]?(?=$|[\s,])")
_ZONE_WORD = re.compile(r"\s*[(\[]?([A-Za-z]{2,4})\b[)\]]?")
_NUMERIC = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?)?")
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|ste|e|o|\u00ba)?\.?")

_EAST_ASIAN_DATE = re.compile(r"(\d{4})[\u5e74\ub144]\s*(\d{1,2})[\u6708\uc6d4]\s*(\d{1,2})[\u65e5\uc77c]")
_EAST_ASIAN_CLOCK = re.compile(
    r"(\d{1,2})[\u6642\u65f6\u70b9\uc2dc]\s*(?:(\d{1,2})[\u5206\ubd84])?\s*(?:(\d{1,2})[\u79d2\ucd08])?"
)
_EAST_ASIAN_HALF = re.compile(r"(\u5348\u5f8c|\u4e0b\u5348|\uc624\ud6c4)|\u5348\u524d|\u4e0a\u5348|\uc624\uc804")
"""What stands before a clock's afternoon, else its morning."""

_ZONE_NAMES = (
    "est edt cst cdt mst mdt pst pdt akst akdt hst ast adt nst ndt et ct mt pt cet cest mez mesz met mest wet west bst "
    "eet eest ist msk gst pkt sgt hkt jst kst aest aedt acst acdt awst nzst nzdt brt art clt sast wat cat eat"
)

ZONE_WORDS = frozenset(_ZONE_NAMES.split()) - MONTHS.keys() - WEEKDAYS

_SAY_ZONE = "several zones have this name: write the offset (+01:00) or the zone ([America/New_York]) instead"
_ZONE_REPAIR = "write an offset such as +01:00, or a zone of the IANA list such as [Europe/Berlin]"

_WEEKS = frozenset(f"-W{week:02}" for week in range(54))
"""What follows the year where a week is written and no day of it."""


def written_time(text: str) -> WrittenTime | Mistake:
    """What a text says; whether the calendar has such a day is not asked."""
    return _iso(text) or _free(plain_text(text))


def _iso(text: str) -> WrittenTime | None:
    """The forms of ISO 8601, quickly; None for others."""
    mark = text[10:11] if text[4:5] == "-" else text[8:9] if text[:8].isdecimal() else "?"
    if mark not in ("", "T", "t", " ") or text[4:] in _WEEKS:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return WrittenTime(moment.year, moment.month, moment.day, into_the_day(moment) if mark else None, moment.tzinfo)


def into_the_day(moment: datetime) -> float:
    """Seconds since midnight, as a clock on the wall shows them."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def _free(text: str) -> WrittenTime | Mistake:
    """1. Cut out the time of day, 2. behind it the zone, 3. read what is left as a date."""
    if len(text) > 100:
        return _unreadable(text)
    plain = _in_signs(text.replace("\u2212", "-").replace("\u2019", "'"))
    low = without_accents(plain)
    if len(low) != len(plain):
        plain = low
    clock = _CLOCK.search(low)
    seconds = _seconds(clock) if clock else None
    if clock and seconds is None:
        return Mistake(f"{shown(text)} has no time of day that a clock shows", WRITE)
    start, end = clock.span() if clock else (_zone_start(plain), _zone_start(plain))
    zone, end = _zone_at(plain, end)
    if isinstance(zone, Mistake):
        return Mistake(f"{shown(text)} {zone.problem}", zone.repair)
    before = re.sub(r"(?<=\d)[t_]$", "", low[:start])
    date = _date(f"{before} {low[end:]}".strip(" ,'"), is_alone=clock is None)
    if date is None:
        return _unreadable(text)
    seconds = date.seconds if seconds is None else seconds
    return date._replace(seconds=seconds, zone=zone)


def _unreadable(text: str) -> Mistake:
    return Mistake(f"{shown(text)} is not a time with day, month and year", WRITE)


def _in_signs(text: str) -> str:
    """A time with its units in Chinese, Japanese or Korean signs, in those of ISO: `2026年3月13日 14時30分`."""
    if text.isascii():
        return text
    half = _EAST_ASIAN_HALF.search(text)
    if half:
        text = f"{_EAST_ASIAN_HALF.sub(' ', text)} {'pm' if half[1] else 'am'}"
    date = _EAST_ASIAN_DATE.sub(r"\1-\2-\3 ", text)
    return _EAST_ASIAN_CLOCK.sub(
        lambda found: f"{found[1]}:{found[2] or '00'}" + (f":{found[3]}" * bool(found[3])), date
    )


def _seconds(clock: re.Match[str]) -> float | None:
    """Seconds into the day; None where no clock shows it. 24:00 is the day's end."""
    part = clock.groupdict()
    hour = int(part["hour"] or part["hour_alone"] or part["hour_dotted"])
    minute = int(part["minute"] or part["minute_dotted"] or 0)
    second = int(part["second"] or part["second_dotted"] or 0)
    half = part["half"] or part["half_alone"] or part["half_dotted"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = hour * 3600 + minute * 60 + second + float(f"0.{part['part'] or 0}")
    return seconds if minute < 60 and second < 60 and seconds <= 86_400 else None


def _zone_start(text: str) -> int:
    """Where the zone of a date without a time begins: `2026-11-23Z`, `2026-11-23 [Europe/Berlin]`."""
    found = re.search(r"(?<=\d)\s*(?:z|utc|gmt)$|\s\[?[a-z]+/[a-z/_]+\]?$", text, re.IGNORECASE)
    return found.start() if found else len(text)


def _zone_at(text: str, start: int) -> tuple[tzinfo | Mistake | None, int]:
    """The zone that stands at a position, or what is wrong with it; and where it ends."""
    named = _NAMED_ZONE.match(text, start)
    if named:
        return _zone_called(named[1]), named.end()
    found = _OFFSET.match(text.lower(), start)
    assert found is not None  # every part of it may be missing
    if found[1] or found[2]:
        end = found.end()  # Java and Go write the name as well
        beside = _NAMED_ZONE.match(text, end) or (found[2] and _abbreviation_at(text, end))
        return _offset(found), beside.end() if beside else end
    word = _abbreviation_at(text, start)
    if word:
        return Mistake(f"has the ambiguous zone {word[1]}", _SAY_ZONE), word.end()
    return None, start


def _abbreviation_at(text: str, start: int) -> re.Match[str] | None:
    word = _ZONE_WORD.match(text, start)
    return word if word and word[1].lower() in ZONE_WORDS else None


def _offset(found: re.Match[str]) -> tzinfo | Mistake:
    hours, minutes, seconds = (int(found[k] or 0) for k in (3, 4, 5))
    if hours > 18 or minutes > 59 or seconds > 59:
        return Mistake("has an offset that no zone has", _ZONE_REPAIR)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if found[2] == "-" else offset) if offset else UTC


@lru_cache(maxsize=1_000)
def _zone_called(name: str) -> tzinfo | Mistake:
    if name in ("UTC", "GMT"):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return Mistake(f"names the unknown zone {shown(name)}", _ZONE_REPAIR)


@lru_cache(maxsize=1_000)  # a column has many times, but few days
def _date(text: str, *, is_alone: bool) -> WrittenTime | None:
    """The date that a text in lower case spells; its order is open where only the column can tell."""
    compact = _COMPACT.fullmatch(text) if is_alone or len(text) == 8 else None
    if compact:
        year, month, day, *clock = (int(part or 0) for part in compact.groups())
        seconds = clock[0] * 3600 + clock[1] * 60 + clock[2]
        is_clock = clock[0] < 24 and clock[1] < 60 and clock[2] < 60
        return WrittenTime(year, month, day, seconds if compact[4] else None) if is_clock else None
    words = re.sub(r"[a-z]+\.?", _unless_beside, text).strip(" ,.")
    numeric = _NUMERIC.fullmatch(words)
    return _of_numbers(numeric) if numeric else _of_words(re.split(r"[\s,/.'-]+", text.strip(" ,.")))


def _unless_beside(word: re.Match[str]) -> str:
    return "" if word[0].strip(".") in BESIDE | WEEKDAYS else word[0]


def _of_numbers(found: re.Match[str]) -> WrittenTime | None:
    first, sign, second, last = found.groups()
    if len(first) == 4 and len(last) <= 2:
        return WrittenTime(int(first), int(second), int(last))
    if len(first) > 2 or len(last) not in (2, 4):
        return None
    return WrittenTime(_year(last), int(second), int(first), is_open=sign != ".")


def _of_words(words: list[str]) -> WrittenTime | None:
    """A day, a month's name and a year in one of the orders that people write."""
    parts = [word for word in words if word not in BESIDE]
    while parts and parts[0] in WEEKDAYS and (parts[0] not in MONTHS or sum(word in MONTHS for word in parts) > 1):
        parts.pop(0)
    if len(parts) != 3:
        return None
    place = next((k for k, word in enumerate(parts) if word in MONTHS), 2)
    numbers = [_ORDINAL.fullmatch(word) for k, word in enumerate(parts) if k != place]
    if place == 2 or numbers[0] is None or numbers[1] is None:
        return None
    day, year = numbers[0][1], numbers[1][1]
    if len(day) == 4 and len(year) <= 2 and place == 1:
        day, year = year, day
    return WrittenTime(_year(year), MONTHS[parts[place]], int(day)) if len(day) <= 2 and len(year) in (2, 4) else None


def _year(digits: str) -> int:
    """Two digits are 1970 to 2069, as in POSIX."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)
