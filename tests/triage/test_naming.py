"""What skills' names mean, in our lexicon and in a small one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import Reader, default_lexicon, load_lexicon
from ticketopt.triage.blend import WORDS_ALONE
from ticketopt.triage.linking import link
from ticketopt.triage.naming import Naming, concepts_of, is_idiom
from ticketopt.triage.phrases import shape
from ticketopt.triage.prepared import form, prepared_parts

OWN = load_lexicon(
    {
        "generic": ["support", "online", "desk"],
        "concepts": {
            "marketing": {"names": ["marketing", "campaigns"], "sure": ["a/b test"]},
            "investments": {"names": ["market data", "=securities"], "words": ["ticker"]},
            "security": {"names": ["security", "network security"]},
            "guards": {"names": ["security guards", "campus security"]},
            "banking": {"names": ["online banking", "account closing"]},
            "accounts": {"names": ["accounts", "account opening"]},
            "vpn": {"names": ["vpn"], "sure": ["tunnel"]},
            "api": {"names": ["api"], "sure": ["/tunnel"]},
            "furniture": {"names": ["desk"], "words": ["ticker"]},
        },
    },
    extend=False,
)


NAMES = Naming(prepared_parts(OWN), OWN.generic)
OURS = Naming(prepared_parts(default_lexicon()), default_lexicon().generic)


def full(skill: str) -> list[str]:
    return [concept for concept, weight in concepts_of(skill, NAMES).items() if weight == 1]


@pytest.mark.parametrize(
    ("skill", "concepts"),
    [
        ("Marketing", ["marketing"]),
        ("Market", []),
        ("Market_Data", ["investments"]),
        ("Data of the Market", ["investments"]),
        ("Securities", ["investments"]),
        ("Security", ["security"]),
        ("network-security support", ["security"]),
        ("Campus Security", ["guards"]),
        ("Banking Support", ["banking"]),
        ("Vpn & Marketing", ["marketing", "vpn"]),
        ("VPN / Security", ["security", "vpn"]),
        ("Marketing - Desk", ["marketing"]),
        ("Front Desk", []),
        ("Desk", ["furniture"]),
        ("Support", []),
        ("", []),
        ("\u2603", []),
    ],
)
def test_a_name_means_what_all_its_telling_words_mean(skill: str, concepts: list[str]) -> None:
    assert sorted(full(skill)) == concepts


def test_a_word_that_many_have_counts_by_what_it_says_inside_a_longer_name() -> None:
    assert 0.3 <= concepts_of("Security Payroll", NAMES)["security"] < 1
    assert concepts_of("Tunnel Works", NAMES) == {"vpn": pytest.approx(0.8 * 0.5)}
    assert concepts_of("Ticker", NAMES) == {"investments": 0.5, "furniture": 0.5}


def test_a_path_is_no_name() -> None:
    assert set(concepts_of("Tunnel", NAMES)) == {"vpn"}
    assert set(concepts_of("A/B Testing", NAMES)) == {"marketing"}


def test_an_idiom_is_a_name_of_several_words() -> None:
    assert is_idiom("Market_Data", NAMES)
    assert not is_idiom("Data of the Market", NAMES) and not is_idiom("Marketing", NAMES) and not is_idiom("", NAMES)


def test_forms_keep_what_inflection_brings_together() -> None:
    assert form("markets") == form("Market") != form("marketing")
    assert form("Invoices") == form("invoice")


@pytest.mark.parametrize(
    ("skill", "words"),
    [
        ("MobileAppSupport_EMEA", "Mobile App Support EMEA"),
        ("mobileappsupport-emea", "mobile app support emea"),
        ("PowerBI", "PowerBI"),
        ("Housekeeping", "Housekeeping"),
        ("Bereavement", "Bereavement"),
        ("quuxfrobnication", "quuxfrobnication"),
    ],
)
def test_words_written_together(skill: str, words: str) -> None:
    assert OURS.spaced(skill) == words


@pytest.mark.parametrize("name", ["Payments - Wires", "Parks & Trees", "Account Closing and Marketing", "Market Data"])
def test_separators_and_case_change_no_link(name: str) -> None:
    links = concepts_of(name, OURS)
    assert links
    for other in (name.replace(" ", "_"), name.replace(" ", "-"), name.upper(), name.lower()):
        assert concepts_of(other, OURS) == links


@pytest.mark.parametrize(
    ("skill", "concept"),
    [
        ("Parking", "parks_trees"),
        ("Social Housing", "email_marketing"),
        ("Campus Security", "investments"),
        ("Market Research", "marketing"),
        ("ethics-board", "flight_checkin"),
        ("Fraud Desk", "furniture"),
        ("Records/FOI", "dns"),
        ("Console Ports", "networking"),
    ],
)
def test_ours_does_not_mistake(skill: str, concept: str) -> None:
    assert concept not in concepts_of(skill, OURS)


@pytest.mark.parametrize(
    ("skill", "concept"),
    [
        ("Online Banking Access", "online_banking"),
        ("Office 365", "m365"),
        ("In-App Purchases", "game_purchases"),
        ("Statements & Fees", "fees_invoices"),
        ("Payments - Wires & SEPA", "wires"),
        ("TCP/IP", "network"),
        ("Teams", "teams_collab"),
    ],
)
def test_ours_knows(skill: str, concept: str) -> None:
    assert concepts_of(skill, OURS)[concept] == 1


def first(text: str, skills: list[str]) -> str | None:
    (reading,) = Reader(blend=WORDS_ALONE)([Ticket(ticket_id=1, description=text)], skills=skills, now=0.0)
    return next(iter(reading.skills), None)


@pytest.mark.parametrize(
    ("skill", "yes", "no"),
    [
        ("Teams", "my Teams is muted", "all teams are angry"),
        ("OS", "my OS needs a patch", "os demais"),
        ("IT", "ask IT to come", "It broke. Is it old?"),
        ("Go", "our Go build fails", "Go on, we go"),
        ("R", "the R script fails", "r u there"),
        ("Other", "type: Other", "the other one"),
        ("I/O", "the I/O is slow", "I owe them"),
    ],
)
def test_everyday_words_are_found_where_they_are_names(skill: str, yes: str, no: str) -> None:
    for name in (skill, skill.upper(), skill.lower()):
        assert first(yes, ["Payroll", name]) == name
        assert first(no, ["Payroll", name]) is None


def test_the_order_of_skills_changes_nothing() -> None:
    skills = ["Teams", "VPN", "Printing", "Payroll", "Account Closure", "Water & Sewer"]
    there, back = link(skills, default_lexicon()), link(skills[::-1], default_lexicon())
    last = len(skills) - 1

    def spoken(phrases: Sequence[str], weights: Iterable[Mapping[int, float]], *, turned: bool) -> list[object]:
        return sorted(
            (
                shape(phrase),
                sorted((last - skill if turned else skill, round(value, 9)) for skill, value in weight.items()),
            )
            for phrase, weight in zip(phrases, weights, strict=True)
        )

    assert spoken(there.phrases, there.weights, turned=False) == spoken(back.phrases, back.weights, turned=True)
