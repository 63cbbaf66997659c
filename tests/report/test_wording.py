"""Numbers, names and times as people say them."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from ticketopt.report.wording import counted, day_of, few, lasting, share


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no tickets"), (1, "1 ticket"), (2, "2 tickets"), (1200, "1,200 tickets")]
)
def test_things_are_counted(number: int, words: str) -> None:
    assert counted(number, "ticket") == words


def test_a_row_of_names_ends_with_how_many_more_there_are_and_never_with_one_more() -> None:
    assert few(["a"]) == "a"
    assert few(["a", "b", "c"], 2) == "a, b and c"
    assert few(["a", "b", "c", "d"], 2) == "a, b and 2 more"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "a moment"),
        (60, "1 minute"),
        (5340, "89 minutes"),
        (7200, "2 hours"),
        (35 * 3600, "35 hours"),
        (47 * 3600, "2 days"),
        (48 * 3600, "2 days"),
        (400 * 86400, "400 days"),
    ],
)
def test_how_long_something_takes(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


def test_days_from_the_first_to_the_last_have_names() -> None:
    assert day_of(0, UTC) == "Thursday, 1 January 1970, 00:00 (UTC)"
    assert day_of(1773135000, ZoneInfo("America/New_York")) == "Tuesday, 10 March 2026, 05:30 (EDT)"
    assert day_of(253_402_300_799, UTC).startswith("Friday, 31 December 9999")


@pytest.mark.parametrize(("part", "whole", "width"), [(0, 5, 0), (1, 1000, 1), (5, 5, 100), (1, 3, 33), (3, 0, 0)])
def test_what_is_there_can_be_seen(part: int, whole: int, width: int) -> None:
    assert share(part, whole) == width
