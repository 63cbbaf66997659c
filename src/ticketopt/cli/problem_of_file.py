"""What FILE and the options beside it say: a queue, a policy, a time, and the problem that they make."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ticketopt.intake.files import Queue
    from ticketopt.problem.problem import Problem
    from ticketopt.triage import Lexicon

__all__ = ["lexicon_of_file", "policy_of_file", "problem_of_file"]


def problem_of_file(
    file: str,
    agents: str | None,
    policy: str | None,
    capacity: str | None,
    now: str | None,
    lexicon: str | None,
) -> Problem:
    from ticketopt.planning.assign import problem_of
    from ticketopt.triage import read_tickets

    triage = partial(read_tickets, lexicon=lexicon_of_file(lexicon))
    queue = _queue(file, agents)
    moment: object = _number(now)
    if moment is None and queue.now is None and _is_timed(queue):
        moment = time.time()
    return problem_of(queue, policy=policy_of_file(policy, capacity), now=moment, triage=triage)


def _queue(file: str, agents: str | None) -> Queue:
    from ticketopt.intake.files import queue_of, read_queue
    from ticketopt.intake.strict_json import decode, parse_json

    if file == "-":
        return queue_of(parse_json(decode(sys.stdin.buffer.read(), "standard input")))
    return read_queue(file, agents=agents)


def _is_timed(queue: Queue) -> bool:
    """Whether the plan depends on the time of day, so that the newest ticket's time will not do."""
    return any(a.shift_end is not None for a in queue.agents) or any(t.due is not None for t in queue.tickets)


def lexicon_of_file(path: str | None) -> Lexicon | None:
    from ticketopt.triage import load_lexicon

    return None if path is None else load_lexicon(path)


def policy_of_file(path: str | None, capacity: str | None = None) -> Any:
    from ticketopt.intake.strict_json import decode, parse_json

    settings = {} if path is None else parse_json(decode(Path(path).read_bytes(), path))
    if capacity is not None and isinstance(settings, dict):
        settings["capacity"] = None if capacity == "off" else _number(capacity)
    return settings


def _number(text: str | None) -> int | float | str | None:
    if text is None:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
