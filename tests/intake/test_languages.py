"""Languages meet however they are written, in the agents' spelling."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake import languages
from ticketopt.intake.languages import same_spelling


@pytest.fixture
def known() -> None:
    if any(importlib.util.find_spec(name) is None for name in ("langcodes", "language_data")):
        if os.environ.get("TICKETOPT_TEST_EVERYTHING"):
            raise AssertionError("langcodes or language_data is not installed")
        pytest.skip("needs langcodes and language_data")


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "langcodes", None)
    languages._language.cache_clear()
    yield
    languages._language.cache_clear()


GERMAN = [
    "German",
    "german",
    "Deutsch",
    "deutsch",
    "de",
    "DE",
    "de-AT",
    "de_DE",
    "de-DE",
    "DEU",
    "deu",
    "ger",
    "allemand",
]


@pytest.mark.usefixtures("known")
class TestWithLangcodes:
    @pytest.mark.parametrize("ours", GERMAN)
    def test_all_of_one_language_meet(self, ours: str) -> None:
        wanted, spoken = same_spelling(GERMAN, [[ours, "en"], ["English", "Deutsch"]])
        assert wanted == [ours] * len(GERMAN)
        assert spoken == [(ours, "en"), ("en", ours)]

    @pytest.mark.parametrize(
        ("ticket", "agent"),
        [
            ("pt-BR", "Portuguese"), ("Brazilian Portuguese", "pt"), ("Espa\u00f1ol", "es-MX"), ("fran\u00e7ais",
            "French"),
            ("zh-Hans-CN", "Chinese"), ("English", "EN"), ("\u65e5\u672c\u8a9e", "ja"), ("american english", "en-GB"),
            ("NLD", "Dutch"),
        ],
    )  # fmt: skip
    def test_two_spellings_meet(self, ticket: str, agent: str) -> None:
        assert same_spelling([ticket], [[agent]]) == ([agent], [(agent,)])

    @pytest.mark.parametrize(
        ("ticket", "agent"), [("de", "nl"), ("German", "Dutch"), ("Klingon", "English"), ("foo", "fo"), ("\0", "de")]
    )
    def test_two_languages_do_not(self, ticket: str, agent: str) -> None:
        assert same_spelling([ticket], [[agent]]) == ([ticket], [(agent,)])


@pytest.mark.usefixtures("unknown")
class TestWithoutLangcodes:
    def test_tags_meet_in_their_base(self) -> None:
        assert same_spelling(["de-AT", "de_DE", "DE", "zh-Hans-CN"], [["de", "zh"]])[0] == ["de", "de", "de", "zh"]

    def test_names_stay(self) -> None:
        assert same_spelling(["Welsh", "WELSH", "cy"], [["welsh"]])[0] == ["welsh", "welsh", "cy"]


def test_a_ticket_keeps_its_own_where_no_agent_speaks_it() -> None:
    assert same_spelling(["fr-CA", "fr", None, ""], [["de"], None, []]) == (
        ["fr-CA", "fr", None, ""],
        [("de",), None, ()],
    )


def test_an_agent_has_a_language_once() -> None:
    assert same_spelling([], [["de", "de-AT", "en"]])[1] == [("de", "en")]


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=12))),
    st.lists(st.lists(st.text(max_size=12), max_size=3), max_size=3),
)
def test_nothing_makes_an_exception(tickets: list[str | None], agents: list[list[str]]) -> None:
    wanted, spoken = same_spelling(tickets, agents)
    assert (len(wanted), len(spoken)) == (len(tickets), len(agents))


def test_the_common_ones_are_what_langcodes_says() -> None:
    langcodes = pytest.importorskip("langcodes")
    for name, tag in languages._COMMON.items():
        assert langcodes.find(name).language == tag if len(name) > 2 else langcodes.get(name).is_valid(), name
