"""What is said of a log: the page in the documentation is what comes out."""

from __future__ import annotations

import doctest
from pathlib import Path

import ticketopt
from ticketopt.history.sources import SOURCES

DOCS = Path(__file__).parents[2] / "docs" / "history.md"


def test_the_documentation_of_reading_says_what_comes_out() -> None:
    text = DOCS.read_text("utf-8").partition("## Reading a log")[2].partition("\n## ")[0]
    parser = doctest.DocTestParser()
    examples = parser.get_doctest(text.replace("```", ""), {}, "history.md", str(DOCS), 0)
    assert len(examples.examples) >= 5
    assert doctest.DocTestRunner(verbose=False).run(examples).failed == 0


def test_every_argument_and_kind_is_in_the_documentation() -> None:
    text = DOCS.read_text("utf-8")
    code = ticketopt.read_history.__wrapped__.__code__  # type: ignore[attr-defined]
    names = code.co_varnames[1 : 1 + code.co_kwonlyargcount]
    assert [name for name in names if name not in text and name != "texts"] == []
    assert [name for name in SOURCES if f"`{name}`" not in text] == []


def test_long_lists_of_columns_that_were_not_used_stand_apart() -> None:
    head = ",".join(f"x{k}" for k in range(40))
    row = ",".join(f"v{k}" for k in range(40))
    text = f"ticket,time,agent,status,{head}\n1,2026-01-19 09:00,Ada,Open,{row}\n1,2026-01-19 10:00,Ada,Done,{row}\n"
    page = str(ticketopt.read_history(text.encode()).about())
    assert "40 others" in page and "Not used: x0, x1" in page
    assert max(map(len, page.splitlines())) <= 120
