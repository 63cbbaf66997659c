"""XES: events as rows, whatever the namespace; what is not whole, or declares entities, is an error."""

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.xes import is_xes, read_xes

LOG = b"""<?xml version="1.0"?>
<!-- a comment -->
<log xes.version="1.0">
  <global scope="event"><string key="concept:name" value="none"/></global>
  <trace>
    <string key="concept:name" value="case &amp; 1"/>
    <event><string key="concept:name" value="Open"/><date key="time:timestamp" value="2026-01-19T08:00:00Z"/></event>
    <event><string key="concept:name" value="Close"/><int key="cost" value="3"/>
      <list key="parts"><string key="inner" value="x"/></list></event>
  </trace>
  <trace><event><string key="concept:name" value="Open"/></event></trace>
</log>"""


@pytest.mark.parametrize("log", [LOG, LOG.replace(b"<log ", b'<log xmlns="http://www.xes-standard.org/" ')])
def test_an_event_is_a_row(log):
    assert is_xes(log)
    sheet = read_xes(log, "log.xes")
    rows = [dict(zip(sheet.headings, row, strict=True)) for row in zip(*sheet.cells, strict=True)]
    assert rows == [
        {
            "case:concept:name": "case & 1",
            "concept:name": "Open",
            "time:timestamp": "2026-01-19T08:00:00Z",
            "cost": None,
        },
        {"case:concept:name": "case & 1", "concept:name": "Close", "time:timestamp": None, "cost": "3"},
        {"case:concept:name": None, "concept:name": "Open", "time:timestamp": None, "cost": None},
    ]


def test_other_texts_are_none():
    assert not is_xes(b"a,b\n<log>,2\n")
    assert not is_xes(b"<html><body>login</body></html>")


@pytest.mark.parametrize(
    "log", [LOG[:-20], LOG.replace(b"<log", b'<!DOCTYPE log [<!ENTITY a "aaaa">]><log', 1)], ids=["cut off", "entities"]
)
def test_what_cannot_be_read_is_one_error(log):
    with pytest.raises(InvalidInputError, match=r"log\.xes"):
        read_xes(log, "log.xes")


def test_a_log_without_events_is_an_empty_table():
    assert read_xes(b"<log></log>", "log.xes").n_rows == 0
