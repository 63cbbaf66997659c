"""The same words say the same, however they are written."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets, reader
from ticketopt.triage.linking import NOTHING, PhraseIndex

NAMES = ("Imprimantes", "R\u00e9seau", "VPN")
FRENCH = (
    "Le r\u00e9seau est bloqu\u00e9 \u00e0 l'\u00e9tage, c'est urgent\n\nenvoy\u00e9 de mon t\u00e9l\u00e9phone VPN"
)
GERMAN = "Der Drucker im B\u00fcro ist kaputt\n\nMit freundlichen Gr\u00fc\u00dfen\nJ. M\u00fcller, VPN"
SPANISH = "La impresora est\u00e1 rota, \u00a1es una emergencia!"


def read(text: str, names: tuple[str, ...] = NAMES) -> tuple[dict[str, float], float]:
    [reader] = read_tickets([Ticket(ticket_id=1, description=text)], skills=names, now=0.0)
    return dict(reader.skills), reader.urgency


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("text", [FRENCH, GERMAN, SPANISH])
def test_in_every_form_of_unicode(text: str, form: Any) -> None:
    assert read(text)[0]
    assert read(unicodedata.normalize(form, text)) == read(text)


def test_names_in_every_form_of_unicode() -> None:
    names = tuple(unicodedata.normalize("NFD", name) for name in NAMES)
    for text in (FRENCH, GERMAN):
        skills, urgency = read(text, names)
        assert ({unicodedata.normalize("NFC", name): share for name, share in skills.items()}, urgency) == read(text)


def test_names_in_any_case_and_with_any_separator() -> None:
    text = "My e-mail signature is wrong and the active directory does not know me, backup failed"
    names = ("Backup", "Active Directory", "E-Mail Signatures")
    for spell in (str.upper, str.lower, lambda name: name.replace(" ", "_"), lambda name: name.replace(" ", "-")):
        assert list(read(text, tuple(map(spell, names)))[0].values()) == list(read(text, names)[0].values())


@pytest.mark.parametrize(
    "text", ["Would be nice to have this week", "it is our printer, or is it the network?", "We go to the other team"]
)
def test_in_capitals(text: str) -> None:
    """Capitals mark abbreviations, but not where everything is in capitals."""
    names = (*NAMES, "IT", "Go", "OS", "Other")
    assert read(text.upper(), names) == read(text, names)


def test_with_entities() -> None:
    escaped = FRENCH.replace("\u00e9", "&eacute;").replace("'", "&#39;")
    assert read(escaped) == read(FRENCH)


def test_a_name_whose_words_run_together_in_any_case() -> None:
    text = "The mobile app crashes"
    small, large = read(text, ("mobileappsupport",))[0], read(text, ("MobileAppSupport",))[0]
    assert list(small.values()) == list(large.values())


def test_names_are_linked_only_where_a_text_must_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    linked = []

    def link(skills: tuple[str, ...], lexicon: object) -> PhraseIndex:
        linked.append(skills)
        return NOTHING

    monkeypatch.setattr(reader, "link", link)
    skills = ["a skill of this test alone"]
    stated = [
        Ticket(ticket_id=1, skills={skills[0]: 1}, title="VPN"),
        Ticket(ticket_id=2),
        Ticket(ticket_id=3, title=" "),
    ]
    read_tickets(stated, skills=skills, now=0.0)
    assert linked == []
    read_tickets([*stated, Ticket(ticket_id=4, title="VPN")], skills=skills, now=0.0)
    assert linked == [tuple(skills)]
