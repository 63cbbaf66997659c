"""What sounds like an alarm: the sum of its words along one direction, by hand, and what it may and may not do."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.problem.records import Ticket
from ticketopt.triage import Reader, level_of, reader
from ticketopt.triage.alarm import SCALE, Alarm, alarm_for, default_alarm, new_words
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.encoders.table import Table
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import Text, read_fields

URGENCY_TEXTS = Path(__file__).parents[2] / "benchmarks" / "triage_sets" / "development" / "urgency_texts.csv"

CUES = ("blood", "floor", "mouse", "green", "rat")
TABLE = Table(
    rows=np.array([[3, 4], [0, 2], [5, 0], [-1, 0], [5, 0]], dtype=np.int8),
    scales=np.ones(5, dtype=np.uint16),
    pieces=CUES,
    about={"name": "by-hand"},
)
BY_HAND = Alarm(StaticEncoder(TABLE), np.array([0.0, SCALE]), 0.75 * SCALE)
"""Above 0 where more than three quarters of a ticket's vector point up."""


def fields(description: str, title: str = "") -> list[Text]:
    return read_fields(title, description)


def ticket(description: str, title: str = "") -> Ticket:
    return Ticket(ticket_id=1, title=title, description=description)


def of(alarm: Alarm, description: str) -> float:
    return float(alarm.of(new_words(stream_of([fields(description)]), alarm.encoder))[0])


