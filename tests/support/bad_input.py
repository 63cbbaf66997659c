"""Kinds of bad input, as one table of JSON documents: for the library, the command line and the service alike.

Every document carries `PRIVATE` in its tickets' title and description; no answer may repeat it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

PRIVATE = "my salary slip, Jane Roe"


@dataclass(frozen=True)
class BadInput:
    """A document that must be refused.

    Attributes
    ----------
    document : the bytes of a JSON document in the shape `{"agents": [...], "tickets": [...]}`.
    path : how the path of one reported issue begins; empty where the document as a whole is meant.
    words : part of that issue's text.
    is_syntax : whether the fault is in the text itself, so that it is gone once a lenient parser has read it.
    """

    document: bytes
    path: str
    words: str
    is_syntax: bool = False


def _ticket(path: str, words: str, **fields: Any) -> BadInput:
    """A fault in the only ticket, T1, beside a sound agent."""
    ticket = {"ticket_id": "T1", "title": PRIVATE, "description": PRIVATE, **fields}
    return _document(f"tickets[0]{path}", words, tickets=[ticket])


def _agent(path: str, words: str, **fields: Any) -> BadInput:
    """A fault in the only agent, a1, beside a sound ticket."""
    return _document(f"agents[0]{path}", words, agents=[{"agent_id": "a1", "name": "Ana", **fields}])


def _document(path: str, words: str, **changes: Any) -> BadInput:
    data = {
        "agents": [{"agent_id": "a1", "name": "Ana", "skills": {"VPN": 5}}],
        "tickets": [{"ticket_id": "T1", "title": PRIVATE, "description": PRIVATE}],
        **changes,
    }
    return BadInput(json.dumps(data).encode(), path, words)


def _raw(path: str, words: str, ticket: str = "", agent: str = "", *, is_syntax: bool = False) -> BadInput:
    """The same with a piece of JSON text that `json.dumps` would not write."""
    document = (
        f'{{"agents": [{{"agent_id": "a1"{agent}}}], '
        f'"tickets": [{{"ticket_id": "T1", "title": "{PRIVATE}", "description": "{PRIVATE}"{ticket}}}]}}'
    )
    return BadInput(document.encode(), path, words, is_syntax)


def _text(document: bytes, words: str) -> BadInput:
    return BadInput(document, "", words, is_syntax=True)


BAD_INPUT: dict[str, BadInput] = {
    # the text is not a JSON document
    "empty document": _text(b"", "not JSON"),
    "only spaces": _text(b" \n\t", "not JSON"),
    "not JSON at all": _text(b"ticket_id,title", "not JSON"),
    "cut off": _text(b'{"agents": [], "tickets": [', "not JSON"),
    "trailing comma": _text(b'{"agents": [], "tickets": [],}', "not JSON"),
    "single quotes": _text(b"{'agents': [], 'tickets': []}", "not JSON"),
    "two documents": _text(b'{"agents": [], "tickets": []} {}', "not JSON"),
    "a control character in a text": _text(b'{"agents": [], "tickets": [], "x": "a\x01b"}', "not JSON"),
    "not UTF-8": _text(b'{"agents": [], "tickets": [{"ticket_id": "caf\xe9"}]}', "not UTF-8"),
    "UTF-16": _text('{"agents": [], "tickets": []}'.encode("utf-16"), "not UTF-8"),
    "NaN": _raw("", "holds NaN, which is not JSON", ', "urgency": NaN', is_syntax=True),
    "Infinity": _raw("", "holds Infinity", ', "urgency": Infinity', is_syntax=True),
    "-Infinity": _raw("", "holds -Infinity", ', "effort": -Infinity', is_syntax=True),
    "a key twice in a ticket": _raw("", "the key 'urgency' twice", ', "urgency": 0.1, "urgency": 0.9', is_syntax=True),
    "a key twice at the top": _text(b'{"agents": [], "tickets": [], "agents": []}', "the key 'agents' twice"),
    "a skill twice": _raw("", "the key 'VPN' twice", agent=', "skills": {"VPN": 1, "VPN": 2}', is_syntax=True),
    "a number of 5,000 digits": _raw("", "too many digits", f', "effort": {"9" * 5000}', is_syntax=True),
    "nested too deeply": _text(b'{"agents": [], "tickets": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "too deep"),
    # the document has the wrong shape
    "a list at the top": BadInput(b"[]", "", "the input is a list"),
    "a text at the top": BadInput(b'"hello"', "", "the input is a text"),
    "null at the top": BadInput(b"null", "", "the input is null"),
    "a number at the top": BadInput(b"12", "", "the input is a number"),
    "no agents key": BadInput(b'{"tickets": []}', "agents", "is missing"),
    "no tickets key": BadInput(b'{"agents": []}', "tickets", "is missing"),
    "an empty object": BadInput(b"{}", "tickets", "is missing"),
    "tickets is an object": _document("tickets", "is an object, not a list", tickets={"T1": {}}),
    "tickets is a text": _document("tickets", "is a text, not a list", tickets="T1"),
    "agents is a number": _document("agents", "is a number, not a list", agents=3),
    "a ticket is a text": _document("tickets[0]", "is a text, not an object", tickets=["T1"]),
    "a ticket is null": _document("tickets[1]", "is null, not an object", tickets=[{"ticket_id": 1}, None]),
    "an agent is a list": _document("agents[0]", "is a list, not an object", agents=[[]]),
    "now is no time": _document("now", "is not a time", now="this morning"),
    # ids
    "a ticket without id": _document("tickets[0].ticket_id", "is missing", tickets=[{"title": PRIVATE}]),
    "an agent without id": _document("agents[0].agent_id", "is missing", agents=[{"name": "Ana"}]),
    "a null id": _ticket(".ticket_id", "is missing", ticket_id=None),
    "an empty id": _ticket(".ticket_id", "is empty", ticket_id="  "),
    "a boolean id": _ticket(".ticket_id", "is a boolean", ticket_id=True),
    "a fractional id": _ticket(".ticket_id", "is 1.5, not an id", ticket_id=1.5),
    "a list as id": _agent(".agent_id", "is a list", agent_id=["a1"]),
    "an infinite id": _raw("tickets[0].customer", "not an id", ', "customer": 1e400'),
    "an id of 300 digits": _ticket(".customer", "not an id", customer=10**300),
    "an id of 201 letters": _agent(".agent_id", "is 201 characters long", agent_id="x" * 201),
    "a line break in an id": _agent(".agent_id", "control characters", agent_id="a\nb"),
    "a zero byte in an id": _agent(".agent_id", "control characters", agent_id="a\0b"),
    "half a surrogate pair in an id": _agent(".agent_id", "surrogate", agent_id="\ud800"),
    "the same ticket twice": _document("tickets[1].ticket_id", "like tickets[0]", tickets=[{"ticket_id": "T"}] * 2),
    "the same agent twice": _document(
        "agents[2].agent_id", "like agents[0]", agents=[{"agent_id": 1}, {"agent_id": 2}, {"agent_id": 1}]
    ),
    "the same id as number and text": _document(
        "tickets[1].ticket_id", "is '1', like tickets[0]", tickets=[{"ticket_id": 1}, {"ticket_id": "1"}]
    ),
    # texts
    "title is a number": _ticket(".title", "is a number, not a text", title=5),
    "description is a list": _ticket(".description", "is a list, not a text", description=[PRIVATE]),
    "title holds half a surrogate pair": _ticket(".title", "surrogate", title=PRIVATE + "\udfff"),
    "name is an object": _agent(".name", "is an object, not a text", name={"first": "Ana"}),
    "team is a boolean": _agent(".team", "is a boolean, not a text", team=False),
    # numbers
    "urgency above 1": _ticket(".urgency", "is 1.01; give a number from 0 to 1", urgency=1.01),
    "urgency below 0": _ticket(".urgency", "is -0.1", urgency=-0.1),
    "urgency as text": _ticket(".urgency", "is a text, not a number", urgency="0.5"),
    "urgency as boolean": _ticket(".urgency", "is a boolean, not a number", urgency=True),
    "urgency of 1e400": _raw("tickets[0].urgency", "is inf", ', "urgency": 1e400'),
    "effort 0": _ticket(".effort", "is 0; give a whole number from 1", effort=0),
    "effort of half a unit": _ticket(".effort", "is 0.5", effort=0.5),
    "effort and a half": _ticket(".effort", "is 1.5", effort=1.5),
    "effort of 1e400": _raw("tickets[0].effort", "is inf", ', "effort": 1e400'),
    "effort of 400 digits": _ticket(".effort", "give a whole number", effort=10**400),
    "a negative load": _agent(".current_load", "is -1", current_load=-1),
    "a fractional load": _agent(".current_load", "is 2.5", current_load=2.5),
    "a load as text": _agent(".current_load", "is a text, not a number", current_load="3"),
    "a load beyond a million": _agent(".current_load", "is 1000001", current_load=1_000_001),
    "a negative capacity": _agent(".capacity", "is -5", capacity=-5),
    "a boolean capacity": _agent(".capacity", "is a boolean", capacity=True),
    "negative experience": _agent(".experience_level", "is -1", experience_level=-1),
    # skills
    "a skill level of 11": _agent(".skills['VPN']", "is 11; give a number from 0 to 10", skills={"VPN": 11}),
    "a negative skill level": _agent(".skills['VPN']", "is -1", skills={"VPN": -1}),
    "a skill level as text": _agent(".skills['VPN']", "is a text, not a number", skills={"VPN": "high"}),
    "a null skill level": _agent(".skills['VPN']", "is null, not a number", skills={"VPN": None}),
    "skills as a list": _agent(".skills", "is a list, not an object", skills=["VPN"]),
    "skills as a text": _agent(".skills", "is a text, not an object", skills="VPN:5"),
    "an empty skill name": _agent(".skills['']", "is empty", skills={"": 5}),
    "the same skill in two spellings": _agent(
        ".skills['cloud aws']", "is the same name as 'Cloud_AWS'", skills={"Cloud_AWS": 5, "cloud aws": 6}
    ),
    "the same skill but for a space": _agent(".skills['VPN ']", "is the same name", skills={"VPN": 5, "VPN ": 6}),
    "a required level of 12": _ticket(".requires['VPN']", "is 12", requires={"VPN": 12}),
    "requires as a list": _ticket(".requires", "is a list, not an object", requires=["VPN"]),
    "a negative importance": _ticket(".skills['VPN']", "is -1", skills={"VPN": -1}),
    "an infinite importance": _raw("tickets[0].skills['VPN']", "is inf", ', "skills": {"VPN": 1e999}'),
    # words of a closed list
    "an unknown status": _agent(".availability_status", "did you mean 'available'", availability_status="availabel"),
    "a status of another kind": _agent(
        ".availability_status", "use one of: available, online", availability_status="xyzzy"
    ),
    "a status as boolean": _agent(".availability_status", "is a boolean, not a text", availability_status=True),
    "an unknown priority": _ticket(".priority", "use one of: low, medium, high, critical", priority="P7-ish"),
    "a priority as number": _ticket(".priority", "is a number, not a text", priority=1),
    # times
    "a time in words": _ticket(".creation_timestamp", "is not a time", creation_timestamp="yesterday"),
    "a negative time": _ticket(".creation_timestamp", "not a time from 1970", creation_timestamp=-1),
    "a time of 1e400": _raw("tickets[0].due", "not a time from 1970 to 9999", ', "due": 1e400'),
    "a time in nanoseconds": _ticket(".due", "not a time from 1970 to 9999", due=1_700_000_000 * 10**9),
    "a time as boolean": _ticket(".due", "is a boolean, not a time", due=True),
    "a month 13": _agent(".shift_end", "is not a time", shift_end="2026-13-01T00:00:00Z"),
    "a time as list": _agent(".shift_end", "is a list, not a time", shift_end=[2026, 1, 31]),
    # lists and names
    "excluded agents as text": _ticket(".excluded_agents", "is a text, not a list", excluded_agents="a1"),
    "an excluded agent is null": _ticket(".excluded_agents[0]", "is null", excluded_agents=[None]),
    "languages as an object": _agent(".languages", "is an object, not a list", languages={"en": True}),
    "a language is a number": _agent(".languages[1]", "is a number, not a text", languages=["en", 7]),
    "pinned to a stranger": _ticket(".pinned_agent", "'a2' is not in the team; use one of: a1", pinned_agent="a2"),
    "pinned to the excluded": _ticket(
        ".excluded_agents", "holds the pinned agent 'a1'", pinned_agent="a1", excluded_agents=["a1"]
    ),
    "pinned while nobody is there": _document(
        "tickets[0].pinned_agent",
        "'a1' is not in the team",
        agents=[],
        tickets=[{"ticket_id": 1, "pinned_agent": "a1"}],
    ),
}


def _good(ticket: dict[str, Any], agent: dict[str, Any]) -> bytes:
    return json.dumps({"agents": [{"agent_id": "a1", **agent}], "tickets": [{"ticket_id": "T1", **ticket}]}).encode()


ODD_BUT_GOOD: dict[str, bytes] = {
    "nobody and nothing": b'{"agents": [], "tickets": []}',
    "null lists": b'{"agents": null, "tickets": null}',
    "a byte-order mark": b'\xef\xbb\xbf{"agents": [], "tickets": [{"ticket_id": 1}]}',
    "10 MB of text": _good({"description": "the printer on floor 3 is jammed again " * 250_000}, {}),
    "ids of 60 digits": _good({"ticket_id": 10**60 + 1}, {"agent_id": 10**60}),
    "whole numbers written as 2.0": _good({"effort": 2.0}, {"agent_id": 1.0, "current_load": 2.0}),
    "an emoji as surrogate pair": _good({"title": "\U0001f600"}, {}),
    "an emoji as UTF-8": b'{"agents": [], "tickets": [{"ticket_id": 1, "title": "\xf0\x9f\x98\x80"}]}',
    "a zero byte in a description": _good({"description": "a\0b"}, {}),
    "a load above the capacity": _good({}, {"current_load": 9, "capacity": 2}),
}
"""Documents that look wrong and must be accepted."""

READ_FROM_FILES = {"skills as a list", "skills as a text", "UTF-16"}
"""Bad over HTTP; a file may have lists without levels, cells of a table, and a byte order mark."""
