"""A `LazySequence` is listed when somebody looks, once, and is then like the tuple of its items."""

from __future__ import annotations

import copy
import pickle

from ticketopt.problem.lazy_sequence import LazySequence


def test_items_are_made_when_somebody_looks_and_only_once() -> None:
    made = []
    lazy = LazySequence(2, lambda: made.append("all") or iter("ab"))  # type: ignore[func-returns-value]
    assert len(lazy) == 2 and made == []
    assert [*lazy, lazy[0], lazy[-1], *lazy[1:]] == ["a", "b", "a", "b", "b"]
    assert made == ["all"]


def test_it_is_like_the_tuple_of_its_items() -> None:
    lazy = LazySequence(2, lambda: [1, 2])
    assert lazy == (1, 2) == lazy and lazy == LazySequence(2, lambda: (1, 2))
    assert lazy != [1, 2] and lazy != (1, 2, 3) and hash(lazy) == hash((1, 2)) and repr(lazy) == "(1, 2)"
    assert (*lazy, 3) == lazy + (3,) and (0,) + lazy == (0, 1, 2)  # noqa: RUF005


def test_copied_and_pickled_it_is_a_plain_tuple() -> None:
    lazy = LazySequence(1, lambda: [1.5])
    assert type(pickle.loads(pickle.dumps(lazy))) is tuple
    assert copy.deepcopy(lazy) == (1.5,)
