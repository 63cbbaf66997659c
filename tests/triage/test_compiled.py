"""The compiled lexicon: the same lexicon, and never one that was made of something else."""

from __future__ import annotations

import marshal
import os
from dataclasses import asdict

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import compiled
from ticketopt.triage.compile import completed
from ticketopt.triage.lexicon_file import lexicon_of_sources, load_lexicon
from ticketopt.triage.reader import Reader

TICKETS = [
    Ticket(ticket_id=1, title="Paper jam, toner everywhere", description="The VPN works fine. Not urgent."),
    Ticket(ticket_id=2, title="password forgotten", description="Nobody can log in, 40 users are affected!"),
]
SKILLS = ["Printing", "VPN", "Password Resets", "Kiln"]


@pytest.fixture(scope="module")
def content() -> bytes:
    return compiled.dump(completed(lexicon_of_sources()))


def test_it_reads_what_its_sources_read(content: bytes) -> None:
    restored = compiled.restored(content)
    assert restored is not None and restored.tokens and restored.trees
    assert asdict(restored) == asdict(completed(lexicon_of_sources()))
    readings = Reader(lexicon=restored)(TICKETS, skills=SKILLS, now=0.0)
    assert readings == Reader(lexicon=lexicon_of_sources())(TICKETS, skills=SKILLS, now=0.0)


def test_a_users_lexicon_keeps_the_stems_but_not_the_trees(content: bytes) -> None:
    restored = compiled.restored(content)
    assert restored is not None
    own = load_lexicon({"concepts": {"k": {"names": ["kiln"], "sure": ["glaze"]}}}, extend=False)
    extended = restored.extended(own)
    assert extended.tokens == restored.tokens and not extended.trees
    glaze = [Ticket(ticket_id=1, title="the glaze cracks")]
    (reading,) = Reader(lexicon=extended)(glaze, skills=SKILLS, now=0.0)
    assert list(reading.skills) == ["Kiln"]


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_torn_file_is_not_used(content: bytes, size: int) -> None:
    assert compiled.restored(content[:size]) is None


def test_a_file_of_another_origin_is_not_used(content: bytes) -> None:
    (python, digest), plain = marshal.loads(content)
    assert compiled.restored(marshal.dumps(((python, digest), plain))) is not None
    assert compiled.restored(marshal.dumps((("cpython-2", digest), plain))) is None
    assert compiled.restored(marshal.dumps(((python, "0" * 32), plain))) is None
    assert compiled.restored(marshal.dumps("no lexicon")) is None


def test_the_build_left_one() -> None:
    """Where somebody works on the lexicon, the one of the last build is out of date, which is no fault."""
    if compiled.load() is None:
        if os.environ.get("TICKETOPT_TEST_EVERYTHING"):
            pytest.fail("no compiled lexicon, or one of other sources")
        pytest.skip("the compiled lexicon is of other sources: install the package again")
