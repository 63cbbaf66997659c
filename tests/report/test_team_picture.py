"""The picture of the team says and shows how full days are."""

from __future__ import annotations

import re

import pytest

from ticketopt.report.days import Day
from ticketopt.report.team_picture import HEIGHT, MOST_BARS, team_picture


def day(j: int, before: int, new: int, limit: int | None) -> Day:
    return Day(j, f"P{j}", "", "", before, new, limit, ())


@pytest.mark.parametrize(
    ("loads", "words"),
    [
        ([], "Nobody is here."),
        ([(1, 1, 2), (0, 2, 2)], "Everybody's day is full."),
        ([(0, 0, 2), (0, 1, 2)], "Nobody has a full day; everybody has room for 1 to 2 more."),
        ([(0, 2, 2), (0, 1, 2)], "1 of 2 people has a full day; the others have room for 1 more."),
        ([(0, 2, None), (0, 1, None)], "Nobody has a full day."),
        ([(0, 1, 1)] * 7 + [(0, 0, 1)] * 193, "7 of 200 people have a full day; the others have room for 1 more."),
    ],
)
def test_its_words_are_true(loads: list[tuple[int, int, int | None]], words: str) -> None:
    assert team_picture([day(j, *row) for j, row in enumerate(loads)]).words == words


def test_few_people_are_bars_fullest_first() -> None:
    bars = team_picture([day(0, 1, 1, 4), day(1, 0, 3, 3), day(2, 0, 2, None)]).bars
    assert [bar.day.j for bar in bars] == [1, 2, 0]
    assert [(bar.before, bar.new, bar.limit) for bar in bars] == [(0, 75, 75), (0, 50, None), (25, 25, 100)]


def test_many_people_are_columns_as_high_as_their_days() -> None:
    picture = team_picture([day(j, 1, j % 3, 4) for j in range(MOST_BARS + 2)])
    assert picture.bars == ()
    assert picture.highest == 4
    tops = [float(top) for top in re.findall(r"V([\d.]+)H", picture.before)]
    assert tops == [HEIGHT * 3 / 4] * (MOST_BARS + 2)
    new = [float(top) for top in re.findall(r"V([\d.]+)H", picture.new)]
    assert new == [HEIGHT / 4] * 14 + [HEIGHT / 2] * 14
    assert len(re.findall(r"M[\d.]+ 0\.0H", picture.limit)) == MOST_BARS + 2


def test_a_full_day_ends_at_its_limit_whatever_is_rounded() -> None:
    for highest in range(1, 40):
        bars = team_picture([day(0, 0, highest, highest), day(1, 1, highest // 2, 1 + highest // 2)]).bars
        assert all(bar.before + bar.new == bar.limit for bar in bars)
