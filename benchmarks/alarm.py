"""Fits what sounds like an alarm: `python -m benchmarks.alarm [FOLDER or NAME.json ...] [--write]`.

A logistic regression on the vectors of tickets (see `ticketopt.triage.alarm`), critical against the rest, on our
development sets and on `urgency_texts.csv`, with phrases of the lexicon as terse tickets that are calm. Each set and
each batch in turn is left out of the fit; the threshold is a percentile of what calm tickets score that were left out.
Printed is for each, as it was left out: critical tickets found by the rules alone and with the alarm, and tickets of
the top level that are neither high nor critical. The rules were written with these texts at hand, so on them they have
little left to find: what the alarm adds counts on sets that are named, which nothing is fitted on. `--write` puts
direction and threshold into the package.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import ticketopt
from benchmarks.labelled import LEVELS, SETS, gamma, read_sets
from ticketopt._types import Bool, Float, Int
from ticketopt.triage import level_of
from ticketopt.triage.alarm import SCALE, Alarm, alarm_rows
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.encoders.texts import made_up_tickets
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import Text, read_fields
from ticketopt.triage.urgency import UrgencyReader

__all__ = ["Group", "fitted", "groups", "left_out", "main"]

PRIOR = 1 / 6
"""Weight of the squares of the direction's entries, in log odds, beside the summed log likelihood."""
HIGH = 0.3
"""What a high ticket counts as one that is not critical: an alarm there is no great fault."""
CALM = 0.99
"""Of the calm tickets that were left out, so many lie below the threshold.

At 0.985 eight critical ones more are found and five false alarms more are raised, at 0.99 five and three.
"""
PHRASES, SEED = 600, 20


@dataclass(frozen=True, eq=False)
class Group:
    """Tickets that are left out together, and their levels (`calm` is low or medium)."""

    name: str
    queue: tuple[tuple[Text, ...], ...]
    levels: tuple[str, ...]

    @cached_property
    def rows(self) -> Float:
        """As the alarm sees them, shape (tickets, dimension)."""
        return alarm_rows(stream_of(self.queue), default_encoder()) / UNIT

    @property
    def is_critical(self) -> Bool:
        """Which tickets are."""
        return np.array([level == "critical" for level in self.levels], dtype=np.bool_)

    @property
    def is_calm(self) -> Bool:
        """Which tickets are neither critical nor high."""
        return np.array([level not in ("critical", "high") for level in self.levels], dtype=np.bool_)

    def read(self, alarm: Alarm | None) -> Int:
        """The levels that the rules read, with an alarm or without, 0 (low) to 3."""
        reader = _rules()
        stream = stream_of(self.queue)
        cues = iter(reader.cues(stream))
        is_heard = [False] * len(self.queue) if alarm is None else alarm.is_heard(stream).tolist()
        found = []
        for fields, heard in zip(self.queue, is_heard, strict=True):
            sounding = None if alarm is None or not heard else lambda a=alarm, f=fields: a.evidence(f)
            found.append(LEVELS.index(level_of(reader.read(fields, [next(cues) for _ in fields], sounding)[0])))
        return np.array(found, dtype=np.int64)


@lru_cache(maxsize=1)
def _rules() -> UrgencyReader:
    return UrgencyReader(default_lexicon())


