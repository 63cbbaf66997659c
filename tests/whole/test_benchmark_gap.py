"""The benchmark of unequal effort reads its files as they are meant, and its conclusions follow from its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.gap import SOLVERS, Row, conclusions, curves, main, measure, median
from benchmarks.gap_instances import folder, read, tickets, typed

from ticketopt.solvers.auto import solve_model

FILE = """2 3
1 2 3   9 8 7
4 5 6   1 2 3
9 5
"""


def test_a_file_holds_costs_and_efforts_agent_by_agent(tmp_path: Path) -> None:
    (tmp_path / "tiny").write_text(FILE, encoding="ascii")
    model = read(tmp_path / "tiny")
    assert model.pair_cost.tolist() == [[1, 9], [2, 8], [3, 7]]
    assert model.effort.tolist() == [[4, 1], [5, 2], [6, 3]]
    assert model.capacity.tolist() == [9, 5]
    assert solve_model(model, solver="price_guided").objective == 10  # the first two jobs to the first agent


def test_known_values_come_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "tiny").write_text(FILE, encoding="ascii")
    rows = "Path,Optimum,Best known solution value\ntiny,10,10\nmissing,5,5\n"
    (tmp_path / "known_values.csv").write_text(rows, encoding="utf-8")
    assert [(instance.name, instance.known) for instance in folder(tmp_path)] == [("tiny", 10)]


@pytest.mark.parametrize("kind", "cde")
def test_types_repeat_and_are_tight(kind: str) -> None:
    model = typed(kind, 40, 5).model
    assert (model.pair_cost == typed(kind, 40, 5).model.pair_cost).all()
    assert model.capacity.sum() < model.effort.mean(axis=1).sum()


def test_tickets_fill_most_of_the_capacity() -> None:
    model = tickets(200, 10, is_convex=True).model
    assert 0.9 < model.effort.sum() / model.capacity.sum() < 1


def test_conclusions() -> None:
    rows = [
        Row("a", 1.0, "price_guided", 101, 2.0, 1.0, 0.9),
        Row("a", 1.0, "milp", 100, 2.0, 0.0, 0.9),
        Row("b", 1.0, "price_guided", 50, 0.5, None, 0.9),
    ]
    assert list(conclusions(rows)) == [
        "1 s, 1 files: 1.000 % above the known value, at worst 1.000 %.",
        "1 s, 1 generated: gap to our own bound at most 0.500 %.",
        "1 s: milp has a better plan on 1 of 2: a",
    ]
    assert Row("a", 1.0, "x", 9, 0.0, -0.1, 0.9).is_wrong


def test_of_several_seeds_the_median_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {0: 30, 1: 10, 2: 20}
    monkeypatch.setattr(
        "benchmarks.gap.measure", lambda i, solver, s, seed: Row("a", s, solver, costs[seed], 0.0, None, 1.0)
    )
    assert median(typed("c", 12, 3), "price_guided", 1.0, 3).objective == 20
    assert median(typed("c", 12, 3), "milp", 1.0, 3).objective == 30


def test_the_chart_is_of_the_longest_runs_above_the_best_bound() -> None:
    name = "type D 1,600 x 80"
    rows = [
        Row(name, 1.0, "milp", 300, 50.0, None, 1.0, course=((0.5, 300),)),
        Row(name, 9.0, "milp", 200, 50.0, None, 1.0, course=((0.5, 400), (2.0, 200))),  # the bound is 100
        Row(name, 9.0, "price_guided", 160, 0.0, None, 1.0, course=((0.001, 320),)),  # and here it is 160
        Row("other", 9.0, "milp", 200, 50.0, None, 1.0, course=((0.5, 400),)),
    ]
    assert curves(rows) == {f"{name}, milp": [(0.5, 150.0), (2.0, 25.0)], f"{name}, price_guided": [(0.01, 100.0)]}
    assert curves([]) == {}


def test_a_measurement_and_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [measure(typed("c", 20, 4), solver, 2.0) for solver in SOLVERS]
    assert {row.objective for row in rows} == {rows[0].objective}
    assert all(row.gap == 0 for row in rows)
    monkeypatch.setattr("benchmarks.gap.instances", lambda path, quick: [typed("c", 12, 3)])
    assert main(["--quick", "--solvers", "price_guided", "--output", str(tmp_path)]) == 0
    assert "type C 12 x 3" in next(tmp_path.glob("*-gap.md")).read_text(encoding="utf-8")
