"""Levels in every writing, on one scale for a team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.columns import any_column, column, said
from ticketopt.intake.levels import read_levels


def read(
    cells: Sequence[Any], heading: str = "VPN", scale: float | None = None
) -> tuple[list[float | None], list[str], list[str]]:
    return said(lambda report: read_levels([column(cells, heading)], report, scale=scale)[0])


LEVELS: dict[float, list[Any]] = {
    0: ["0", "0/5", "0 %", "none", "no", "Nein", "\u2717", "\u274c", "Non", False],
    2: ["1/5", "20%", "\u2605\u2606\u2606\u2606\u2606", "\u2605", "Beginner", "basic", "Anf\u00e4nger",
        "d\u00e9butant", "b\u00e1sico", "A1"],
    5: ["x", "X", "yes", "Ja", "oui", "s\u00ed", "\u2713", "\u2714\ufe0f", "intermediate", "B2", "50 %", "2,5/5",
        "mittel", "Interm\u00e9diaire", True],
    7: ["advanced", "Fortgeschritten", "avanc\u00e9", "avanzado", "70 %", "7/10", "7 of 10", "Proficient"],
    8: ["4/5", "4 / 5", "80 %", "80%", "8/10", "\u2605\u2605\u2605\u2605\u2606", "\u2605\u2605\u2605\u2605",
        "\u2b50\u2b50\u2b50\u2b50", "4 von 5", "40/50"],
    9: ["expert", "Experte", "experto", "fluent", "flie\u00dfend", "EXPERT", "C2", "9", "9.0", "9,0", 9, np.int64(9),
        np.float64(9)],
    10: ["native", "Muttersprache", "langue maternelle", "nativo", "100 %", "5/5", "\u2605\u2605\u2605\u2605\u2605",
        "mother-tongue", "10"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "level"), [(cell, level) for level, cells in LEVELS.items() for cell in cells], ids=ascii
)
def test_a_cell_says(cell: Any, level: float) -> None:
    found, errors, _ = read(["7", cell])
    assert (found, errors) == ([7, level], [])


@pytest.mark.parametrize(
    "cell", ["foo", "11/5", "120 %", "5/0", "EC2", "-1", "1000", "9-10", "", -1, 1e9, [9], "7 stars"], ids=ascii
)
def test_no_level(cell: Any) -> None:
    found, errors, _ = read(["7", cell])
    assert found == [7, None]
    assert len(errors) == 1
    assert errors[0].startswith("t.csv row 2.VPN: ")


HEADINGS = [
    ("VPN (1-5)", 10.0),
    ("VPN (0-5)", 10.0),
    ("VPN [1 - 5]", 10.0),
    ("VPN (1\u20135)", 10.0),
    ("VPN (1 to 5)", 10.0),
    ("VPN (/5)", 10.0),
    ("VPN (1-10)", 5.0),
    ("VPN (%)", 0.5),
    ("VPN %", 0.5),
    ("Windows 10/11", 5.0),
    ("VPN (Cisco)", 5.0),
]


@pytest.mark.parametrize(("heading", "level"), HEADINGS, ids=ascii)
def test_a_heading_says_the_scale(heading: str, level: float) -> None:
    found, errors, _ = read(["5"], heading)
    assert (found, errors) == ([level], [])


class TestScale:
    def test_the_caller_says_it(self) -> None:
        assert read(["3", 4, "expert", "4/5"], scale=5) == ([6, 8, 9, 8], [], [])
        assert read(["3"], "VPN (1-10)", scale=5)[0] == [6]

    def test_a_number_above_it_is_an_error(self) -> None:
        found, errors, _ = read(["3", "7"], "VPN (1-5)")
        assert found == [6, None]
        assert "'7' is not from 0 to 5" in errors[0]

    def test_numbers_to_a_hundred_are_percent_for_the_whole_team(self) -> None:
        columns = [column(["80", None], "VPN"), column(["5", "expert"], "Mail")]
        found, errors, warnings = said(lambda report: read_levels(columns, report))
        assert (found, errors) == ([[8, None], [0.5, 9]], [])
        assert warnings == ["t.csv row 1.VPN: levels up to 80 were read as percent; say the scale"]

    def test_above_a_hundred_is_an_error_for_each_above_ten(self) -> None:
        found, errors, warnings = read(["9", "80", "101"])
        assert (found, len(errors), warnings) == ([9, None, None], 2, [])

    @pytest.mark.parametrize("cell", ["11", "12", "20"])
    def test_a_little_above_ten_is_a_mistake_and_no_percentage(self, cell: str) -> None:
        found, errors, warnings = read(["9", cell])
        assert (found, len(errors), warnings) == ([9, None], 1, [])
        assert "is not from 0 to 10; give levels from 0 to 10, or say the scale" in errors[0]

    def test_one_warning_where_none_is_above_five(self) -> None:
        columns = [column(["3", "5"], "VPN"), column(["1", "2"], "Mail")]
        found, errors, warnings = said(lambda report: read_levels(columns, report))
        assert (found, errors) == ([[3, 5], [1, 2]], [])
        assert warnings == [
            "t.csv row 2.VPN: no number is above 5, and they were read as levels from 0 to 10; "
            "say the highest level, such as levels=5 (--levels 5)"
        ]

    def test_no_warning_where_somebody_said_it_or_nothing_is_a_number(self) -> None:
        for cells, heading in ((["3"], "VPN (1-5)"), (["x", "expert", "4/5"], "VPN"), ([None], "VPN"), (["0"], "VPN")):
            assert read(cells, heading)[2] == []


@given(st.lists(any_column, max_size=3), st.sampled_from([None, 5.0, 100.0]))
def test_nothing_makes_another_exception(cells: list[list[Any]], scale: float | None) -> None:
    found, _, _ = said(lambda report: read_levels([column(row) for row in cells], report, scale=scale))
    assert [len(row) for row in found] == [len(row) for row in cells]
    assert all(level is None or 0 <= level <= 10 for row in found for level in row)
