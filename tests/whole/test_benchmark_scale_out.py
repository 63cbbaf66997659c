"""The benchmark of scaling out: the matrix has its shape and share, every way solves, the page says what was run."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.scale_out import WAYS, Options, apart, limits, main, many, matrix, problem, sparse

from ticketopt import solve, solve_arrays

SMALL = Options(queues=3, tickets=9, agents=3, workers=2, rows=60, columns=20, share=0.25)


@pytest.mark.parametrize("kind", ["whole numbers", "doubles"])
def test_every_row_has_its_share_of_the_columns(kind: str) -> None:
    cost = matrix(kind, SMALL)
    assert cost.shape == (60, 20)
    assert np.diff(cost.indptr).tolist() == [5] * 60
    assert cost.has_canonical_format
    assert cost.dtype == (np.int64 if kind == "whole numbers" else np.float64)


def test_what_is_reported_is_what_was_solved() -> None:
    found = sparse("whole numbers", 1.0, SMALL)
    wanted = solve_arrays(matrix("whole numbers", SMALL), capacity=3)
    assert (found.pairs, found.status, found.served) == (300, "optimal", len(wanted.row_ind))
    assert found.objective == found.lower_bound == wanted.objective
    assert found.peak > found.matrix > 0


def test_queues_differ_and_all_are_served() -> None:
    one, other = problem(0, 9, 3), problem(1, 9, 3)
    assert one.tickets[0].skills != other.tickets[0].skills
    assert len(solve(one).assigned) == 9


@pytest.mark.parametrize("name", list(WAYS)[:2])
def test_a_way_takes_time_and_memory(name: str) -> None:
    way = many(name, SMALL)
    assert way.seconds > 0 and way.megabytes > 0


@pytest.mark.slow
def test_work_apart_is_work_done() -> None:
    assert apart(limits) == limits()


def test_the_page(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.scale_out.apart", lambda work: work())
    monkeypatch.setattr("benchmarks.scale_out.WAYS", dict(list(WAYS.items())[:2]))
    given = "--queues 2 --tickets 6 --agents 2 --workers 2 --rows 40 --columns 10 --share 0.5"
    main([*given.split(), "--output", str(tmp_path)])
    (page,) = tmp_path.glob("*-scale-out.md")
    text = page.read_text("utf-8")
    assert f"`python -m benchmarks.scale_out {given}`" in text
    assert "| no executor |" in text and "| threads |" in text
    assert text.count("| optimal | 40 |") == 3
    assert "| 300,000 x 2,000 | 4,578 | 343 |" in text
