"""The page about a backtest."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from support.trials import trial_of
from ticketopt.report.trial_page import trial_html
from ticketopt.report.trial_pictures import fan, forest, lengths, open_tickets


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("</style>")[2]))


def test_the_verdict_comes_first_and_everything_it_rests_on_after_it() -> None:
    words = text_of(trial_html(trial_of()))
    order = [
        "mine: would have been better", "days of a test", "Can this be believed?", "How much better",
        "What was assumed", "fast and good are not told apart", "How to settle it",
    ]  # fmt: skip
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert "1,234 tickets" in words
    assert "-2.00 -3.00 to -1.00" in words
    assert "50 % &lt;b&gt;" in words


def test_where_the_log_does_not_say_the_page_says_so_first() -> None:
    words = text_of(trial_html(trial_of(reason="the log has 12 days, and 30 are needed")))
    assert words.index("This log does not say: the log has 12 days") < words.index("Can this be believed?")


def test_lateness_is_in_points_of_a_hundred() -> None:
    late = replace(trial_of(), judged="share of tickets late")
    assert "-200.00 -300.00 to -100.00" in text_of(trial_html(late))


@pytest.mark.parametrize("picture", [fan, forest, lengths, open_tickets])
def test_pictures_are_sound_say_what_they_show_and_stay_inside(picture) -> None:  # type: ignore[no-untyped-def]
    drawn = ElementTree.fromstring(picture(trial_of()))
    assert drawn.find("title").text  # type: ignore[union-attr]
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    places = [p.split(",") for shape in drawn if "points" in shape.attrib for p in shape.attrib["points"].split()]
    assert places
    assert all(-1 <= float(x) <= width + 1 and -1 <= float(y) <= height + 1 for x, y in places)


def test_nothing_is_loaded_from_anywhere() -> None:
    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in ("script", "link", "img")
            assert not {"src", "href"} & {name for name, _ in attrs}

    Tags().feed(trial_html(trial_of()))
