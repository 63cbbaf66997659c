"""The same words say the same, however they are written."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from ticketopt import read_queue
from ticketopt.problem.fields import spelled
from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets, reader
from ticketopt.triage.team_skills import TeamSkills, team_skills

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


TEXTS = {
    "capitals": str.upper,
    "small": str.lower,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}
NAMINGS = {**TEXTS, "underscores": lambda name: name.replace(" ", "_")}


@pytest.fixture(scope="module")
def example() -> tuple[list[Ticket], list[str]]:
    queue = read_queue(json.loads(resources.files("ticketopt").joinpath("data/example.json").read_text("utf-8")))
    bare = [replace(ticket, skills=None, urgency=None, priority=None) for ticket in queue.tickets]
    return bare, list(dict.fromkeys(skill for agent in queue.agents for skill in agent.skills))


def shares(tickets: list[Ticket], names: list[str]) -> list[tuple[dict[str, float], float]]:
    return [
        ({spelled(name): round(share, 9) for name, share in reading.skills.items()}, reading.urgency)
        for reading in read_tickets(tickets, skills=names, now=0.0)
    ]


@pytest.mark.parametrize("form", TEXTS)
def test_a_whole_queue_in_any_form(example: tuple[list[Ticket], list[str]], form: str) -> None:
    """Only abbreviations that small letters hide may move a share."""
    tickets, names = example
    turned = [replace(t, title=TEXTS[form](t.title), description=TEXTS[form](t.description)) for t in tickets]
    usual, other = shares(tickets, names), shares(turned, names)
    assert [(next(iter(skills), None), level) for skills, level in usual] == [
        (next(iter(skills), None), level) for skills, level in other
    ]
    assert sum(one != two for one, two in zip(usual, other, strict=True)) <= (0 if form == "decomposed" else 3)


@pytest.mark.parametrize("form", NAMINGS)
def test_names_of_a_team_in_any_form_and_order(example: tuple[list[Ticket], list[str]], form: str) -> None:
    tickets, names = example
    assert shares(tickets, [NAMINGS[form](name) for name in names]) == shares(tickets, names)
    assert shares(tickets, names[::-1]) == shares(tickets, names)


def test_with_entities() -> None:
    escaped = FRENCH.replace("\u00e9", "&eacute;").replace("'", "&#39;")
    assert read(escaped) == read(FRENCH)


def test_a_name_whose_words_run_together_in_any_case() -> None:
    text = "The mobile app crashes"
    small, large = read(text, ("mobileappsupport",))[0], read(text, ("MobileAppSupport",))[0]
    assert list(small.values()) == list(large.values())


def test_names_are_linked_only_where_a_text_must_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    linked = []

    def spied(names: tuple[str, ...], *rest: Any) -> TeamSkills:
        linked.append(names)
        return team_skills(names, *rest)

    monkeypatch.setattr(reader, "team_skills", spied)
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
