"""Skills learned from past tickets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.history import matcher_fit
from ticketopt.history.skill_matcher import SkillMatcher
from ticketopt.problem.records import Ticket
from ticketopt.triage import Reader, read_tickets
from ticketopt.triage.encoders.base import Vectors, unit

WORDS = {
    "Kilns": ["glaze cracked", "glaze too thin", "firing curve odd"],
    "Looms": ["warp torn", "warp too loose", "weft tangled"],
}
TEXTS = [f"{text} number {k}" for texts in WORDS.values() for text in texts for k in range(8)]
LABELS = [label for label, texts in WORDS.items() for text in texts for k in range(8)]


@pytest.fixture(scope="module")
def matcher() -> SkillMatcher:
    return SkillMatcher.fit(TEXTS, LABELS)


def first(matcher: SkillMatcher, text: str, skills: list[str]) -> str | None:
    (reading,) = matcher([Ticket(ticket_id=1, title=text)], skills=skills, now=0.0)
    return next(iter(reading.skills), None)


def test_words_of_the_past_lead_to_the_skill_and_are_the_evidence(matcher: SkillMatcher) -> None:
    (reading,) = matcher([Ticket(ticket_id=1, title="Glaze is thin")], skills=["kilns", "Looms"], now=0.0)
    assert next(iter(reading.skills)) == "kilns"
    assert "Glaze" in [item.words for item in reading.evidence if item.about == "kilns"]


def test_skills_that_history_never_saw_keep_their_untrained_score(matcher: SkillMatcher) -> None:
    assert first(matcher, "paper jam in the printer", ["Kilns", "Looms", "Printing"]) == "Printing"


def test_given_skills_and_unknown_labels_leave_the_reading_alone(matcher: SkillMatcher) -> None:
    tickets = [Ticket(ticket_id=1, title="glaze", skills={"Looms": 1}), Ticket(ticket_id=2, title="glaze")]
    assert matcher(tickets[:1], skills=["Kilns", "Looms"], now=0.0) == read_tickets(
        tickets[:1], skills=["Kilns", "Looms"], now=0.0
    )
    assert matcher(tickets, skills=["Printing"], now=0.0) == read_tickets(tickets, skills=["Printing"], now=0.0)


def test_probabilities_are_a_distribution(matcher: SkillMatcher) -> None:
    shares = matcher.probabilities(["glaze", "warp", "", "zzz"])
    assert shares.shape == (4, 2) and np.allclose(shares.sum(axis=1), 1)
    assert shares[0].argmax() == 0 and shares[1].argmax() == 1


def test_saved_and_loaded_it_says_the_same(matcher: SkillMatcher, tmp_path: Path) -> None:
    matcher.save(tmp_path / "m.npz")
    loaded = SkillMatcher.load(tmp_path / "m.npz")
    assert (loaded.probabilities(TEXTS) == matcher.probabilities(TEXTS)).all()
    assert SkillMatcher.fit(TEXTS, LABELS).stack == loaded.stack


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04K\x01."])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(InvalidInputError):
        SkillMatcher.load(tmp_path / "m.npz")


@pytest.mark.parametrize(
    ("texts", "labels", "path"),
    [
        (["a"], ["x", "y"], "labels"),
        (["a", "b"], ["x", "x"], "labels"),
        (["a", 3], ["x", "y"], "texts[1]"),
        (["a"], [" "], "labels[0]"),
    ],
)
def test_wrong_training_data_is_named(texts: list[str], labels: list[str], path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        SkillMatcher.fit(texts, labels)
    assert caught.value.issues[0].path == path


def test_labels_in_two_spellings_are_one_class() -> None:
    mixed = [label.upper() if k % 2 else label for k, label in enumerate(LABELS)]
    matcher = SkillMatcher.fit(TEXTS, mixed)
    assert matcher.labels == ("Kilns", "Looms")
    assert matcher.counts == (24, 24)
    with pytest.raises(InvalidInputError, match="fewer than two classes"):
        SkillMatcher.fit(["a", "b"], ["VPN", "vpn"])


def made_up(per_class: int, seed: int, desks: int = 4) -> tuple[list[str], list[str]]:
    """Tickets about four things that the untrained reader knows, and of some desks that it does not know.

    A quarter of their words are of another class.
    """
    about = {
        "Printing": ["printer", "toner", "paper", "jam", "cartridge", "fuser", "duplex", "tray"],
        "VPN": ["vpn", "tunnel", "remote", "gateway", "anyconnect", "split", "certificate", "dial"],
        "Payroll": ["payslip", "salary", "bonus", "overtime", "deduction", "wage", "pension", "tax"],
        "Plumbing": ["tap", "leak", "drain", "sink", "pipe", "toilet", "boiler", "valve"],
        "Blue desk": ["harness", "loom", "bobbin", "heddle", "shuttle", "selvage", "warp", "weft"],
        "Red desk": ["kiln", "glaze", "cone", "saggar", "bisque", "slip", "grog", "pug"],
        "Green desk": ["clutch", "gosling", "brooder", "hatch", "incubator", "roost", "hen", "pullet"],
        "Gray desk": ["sextant", "halyard", "jib", "spinnaker", "keel", "tiller", "mast", "reef"],
    }
    about = dict(list(about.items())[: 4 + desks])
    chance = Random(seed)
    rows = []
    for label, own in about.items():
        others = [word for name, words in about.items() if name != label for word in words]
        rows += [(" ".join(chance.sample(own, 3) + chance.sample(others, 1)), label) for _ in range(per_class)]
    chance.shuffle(rows)
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.mark.parametrize(("n", "desks"), [(1, 0), (2, 0), (2, 4), (5, 0), (5, 4), (10, 4), (20, 4)])
@pytest.mark.parametrize("forward", [False, True])
def test_the_blend_is_never_more_than_a_point_behind_its_best_part(n: int, desks: int, *, forward: bool) -> None:
    unseen, truth = made_up(100, 1000, desks)
    right = []
    for seed in range(5):
        texts, labels = made_up(n, seed, desks)
        matcher = SkillMatcher.fit(texts, labels, times=range(len(texts)) if forward else None)
        columns = np.array([matcher.labels.index(label) for label in truth])
        found = [*matcher.parts(unseen), matcher.probabilities(unseen)]
        right.append([float((one.argmax(axis=1) == columns).mean()) for one in found])
    *parts, blend = np.mean(right, axis=0)
    assert blend >= max(parts) - 0.01


def test_shares_are_as_often_right_as_they_say() -> None:
    matcher = SkillMatcher.fit(*made_up(40, 0))
    unseen, truth = made_up(200, 1000)
    shares = matcher.probabilities(unseen)
    columns = np.array([matcher.labels.index(label) for label in truth])
    assert abs(float(shares.max(axis=1).mean() - (shares.argmax(axis=1) == columns).mean())) < 0.05


def test_a_ticket_is_read_as_its_text_is() -> None:
    matcher = SkillMatcher.fit(*made_up(5, 0))
    unseen, _ = made_up(5, 1000)
    readings = matcher([Ticket(ticket_id=k, description=t) for k, t in enumerate(unseen)], skills=matcher.labels, now=0)
    for reading, shares in zip(readings, matcher.probabilities(unseen), strict=True):
        kept = np.where(shares >= 0.03, shares, 0.0)
        expected = dict(zip(matcher.labels, kept / kept.sum(), strict=True))
        assert {name: reading.skills.get(name, 0.0) for name in matcher.labels} == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("forward", [False, True])
def test_the_order_of_past_tickets_changes_no_byte(tmp_path: Path, *, forward: bool) -> None:
    texts, labels = made_up(6, 0)
    times = [float(k // 2) for k in range(len(texts))]
    for name, seed in (("a", 1), ("b", 2)):
        order = Random(seed).sample(range(len(texts)), len(texts))
        moments = [times[k] for k in order] if forward else None
        SkillMatcher.fit([texts[k] for k in order], [labels[k] for k in order], times=moments).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_classes_with_one_ticket_are_found_beside_large_ones() -> None:
    texts, labels = made_up(20, 0)
    rows = [k for k, label in enumerate(labels) if label != "Red desk"]
    matcher = SkillMatcher.fit([*(texts[k] for k in rows), "kiln glaze cone"], [*(labels[k] for k in rows), "Red desk"])
    assert first(matcher, "the glaze from the kiln", list(matcher.labels)) == "Red desk"
    assert matcher.counts[matcher.labels.index("Red desk")] == 1


def test_both_regressions_say_which_words_led_there(matcher: SkillMatcher) -> None:
    ticket = Ticket(ticket_id=1, title="Please help", description="The glaze cracked")
    (reading,) = matcher([ticket], skills=["Kilns", "Looms"], now=0.0)
    found = {(item.source, item.words, item.field) for item in reading.evidence if item.about == "Kilns"}
    assert {("words", "glaze", "description"), ("vectors", "glaze", "description")} <= found
    (without,) = matcher([Ticket(ticket_id=1, title="Please help", description="The")], skills=["Kilns"], now=0.0)
    assert not [item for item in without.evidence if item.words == "glaze"]


class Letters:
    """An encoder of a user's own: how often each letter is there."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([[t.lower().count(chr(97 + k)) for k in range(26)] for t in texts]).reshape(-1, 26))