def groups(folder: Path) -> list[Group]:
    """Our sets of a folder, and the batches of its `urgency_texts.csv`."""
    found = _sets([folder])
    with (folder / "urgency_texts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for batch in dict.fromkeys(row["batch"] for row in rows):
        own = [row for row in rows if row["batch"] == batch]
        texts = tuple(tuple(read_fields(row["title"], row["description"])) for row in own)
        found.append(Group(f"batch {batch}", texts, tuple(row["level"] for row in own)))
    return found


def _sets(paths: Sequence[Path]) -> list[Group]:
    return [
        Group(
            one.name,
            tuple(tuple(read_fields(ticket.title, ticket.description)) for ticket in one.queue.tickets),
            tuple(truth.urgency for truth in one.truths),
        )
        for one in read_sets(paths)
    ]


def phrases() -> Group:
    """Phrases of the lexicon, a few at a time."""
    texts = made_up_tickets(default_lexicon(), PHRASES, SEED)
    return Group("phrases", tuple(tuple(read_fields("", text)) for text in texts), ("calm",) * len(texts))


def fitted(parts: Sequence[tuple[Float, Bool, Float]]) -> Float:
    """The direction, and last the intercept, by maximum likelihood: of rows, whether each is critical, what it counts.

    Critical ones count as much as all others together.
    """
    rows, is_critical, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    signs = np.where(is_critical, 1.0, -1.0)
    weights = np.where(is_critical, counts[~is_critical].sum() / max(1.0, counts[is_critical].sum()), counts)

    def loss(free: Float) -> tuple[float, Float]:
        direction, margins = free[:-1], signs * (rows @ free[:-1] + free[-1])
        pulls = -signs * weights * np.exp(-np.logaddexp(0.0, margins))
        value = float(weights @ np.logaddexp(0.0, -margins)) + PRIOR * float(direction @ direction)
        return value, np.append(rows.T @ pulls + 2 * PRIOR * direction, pulls.sum())

    start = np.zeros(rows.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x)


def _part(group: Group) -> tuple[Float, Bool, Float]:
    return group.rows, group.is_critical, np.where(group.is_calm | group.is_critical, 1.0, HIGH)


def left_out(known: Sequence[Group], terse: Group) -> tuple[list[Float], float]:
    """The direction and intercept fitted without each group, and the threshold: `CALM` of what is calm lies below.

    Of the terse tickets each fit leaves out a part, too.
    """
    rows, is_critical, counts = _part(terse)
    place = np.arange(len(rows)) % len(known)
    fits, scores = [], []
    for k, group in enumerate(known):
        kept = (rows[place != k], is_critical[place != k], counts[place != k])
        free = fitted([*(_part(other) for other in known if other is not group), kept])
        fits.append(free)
        scores.append((group.rows @ free[:-1] + free[-1])[group.is_calm])
    return fits, float(np.quantile(np.concatenate(scores), CALM))


def alarm_of(free: Float, threshold: float, encoder: StaticEncoder) -> Alarm:
    """In whole numbers, the intercept taken off the threshold."""
    return Alarm(encoder, np.rint(free[:-1] * SCALE), float(np.rint((threshold - free[-1]) * SCALE)))


def line_of(group: Group, alarm: Alarm) -> list[int]:
    """Tickets, critical ones; then by the rules and with the alarm, in the top level: critical ones, calm ones, all."""
    tops = [group.read(given) == 3 for given in (None, alarm)]
    counted = [int((top & kind).sum()) for kind in (group.is_critical, group.is_calm, True) for top in tops]
    return [len(group.levels), int(group.is_critical.sum()), *counted]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; write the alarm."""
    parser = argparse.ArgumentParser(prog="benchmarks.alarm", description="Fits what sounds like an alarm.")
    parser.add_argument("sets", type=Path, nargs="*", help="folders, or NAME.json, that nothing is fitted on")
    parser.add_argument("--write", action="store_true", help="put the alarm into the package")
    options = parser.parse_args(arguments)
    encoder, known, terse = default_encoder(), groups(SETS / "development"), phrases()
    fits, threshold = left_out(known, terse)
    shipped = alarm_of(fitted([*map(_part, known), _part(terse)]), threshold, encoder)
    print(
        f"{'':14} tickets  critical  found: rules  +alarm  false alarms: rules  +alarm  of the top level: rules  +alarm"
    )
    rows = [line_of(group, alarm_of(free, threshold, encoder)) for group, free in zip(known, fits, strict=True)]
    for name, row in [*zip((group.name for group in known), rows, strict=True), ("left out, all", _sum(rows))]:
        print(_shown(name, row))
    for group in _sets(options.sets) if options.sets else []:
        print(_shown(group.name, line_of(group, shipped)), _gammas(group, shipped))
    if options.write:
        content = {"direction": shipped.direction.astype(int).tolist(), "threshold": int(shipped.threshold)}
        path = Path(ticketopt.__file__).parent / "data" / "alarm.json"
        path.write_text(json.dumps({"table": encoder.name, **content}) + "\n", "utf-8")


def _sum(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _shown(name: str, row: Sequence[int]) -> str:
    widths = (8, 10, 14, 8, 21, 8, 21, 8)
    return f"{name:14}" + "".join(f"{value:{width}}" for value, width in zip(row, widths, strict=True))


def _gammas(group: Group, alarm: Alarm) -> str:
    true = np.array([LEVELS.index(level) for level in group.levels], dtype=float)
    return "  gamma " + " -> ".join(f"{gamma(true, group.read(given).astype(float)):.3f}" for given in (None, alarm))


if __name__ == "__main__":
    main()
