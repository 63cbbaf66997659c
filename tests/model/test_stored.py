"""Stored pairs against the matrix they come from."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import AssignmentModel, InvalidInputError
from ticketopt.model import stored
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import feasible, objective
from ticketopt.model.prices import dual_bound
from ticketopt.model.stored import StoredModel, StoredPairs, row_parts


def pairs_of(allowed):
    start = np.append(0, np.cumsum(allowed.sum(axis=1)))
    return StoredPairs(start, np.nonzero(allowed)[1].astype(np.int32), allowed.shape[1])


@settings(max_examples=examples(80))
@given(seed=st.integers(0, 2**32 - 1))
def test_it_says_what_the_matrix_says(seed):
    random = np.random.default_rng(seed)
    n, columns = int(random.integers(0, 9)), int(random.integers(0, 6))
    allowed = random.random((n, columns)) < random.random()
    cost = np.where(allowed, random.integers(-9, 9, (n, columns)), 2**40)
    capacity, leave = random.integers(0, 4, columns), random.integers(0, 20, n)
    load = LoadCost.lines(random.integers(-3, 3, columns), random.integers(0, 3, columns))
    pairs = pairs_of(allowed)
    sparse = StoredModel(pairs, cost[allowed], capacity, load, leave)
    dense = AssignmentModel(np.where(allowed, cost, 0), allowed, np.ones(n, dtype=int), capacity, load, leave)
    plan = random.integers(-1, columns, n) if columns else np.full(n, -1)
    price = random.integers(-5, 9, columns)
    assert feasible(sparse, plan) == feasible(dense, plan)
    if feasible(dense, plan):
        assert objective(sparse, plan) == objective(dense, plan)
        assert dual_bound(sparse, price) <= objective(dense, plan)
    reduced = np.where(allowed, cost + price, 2**40)  # those of agents without capacity too
    rent = sum(int(np.maximum(0, price[j] - load.of(j, capacity[j])).sum()) for j in range(columns))
    assert dual_bound(sparse, price) == np.minimum(leave, reduced.min(axis=1, initial=2**40)).sum() - rent
    assert pairs.counts().tolist() == allowed.sum(axis=0).tolist()
    rows = np.flatnonzero(random.random(n) < 0.5)
    positions, start = pairs.of_rows(rows)
    assert [pairs.column[positions[a:b]].tolist() for a, b in pairwise(start)] == [
        np.flatnonzero(allowed[row]).tolist() for row in rows
    ]


def test_what_is_looked_at_in_parts_is_looked_at_once(monkeypatch):
    monkeypatch.setattr(stored, "_CHUNK", 4)
    for counts in ([], [0], [0, 0, 9, 0, 1, 2, 3, 4, 0, 0, 5], [4, 4, 4], [1, 0, 0, 3, 0]):
        pairs = pairs_of(np.arange(9) < np.array(counts, dtype=int).reshape(-1, 1))
        cut = row_parts(pairs.row_start)
        assert [row for part in cut for row in range(part.start, part.stop)] == list(range(len(counts)))
        spans = [range(len(pairs.column))[pairs.span(part)] for part in cut]
        assert [k for span in spans for k in span] == list(range(sum(counts)))
        assert (
            all(len(span) < 8 or part.stop == part.start + 1 for span, part in zip(spans, cut, strict=True))
            or 9 in counts
        )
        least = [one for part in cut for one in pairs.least(part, pairs.column[pairs.span(part)].astype(np.int64))]
        assert least == [0 if count else np.iinfo(np.int64).max for count in counts]
        assert pairs.counts().tolist() == [sum(count > j for count in counts) for j in range(9)]


def test_sums_that_doubles_cannot_count_are_refused():
    pairs = pairs_of(np.ones((2, 1), dtype=bool))
    with pytest.raises(InvalidInputError, match=r"above 2\^53"):
        StoredModel(pairs, np.full(2, 2**53), np.ones(1, dtype=np.int64), LoadCost.zero(1), np.zeros(2, dtype=np.int64))