def test_another_encoder_is_learned_with_and_must_be_there_again(tmp_path: Path) -> None:
    reader = Reader(encoder=Letters())
    matcher = SkillMatcher.fit(TEXTS, LABELS, reader=reader)
    assert matcher.learned.encoder == "letters"
    assert first(matcher, "glaze", ["Kilns", "Looms"]) == "Kilns"
    matcher.save(tmp_path / "m.npz")
    loaded = SkillMatcher.load(tmp_path / "m.npz", reader=reader)
    assert (loaded.probabilities(TEXTS) == matcher.probabilities(TEXTS)).all()
    with pytest.raises(InvalidInputError, match="'letters', not of 'ticketopt-static"):
        SkillMatcher.load(tmp_path / "m.npz")


def test_a_file_of_another_format_is_named_as_such(matcher: SkillMatcher, tmp_path: Path) -> None:
    header = np.frombuffer(json.dumps({"format": 1, "labels": ["a", "b"]}).encode(), dtype=np.uint8)
    np.savez(tmp_path / "old.npz", header=header, idf=np.zeros(3))
    with pytest.raises(InvalidInputError, match="has format 1, this version reads 2"):
        SkillMatcher.load(tmp_path / "old.npz")


@pytest.mark.parametrize("change", [{"idf": np.zeros(2)}, {"stack": np.array([1.0, -1.0, 0.0])}, {"words_start": None}])
def test_arrays_that_do_not_fit_are_refused(
    matcher: SkillMatcher, tmp_path: Path, change: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]] | None]
) -> None:
    matcher.save(tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz") as data:
        arrays = {**{name: data[name] for name in data.files}, **change}
    np.savez(tmp_path / "m.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(InvalidInputError, match="cannot be read"):
        SkillMatcher.load(tmp_path / "m.npz")


def test_times_are_checked_with_everything_else() -> None:
    with pytest.raises(InvalidInputError) as caught:
        SkillMatcher.fit(["a", 3], ["x", "y"], times=[0.0, "soon"])  # type: ignore[list-item]
    assert [issue.path for issue in caught.value.issues] == ["texts[1]", "times[1]"]


def test_of_very_many_tickets_the_newest_are_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels = [*TEXTS[::2], *TEXTS[1::2]], [*LABELS[::2], *LABELS[1::2]]
    monkeypatch.setattr(matcher_fit, "MOST_TEXTS", 24)
    taught = SkillMatcher.fit(texts, labels, times=range(48))
    newest = SkillMatcher.fit(texts[24:], labels[24:], times=range(24, 48))
    assert taught.probabilities(texts).tolist() == newest.probabilities(texts).tolist()
    assert SkillMatcher.fit(TEXTS, LABELS).counts == (12, 12)  # evenly spread over both


def test_notes_reach_the_untrained_reader(matcher: SkillMatcher) -> None:
    assert matcher.noted({"Kilns": "ovens for clay"}).reader.notes == {"Kilns": "ovens for clay"}
