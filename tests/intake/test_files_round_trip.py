"""A queue that we write in any dialect reads back equal, and no bytes make another exception than ours."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.helpdesk_exports import EXPORTS, realistic_export
from support.spreadsheet import write_xlsx
from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, read_queue
from ticketopt.problem.records import Agent, Ticket

PRIORITIES = ("low", "medium", "high", "critical")

_text = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf"), max_codepoint=0xFFFF), min_size=1, max_size=12)
"""What people write, in the letters that two bytes hold; `\\n` and quotes come beside it."""
_titles = st.tuples(_text, st.sampled_from(["", "\n", '"', ";", ",", "\t", "|", "'"]), _text).map(
    lambda parts: "x" + "".join(parts) + "x"
)
_tickets = st.builds(
    dict,
    title=_titles,
    priority=st.sampled_from(PRIORITIES),
    effort=st.integers(1, 9),
    creation_timestamp=st.integers(1_500_000_000, 1_900_000_000),
    language=st.sampled_from(["de", "en"]),
)
_agents = st.builds(
    dict,
    name=st.sampled_from(["Ana", "Müller, Eva", 'Bo "B" Lee']),
    skills=st.dictionaries(st.sampled_from(["VPN", "Printers", "Cloud AWS"]), st.integers(1, 10), min_size=1),
    capacity=st.integers(0, 99),
    languages=st.lists(st.sampled_from(["de", "en"]), unique=True, min_size=1),
)
_queues = st.tuples(st.lists(_tickets, max_size=4), st.lists(_agents, max_size=3)).map(
    lambda lists: tuple([{key: f"{key[0]}{k}", **row} for k, row in enumerate(rows)] for key, rows in
                        zip(("ticket_id", "agent_id"), lists, strict=True))
)  # fmt: skip

HEADS = (
    ["ticket_id", "title", "priority", "effort", "creation_timestamp", "language"],
    ["agent_id", "name", "skills", "capacity", "languages"],
)


def cells(rows: Sequence[dict[str, Any]], heads: Sequence[str]) -> list[list[str]]:
    """The rows as a table of text says them."""
    signs = {dict: lambda value: "; ".join(f"{name}:{level}" for name, level in value.items()), list: "; ".join}
    return [[signs.get(type(row[head]), str)(row[head]) for head in heads] for row in rows]


def expected(tickets: Sequence[dict[str, Any]], agents: Sequence[dict[str, Any]]) -> Queue:
    return Queue(tuple(Ticket(**row) for row in tickets), tuple(Agent(**row) for row in agents))


def records(queue: Queue) -> tuple[Any, Any]:
    return queue.tickets, queue.agents


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@given(
    _queues,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_a_table_of_text_in_any_dialect_reads_back(
    lists: Any, separator: str, encoding: str, newline: str, is_stated: bool, is_quoted: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, rows, heads in zip("ta", lists, HEADS, strict=True):
            file = io.StringIO(newline="")
            quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
            writer = csv.writer(file, delimiter=separator, lineterminator=newline, quoting=quoting)
            writer.writerows([heads, *cells(rows, heads)])
            text = f"sep={separator}{newline}" * is_stated + file.getvalue()
            (Path(folder) / f"{name}.csv").write_bytes(text.encode(encoding))
        found = read_queue(Path(folder) / "t.csv", agents=Path(folder) / "a.csv")
    assert records(found) == records(expected(*lists))


@given(_queues, st.sampled_from(["json", "jsonl", "two json", "lines in json"]), st.booleans())
def test_json_in_any_shape_reads_back(lists: Any, shape: str, is_ascii: bool) -> None:
    tickets, agents = lists
    with tempfile.TemporaryDirectory() as folder:
        path, team = Path(folder) / "q.json", None
        if shape == "json":
            path.write_text(json.dumps({"agents": agents, "tickets": tickets}, ensure_ascii=is_ascii), "utf-8")
        elif shape == "two json":
            team = Path(folder) / "a.json"
            team.write_text(json.dumps(agents, ensure_ascii=is_ascii), "utf-8")
            path.write_text(json.dumps(tickets, ensure_ascii=is_ascii), "utf-8")
        elif shape == "jsonl" or len(tickets) + len(agents) > 1:
            path = path if shape != "jsonl" else path.with_suffix(".jsonl")
            lines = (json.dumps(row, ensure_ascii=is_ascii) for row in [*agents, *tickets])
            path.write_text("\n".join(lines), "utf-8")
        else:
            return
        found = read_queue(path, agents=team)
    assert records(found) == records(expected(tickets, agents))


_plain_titles = _tickets.map(lambda row: {**row, "title": "x" + row["title"].encode("ascii", "ignore").decode()})


@given(st.lists(_plain_titles, min_size=1, max_size=4), st.lists(_agents, max_size=3))
def test_a_spreadsheet_reads_back(tickets: list[dict[str, Any]], agents: list[dict[str, Any]]) -> None:
    pytest.importorskip("python_calamine")
    tickets = [{"ticket_id": k, **row, "title": " ".join(row["title"].split())} for k, row in enumerate(tickets, 1)]
    agents = [{"agent_id": f"a{k}", **row} for k, row in enumerate(agents)]
    with tempfile.TemporaryDirectory() as folder:
        for name, rows, heads in zip("ta", (tickets, agents), HEADS, strict=True):
            texts = cells(rows, heads)
            table = [
                [row[head] if isinstance(row[head], int) else text for head, text in zip(heads, line, strict=True)]
                for row, line in zip(rows, texts, strict=True)
            ]
            write_xlsx(Path(folder) / f"{name}.xlsx", {"Sheet 1": [heads, *table]})
        found = read_queue(Path(folder) / "t.xlsx", agents=Path(folder) / "a.xlsx")
    assert records(found) == records(expected(tickets, agents))


_EXPORTS = [realistic_export(name, form, n=6) for name, forms in EXPORTS.items() for form in forms]
_FRAGMENTS = [
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"sep=",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\xef\xbb\xbf",
    b"-",
    b"1E5",
]


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A real export of which parts are lost, doubled or overwritten."""
    data = draw(st.sampled_from(_EXPORTS))
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 40))
        part = draw(st.one_of(st.sampled_from(_FRAGMENTS), st.binary(max_size=6), st.just(data[at : at + length])))
        data = data[:at] + part * draw(st.integers(0, 2)) + data[at + draw(st.integers(0, length)) :]
    return data


@given(
    st.one_of(st.binary(max_size=200), _mutated()),
    st.one_of(st.just(b"agent_id,skills\na,VPN:9\n"), st.binary(max_size=80), _mutated()),
    st.sampled_from([".csv", ".json", ".jsonl", ".xlsx", ".txt"]),
    st.booleans(),
)
@example(b"\n", b"\t\n\t\n", ".csv", False)
@example(b"sep=;", b"\0\0\0\0", ".xlsx", True)
def test_no_bytes_make_another_exception(tickets: bytes, agents: bytes, suffix: str, skip_invalid: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, team = Path(folder) / f"t{suffix}", Path(folder) / f"a{suffix}"
        path.write_bytes(tickets)
        team.write_bytes(agents)
        try:
            found = read_queue(path, agents=team, skip_invalid=skip_invalid)
        except InvalidInputError as error:
            assert error.issues
        else:
            assert all(isinstance(ticket, Ticket) for ticket in found.tickets)
