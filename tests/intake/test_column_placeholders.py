"""Which cells say that nothing is given."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ticketopt.intake.column import is_placeholder

NOTHING = [
    *("", " ", "\t", "\u00a0", "null", "NULL", "None", "none", "nil", "NaN", "nan", "NaT", "N/A", "n/a", "n.a.", "NA"),
    *("#N/A", "<NA>", "?", "??", "-", "--", "---", "\u2013", "\u2014", "(blank)", "(empty)", "undefined", " - "),
    *(None, float("nan"), pd.NaT),
    pd.NA,
]  # fmt: skip

SOMETHING = [
    "0",
    "no",
    "nobody",
    "x",
    ".",
    "-1",
    "nana",
    "null pointer",
    "\u200bx",
    0,
    False,
    0.0,
    float("inf"),
    [],
    {},
]


@pytest.mark.parametrize("cell", NOTHING, ids=ascii)
def test_nothing_is_given(cell: Any) -> None:
    assert is_placeholder(cell)


@pytest.mark.parametrize("cell", SOMETHING, ids=ascii)
def test_something_is_given(cell: Any) -> None:
    assert not is_placeholder(cell)
