"""The compiled lexicon: the same lexicon, and never one that was made of something else."""

from __future__ import annotations

import copy
import os
from dataclasses import asdict

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import compiled
from ticketopt.triage.compile import TREES, content_of
from ticketopt.triage.lexicon import Lexicon, Prepared
from ticketopt.triage.lexicon_file import lexicon_of_sources, load_lexicon
from ticketopt.triage.linking import link
from ticketopt.triage.naming import Naming, concepts_of
from ticketopt.triage.phrases import phrase_tree
from ticketopt.triage.prepared import PreparedConcepts, prepared_parts
from ticketopt.triage.reader import read_tickets

TICKETS = [
    Ticket(ticket_id=1, title="Paper jam, toner everywhere", description="The VPN works fine. Not urgent."),
    Ticket(ticket_id=2, title="Password forgotten", description="Nobody can log in, 40 users are affected!"),
    Ticket(ticket_id=3, title="Der Druckertreiber ist alt", description="Das WLAN im Bürogebäude steht."),
]
SKILLS = ["Printing", "VPN", "Password Resets", "Kiln", "Teams", "CI/CD", "Water & Sewer", "Online_Banking_Access"]
OWN = load_lexicon(
    {"generic": ["fleet"], "concepts": {"k": {"names": ["kiln", "fleet of kilns"], "sure": ["glaze", "toner ~ clay"]}}},
    extend=False,
)


@pytest.fixture(scope="module")
def read() -> Lexicon:
    return lexicon_of_sources()


@pytest.fixture(scope="module")
def content(read: Lexicon) -> bytes:
    return content_of(read)


@pytest.fixture(scope="module")
def restored(content: bytes) -> Lexicon:
    lexicon = compiled.restored(content)
    assert lexicon is not None
    return lexicon


def test_it_says_what_its_sources_say(read: Lexicon, restored: Lexicon) -> None:
    assert isinstance(restored.concepts, Prepared) and set(restored.trees) == set(TREES)
    assert tuple(restored.concepts) == read.concepts and restored.concepts[3:5] == read.concepts[3:5]
    for name in ("generic", "contrast", "stated", "signs", "ignore"):
        assert getattr(restored, name) == getattr(read, name)
    for name, phrases_of in TREES.items():
        assert asdict(restored.trees[name]) == asdict(phrase_tree(phrases_of(read)))


def test_every_stem_and_every_phrase_is_prepared_the_same(read: Lexicon, restored: Lexicon) -> None:
    (ours,), (theirs,) = prepared_parts(read), prepared_parts(restored)
    assert isinstance(ours, PreparedConcepts) and theirs is restored.concepts
    assert len(ours) == len(theirs) > 300
    assert ours.broader() == {name: tuple(above) for name, above in theirs.broader().items()}
    assert ours.exact() == theirs.exact() and ours.exact()
    for name in [*ours.stems, "no stem"]:
        here, there = ours.stem(name), theirs.stem(name)
        assert (here.entries, here.having) == (there.entries, there.having)
        assert here.forms == {ending: tuple(concepts) for ending, concepts in there.forms.items()}
    for concept in read.concepts:
        assert list(ours.phrases(concept.name)) == list(theirs.phrases(concept.name))
    assert not ours.phrases("no concept") and not theirs.phrases("no concept")


@pytest.mark.parametrize("is_extended", [False, True])
def test_links_hits_and_readings_are_the_same(read: Lexicon, restored: Lexicon, is_extended: bool) -> None:
    one, other = (lexicon.extended(OWN) if is_extended else lexicon for lexicon in (read, restored))
    names = [Naming(prepared_parts(lexicon), lexicon.generic) for lexicon in (one, other)]
    for skill in SKILLS:
        links = concepts_of(skill, names[0])
        assert links == concepts_of(skill, names[1])
        assert links or skill == "Kiln"
    here, there = link(SKILLS, one), link(SKILLS, other)
    assert (here.phrases, here.weights) == (there.phrases, there.weights)
    readings = [read_tickets(TICKETS, skills=SKILLS, now=0.0, lexicon=lexicon) for lexicon in (one, other)]
    assert readings[0] == readings[1]
    assert [next(iter(reading.skills)) for reading in readings[0][:2]] == ["Printing", "Password Resets"]


def test_a_users_lexicon_beside_ours_leaves_ours_unread(restored: Lexicon) -> None:
    extended = restored.extended(OWN)
    assert not extended.trees and len(extended.concepts) == len(restored.concepts) + 1
    assert prepared_parts(extended)[0] is restored.concepts
    assert extended.concepts[-1] == OWN.concepts[0]
    assert list(extended.concepts) == [*restored.concepts, *OWN.concepts]
    assert extended.concepts == restored.extended(OWN).concepts != restored.concepts
    assert copy.deepcopy(restored.concepts) is restored.concepts
    tickets = [Ticket(ticket_id=1, title="the glaze cracks"), Ticket(ticket_id=2, title="paper jam")]
    readings = read_tickets(tickets, skills=["Printing", "Kiln Fleet"], now=0.0, lexicon=extended)
    assert [list(reading.skills) for reading in readings] == [["Kiln Fleet"], ["Printing"]]


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_torn_file_is_not_used(content: bytes, size: int) -> None:
    assert compiled.restored(content[:size]) is None


def test_a_file_with_a_wrong_byte_is_not_used(content: bytes) -> None:
    for place in (0, 40, len(content) // 2, len(content) - 1):
        wrong = bytearray(content)
        wrong[place] ^= 1
        assert compiled.restored(bytes(wrong)) is None


def test_a_file_of_another_origin_is_not_used(content: bytes) -> None:
    for other in (compiled.origin(), "0" * 32):
        rest = content.partition(b"\n")[2].replace(compiled.origin().encode(), other.encode(), 1)
        file = compiled.digest_of(rest) + b"\n" + rest
        assert (compiled.restored(file) is not None) == (other == compiled.origin())


def test_the_build_left_one() -> None:
    """Where somebody works on the lexicon, the one of the last build is out of date, which is no fault."""
    if compiled.load() is None:
        if os.environ.get("TICKETOPT_TEST_EVERYTHING"):
            pytest.fail("no compiled lexicon, or one of other sources")
        pytest.skip("the compiled lexicon is of other sources: install the package again")
