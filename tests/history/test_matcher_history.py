"""Past tickets as texts and labels; nothing of the future."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.history.history import Actions, History, Outcome, PastTickets, Pauses, Stints
from ticketopt.history.matcher_history import EVER, texts_of_history
from ticketopt.history.skill_matcher import SkillMatcher


def past(rows: list[tuple[str, int, int, float, Outcome]]) -> History:
    """A history with one stint per row: text, ticket, group, end, outcome; the column `site` is the ticket modulo 2."""
    texts = {ticket: text for text, ticket, *_ in rows}
    n = len(texts)
    none: Int = np.full(n, -1)
    zeros, nan = np.zeros(n), np.full(n, np.nan)
    flags: Int = np.zeros(n, dtype=np.int64)
    tickets = PastTickets(
        ids=tuple(map(str, sorted(texts))),
        created=zeros,
        resolved=nan,
        kind=np.arange(n) % 3 - 1,
        group=none,
        priority=none,
        requester=none,
        own=np.zeros(n, dtype=np.bool_),
        reopened=flags,
        estimate=nan,
        hours=nan,
        due=nan,
        texts=tuple(texts[k] for k in sorted(texts)),
        columns={"site": (np.arange(n) % 2, ("Bonn", "Ulm"))},
    )
    rows = sorted(rows, key=lambda row: row[1])
    _, ticket, group, end, outcome = (np.array(column) for column in zip(*rows, strict=True))
    m = len(rows)
    stints = Stints(ticket, np.zeros(m, np.int64), group, np.zeros(m, np.int64), np.zeros(m), end, outcome)
    empty: Int = np.zeros(0, dtype=np.int64)
    pauses, actions = Pauses(empty, np.zeros(0), np.zeros(0)), Actions(empty, empty, np.zeros(0))
    names = (("Ada",), ("Kilns", "Looms"), ("fault", "wish"), (), ())
    return History("a test", tickets, stints, pauses, actions, *names, begin=0.0, end=1000.0)


R, P, STILL = Outcome.RESOLVED, Outcome.PASSED, Outcome.OPEN
SMALL = past(
    [
        ("glaze", 0, 0, 10.0, P),
        ("glaze", 0, 1, 20.0, R),
        ("warp", 1, 1, 15.0, R),
        ("warp", 1, 0, 40.0, R),  # reopened, and resolved by another group
        ("still open", 2, 0, 50.0, STILL),
        ("", 3, 0, 5.0, R),
        ("nobody's", 4, -1, 6.0, R),
    ]
)


def test_the_group_that_resolved_a_ticket_last_is_its_label() -> None:
    assert texts_of_history(SMALL, "group", EVER) == (["glaze", "warp"], ["Looms", "Kilns"], [20.0, 40.0])


def test_what_was_known_by_then_counts() -> None:
    assert texts_of_history(SMALL, "group", 20.0) == (["glaze", "warp"], ["Looms", "Looms"], [20.0, 15.0])
    assert texts_of_history(SMALL, "group", 19.0) == (["warp"], ["Looms"], [15.0])


def test_kind_and_columns_can_be_labels() -> None:
    assert texts_of_history(SMALL, "kind", EVER) == (["warp", "nobody's"], ["fault", "fault"], [40.0, 6.0])
    assert texts_of_history(SMALL, "site", EVER)[1] == ["Bonn", "Ulm", "Bonn"]


@pytest.mark.parametrize(("skill", "until", "path"), [("grup", EVER, "skill"), ("group", 1.0, "history")])
def test_what_cannot_be_learned_is_said(skill: str, until: float, path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        texts_of_history(SMALL, skill, until)
    assert [issue.path for issue in caught.value.issues] == [path]


def test_shuffling_what_comes_after_the_split_changes_no_byte(tmp_path: Path) -> None:
    words = ["glaze cracked in kiln", "warp thread torn"]
    rows = [(f"{words[k % 2]} {k}", k, k % 2, 10.0 * k, R) for k in range(60)]
    first = past(rows)
    after = np.arange(30, 60)
    chance = np.random.default_rng(0)
    group, texts, end = first.stints.group.copy(), list(first.tickets.texts), first.stints.end.copy()
    group[after] = chance.permutation(group[after])
    end[after] = chance.permutation(end[after])
    texts[30:] = [texts[k] for k in chance.permutation(after)]
    second = replace(
        first,
        tickets=replace(first.tickets, texts=tuple(texts)),
        stints=replace(first.stints, group=group, end=end),
    )
    for name, history in (("a", first), ("b", second), ("all", first)):
        SkillMatcher.fit_history(history, until=EVER if name == "all" else 295.0).save(tmp_path / name)
    a, b, everything = ((tmp_path / name).read_bytes() for name in ("a", "b", "all"))
    assert a == b
    assert a != everything
