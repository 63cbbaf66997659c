"""The words of many helpdesks for a priority, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.columns import any_column, column, said
from ticketopt.intake.priorities import read_priorities


def read(cells: Sequence[Any], words: Mapping[str, str] | None = None) -> tuple[list[str | None], list[str], list[str]]:
    return said(lambda report: read_priorities(column(cells, "Priority"), report, words or {}))


LEVELS = {
    "critical": """
        critical | CRITICAL | Urgent | urgent! | Blocker | Highest | Immediate | Emergency | Very High | very_high
        P0 | P1 | p1 | S1 | SEV1 | sev-1 | SEV 0 | Priority 1 | 1 - Critical | 1-Critical | 1. Critical
        P1 - Critical | Critical (P1) | Urgent / P0 | kritisch | Dringend | sehr hoch | H\u00f6chste | Critique
        Tr\u00e8s haute | tr\u00e8s \u00e9lev\u00e9e | Bloquant | cr\u00edtica | Muy alta | urgente | Muito alta
        Cr\u00edtico | Molto alta | bloccante | 5 very high | Priority: Critical | \U0001f534 Urgent
        1 (highest) | 5 (highest) | Sev-1 | P1/Critical | Urgent (24h) | Kritiek | Spoed | Zeer hoog | krytyczny
        Pilne | najwy\u017cszy | \u7dca\u6025 | \u6700\u9ad8 | \u81f3\u6025 | prio:1 | Level 1
    """,
    "high": """
        high | High | HIGH | Major | Important | P2 | S2 | SEV2 | Sev 2 | 2 - High | 4 high | P2 - High | High (2)
        High Priority | hoch | Hoch | Wichtig | haute | \u00c9lev\u00e9e | Majeure | importante | alta | Alta | Alto
        maior | Maggiore | priority-high | High (4h SLA) | High [not critical] | Priorit\u00e4t 2 | Hoog | Wysoki
        wysoka | \u9ad8 | \u9ad8\u3044 | \u512a\u5148\u5ea6: \u9ad8 | H | priority::high | #high | High \u2b06
    """,
    "medium": """
        medium | Medium | normal | Normal | Moderate | 3 - Moderate | 3 normal | P3 | S3 | SEV3 | P3 - Medium
        Standard | average | mittel | Mittel | moyenne | Moyen | normale | media | Media | M\u00e9dia | medio
        moderada | Gemiddeld | Normaal | \u015arednia | zwyk\u0142y | \u4e2d | \u666e\u901a | M | Med.
    """,
    "low": """
        low | Low | Lowest | very low | Minor | Trivial | 4 - Low | 5 - Planning | 1 very low | 2 low | P4 | P5 | S4
        SEV4 | 3 - Low | niedrig | Niedrig | gering | sehr niedrig | basse | Basse | faible | tr\u00e8s basse | baja
        Baja | muy baja | baixa | Baixa | bassa | Mineure | menor | not urgent | Not-Urgent | 1 (lowest) | 4 (low)
        Laag | zeer laag | niski | Niska | \u4f4e | \u4f4e\u3044 | L | P1 low
    """,
    "": """
        none | None | not set | Not Set | Unprioritized | No priority | unassigned | keine | Aucune | ninguna
        Nenhuma | nessuna
    """,
}


def cells_of(table: Mapping[str, str]) -> list[tuple[str, str]]:
    lines = (
        (key, part.strip()) for key, text in table.items() for line in text.split("\n") for part in line.split(" | ")
    )
    return [(text, key) for key, text in lines if text]


@pytest.mark.parametrize(("text", "level"), cells_of(LEVELS), ids=ascii)
def test_a_word_means(text: str, level: str) -> None:
    assert read([text]) == ([level or None], [], [])


@pytest.mark.parametrize(
    "cell",
    [
        "Tier 1",
        "A",
        "C",
        "Medium-High",
        "High or Critical",
        "not high",
        "Not urgent at all",
        "VIP",
        "lwo",
        "unimportant",
        "50%",
        "foo",
        "P6",
        "P9",
        "0",
        "6",
        "-1",
        "10",
        "2.5",
        "low high",
        "1 2",
        "s",
        "P",
        "!!",
        0,
        6,
        2.5,
        True,
        [1],
    ],
    ids=ascii,
)
def test_no_priority(cell: Any) -> None:
    found, errors, warnings = read(["low", cell])
    assert found == ["low", None]
    assert len(errors) == 1
    assert errors[0].endswith("use one of: low, medium, high, critical; or say what the word means")
    assert warnings == []


def test_of_bare_numbers_one_is_the_highest_and_one_warning_says_so() -> None:
    found, errors, warnings = read([None, "1", 2, 3.0, "4", "5", "2.0", "P1"])
    assert (found, errors) == ([None, "critical", "high", "medium", "low", "low", "high", "critical"], [])
    assert len(warnings) == 1
    assert warnings[0].startswith("t.csv row 2.Priority: '1' and others were read with 1 as the highest priority")


SCALES: list[tuple[list[Any], list[str | None]]] = [
    (["1 - Critical", "2", "4"], ["critical", "high", "low"]),
    (["1 (lowest)", "5 (highest)", "5", "1"], ["low", "critical", "critical", "low"]),
    (["1 low", "2 normal", "3 high", "3", 2], ["low", "medium", "high", "high", "medium"]),
    (["1 - High", "2 - Medium", "3 - Low", "3"], ["high", "medium", "low", "low"]),
    (["P1", "P3", "High"], ["critical", "medium", "high"]),
]


@pytest.mark.parametrize(("cells", "levels"), SCALES, ids=ascii)
def test_a_number_is_what_the_column_says_of_it(cells: list[Any], levels: list[str | None]) -> None:
    found, errors, _ = read(cells)
    assert (found, errors) == (levels, [])


OTHER_SCALES = [["1 (lowest)", "2"], ["5 - Very High", 1], ["4 high", "1"], ["1 low", "2"], ["3 - Low", "1"]]


@pytest.mark.parametrize("cells", OTHER_SCALES, ids=ascii)
def test_a_number_of_a_scale_that_counts_otherwise_is_an_error_that_names_both(cells: list[Any]) -> None:
    found, errors, warnings = read(cells)
    assert (found[1], len(errors), warnings) == (None, 1, [])
    assert f"could be critical, but {cells[0]!r} counts" in errors[0] or f"could be high, but {cells[0]!r}" in errors[0]


def test_the_helpdesks_own_words_win() -> None:
    own = {"1": "low", "2": "medium", "Urgent": "high", "P1 - Hot": "critical", "Caf\u00e9": "low"}
    cells = ["1", 2, 2.0, "URGENT", "p1 hot", "cafe", "high", "Priority 1", "3 urgent"]
    assert read(cells, own) == (["low", "medium", "medium", "high", "critical", "low", "high", "low", "high"], [], [])


@given(any_column, st.dictionaries(st.text(max_size=4), st.sampled_from(["low", "high"]), max_size=3))
def test_nothing_makes_another_exception(cells: list[Any], words: dict[str, str]) -> None:
    found, _, _ = read(cells, words)
    assert len(found) == len(cells)
    assert set(found) <= {None, "low", "medium", "high", "critical"}
