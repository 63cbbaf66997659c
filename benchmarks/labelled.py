"""Labelled sets of tickets, and what may be measured on them.

A set is `NAME.json` (tickets and agents) beside `NAME_truth.csv`, one row per ticket: `ticket_id, urgency,
primary_skills, secondary_skills`; skills are separated by `|`, urgency is low, medium, high or critical (empty where
unknown). Every measure has one number per ticket, so that sets can be pooled and two readers compared ticket by ticket.
"""

from __future__ import annotations

import csv
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import ticketopt
from ticketopt import Queue, Reading, Ticket
from ticketopt._types import Float
from ticketopt.problem.fields import first_spellings, spelled
from ticketopt.problem.reading import Triage
from ticketopt.triage import level_of

SETS = Path(__file__).parent / "triage_sets"
"""Our own sets: `development`, which weights are fitted on, and `untouched`, which nothing is."""

LEVELS = ("low", "medium", "high", "critical")
_URGENCY_OF = {"low": 0.1, "medium": 0.4, "high": 0.7, "critical": 1.0}
_SECONDARY = 0.3  # importance of a secondary skill in the ceiling


@dataclass(frozen=True)
class Truth:
    """What a ticket really wants."""

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    urgency: str


@dataclass(frozen=True, eq=False)
class Labelled:
    """A queue whose truth is known: `truths[k]` is that of `queue.tickets[k]`."""

    name: str
    queue: Queue
    truths: tuple[Truth, ...]

    @property
    def skills(self) -> list[str]:
        """The team's, as its agents spell them."""
        return list(first_spellings(skill for agent in self.queue.agents for skill in agent.skills).values())

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self.queue.now or 0.0


def read_sets(paths: Sequence[Path]) -> list[Labelled]:
    """The sets in folders (all of each, by name), or of single `NAME.json` files."""
    files = [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    found = [file for file in files if _truth_of(file).exists()]
    if not found:
        sys.exit(f"no NAME.json with a NAME_truth.csv beside it in {', '.join(map(str, paths))}")
    return [labelled(file, _truth_of(file)) for file in found]


def _truth_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}_truth.csv")


def labelled(queue_file: Path, truth_file: Path) -> Labelled:
    """One set; tickets without a truth are left out."""
    queue, truths = ticketopt.read_queue(queue_file), read_truth(truth_file)
    known = tuple(ticket for ticket in queue.tickets if str(ticket.ticket_id) in truths)
    rows = tuple(truths[str(ticket.ticket_id)] for ticket in known)
    return Labelled(queue_file.stem, replace(queue, tickets=known), rows)


def read_truth(path: Path) -> dict[str, Truth]:
    """Ticket id -> truth."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["ticket_id"]: Truth(
                _split(row["primary_skills"]), _split(row["secondary_skills"]), row["urgency"].strip()
            )
            for row in csv.DictReader(file)
        }


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split("|") if part.strip())


def per_ticket(labelled: Labelled, triage: Triage) -> dict[str, Float]:
    """Measure -> one number per ticket, NaN where it does not apply."""
    readings = triage(labelled.queue.tickets, skills=labelled.skills, now=labelled.now)
    return {**ranking(readings, labelled.truths), **urgency(readings, labelled.truths), **holders(labelled, triage)}


def ranking(readings: Sequence[Reading], truths: Sequence[Truth]) -> dict[str, Float]:
    """Whether a main skill comes first, and among the first three; and the share of the first skill."""
    orders = [[spelled(skill) for skill in reading.skills] for reading in readings]
    mains = [{spelled(skill) for skill in truth.primary} for truth in truths]
    return {
        "main skill first": np.array([float(o[:1] != [] and o[0] in m) for o, m in zip(orders, mains, strict=True)]),
        "main skill in three": np.array([float(not m.isdisjoint(o[:3])) for o, m in zip(orders, mains, strict=True)]),
        "share of the first": np.array([max(reading.skills.values(), default=0.0) for reading in readings]),
    }


def urgency(readings: Sequence[Reading], truths: Sequence[Truth]) -> dict[str, Float]:
    """Levels, 0 to 3; whether a critical ticket is in the top level, and whether one in it is neither high nor that."""
    true = np.array([LEVELS.index(t.urgency) if t.urgency in LEVELS else np.nan for t in truths])
    read = np.array([float(LEVELS.index(level_of(reading.urgency))) for reading in readings])
    return {
        "true level": true,
        "level read": read,
        "critical found": np.where(true == 3, (read == 3).astype(float), np.nan),
        "false alarms in the top level": np.where((read == 3) & ~np.isnan(true), (true < 2).astype(float), np.nan),
    }


def holders(labelled: Labelled, triage: Triage) -> dict[str, Float]:
    """Whether a ticket goes to a holder of one of its main skills, with capacities at the fair share."""
    queue = labelled.queue
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = ticketopt.assign(queue.tickets, queue.agents, triage=triage, now=queue.now)
    holds = {str(a.agent_id): {spelled(s) for s, level in a.skills.items() if level > 0} for a in queue.agents}
    hits = [
        decision.agent_id is not None and not holds[str(decision.agent_id)].isdisjoint(map(spelled, truth.primary))
        for decision, truth in zip(result.decisions, labelled.truths, strict=True)
    ]
    return {"given to a holder": np.array(hits, dtype=float)}


def with_truth(labelled: Labelled) -> Labelled:
    """The same tickets, saying themselves what they want: a ceiling."""
    told = tuple(map(_with_truth, labelled.queue.tickets, labelled.truths))
    return replace(labelled, queue=replace(labelled.queue, tickets=told))


def _with_truth(ticket: Ticket, truth: Truth) -> Ticket:
    wanted = {**dict.fromkeys(truth.secondary, _SECONDARY), **dict.fromkeys(truth.primary, 1.0)}
    return replace(ticket, skills=wanted, urgency=_URGENCY_OF.get(truth.urgency))


def gamma(truth: Float, guess: Float) -> float:
    """Goodman and Kruskal's: (concordant - discordant) / (both), over the pairs that neither ties."""
    signs = np.sign(truth[:, None] - truth) * np.sign(guess[:, None] - guess)
    concordant, discordant = int((signs > 0).sum()), int((signs < 0).sum())
    return (concordant - discordant) / max(1, concordant + discordant)


def calibration_error(shares: Float, hits: Float, bins: int = 10) -> float:
    """Expected calibration error: how far shares are from how often they are right, over bins of equally many."""
    parts = np.array_split(np.argsort(shares, kind="stable"), min(bins, max(1, len(shares))))
    return float(sum(abs(shares[part].mean() - hits[part].mean()) * len(part) for part in parts) / max(1, len(shares)))


def confusion(rows: Mapping[str, Float]) -> list[list[int]]:
    """Tickets by true level (rows) and level read (columns), low to critical."""
    known = ~np.isnan(rows["true level"])
    cells = 4 * rows["true level"][known].astype(int) + rows["level read"][known].astype(int)
    table: list[list[int]] = np.bincount(cells, minlength=16).reshape(4, 4).tolist()
    return table
