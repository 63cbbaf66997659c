"""Cells that hold several things: skills with their levels, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.columns import any_column, column, said
from ticketopt.intake.lists import read_list, read_skills, read_wanted


def skills(cells: Sequence[Any], **options: Any) -> tuple[list[dict[str, float] | None], list[str], list[str]]:
    return said(lambda report: read_skills(column(cells, "Skills"), report, **options))


def lists(cells: Sequence[Any]) -> tuple[list[tuple[str, ...] | None], list[str], list[str]]:
    return said(lambda report: read_list(column(cells, "Tags"), report))


BOTH = {"VPN": 9.0, "Printers": 3.0}

PAIRS: list[Any] = [
    "VPN:9;Printers:3", "VPN:9; Printers:3;", " VPN : 9 ; Printers : 3 ", "VPN:9, Printers:3", "VPN:9,Printers:3",
    "VPN=9|Printers=3",
    "VPN (9)\nPrinters (3)", "VPN (9), Printers (3)", "VPN - 9; Printers - 3", "VPN: 9/10; Printers: 30 %",
    "VPN \u2013 expert; Printers=3",
    "VPN:expert\r\nPrinters:3", "VPN=9 | Printers=3", '{"VPN": 9, "Printers": 3}',
    '{"VPN": "expert", "Printers": "3", "Mail": null}',
    {"VPN": 9, "Printers": 3, "Mail": None}, {"VPN": np.int64(9), "Printers": "3"}, ["VPN:9", "Printers:3"],
    '["VPN (9)", "Printers (3)"]',
    "VPN:9,0; Printers:3",
    "VPN=9/Printers=3", "VPN:9 Printers:3", "VPN:9 & Printers:3", "VPN:9 und Printers:3", "VPN:9 + Printers:3",
    "VPN:9\u3001Printers:3", "VPN\uff1a9\uff1bPrinters\uff1a3", "VPN:9\tPrinters:3", "VPN:9,0,Printers:3,0",
    "VPN 90%, Printers 30%", "VPN 9/10; Printers 3/10", "- VPN: 9\n- Printers: 3",
    "\u2022 VPN (9)\n\u2022 Printers (3)",
    "VPN -> 9; Printers -> 3", "VPN => 9, Printers => 3", "VPN \u2192 9; Printers \u2192 3", "VPN::9; Printers::3",
    "VPN[9];Printers[3]", "VPN {9}, Printers {3}", "VPN<9>; Printers<3>", '"VPN:9","Printers:3"',
    "{VPN: 9, Printers: 3}", "{'VPN': 9, 'Printers': 3}", "[('VPN', 9), ('Printers', 3)]",
    '[["VPN", 9], ["Printers", 3]]',
    '[{"name": "VPN", "level": 9}, {"name": "Printers", "level": 3}]',
    [{"skill": "VPN", "rating": "expert"}, ("Printers", 3)],
    "VPN: 9/10 Printers: 3/10",
]  # fmt: skip


@pytest.mark.parametrize("cell", PAIRS, ids=ascii)
def test_skills_with_levels(cell: Any) -> None:
    assert skills([cell, None])[:2] == ([BOTH, None], [])


NAMES: list[tuple[list[Any], list[dict[str, float] | None]]] = [
    (["VPN, Printers"], [{"VPN": 5, "Printers": 5}]),
    (["VPN; Printers", "Mail"], [{"VPN": 5, "Printers": 5}, {"Mail": 5}]),
    (["VPN, Printers", "VPN:9, Printers:3"], [{"VPN": 5, "Printers": 5}, BOTH]),
    (["Sales, EMEA", "VPN; Mail"], [{"Sales, EMEA": 5}, {"VPN": 5, "Mail": 5}]),
    (["VPN:9; Mail"], [{"VPN": 9, "Mail": 5}]),
    (["Windows 10; VPN (Cisco); SAP - FI"], [{"Windows 10": 5, "VPN (Cisco)": 5, "SAP - FI": 5}]),
    (["SAP - FI - expert; C++; Wi-Fi"], [{"SAP - FI": 9, "C++": 5, "Wi-Fi": 5}]),
    ([["VPN", "Mail", None, pd.NA]], [{"VPN": 5, "Mail": 5}]),
    (['["VPN", "Mail"]'], [{"VPN": 5, "Mail": 5}]),
    (["VPN,, Mail,"], [{"VPN": 5, "Mail": 5}]),
    (["['VPN', 'Mail']", "[VPN, Mail]"], [{"VPN": 5, "Mail": 5}] * 2),
    (["VPN\tMail"], [{"VPN": 5, "Mail": 5}]),
    (["Remote access (VPN, Citrix), Mail"], [{"Remote access (VPN, Citrix)": 5, "Mail": 5}]),
    (["Windows 10, VPN", "Office 365"], [{"Windows 10": 5, "VPN": 5}, {"Office 365": 5}]),
    (["SAP FI/CO; TCP/IP; Support 24/7"], [{"SAP FI/CO": 5, "TCP/IP": 5, "Support 24/7": 5}]),
]


@pytest.mark.parametrize(("cells", "expected"), NAMES, ids=ascii)
def test_skills_without_levels_get_one_and_one_warning_says_so(cells: list[Any], expected: list[Any]) -> None:
    found, errors, warnings = skills(cells)
    assert (found, errors) == (expected, [])
    assert len(warnings) == 1
    assert "has skills without a level, which count as 5 of 10" in warnings[0]


OWN_NAMES: list[tuple[str, dict[str, float]]] = [
    ("Remote access (VPN, Citrix):9; Mail:3", {"Remote access (VPN, Citrix)": 9, "Mail": 3}),
    ("VPN (Cisco): 9, Mail: 3", {"VPN (Cisco)": 9, "Mail": 3}),
    ("C#:9;C++:8;.NET:7", {"C#": 9, "C++": 8, ".NET": 7}),
    ("SAP FI/CO:9; OS/2:5", {"SAP FI/CO": 9, "OS/2": 5}),
    ("Windows 10:9; Office 365 (8)", {"Windows 10": 9, "Office 365": 8}),
    ("VPN \u2605\u2605\u2605\u2605, Mail \u2605\u2605", {"VPN": 8, "Mail": 4}),
    ("VPN ****; Mail **", {"VPN": 8, "Mail": 4}),
    ("VPN:yes; Mail:no", {"VPN": 5, "Mail": 0}),
]


@pytest.mark.parametrize(("cell", "expected"), OWN_NAMES, ids=ascii)
def test_names_with_signs_in_them(cell: str, expected: dict[str, float]) -> None:
    assert skills([cell, "Spare:10"])[:2] == ([expected, {"Spare": 10}], [])


WRONG: list[tuple[Any, str]] = [
    ("VPN 9; Printers 3", "could be names that end in a number, or names and levels"),
    ("VPN-9, Printers-3", "could be names that end in a number, or names and levels"),
    ("VPN:9 (advanced)", "has more than one level for 'VPN:9'"),
    ("VPN - 9 - basic", "has more than one level for 'VPN - 9'"),
    ("VPN(9)Printers(3)", "has more than one level for 'VPN(9)Printers'"),
    ("VPN:9 then Printers:3 maybe", "has more than one level"),
    ('[{"name": "VPN", "level": 9, "rating": 3}]', "lists an object"),
    ("['VPN', 9", "JSON"),
    ("VPN:9, Printers", "could be read in two ways at its comma"),
    ("VPN, Printers:9", "could be read in two ways at its comma"),
    ("VPN:9; vpn:3", "has the skill 'vpn' twice"),
    ("Cloud_AWS; cloud-aws", "has the skill 'cloud-aws' twice"),
    ('{"VPN": 9, "vpn": 3}', "has the skill 'vpn' twice"),
    (":9", "has a level without a skill's name"),
    ("9; VPN:3", "has a level without a skill's name"),
    ("VPN:", "'no level' is not a level"),
    ("AWS: EC2", "'EC2' is not a level"),
    ("VPN:11x", "'11x' is not a level"),
    ("VPN:-1", "'-1' is not from 0 to 10"),
    ('{"VPN": 9', "JSON"),
    ('{"VPN": 9, "VPN": 3}', "twice"),
    ('{"VPN": [9]}', "is a list, not a level"),
    ("[3]", "lists 3"),
    (3, "has a level without a skill's name"),
    (2.5, "is 2.5, not skills"),
    (True, "is a boolean, not skills"),
    ({1: 9}, "has a skill whose name is not a text"),
]


@pytest.mark.parametrize(("cell", "problem"), WRONG, ids=ascii)
def test_no_skills(cell: Any, problem: str) -> None:
    _, errors, _ = skills(["Mail:7", cell])
    assert len(errors) == 1
    assert errors[0].startswith("t.csv row 2.Skills: ")
    assert problem in errors[0]


def test_skills_are_on_one_scale() -> None:
    assert skills(["VPN:4; Mail:2"], scale=5) == ([{"VPN": 8, "Mail": 4}], [], [])
    found, errors, warnings = skills(["VPN:90", "Mail:40"])
    assert (found, errors, len(warnings)) == ([{"VPN": 9}, {"Mail": 4}], [], 1)


WANTED: list[tuple[list[Any], float | None, list[Any]]] = [
    (["VPN, Mail"], 1.0, [{"VPN": 1, "Mail": 1}]),
    (["VPN|Mail", "VPN:3; Mail"], 1.0, [{"VPN": 1, "Mail": 1}, {"VPN": 3, "Mail": 1}]),
    (["VPN=3/Mail=2", '{"VPN": 3}', {"VPN": 2}], None, [{"VPN": 3, "Mail": 2}, {"VPN": 3}, {"VPN": 2}]),
    (["VPN: expert; Mail: 4/5"], None, [{"VPN": 9, "Mail": 8}]),
]


@pytest.mark.parametrize(("cells", "unsaid", "expected"), WANTED, ids=ascii)
def test_skills_that_tickets_want(cells: list[Any], unsaid: float | None, expected: list[Any]) -> None:
    assert said(lambda report: read_wanted(column(cells), report, unsaid=unsaid)) == (expected, [], [])


@pytest.mark.parametrize("cell", ["VPN", "VPN:3; Mail", "VPN:3, Mail", "VPN:much"])
def test_a_wanted_level_that_is_not_there_is_one_error(cell: str) -> None:
    found, errors, _ = said(lambda report: read_wanted(column([cell]), report, unsaid=None))
    assert (found, len(errors)) == ([None], 1)


LISTS: list[tuple[list[Any], list[tuple[str, ...] | None]]] = [
    (["de; en"], [("de", "en")]),
    (["de, en"], [("de", "en")]),
    (["de|en", "fr\nit"], [("de", "en"), ("fr", "it")]),
    (["a, b", "c;d"], [("a, b",), ("c", "d")]),
    (["de;de;"], [("de",)]),
    (['["de", "en"]', "fr, it"], [("de", "en"), ("fr", "it")]),
    ([["de", None, "en"]], [("de", "en")]),
    ([("de",), np.array(["en", "fr"])], [("de",), ("en", "fr")]),
    ([7, None], [("7",), None]),
    ([" de "], [("de",)]),
]


@pytest.mark.parametrize(("cells", "expected"), LISTS, ids=ascii)
def test_lists(cells: list[Any], expected: list[Any]) -> None:
    assert lists(cells) == (expected, [], [])


@pytest.mark.parametrize("cell", [{"a": 1}, True, 2.5, [3], [["a"]], "[1]", '["a"', '{"a": 1}', b"a"], ids=ascii)
def test_no_list(cell: Any) -> None:
    found, errors, _ = lists(["a", cell])
    assert found == [("a",), None]
    assert len(errors) == 1


@given(any_column)
def test_nothing_makes_another_exception(cells: list[Any]) -> None:
    assert len(skills(cells)[0]) == len(cells)
    assert len(lists(cells)[0]) == len(cells)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{2,8}", fullmatch=True), st.integers(1, 100), min_size=1),
    st.sampled_from([("; ", ":"), ("|", "="), ("\n", ": "), (", ", ":"), (",", "="), ("; ", " - ")]),
)
def test_skills_written_in_any_way_read_back(tenths: dict[str, int], signs: tuple[str, str]) -> None:
    between, joint = signs
    expected = {name: level / 10 for name, level in tenths.items()}
    text = between.join(f"{name}{joint}{level}" for name, level in expected.items())
    found, errors, _ = skills([text])
    assert (found, errors) == ([expected], [])
