"""Fits what sounds like an alarm: `python -m benchmarks.alarm [FOLDER or NAME.json ...] [--write]`.

A logistic regression on the vectors and the words of tickets (see `ticketopt.triage.alarm`), critical against the rest,
on our development sets and on `urgency_texts.csv`, with phrases of the lexicon as terse tickets that are calm. Each set
and each batch in turn is left out of the fit; the threshold is a percentile of what calm tickets score that were left
out. Printed is for each, as it was left out: critical tickets found by the rules alone and with the alarm, and tickets
of the top level that are neither high nor critical. The rules were written with many of these texts at hand, so on
those they have little left to find: what the alarm adds counts on sets that are named, which nothing is fitted on.
`--write` puts the alarm into the package.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import ticketopt
from benchmarks.labelled import LEVELS, SETS, gamma, read_sets
from ticketopt._types import Bool, Float, Int
from ticketopt.triage import level_of
from ticketopt.triage.alarm import MORE_WORDS, SCALE, Alarm, NewWords, new_words
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.encoders.texts import made_up_tickets
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import CLAUSE_WORDS, Text, read_fields
from ticketopt.triage.urgency import UrgencyReader

__all__ = ["Fit", "Group", "fitted", "groups", "left_out", "likeliest", "main"]

PRIOR = 0.5
"""Weight of the squares of the direction's entries, in log odds, beside the summed log likelihood."""
OF_WORDS = 3.0
"""How much easier words by themselves are given a weight than directions are: their entries are multiplied by it."""
FEWEST_TEXTS, FEWEST_LETTERS = 3, 3
"""Words that fewer texts have by which the alarm is fitted, and shorter ones, say nothing by themselves.

`he`, `is` and `and` would tell a story of an accident from an order in most of these texts, and in others nothing.
"""
TERSE = 0.3
"""What a phrase of the lexicon counts."""
HIGH = 0.3
"""What a high ticket counts as one that is not critical: an alarm there is no great fault."""
CALM = 0.975
"""Of the calm tickets that were left out, so many lie below the threshold.

With the rules, .68 of the critical texts of batches `a` to `o` and of the four sets written with them are found, which
no rule was written for; 9 % of their top level are calm, 11 % of that of our eight sets.
"""
PHRASES, SEED = 600, 20


@dataclass(frozen=True, eq=False)
class Group:
    """Tickets that are left out together, their levels (`calm` is low or medium), and what each counts in a fit."""

    name: str
    queue: tuple[tuple[Text, ...], ...]
    levels: tuple[str, ...]
    weight: float = 1.0

    @cached_property
    def new(self) -> NewWords:
        """As the alarm sees them."""
        return new_words(stream_of(self.queue), default_encoder())

    def entries(self, words: Sequence[str]) -> Float:
        """What is weighed, shape (tickets, dimension + words)."""
        new, columns = self.new, {word: k for k, word in enumerate(words)}
        places = np.array([columns.get(one, len(words)) for one in new.stems], dtype=np.int64)[new.ids]
        lengths = np.diff(new.starts)
        said = np.zeros((len(self.queue), len(words) + 1))
        np.add.at(said, (np.repeat(np.arange(len(lengths)), lengths), places), 1.0)
        return np.hstack([new.rows / UNIT, said[:, :-1] * (OF_WORDS / np.sqrt(lengths + MORE_WORDS))[:, None]])

    @cached_property
    def words(self) -> Counter[str]:
        """In how many texts each word is."""
        stems, starts = self.new.stems, self.new.starts.tolist()
        texts = [{stems[k] for k in self.new.ids[a:b].tolist()} for a, b in pairwise(starts)]
        return Counter(word for text in texts for word in text)

    @property
    def counts(self) -> Float:
        """What each ticket counts as one that is not critical."""
        return self.weight * np.where(self.is_calm | self.is_critical, 1.0, HIGH)

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


def phrases(n_parts: int) -> list[Group]:
    """Phrases of the lexicon, a few at a time, in some parts."""
    texts = made_up_tickets(default_lexicon(), PHRASES, SEED)
    queue = tuple(tuple(read_fields("", text)) for text in texts)
    parts = [queue[k::n_parts] for k in range(n_parts)]
    return [Group("phrases", part, ("calm",) * len(part), TERSE) for part in parts]


