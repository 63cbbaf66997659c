"""Texts of tables as spreadsheets, databases and people write them."""

from __future__ import annotations

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.read import read_csv

ROWS = [["ticket_id", "title", "priority"], ["T-1", "VPN, mail", "high"], ["T-2", "a; b", "low"]]

PLAIN = 'ticket_id;title;priority\nT-1;VPN, mail;high\nT-2;"a; b";low\n'
TABBED = "ticket_id\ttitle\tpriority\nT-1\tVPN, mail\thigh\nT-2\ta; b\tlow\n"
COMMAS = 'ticket_id,title,priority\nT-1,"VPN, mail",high\nT-2,a; b,low\n'
LINES = ["ticket_id,title,priority", 'T-1,""VPN, mail"",high', "T-2,a; b,low"]

TEXTS = {
    "semicolons, and commas in cells": PLAIN,
    "tabs": TABBED,
    "commas": COMMAS,
    "bars": 'ticket_id|title|priority\nT-1|VPN, mail|high\nT-2|a; b|low\n',
    "sep=;": f"sep=;\n{PLAIN}",
    "sep= in capitals and CRLF": f"SEP=;\n{PLAIN}".replace("\n", "\r\n"),
    "sep= with a tab": f"sep=\t\n{TABBED}",
    "sep= in quotes": f'"sep=;"\n{PLAIN}',
    "sep= saved again": f"sep=;;;\n{PLAIN}",
    "sep= with blanks": f"sep = ;\n{PLAIN}",
    "sep= below an empty line": f"\n\nsep=;\n{PLAIN}",
    "sep= that is wrong": f"sep=,\n{PLAIN}",
    "sep= of another separator": f"sep=;\n{COMMAS}",
    "two marks": f"\ufeff\ufeff{PLAIN}",
    "old line ends": PLAIN.replace("\n", "\r"),
    "old line ends and sep=": f"sep=;\n{PLAIN}".replace("\n", "\r"),
    "line ends doubled": PLAIN.replace("\n", "\r\r\n"),
    "colons": 'ticket_id:title:priority\nT-1:VPN, mail:high\nT-2:a; b:low\n',
    "carets": 'ticket_id^title^priority\nT-1^VPN, mail^high\nT-2^a; b^low\n',
    "a database's unit separator": "ticket_id\x1ftitle\x1fpriority\nT-1\x1fVPN, mail\x1fhigh\nT-2\x1fa; b\x1flow\n",
    "every line quoted": "".join(f'"{line}"\n' for line in LINES),
    "every line quoted and a separator behind it": "".join(f'"{line}";;\n' for line in LINES),
    "lines below the headings quoted": f"{LINES[0]}\n" + "".join(f'"{line}"\n' for line in LINES[1:]),
    "headings with commas over semicolons": 'ticket_id,title,priority\nT-1;VPN, mail;high\nT-2;"a; b";low\n',
    "blanks before quotes": 'ticket_id, title, priority\nT-1, "VPN, mail", high\nT-2, "a; b", low\n',
    "the end of a file in DOS": f"{PLAIN}\x1a",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_this_table(text: str) -> None:
    sheet = read_csv(text.encode(), "t.csv")
    assert [sheet.headings, *zip(*sheet.cells, strict=True)] == list(map(tuple, ROWS))
    assert (sheet.wrong_rows, sheet.warnings) == ((), ())


CELLS = {
    'ticket_id,title\nT-1,"he said ""no"" twice"\n': 'he said "no" twice',
    'ticket_id,title\nT-1,"he said \\"no\\", twice"\n': 'he said "no", twice',
    'ticket_id,title\nT-1,19" screen\n': '19" screen',
    'ticket_id;title\nT-1;"one\ntwo; three"\n': "one\ntwo; three",
    "| ticket_id | title |\n|---|---|\n| T-1 | VPN |\n": " VPN ",
}


@pytest.mark.parametrize(("text", "title"), CELLS.items(), ids=ascii)
def test_a_cell_says(text: str, title: str) -> None:
    sheet = read_csv(text.encode(), "t.csv")
    assert list(sheet.column(sheet.headings.index("title")).cells) == [title]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8"])
@pytest.mark.parametrize("text", [PLAIN, TABBED.replace("VPN", "プリンター")])
def test_letters_of_two_and_four_bytes_are_known_with_a_mark_and_without(encoding: str, text: str) -> None:
    sheet = read_csv(text.encode(encoding), "t.csv")
    assert (sheet.headings, sheet.n_rows) == (tuple(ROWS[0]), 2)
    assert sheet.cells[1][0] in ("VPN, mail", "プリンター, mail")


@pytest.mark.parametrize("text", ['ticket_id,title\n1,"a"b\n', 'ticket_id,title\n1,"a\n2,b\n', 'ticket_id\n"1\n'])
def test_broken_quoting_names_the_line(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"is not CSV at line \d: .*; correct the quoting"):
        read_csv(text.encode(), "t.csv")
