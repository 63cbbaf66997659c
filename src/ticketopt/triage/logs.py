"""Logs and stack traces in a text: lines that programs wrote, of which the first says as much as all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ticketopt.triage.quotes import Line
from ticketopt.triage.signatures import is_prose

LEAST_RUN = 4
"""Fewer lines of a log are a remark and count like any others."""
KEPT = 20
"""Lines at the beginning and at the end of a run that are read where a text is too long to be read whole."""

_LOGGED = re.compile(
    r"\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d?[/.]\d\d?[/.]\d{2,4},? \d\d?:\d\d|\[\d[\d:., ]+\]|\d\d:\d\d:\d\d"
    r"|[A-Z][a-z]{2}\s{1,2}\d{1,2} \d\d:\d\d:\d\d |at [\w$.<>]+\(|at \S+ \(\S+:\d+|File \"[^\"]+\", line \d+"
    r"|\.\.\. \d+ more|Caused by: |Traceback \(most recent|\[?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE|CRITICAL)\]?"
    r"(?:\s|:)|#\d+ +0x|0x[0-9a-fA-F]{6,}|\w+(?:\.\w+)+(?:Exception|Error)\b|<\d+>)"
)


def log_runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of lines (first, last excluded) that programs wrote; other lines between two of these belong to the run."""
    runs: list[tuple[int, int]] = []
    logged = [k for k, line in enumerate(lines) if _LOGGED.match(line.words)]
    first = count = 0
    for position, k in enumerate(logged):
        if position == 0 or not _continues(lines, logged[position - 1], k):
            first, count = k, 0
        count += 1
        if count >= LEAST_RUN:
            if count > LEAST_RUN:
                runs.pop()
            runs.append((first, k + 1))
    return runs


def _continues(lines: Sequence[Line], before: int, k: int) -> bool:
    """Whether a line of a log goes on with the one before: at most one line of something else is between them."""
    between = lines[before + 1 : k]
    return len(between) <= 1 and not any(is_prose(line.words) for line in between)


def shortened(text: str, lines: Sequence[Line]) -> str:
    """The text without the middle of its long logs."""
    pieces = []
    start = 0
    for first, last in log_runs(lines):
        if last - first > 2 * KEPT:
            pieces.append(text[start : lines[first + KEPT].start])
            start = lines[last - KEPT].start
    return "".join([*pieces, text[start:]])
