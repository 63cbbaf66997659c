"""Lexicons: ours is valid, a user's extends or replaces it, a wrong one says everything that is wrong."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.records import Ticket
from ticketopt.triage import Lexicon, default_lexicon, load_lexicon, read_tickets
from ticketopt.triage.compiled import TRADES


def first(text: str, lexicon: Lexicon) -> str | None:
    (reading,) = read_tickets([Ticket(ticket_id=1, title=text)], skills=["Printing", "Kiln"], now=0.0, lexicon=lexicon)
    return next(iter(reading.skills), None)


def test_ours_is_broad_and_whole() -> None:
    concepts = default_lexicon().concepts
    names = {concept.name for concept in concepts}
    assert len(names) == len(concepts) > 300
    assert all(set(concept.broader) <= names for concept in concepts)
    assert all(concept.names for concept in concepts)


def test_ours_would_pass_every_check_and_is_read_as_a_users_own_is() -> None:
    """No process checks our files again, so this test does; and every file there is belongs to a trade."""
    folder = resources.files("ticketopt").joinpath("data/lexicon")
    assert sorted(TRADES) == sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".json"))
    checked = Lexicon()
    for trade in TRADES:
        data = json.loads(folder.joinpath(f"{trade}.json").read_text("utf-8"))
        checked = checked.extended(load_lexicon(data, extend=False, boost=1.0))
    ours = default_lexicon()
    assert list(checked.concepts) == list(ours.concepts)
    for name in ("generic", "contrast", "stated", "signs", "ignore"):
        assert getattr(checked, name) == getattr(ours, name)


def test_own_entries_extend_and_outweigh_ours(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"concepts": {"kiln": {"names": ["kiln"], "sure": ["paper jam"]}}}), encoding="utf-8")
    assert first("paper jam", default_lexicon()) == "Printing"
    assert first("paper jam", load_lexicon(path)) == "Kiln"
    assert first("toner empty", load_lexicon(path)) == "Printing"


def test_own_lexicon_alone() -> None:
    own = load_lexicon({"concepts": {"k": {"names": ["kiln"], "words": ["glaze"]}}}, extend=False)
    assert first("the glaze cracks", own) == "Kiln"
    assert first("toner empty", own) is None


def test_everything_wrong_is_listed_with_its_path() -> None:
    data = {
        "concepts": {"k": {"name": ["x"], "sure": "kiln", "hints": [3, "  ", "a ~ !"]}},
        "urgency": {"signs": {"s": {"points": 99}}},
        "generik": [],
    }
    with pytest.raises(InvalidInputError) as caught:
        load_lexicon(data)
    paths = [issue.path for issue in caught.value.issues]
    assert paths == [
        "lexicon.'generik'",
        "lexicon.concepts['k'].'name'",
        "lexicon.concepts['k'].sure",
        "lexicon.concepts['k'].hints[0]",
        "lexicon.concepts['k'].hints[1]",
        "lexicon.concepts['k'].hints[2]",
        "lexicon.urgency.signs['s'].points",
    ]
    assert "did you mean 'names'?" in caught.value.issues[1].repair


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b"3"])
def test_a_file_that_is_no_lexicon(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError):
        load_lexicon(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read"):
        load_lexicon(tmp_path / "none.json")


def test_alternatives_without_a_tilde_are_phrases_of_their_own() -> None:
    own = load_lexicon({"concepts": {"k": {"names": ["kiln"], "sure": ["cone six|cone ten"]}}}, extend=False)
    assert own.concepts[0].sure == ("cone six", "cone ten")
    assert first("we fire to cone ten", own) == "Kiln"


def test_what_is_said_aside_counts_little() -> None:
    concepts = {"k": {"names": ["kiln"], "words": ["call"]}}
    own = load_lexicon({"concepts": concepts, "contrast": {"aside": ["call me"]}}, extend=False, boost=1.0)
    assert first("a call came in", own) == "Kiln"
    assert first("please call me", own) is None
