"""Lexicons as files: ours, and users' own.

A lexicon is a JSON object:

    {"concepts": {"printing": {
         "names":   ["printer", "print fleet"],      names that skills go by (and tickets use)
         "sure":    ["paper jam", "toner"],          one of these nearly settles it
         "words":   ["tray", "duplex"],              speaks for it
         "hints":   ["paper", "page"],               faint; counts together with others
         "broader": ["hardware"]}},                  a holder of that skill would do, if nobody knows this one
     "generic":  ["support", "management"],          words of skill names that say nothing
     "contrast": {"fine": [...], "not_it": [...], "tried": [...], "aside": [...]},
     "urgency":  {"groups": {"people": ["nurse", "driver"]},   `@people` in a phrase is any of them
                  "stated": {"critical": [...], "high": [...], "medium": [...], "low": [...]},
                  "signs": {"safety": {"points": 3, "phrases": [...]}},
                  "ignore": ["critical illness"]}}

Every part may be left out. How phrases are written is explained in `ticketopt.triage.phrases`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, reduce
from os import PathLike
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem import fields as f
from ticketopt.problem.records import PRIORITY_URGENCY
from ticketopt.triage import compiled
from ticketopt.triage.lexicon import TIERS, Concept, Lexicon, Sign
from ticketopt.triage.phrases import phrase_tokens

OWN_BOOST = 2.0
"""How much more the entries of a user's own lexicon count."""

MAX_PHRASE = 500
"""Characters of the longest phrase, with all its alternatives."""

_GROUP = re.compile(r"@(\w+)")

CONTRAST = ("fine", "not_it", "tried", "aside")


def load_lexicon(
    source: str | PathLike[str] | Mapping[str, Any], *, extend: bool = True, boost: float = OWN_BOOST
) -> Lexicon:
    """Read a lexicon from a JSON file or a mapping.

    Parameters
    ----------
    source : path of a JSON file, or its content.
    extend : add it to ours (the default), or use it alone.
    boost : how much more its concepts count than ours.

    Raises
    ------
    InvalidInputError
        With every issue, its path and the repair.

    Examples
    --------
    >>> import ticketopt
    >>> own = ticketopt.load_lexicon({"concepts": {"falcon": {"names": ["falcon"], "sure": ["pick list"]}}})
    >>> tickets = [{"ticket_id": 1, "title": "No pick list at dock 3"}]
    >>> agents = [{"agent_id": "ada", "skills": {"Falcon": 8}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> ticketopt.assign(tickets, agents, triage=ticketopt.Reader(lexicon=own)).assigned
    {1: 'ada'}
    """
    data = source if isinstance(source, Mapping) else _read_json(Path(source))
    report = f.Report()
    own = _read_lexicon(data, boost, report)
    if report.issues:
        raise InvalidInputError(issue.below("lexicon") for issue in report.issues)
    return default_lexicon().extended(own) if extend else own


@cache
def default_lexicon() -> Lexicon:
    """Our own lexicon, shipped with the package."""
    return compiled.load() or lexicon_of_sources()


