"""The benchmark of type D: its bound is one, and its page has what was measured."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.gap_instances import typed
from benchmarks.gap_type_d import bound_of, main

from ticketopt.solvers.auto import solve_model


def test_the_bound_is_below_the_optimum() -> None:
    instance = typed("d", 12, 3)
    best = solve_model(instance.model, solver="cp_sat", time_limit=60.0)
    assert best.lower_bound == best.objective
    assert 0.98 * best.objective <= bound_of(instance) <= best.objective


def test_a_measurement_and_the_page(tmp_path: Path) -> None:
    arguments = ["--seconds", "0.2", "--instances", "1", "--agents-jobs", "4x16", "--output", str(tmp_path)]
    assert main(["--held-out", "--reference", "0.3", *arguments]) == 0
    page = next(tmp_path.glob("*-gap-type-d.md")).read_text(encoding="utf-8")
    assert "held out instances" in page
    assert "| 4 x 16 | 1001 |" in page
    (gap,) = re.findall(r"above the best plan that 0\.3 s more find, at worst (\d+\.\d{3}) %", page)
    assert page.rstrip().endswith(f"| {gap} |")
