"""How well tickets are read: `python -m benchmarks.triage QUEUE.json TRUTH.csv`.

The truth has one row per ticket: `ticket_id, urgency, primary_skills, secondary_skills`; skills are separated by `|`,
urgency is low, medium, high or critical (empty where unknown). Every number is printed for our triage and beside it
for what others would do: keywords as in the first prototype, character n-grams of the names alone, and a blind guess.
"""

from __future__ import annotations

import argparse
import csv
import json
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import ticketopt
from ticketopt import Queue, Reading, Ticket
from ticketopt.problem.fields import spelled
from ticketopt.problem.reading import DEFAULT_URGENCY, Triage
from ticketopt.triage import level_of, read_tickets

LEVELS = ("low", "medium", "high", "critical")
_URGENCY_OF = {"low": 0.1, "medium": 0.4, "high": 0.7, "critical": 1.0}
_KEYWORDS = (("critical", 1.0), ("urgent", 0.9), ("asap", 0.9), ("high", 0.7), ("medium", 0.4), ("low", 0.1))
_SECONDARY = 0.3  # importance of a secondary skill in the ceiling


@dataclass(frozen=True)
class Truth:
    """What a ticket really wants."""

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    urgency: str


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


def keywords(tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> list[Reading]:
    """The prototype's way: any word of a skill's name anywhere in the text; the first urgent word found."""
    readings = []
    for ticket in tickets:
        text = f"{ticket.title} {ticket.description}".lower()
        hits = [skill for skill in skills if any(word in text for word in spelled(skill).split() if len(word) > 2)]
        urgency = next((value for word, value in _KEYWORDS if word in text), DEFAULT_URGENCY)
        readings.append(Reading({skill: 1 / len(hits) for skill in hits}, urgency))
    return readings


def ngrams(tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> list[Reading]:
    """Cosine of character trigrams between the text and the skill's name; no lexicon, no urgency."""
    names = {skill: _trigrams(spelled(skill)) for skill in skills}
    readings = []
    for ticket in tickets:
        text = _trigrams(spelled(f"{ticket.title} {ticket.description}"))
        scores = {skill: _cosine(text, name) for skill, name in names.items()}
        best = dict(sorted(scores.items(), key=lambda item: -item[1])[:3])
        total = sum(best.values())
        readings.append(Reading({skill: score / total for skill, score in best.items() if score > 0}))
    return readings


def _trigrams(text: str) -> Counter[str]:
    padded = f" {text} "
    return Counter(padded[k : k + 3] for k in range(len(padded) - 2))


def _cosine(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    dot = sum(count * a.get(gram, 0) for gram, count in b.items())
    norms = np.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return float(dot / norms) if norms else 0.0


def blind(tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> list[Reading]:
    """Three skills and an urgency, drawn at random with a fixed seed."""
    rng = np.random.default_rng(0)
    readings = []
    for _ in tickets:
        drawn = rng.permutation(len(skills))[:3]
        shares = dict(zip([skills[k] for k in drawn], (0.5, 0.3, 0.2), strict=False))
        total = sum(shares.values())
        readings.append(Reading({skill: share / total for skill, share in shares.items()}, float(rng.random())))
    return readings


CONTENDERS: dict[str, Triage] = {"ticketopt": read_tickets, "keywords": keywords, "n-grams": ngrams, "random": blind}


def gamma(truth: Sequence[int], guess: Sequence[float]) -> float:
    """Goodman and Kruskal's: (concordant - discordant) / (both), over the pairs that neither ties."""
    a, b = np.asarray(truth, dtype=float), np.asarray(guess, dtype=float)
    signs = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
    concordant, discordant = int((signs > 0).sum()), int((signs < 0).sum())
    return (concordant - discordant) / max(1, concordant + discordant)


def ranking_scores(readings: Sequence[Reading], truths: Sequence[Truth]) -> dict[str, float]:
    """Shares of tickets: main skill first, among the first three; and the precision of all tags."""
    orders = [[spelled(skill) for skill in reading.skills] for reading in readings]
    mains = [{spelled(skill) for skill in truth.primary} for truth in truths]
    right = [main | {spelled(skill) for skill in truth.secondary} for main, truth in zip(mains, truths, strict=True)]
    tags = [skill in good for order, good in zip(orders, right, strict=True) for skill in order]
    n = max(1, len(truths))
    return {
        "main skill first": sum(o[:1] != [] and o[0] in m for o, m in zip(orders, mains, strict=True)) / n,
        "main skill in first three": sum(not m.isdisjoint(o[:3]) for o, m in zip(orders, mains, strict=True)) / n,
        "precision of the tags": sum(tags) / max(1, len(tags)),
    }


def urgency_scores(readings: Sequence[Reading], truths: Sequence[Truth]) -> dict[str, float]:
    """Gamma of the levels, the part of the critical tickets found, and the false alarms in the top level."""
    pairs = [(LEVELS.index(t.urgency), r.urgency) for r, t in zip(readings, truths, strict=True) if t.urgency in LEVELS]
    levels = [LEVELS.index(level_of(urgency)) for _, urgency in pairs]
    truth = [level for level, _ in pairs]
    top = [t for t, level in zip(truth, levels, strict=True) if level == 3]
    return {
        "urgency gamma (levels)": gamma(truth, levels),
        "urgency gamma (numbers)": gamma(truth, [urgency for _, urgency in pairs]),
        "critical found": sum(t == 3 for t in top) / max(1, truth.count(3)),
        "top level not high or critical": sum(t < 2 for t in top) / max(1, len(top)),
    }


def confusion(readings: Sequence[Reading], truths: Sequence[Truth]) -> list[list[int]]:
    """Tickets by true level (rows) and level read (columns), low to critical."""
    table = [[0] * len(LEVELS) for _ in LEVELS]
    for reading, truth in zip(readings, truths, strict=True):
        if truth.urgency in LEVELS:
            table[LEVELS.index(truth.urgency)][LEVELS.index(level_of(reading.urgency))] += 1
    return table


def given_to_holder(queue: Queue, truths: Sequence[Truth], triage: Triage) -> dict[str, float]:
    """Tickets that go to a holder of one of their main skills, with capacities at the fair share."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = ticketopt.assign(queue.tickets, queue.agents, triage=triage, now=queue.now)
    holds = {
        str(agent.agent_id): {spelled(s) for s, level in agent.skills.items() if level > 0} for agent in queue.agents
    }
    hits = [
        d.agent_id is not None and not holds[str(d.agent_id)].isdisjoint(spelled(s) for s in truth.primary)
        for d, truth in zip(result.decisions, truths, strict=True)
    ]
    critical = [hit for hit, truth in zip(hits, truths, strict=True) if truth.urgency == "critical"]
    return {"given to a holder": float(sum(hits)), "of the critical ones": float(sum(critical))}


def ceiling(truths: Mapping[str, Truth]) -> Triage:
    """A triage that knows the truth."""

    def read(tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> list[Reading]:
        told = [_with_truth(ticket, truths[str(ticket.ticket_id)]) for ticket in tickets]
        return list(read_tickets(told, skills=skills, now=now))

    return read


def _with_truth(ticket: Ticket, truth: Truth) -> Ticket:
    wanted = {**dict.fromkeys(truth.secondary, _SECONDARY), **dict.fromkeys(truth.primary, 1.0)}
    return replace(ticket, skills=wanted, urgency=_URGENCY_OF.get(truth.urgency))


def evaluate(queue: Queue, truths: Mapping[str, Truth]) -> dict[str, dict[str, float]]:
    """Measure -> contender -> value; the assignment rows also under `ceiling`."""
    known = [ticket for ticket in queue.tickets if str(ticket.ticket_id) in truths]
    queue = replace(queue, tickets=tuple(known))
    rows = [truths[str(ticket.ticket_id)] for ticket in known]
    skills = list(dict.fromkeys(skill for agent in queue.agents for skill in agent.skills))
    table: dict[str, dict[str, float]] = {}
    for name, triage in {**CONTENDERS, "ceiling": ceiling(truths)}.items():
        scores = given_to_holder(queue, rows, triage)
        if name != "ceiling":
            readings = triage(known, skills=skills, now=queue.now or 0.0)
            scores = {**ranking_scores(readings, rows), **urgency_scores(readings, rows), **scores}
        for measure, value in scores.items():
            table.setdefault(measure, {})[name] = value
    return table


def _print_table(table: Mapping[str, Mapping[str, float]], write: Callable[[str], object]) -> None:
    names = [*CONTENDERS, "ceiling"]
    write(f"{'':32}" + "".join(f"{name:>11}" for name in names))
    for measure, row in table.items():
        cells = [f"{row[name]:11.3g}" if name in row else f"{'':11}" for name in names]
        write(f"{measure:32}" + "".join(cells))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="benchmarks.triage", description="How well tickets are read.")
    parser.add_argument("queue", type=Path, help="tickets and agents, JSON")
    parser.add_argument("truth", type=Path, help="what they really want, CSV")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    queue, truths = ticketopt.read_queue(options.queue), read_truth(options.truth)
    table = evaluate(queue, truths)
    if options.json:
        print(json.dumps(table, indent=2))
        return
    _print_table(table, print)
    skills = list(dict.fromkeys(skill for agent in queue.agents for skill in agent.skills))
    known = [ticket for ticket in queue.tickets if str(ticket.ticket_id) in truths]
    readings = read_tickets(known, skills=skills, now=queue.now or 0.0)
    print(f"\nurgency, true level by level read\n{'':10}" + "".join(f"{level:>10}" for level in LEVELS))
    for level, row in zip(LEVELS, confusion(readings, [truths[str(t.ticket_id)] for t in known]), strict=True):
        print(f"{level:10}" + "".join(f"{count:10}" for count in row))


if __name__ == "__main__":
    main()