def lexicon_of_sources() -> Lexicon:
    """Our own lexicon from the files of `TRADES`, one after another.

    They are checked when the package is tested, not in every process: that would take longer than reading a queue.
    """
    trades = [_lexicon_of(_plain(json.loads(text)), 1.0, f.Report()) for text in compiled.sources()]
    whole = reduce(Lexicon.extended, trades, Lexicon())
    return replace(whole, concepts=tuple(whole.concepts), parts=())


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `_LEXICON_FIELDS` make of data that are right."""
    urgency = data.get("urgency", {})
    concepts = {
        name: {kind: tuple(part) if kind == "broader" else _apart(part) for kind, part in parts.items()}
        for name, parts in data.get("concepts", {}).items()
    }
    signs = {
        name: {key: _SIGN_FIELDS[key](value, key, f.Report()) for key, value in sign.items()}
        for name, sign in urgency.get("signs", {}).items()
    }
    groups, stated = ({name: _apart(p) for name, p in urgency.get(key, {}).items()} for key in ("groups", "stated"))
    return {
        "concepts": concepts,
        "generic": tuple(data.get("generic", ())),
        "contrast": {name: _apart(phrases) for name, phrases in data.get("contrast", {}).items()},
        "urgency": {"groups": groups, "stated": stated, "signs": signs, "ignore": _apart(urgency.get("ignore", ()))},
    }


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InvalidInputError.single(
            "lexicon", f"cannot be read ({error.strerror})", "give a readable file"
        ) from None
    except UnicodeDecodeError:
        raise InvalidInputError.single("lexicon", "is not UTF-8 text", "save it as UTF-8") from None
    except RecursionError:
        raise InvalidInputError.single("lexicon", "is nested too deeply", "see ticketopt.triage.lexicon_file") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInputError.single("lexicon", f"is not JSON ({where}: {error.msg})", "repair it there") from None


@f.reader({"type": "string"}, "text")
def _phrase(value: Any, path: str, report: f.Report) -> str:
    clean: str = f.text(value, path, report).strip()
    if not isinstance(value, str):
        return ""
    if len(clean) > MAX_PHRASE:
        report.error(path, f"is {len(clean)} characters long", f"shorten it to {MAX_PHRASE}")
        return ""
    empty = [a for part in clean.split("~") for a in part.split("|") if not phrase_tokens(a)]
    if empty:
        report.error(path, f"{f.shown(clean)} has a part without a word", "write words, such as 'paper jam'")
    elif any(token == "*" or token.startswith("*") or (len(token) == 2 and token[1] == "*") for token in clean.split()):
        report.error(path, f"{f.shown(clean)} matches nearly every word", "write at least two letters before '*'")
    return clean


_read_phrases = f.tuple_of(_phrase)


@f.reader({"type": "array", "items": {"type": "string"}}, "list")
def _phrases(value: Any, path: str, report: f.Report) -> tuple[str, ...]:
    """Phrases; `a|b` without `~` is two of them."""
    return _apart(_read_phrases(value, path, report))


def _apart(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a.strip() for p in phrases for a in ([p] if "~" in p else p.split("|"))))


_CONCEPT_FIELDS: dict[str, f.Reader] = {**dict.fromkeys(TIERS, _phrases), "broader": f.tuple_of(f.name)}
_SIGN_FIELDS: dict[str, f.Reader] = {
    "points": f.number(-10, 10),
    "phrases": _phrases,
    "at_least": f.one_of({level: level for level in PRIORITY_URGENCY}),
    "counts_people": f.one_of({"yes": True, "no": False}),
    "severe": f.one_of({"yes": True, "no": False}),
    "calms": f.tuple_of(f.name),
}


def _object(readers: Mapping[str, f.Reader]) -> f.Reader:
    """An object with known keys, all of which may be left out."""

    @f.reader({"type": "object", "properties": {name: item.given for name, item in readers.items()}})
    def read(value: Any, path: str, report: f.Report) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            report.error(path, f"is {f.kind(value)}, not an object", f"use the keys {', '.join(readers)}")
            return {}
        for key in value:
            if key not in readers:
                where = f"{path}.{f.shown(key)}" if path else f.shown(key)
                report.error(where, "is not known here", f.choices(str(key), readers))
        return f.clean_record(readers, {key: value[key] for key in value if key in readers}, path, report)

    return read


_LEXICON_FIELDS: dict[str, f.Reader] = {
    "concepts": f.mapping_of(f.name, _object(_CONCEPT_FIELDS)),
    "generic": f.tuple_of(f.name),
    "contrast": _object(dict.fromkeys(CONTRAST, _phrases)),
    "urgency": _object(
        {
            "groups": f.mapping_of(f.name, _phrases),
            "stated": _object(dict.fromkeys(PRIORITY_URGENCY, _phrases)),
            "signs": f.mapping_of(f.name, _object(_SIGN_FIELDS)),
            "ignore": _phrases,
        }
    ),
}


def _expanded(
    sign: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]], path: str, report: f.Report
) -> tuple[str, ...]:
    """The sign's phrases with `@group` replaced by the alternatives of that group."""

    def alternatives(match: re.Match[str]) -> str:
        if match[1] not in groups:
            report.error(f"{path}.phrases", f"{f.shown(match[0])} is not a group", f.choices(match[1], groups))
            return match[1]
        return "|".join(groups[match[1]])

    return tuple(_GROUP.sub(alternatives, phrase) for phrase in sign.get("phrases", ()))


def _read_lexicon(data: Any, boost: float, report: f.Report) -> Lexicon:
    return _lexicon_of(_object(_LEXICON_FIELDS)(data, "", report), boost, report)


def _lexicon_of(clean: Mapping[str, Any], boost: float, report: f.Report) -> Lexicon:
    urgency = clean.get("urgency", {})
    groups = urgency.get("groups", {})
    signs = {
        name: {**sign, "phrases": _expanded(sign, groups, f"urgency.signs.{name}", report)}
        for name, sign in urgency.get("signs", {}).items()
    }
    return Lexicon(
        concepts=tuple(Concept(name, **parts, boost=boost) for name, parts in clean.get("concepts", {}).items()),
        generic=clean.get("generic", ()),
        contrast=clean.get("contrast", {}),
        stated=urgency.get("stated", {}),
        signs=tuple(Sign(name, **sign) for name, sign in signs.items()),
        ignore=urgency.get("ignore", ()),
    )