@pytest.fixture
def heard_by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The level that is read of a text with the alarm above."""
    monkeypatch.setattr(reader, "default_alarm", lambda: BY_HAND)

    def level(description: str, title: str = "") -> str:
        return level_of(Reader()([ticket(description, title)], skills=["Printers"], now=0.0)[0].urgency)

    return level


def test_by_hand() -> None:
    assert of(BY_HAND, "blood") == pytest.approx(0.8 - 0.75, abs=1 / UNIT)
    assert of(BY_HAND, "blood, blood and Blood on the floor") == pytest.approx(6 / np.hypot(3, 6) - 0.75, abs=1 / UNIT)
    assert of(BY_HAND, "blood mouse") == pytest.approx(4 / np.hypot(8, 4) - 0.75, abs=1 / UNIT)
    assert of(BY_HAND, "") == of(BY_HAND, "unknown") == -0.75


def test_words_say_something_by_themselves() -> None:
    alarm = Alarm(BY_HAND.encoder, np.array([0.0, 0.0]), 100.0, {"floor": 500, "mous": -300})
    assert of(alarm, "floors and floor, unknown ones") == pytest.approx(
        (500 + 500) / np.sqrt(5 + 8) / SCALE - 0.1, abs=1e-12
    )
    assert of(alarm, "Mice? mouse.") == pytest.approx(-300 / np.sqrt(2 + 8) / SCALE - 0.1, abs=1e-12)
    found = alarm.evidence(fields("mouse on floor, floors"))
    assert [item.words for item in found] == ["floor", "floors"]
    assert found[0].weight == pytest.approx((700 / np.sqrt(4 + 8) - 200 / np.sqrt(3 + 8)) / SCALE, abs=1e-12)


def test_the_words_shown_are_those_that_count_most() -> None:
    alarm = 6 / np.hypot(3, 6) - 0.75
    found = BY_HAND.evidence(fields("the floor, then blood"))
    assert [(item.about, item.words, item.field, item.source) for item in found] == [
        ("urgency", "floor", "description", "vectors")
    ]
    assert found[0].weight == pytest.approx(alarm - 0.05, abs=2 / UNIT)
    assert BY_HAND.evidence(fields("mouse on blood")) == []
    alike = Alarm(BY_HAND.encoder, np.array([SCALE, 0.0]), 0.5 * SCALE)
    assert [item.words for item in alike.evidence(fields("mouse and rat"))] == ["mouse"]


@pytest.mark.parametrize(
    "text",
    [
        "What do I do about blood on a floor?",
        "If there is blood on the floor",
        "Please order green paint for the floor",
        "The mouse, thanks.\n\nOn Monday, Ann Lee wrote:\n> blood on the floor",
        "The mouse",
        "Low priority: blood on the floor",
        "Blood on the floor, it is only a typo",
        "Blood on the floor of the test environment",
    ],
)
def test_what_is_asked_supposed_ordered_quoted_or_calmed_is_no_alarm(
    text: str, heard_by_hand: Callable[[str], str]
) -> None:
    assert heard_by_hand("blood on the floor") == "critical"
    assert heard_by_hand(text) != "critical"


def test_a_level_that_is_stated_stays(heard_by_hand: Callable[[str], str]) -> None:
    given = Ticket(ticket_id=1, title="", description="blood on the floor", priority="low")
    assert level_of(Reader()([given], skills=["Printers"], now=0.0)[0].urgency) == "low"
    assert heard_by_hand("blood on the floor") == "critical"


def test_the_skills_encoder_makes_no_difference() -> None:
    class Other:
        name = "other"

        def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
            return np.array([[1.0, len(text) % 7] for text in texts], dtype=np.float32)

    tickets = [ticket(text) for text in TEXTS]
    urgencies = [
        [reading.urgency for reading in Reader(encoder=encoder)(tickets, skills=["Printers", "Doors"], now=0.0)]
        for encoder in (None, Other())
    ]
    assert urgencies[0] == urgencies[1] and max(urgencies[0]) == 1.0


def test_tickets_that_name_their_skills_are_heard_beside_others() -> None:
    named = [Ticket(ticket_id=k, title="", description=text, skills={"Doors": 1.0}) for k, text in enumerate(TEXTS)]
    queue = [one for pair in zip(named, map(ticket, TEXTS), strict=True) for one in pair]
    together = Reader()(queue, skills=["Printers", "Doors"], now=0.0)
    alone = [Reader()([one], skills=["Printers", "Doors"], now=0.0)[0] for one in queue]
    assert [list(r.evidence) for r in together] == [list(r.evidence) for r in alone]
    assert [r.urgency for r in together] == [r.urgency for r in alone]


def test_another_table_means_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"table": "by-hand", "direction": [0, 1000], "threshold": 750}
    alarm = alarm_for(BY_HAND.encoder, content)
    assert alarm is not None and of(alarm, "blood") == of(BY_HAND, "blood")
    assert alarm_for(BY_HAND.encoder, {**content, "table": "another"}) is None
    monkeypatch.setattr(reader, "default_alarm", lambda: None)
    (reading,) = Reader()([ticket("blood on the floor")], skills=["Printers"], now=0.0)
    assert level_of(reading.urgency) == "medium"


def test_the_alarm_of_the_package_was_fitted_on_its_table() -> None:
    """After `ticketopt.triage.encoders.train`, run `python -m benchmarks.alarm --write`."""
    alarm = default_alarm()
    assert alarm is not None and alarm.encoder is default_encoder()
    assert len(alarm.direction) == alarm.encoder.dimension and alarm.threshold > 0
    assert (alarm.direction == np.rint(alarm.direction)).all()
    assert alarm.words and all(type(value) is int for value in alarm.words.values())


TEXTS = (
    "The steel beam has slipped off its hook and hangs over the painters",
    "A boy is under the gate and cannot get out",
    "She swallowed bleach and her lips turn white",
    "The roof of the stable came down on the horses and their keeper",
    "Der Kollege liegt unter dem Regal und stöhnt",
    "Wrong blood was given to the man in room 8",
    "All trains have stopped and nobody answers",
    "Every till in all 52 shops shows a grey screen since opening",
    "My mouse has a green light",
    "Invoice 12 has the wrong address",
)


@pytest.mark.parametrize("text", TEXTS)
def test_without_a_word_that_is_shown_the_alarm_is_lower(text: str) -> None:
    shipped = default_alarm()
    assert shipped is not None
    always = Alarm(shipped.encoder, shipped.direction, -20 * SCALE, shipped.words)
    found = always.evidence(fields(text))
    assert 1 <= len(found) <= 3 and [item.weight for item in found] == sorted((i.weight for i in found), reverse=True)
    for item in found:
        rest = " ".join(word for word in fields(text)[1].words if word != item.words)
        assert of(always, text) - of(always, rest) == pytest.approx(item.weight, abs=1e-12) and item.weight > 0


def test_what_sounds_alarming_says_by_which_words() -> None:
    with URGENCY_TEXTS.open(encoding="utf-8", newline="") as file:
        tickets = [ticket(row["description"], row["title"]) for row in csv.DictReader(file)]
    readings = Reader()(tickets, skills=["Printers"], now=0.0)
    heard = [
        (one, level_of(reading.urgency), found)
        for one, reading in zip(tickets, readings, strict=True)
        for found in [[item for item in reading.evidence if item.about == "urgency" and item.source == "vectors"]]
        if found
    ]
    assert heard
    for one, level, found in heard:
        assert level == "critical" and len(found) <= 3
        assert all(item.words in {"title": one.title, "description": one.description}[item.field] for item in found)


words = st.lists(st.sampled_from([*" ".join(TEXTS).split(), "Blood", "FLOOR"]), min_size=1, max_size=40)


@given(words, st.randoms())
@settings(max_examples=examples(60), deadline=None)
def test_case_order_and_other_tickets_change_nothing(some: list[str], chance: random.Random) -> None:
    alarm = default_alarm()
    assert alarm is not None
    mixed = [chance.choice([word.upper(), word.lower(), word]) for word in some]
    chance.shuffle(mixed)
    queue = [fields(" ".join(some)), fields(" ".join(mixed)), *(fields(text) for text in TEXTS)]
    rows = alarm.of(new_words(stream_of(queue), alarm.encoder)).tolist()
    one, other = [of(alarm, " ".join(part)) for part in (some, mixed)]
    assert rows[:2] == [one, other]
    if {w.lower() for w in fields(" ".join(some))[1].words} == {w.lower() for w in fields(" ".join(mixed))[1].words}:
        assert one == other


def test_nothing_is_no_alarm() -> None:
    assert BY_HAND.is_heard(stream_of([])).shape == (0,) and BY_HAND.evidence([]) == []
    assert not BY_HAND.is_heard(stream_of([[], fields("")])).any()
