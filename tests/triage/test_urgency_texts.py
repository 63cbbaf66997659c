"""Urgency of short texts of many trades (`benchmarks/triage_sets/development/urgency_texts.csv`).

Each batch was written before the rules that read it were widened; `benchmarks/triage_sets/development/README.md` says
what was found in it before. What is held here is that nothing found since is lost again; the rules have not been
widened for those after the fifth.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import level_of, read_tickets

TEXTS = Path(__file__).parents[2] / "benchmarks" / "triage_sets" / "development" / "urgency_texts.csv"


def _levels(wanted: str) -> Iterator[tuple[str, str]]:
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == wanted and row["batch"] <= "5"]
    tickets = [Ticket(ticket_id=k, title=r["title"], description=r["description"]) for k, r in enumerate(rows)]
    readings = read_tickets(tickets, skills=["Printers"], now=0.0)
    for row, reading in zip(rows, readings, strict=True):
        yield level_of(reading.urgency), row["title"] or row["description"]


@pytest.mark.parametrize(
    ("wanted", "read_as", "least"),
    [("critical", {"critical"}, 0.85), ("high", {"high", "critical"}, 0.85), ("calm", {"low", "medium"}, 0.97)],
)
def test_nearly_all_are_read_as_meant(wanted: str, read_as: set[str], least: float) -> None:
    levels = list(_levels(wanted))
    missed = [text for level, text in levels if level not in read_as]
    assert len(levels) >= 40
    assert len(missed) <= (1 - least) * len(levels), missed


def test_the_top_level_holds_few_that_are_neither_high_nor_critical() -> None:
    read = {
        wanted: [level for level, _ in _levels(wanted)].count("critical") for wanted in ("critical", "high", "calm")
    }
    assert read["calm"] <= sum(read.values()) / 30