@dataclass(frozen=True, eq=False)
class Fit:
    """Of some groups: the words that say something by themselves; direction, what these say, and last the intercept."""

    words: Sequence[str]
    free: Float

    def scores(self, group: Group) -> Float:
        """Log odds that tickets are critical."""
        return np.asarray(group.entries(self.words) @ self.free[:-1] + self.free[-1])

    def alarm(self, threshold: float, encoder: StaticEncoder) -> Alarm:
        """In whole numbers, the intercept taken off the threshold."""
        direction = np.rint(self.free[: encoder.dimension] * SCALE)
        said = np.rint(self.free[encoder.dimension : -1] * OF_WORDS * SCALE).astype(int).tolist()
        words = {word: value for word, value in zip(self.words, said, strict=True) if value}
        return Alarm(encoder, direction, float(np.rint((threshold - self.free[-1]) * SCALE)), words)


def fitted(known: Sequence[Group], terse: Sequence[Group]) -> Fit:
    """On all of them; words are those of the known ones."""
    seen = sum((group.words for group in known), Counter[str]())
    words = sorted(word for word, n in seen.items() if n >= FEWEST_TEXTS and _may_say_something(word))
    parts = [*known, *terse]
    rows = np.concatenate([group.entries(words) for group in parts])
    is_critical = np.concatenate([group.is_critical for group in parts])
    return Fit(words, likeliest(rows, is_critical, np.concatenate([group.counts for group in parts])))


def likeliest(rows: Float, is_critical: Bool, counts: Float) -> Float:
    """What each entry of the rows says, and last the intercept, by maximum likelihood.

    Critical tickets count as much as all others together.
    """
    signs = np.where(is_critical, 1.0, -1.0)
    weights = np.where(is_critical, counts[~is_critical].sum() / max(1, int(is_critical.sum())), counts)

    def loss(free: Float) -> tuple[float, Float]:
        direction, margins = free[:-1], signs * (rows @ free[:-1] + free[-1])
        pulls = -signs * weights * np.exp(-np.logaddexp(0.0, margins))
        value = float(weights @ np.logaddexp(0.0, -margins)) + PRIOR * float(direction @ direction)
        return value, np.append(rows.T @ pulls + 2 * PRIOR * direction, pulls.sum())

    start = np.zeros(rows.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x)


def _may_say_something(word: str) -> bool:
    return len(word) >= FEWEST_LETTERS and word not in CLAUSE_WORDS


def left_out(known: Sequence[Group], terse: Sequence[Group]) -> tuple[list[Fit], float]:
    """The fit without each group, and the threshold: `CALM` of what is calm lies below.

    Of the terse tickets each fit leaves out a part, too.
    """
    fits = [
        fitted([*known[:k], *known[k + 1 :]], [part for j, part in enumerate(terse) if j % len(known) != k])
        for k in range(len(known))
    ]
    scores = [fit.scores(group)[group.is_calm] for fit, group in zip(fits, known, strict=True)]
    return fits, float(np.quantile(np.concatenate(scores), CALM))


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
    encoder, known = default_encoder(), groups(SETS / "development")
    terse = phrases(len(known))
    fits, threshold = left_out(known, terse)
    shipped = fitted(known, terse).alarm(threshold, encoder)
    print(
        f"{'':14} tickets  critical  found: rules  +alarm  false alarms: rules  +alarm  of the top level: rules  +alarm"
    )
    rows = [line_of(group, fit.alarm(threshold, encoder)) for group, fit in zip(known, fits, strict=True)]
    for name, row in [*zip((group.name for group in known), rows, strict=True), ("left out, all", _sum(rows))]:
        print(_shown(name, row))
    for group in _sets(options.sets) if options.sets else []:
        print(_shown(group.name, line_of(group, shipped)), _gammas(group, shipped))
    if options.write:
        direction = shipped.direction.astype(int).tolist()
        content = {"direction": direction, "words": dict(shipped.words), "threshold": int(shipped.threshold)}
        path = Path(ticketopt.__file__).parent / "data" / "alarm.json"
        path.write_text(json.dumps({"table": encoder.name, **content}, ensure_ascii=False) + "\n", "utf-8")


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
