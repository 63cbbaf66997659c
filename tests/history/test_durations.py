"""Durations in the ways that exports write them."""

import math

import pytest

from ticketopt.history.durations import read_hours
from ticketopt.intake.column import Column
from ticketopt.problem.report import Report


def hours(*cells, per_unit=1.0):
    report = Report()
    return read_hours(Column("time", cells, lambda k: f"row {k}"), report, per_unit).tolist(), report.issues


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        *[("1.5", 1.5), ("0", 0), (2, 2), ("1:30", 1.5), ("00:45", 0.75), ("01:30:36", 1.51), ("120:00:00", 120)],
        *[("90 min", 1.5), ("1h 30m", 1.5), ("1d", 8), ("1w 2d", 56), ("2,5 Std.", 2.5), ("36s", 0.01), ("1 hour", 1)],
    ],
)
def test_of_a_cell(cell, want):
    found, issues = hours(cell)
    assert math.isclose(found[0], want) and not issues


def test_plain_numbers_are_of_the_unit_that_is_said():
    assert hours("5400", "1h", None, per_unit=1 / 3600)[0][:2] == [1.5, 1.0]


def test_what_is_no_duration_is_told_and_left_out():
    found, issues = hours("soon", "1h", "3 parsecs", "-1")
    assert [math.isnan(value) for value in found] == [True, False, True, True]
    assert len(issues) == 3
