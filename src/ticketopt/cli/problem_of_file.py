"""What FILE and the options beside it say: a queue, a policy, a time, and the problem that they make."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ticketopt.intake.files import Queue
    from ticketopt.problem.problem import Problem
    from ticketopt.problem.reading import Triage
    from ticketopt.triage import Lexicon, Reader

__all__ = ["columns_of", "lexicon_of_file", "policy_of_file", "problem_of_file", "reader_of", "taught", "zone_of"]


def problem_of_file(
    file: str,
    agents: str | None,
    policy: str | None,
    capacity: str | None,
    now: str | None,
    triage: Triage,
    reading: Mapping[str, Any] | None = None,
) -> tuple[Problem, Queue]:
    """The problem, and the queue as it was read; `triage` reads texts, `reading` are options of `READING`."""
    from ticketopt.planning.assign import problem_of

    queue = _queue(file, agents, **(reading or {}))
    moment = _number(now)
    if moment is None and queue.now is None and queue.is_timed:
        moment = time.time()
    return problem_of(queue, policy=policy_of_file(policy, capacity), now=moment, triage=triage), queue


def _queue(
    file: str,
    agents: str | None,
    *,
    helpdesk: str | None = None,
    columns: Sequence[str] = (),
    zone: str | None = None,
    day_first: bool | None = None,
    levels: float | None = None,
    skip_invalid: bool = False,
) -> Queue:
    from ticketopt.intake.files import queue_of, read_queue
    from ticketopt.intake.strict_json import decode, parse_json

    if file == "-":
        return queue_of(parse_json(decode(sys.stdin.buffer.read(), "standard input")))
    queue = read_queue(
        file,
        agents=agents,
        helpdesk=helpdesk,
        columns=columns_of(columns),
        zone=zone_of(zone),
        day_first=day_first,
        levels=levels,
        skip_invalid=skip_invalid,
    )
    if queue.skipped:
        rows = [{"place": s.place, "row": s.row, "issues": [str(issue) for issue in s.issues]} for s in queue.skipped]
        path = Path(f"{file}.skipped.json")
        path.write_text(json.dumps(rows, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
        sys.stderr.write(f"{len(rows)} rows were skipped; see {path}\n")
    return queue


def columns_of(options: Sequence[str], known: Iterable[str] = ()) -> dict[str, str]:
    """`HEADING=FIELD`, or a TOML file with lines of `"HEADING" = "FIELD"`, to field -> heading.

    `known` are the fields that there are; none: those of tickets and agents.
    """
    import tomllib

    from ticketopt.errors import InvalidInputError
    from ticketopt.intake.helpdesks.base import BESIDE, BESIDE_AGENT
    from ticketopt.intake.helpdesks.plain import PLAIN
    from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS
    from ticketopt.problem.report import Report, choices, shown

    known = dict.fromkeys(
        known or (*TICKET_FIELDS, *AGENT_FIELDS, *PLAIN.tickets, *PLAIN.agents, *BESIDE, *BESIDE_AGENT)
    )
    report = Report()
    columns: dict[str, str] = {}
    for option in options:
        pairs: dict[str, Any] = {}
        if "=" in option:
            heading, _, field = option.rpartition("=")
            pairs[heading.strip()] = field.strip()
        else:
            try:
                pairs = tomllib.loads(Path(option).read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                report.error(option, f"is not TOML ({error})", 'write lines such as "Subject" = "title"')
        for heading, field in pairs.items():
            if field not in known:
                report.error("map", f"{shown(field)} is no field", choices(str(field), known))
            columns[str(field)] = heading
    if report.issues:
        raise InvalidInputError(report.issues)
    return columns


def zone_of(name: str | None) -> tzinfo:
    """The zone of times that state none: UTC where nobody says which."""
    if name is None:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from ticketopt.errors import InvalidInputError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInputError.single("zone", f"{name!r} is not known", "write it such as Europe/Berlin") from None


def reader_of(lexicon: str | None, encoder: str | None) -> Reader:
    """What reads texts, by the file of a lexicon and the place of an encoder."""
    from ticketopt.triage import Reader, load_encoder

    return Reader(lexicon=lexicon_of_file(lexicon), encoder=None if encoder is None else load_encoder(encoder))


def taught(reader: Reader, texts: str | None) -> Triage:
    """A reader, with what past texts taught it where there is a file of that."""
    if texts is None:
        return reader
    from ticketopt.history.skill_matcher import SkillMatcher

    return SkillMatcher.load(texts, reader=reader)


def lexicon_of_file(path: str | None) -> Lexicon | None:
    from ticketopt.triage import load_lexicon

    return None if path is None else load_lexicon(path)


def policy_of_file(path: str | None, capacity: str | None = None) -> Any:
    """The settings of a preset, or those that a TOML or JSON file holds, and a capacity that was said beside it."""
    settings = {} if path is None else _settings(path)
    if capacity is not None and isinstance(settings, dict):
        settings["capacity"] = None if capacity == "off" else _number(capacity)
    return settings


def _settings(path: str) -> Any:
    import tomllib

    from ticketopt.errors import InvalidInputError
    from ticketopt.intake.strict_json import decode, parse_json
    from ticketopt.problem.fields import spelled
    from ticketopt.problem.presets import PRESETS, preset_settings

    is_goal = spelled(path) in map(spelled, PRESETS)
    if is_goal or not (Path(path).suffix or Path(path).exists()):
        return preset_settings(path)
    text = decode(Path(path).read_bytes(), path)
    if Path(path).suffix.lower() != ".toml":
        return parse_json(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError.single(
            path, f"is not TOML ({error})", "ticketopt init writes one to begin with"
        ) from None


def _number(text: str | None) -> int | float | str | None:
    if text is None:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
