"""What is read by columns is what is read by cells: the same records, notes and errors, in columns clean or dirty."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.errors import InvalidInputError
from ticketopt.intake.column import is_placeholder
from ticketopt.intake.files import Queue, read_queue, read_tickets_and_agents
from ticketopt.problem.reader import Reader

CLEAN: dict[str, Callable[[int], str]] = {
    "ticket_id": lambda k: f"T-{k}",
    "title": lambda k: f"VPN drops {k}",
    "description": lambda k: f"It has dropped {k} times since this morning, on both floors",
    "created": lambda k: f"2026-03-0{k + 1} 10:00",
    "due": lambda k: "2026-04-01",
    "status": lambda k: "open",
    "priority": lambda k: "High",
    "language": lambda k: "de",
}
DIRTY = {
    "ticket_id": ["8.0", "7", " T-9 ", "1.0E+05", '="7"', "", "n/a", "T 1", "a|b", "t\u00e4"],
    "title": ["", "N/A", " - ", "two\nlines", 'a "word"', "null" + " " * 20, "\t" * 50, "(blank)", "nu,ll", "x\u2028y"],
    "description": ["", "\u2013", " " * 60, '"\r\n', "unknown", "\ufeff", "Total: 3"],
    "created": ["2026-03-01T10:00Z", "01.03.2026 10:00", "3/4/2026", "1767225600", "soon", "", "2026-02-30 10:00", "-"],
    "due": ["2026-04-01 12:00", "2026-04-01 00:00", "9999-12-31 00:00", "1969-01-01 00:00", "46000", "", "TBD"],
    "status": ["closed", "parked", "", "-"],
    "priority": ["1", "P2", "dire", "", "none"],
    "language": ["de-AT", "German", "", " de", "?"],
}
"""Cells with which a quick way may go wrong."""

AGENTS = [{"agent_id": "a", "languages": ["de"]}]


def by_cells(patch: pytest.MonkeyPatch) -> None:
    """No quick way is taken."""
    intake = "ticketopt.intake."

    def without(cells: Sequence[Any]) -> list[Any]:
        return [None if is_placeholder(cell) else cell for cell in cells]

    patch.setattr(f"{intake}read.plain_rows", lambda data: None)
    patch.setattr(f"{intake}read.without_placeholders", without)
    patch.setattr(f"{intake}frames.without_placeholders", without)
    patch.setattr(f"{intake}values._are_plain", lambda cells: False)
    for module in ("dates", "table_times"):
        patch.setattr(f"{intake}{module}.clear_times", lambda cells, zone: [])
    patch.setattr(Reader, "read_all", lambda self, values: None)


def outcome(read: Callable[[], Queue]) -> list[Any]:
    try:
        queue = read()
    except InvalidInputError as error:
        return sorted(map(str, error.issues))
    return [*map(repr, queue.tickets), sorted(map(str, queue.warnings)), queue.skipped, queue.about]


def column(name: str) -> st.SearchStrategy[list[str]]:
    """Six cells, most often clean ones."""
    clean = [CLEAN[name](k) for k in range(6)]
    dirt = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(DIRTY[name])), max_size=2).map(dict)
    return st.one_of(st.just(clean), dirt.map(lambda there: [there.get(k, cell) for k, cell in enumerate(clean)]))


TABLE = st.fixed_dictionaries({name: column(name) for name in CLEAN})


@given(table=TABLE, end=st.sampled_from(["\n", "\r\n"]), skips=st.booleans())
def test_a_file(tmp_path_factory: pytest.TempPathFactory, table: dict[str, list[str]], end: str, skips: bool) -> None:
    folder: Path = tmp_path_factory.getbasetemp()
    path, team = folder / "quick.csv", folder / "team.csv"
    team.write_text("agent_id,languages\na,de\n", "utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=end).writerows([table, *zip(*table.values(), strict=True)])
    found = outcome(lambda: read_queue(path, agents=team, skip_invalid=skips))
    with pytest.MonkeyPatch.context() as patch:
        by_cells(patch)
        assert found == outcome(lambda: read_queue(path, agents=team, skip_invalid=skips))


MOMENTS = [
    1767225600,
    1767225600.5,
    datetime(2026, 3, 1),
    None,
    "2026-03-01T10:00+02:00",
    " 2026-03-01T10:00",
    5,
    1.7e12,
]


@given(table=TABLE, moments=st.lists(st.sampled_from(MOMENTS), max_size=3), has_null=st.booleans())
def test_rows_in_python(table: dict[str, list[str]], moments: list[Any], has_null: bool) -> None:
    rows: list[dict[str, Any]] = [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
    for row, moment in zip(rows, moments, strict=False):
        row["created"] = moment
    if has_null:
        del rows[0]["due"]
    found = outcome(lambda: read_tickets_and_agents(rows, AGENTS))
    with pytest.MonkeyPatch.context() as patch:
        by_cells(patch)
        assert found == outcome(lambda: read_tickets_and_agents(rows, AGENTS))
