"""Logs count little, what people say around them counts, and the end of a text with a long log is read."""

from __future__ import annotations

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.text import read_fields

JAVA = "java.lang.IllegalStateException: VPN outage\n" + "\tat com.acme.Vpn.open(Vpn.java:12)\n" * 5
PYTHON = "Traceback (most recent call last):\n" + '  File "/srv/vpn.py", line 3, in outage\n    open()\n' * 3
SERVER = "".join(f"2026-11-23 09:00:{k:02} CRITICAL vpn outage, production down\n" for k in range(6))
SYSLOG = "".join(f"Nov 23 09:00:{k:02} gw1 vpn[12]: critical outage, all users\n" for k in range(6))
LEVELS = "".join(f"[ERROR] outage of vpn {k}\n" for k in range(6))
BRACKETS = "".join(f"[23/11/2026 09:00:0{k}] vpn outage critical\n" for k in range(6))


@pytest.mark.parametrize("log", [JAVA, PYTHON, SERVER, SYSLOG, LEVELS, BRACKETS])
def test_what_is_said_around_a_log_counts_more(log: str) -> None:
    text = f"When I print, I get this:\n\n{log}\nThe toner was changed yesterday."
    (reading,) = read_tickets([Ticket(ticket_id=1, description=text)], skills=["VPN", "Printers"], now=0.0)
    assert reading.urgency == 0.4 and next(iter(reading.skills)) == "Printers"


def test_a_log_alone_says_what_its_first_line_says() -> None:
    (reading,) = read_tickets([Ticket(ticket_id=1, description=SERVER)], skills=["VPN", "Printers"], now=0.0)
    assert reading.urgency == 1.0 and list(reading.skills) == ["VPN"]


def test_a_few_lines_are_a_remark() -> None:
    text = "It says\n2026-11-23 09:00:00 vpn outage\n2026-11-23 09:01:00 vpn up\nPlease look."
    body = read_fields("", text)[1]
    assert body.weights[body.words.index("vpn")] >= 1


def test_a_sentence_between_two_logs_counts() -> None:
    body = read_fields("", f"Look:\n{SERVER}But the printer is the matter, not this.\n{SERVER}")[1]
    assert body.weights[body.words.index("printer")] >= 1
    assert body.weights[body.words.index("outage")] < 0.3


def test_the_end_of_a_text_with_a_long_log_is_read() -> None:
    text = "See the log.\n" + SERVER * 400 + "\nThe printer on floor 2 burns, call the fire brigade!"
    (reading,) = read_tickets([Ticket(ticket_id=1, description=text)], skills=["VPN", "Printers"], now=0.0)
    assert reading.urgency == 1.0 and next(iter(reading.skills)) == "Printers"
    assert [e.about for e in reading.evidence if e.about == "length"] == []
