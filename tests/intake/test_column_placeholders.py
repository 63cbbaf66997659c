"""Which cells say that nothing is given."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake.column import is_placeholder, without_placeholders

NOTHING = [
    *("", " ", "\t", "\u00a0", "null", "NULL", "None", "none", "nil", "NaN", "nan", "NaT", "N/A", "n/a", "n.a.", "NA"),
    *("#N/A", "<NA>", "?", "??", "-", "--", "---", "\u2013", "\u2014", "(blank)", "(empty)", "undefined", " - "),
    *("N.A", "n / a", "N\\A", "\\N", "[null]", "<NULL>", '"NULL"', "'null'", "(leer)", "(vide)"),
    *("(vac\u00edo)", "(unset)"),
    *("#NA", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "=NA()", "\u2212", "\u2010"),
    *("- -", "???", "\u200b", "\ufeff"),
    *("unknown", "Unassigned", "not set", "TBD", "k.A.", "keine Angabe", "nicht zugewiesen", "sin asignar", "\u3000"),
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
    "-x",
    "(high)",
    "[EMEA] Sales",
    "#1",
    "=1+1",
    "unknown error",
    "(",
    "()",
    '""',
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


BETWEEN = st.sampled_from(["", " ", "\u00a0", " " * 25, "(", "[", '"', "- - ", "\ufeff"])


@given(st.lists(st.tuples(BETWEEN, st.sampled_from(list(map(str, NOTHING + SOMETHING))), BETWEEN), max_size=6))
def test_a_column_is_told_as_its_cells_are(parts: list[tuple[str, str, str]]) -> None:
    cells = ["".join(part) for part in parts]
    assert list(without_placeholders(cells)) == [None if is_placeholder(cell) else cell for cell in cells]
