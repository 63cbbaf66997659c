"""Columns as the readers of tables make them, and what a reader of columns says of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from ticketopt.intake.column import Column
from ticketopt.problem.report import Report

__all__ = ["any_cell", "any_column", "column", "said"]


def column(cells: Sequence[Any], heading: str = "Column") -> Column:
    return Column(heading, list(cells), lambda k: f"t.csv row {k + 1}.{heading}")


def said(read: Callable[[Report], Any]) -> tuple[Any, list[str], list[str]]:
    """What a reader returns, its errors and its warnings."""
    report = Report()
    return read(report), [str(issue) for issue in report.issues], [str(issue) for issue in report.warnings]


_FRAGMENTS = [
    "23",
    "2026",
    "/",
    ".",
    "-",
    ":",
    " ",
    "Nov",
    "PM",
    "Z",
    "+01:00",
    "[Europe/Berlin]",
    "VPN",
    ";",
    ",",
    "%",
]

_FRAGMENTS += ["P1", "{", "}", "[", '"', "(", ")", "=", "1,234", "e+05", "\u2605", "\u00a0", "high", "de", "1e400", "0"]

any_cell = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.lists(st.sampled_from(_FRAGMENTS), max_size=9).map("".join),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.binary(max_size=5),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=3),
    st.dictionaries(
        st.one_of(st.text(max_size=5), st.integers()), st.one_of(st.text(), st.floats(), st.none()), max_size=3
    ),
    st.builds(object),
    st.just(10**5000),
)
"""Anything that a frame, JSON or a spreadsheet may hold, and things that none does."""

any_column = st.lists(any_cell, max_size=6)
