"""How well tickets are read: `python -m benchmarks.triage [FOLDER or NAME.json ...] [--encoder KIND:PATH]`.

Without an argument on our own development sets; `benchmarks/triage_sets/untouched` is for one final measurement per
release, and nothing is ever tuned on it. What a set is: `benchmarks/labelled.py`. Printed is every measure for our
reader and beside it for what others would do: the lexicon alone, the encoder alone, keywords as in the first prototype,
character n-grams of the names, and chance; and how far our reader is ahead of each, with the interval of a paired
bootstrap over the tickets.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.labelled import (
    LEVELS,
    SETS,
    Labelled,
    calibration_error,
    confusion,
    gamma,
    holders,
    per_ticket,
    read_sets,
    with_truth,
)
from ticketopt import Reading, Ticket
from ticketopt._types import Float
from ticketopt.problem.fields import spelled
from ticketopt.problem.reading import DEFAULT_URGENCY, Triage
from ticketopt.triage import Reader, load_encoder
from ticketopt.triage.blend import VECTORS_ALONE, WORDS_ALONE

_KEYWORDS = (("critical", 1.0), ("urgent", 0.9), ("asap", 0.9), ("high", 0.7), ("medium", 0.4), ("low", 0.1))
_COMPARED = ("main skill first", "main skill in three", "given to a holder")
_DRAWS = 4000


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


def chance(tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> list[Reading]:
    """Three skills and an urgency, drawn at random with a fixed seed."""
    rng = np.random.default_rng(0)
    readings = []
    for _ in tickets:
        drawn = rng.permutation(len(skills))[:3]
        shares = dict(zip([skills[k] for k in drawn], (0.5, 0.3, 0.2), strict=False))
        total = sum(shares.values())
        readings.append(Reading({skill: share / total for skill, share in shares.items()}, float(rng.random())))
    return readings


CONTENDERS: dict[str, Triage] = {
    "ticketopt": Reader(),
    "lexicon alone": Reader(blend=WORDS_ALONE),
    "vectors alone": Reader(blend=VECTORS_ALONE),
    "keywords": keywords,
    "n-grams": ngrams,
    "chance": chance,
}


def pooled(sets: Sequence[Labelled], triage: Triage) -> dict[str, Float]:
    """Measure -> one number per ticket of all sets."""
    parts = [per_ticket(labelled, triage) for labelled in sets]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def summary(rows: Mapping[str, Float]) -> dict[str, float]:
    """Measure -> its value over the tickets."""
    known = ~np.isnan(rows["true level"])
    return {
        "main skill first": float(rows["main skill first"].mean()),
        "main skill in three": float(rows["main skill in three"].mean()),
        "given to a holder": float(rows["given to a holder"].sum()),
        "calibration error": calibration_error(rows["share of the first"], rows["main skill first"]),
        "critical found": _mean(rows["critical found"]),
        "false alarms in the top level": _mean(rows["false alarms in the top level"]),
        "urgency gamma": gamma(rows["true level"][known], rows["level read"][known]),
    }


def _mean(values: Float) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


def lead(rows: Mapping[str, Float], others: Mapping[str, Float]) -> dict[str, tuple[float, float, float]]:
    """Measure -> mean difference per ticket and its interval (95 %), tickets resampled in pairs."""
    rng = np.random.default_rng(0)
    leads = {}
    for measure in _COMPARED:
        differences = rows[measure] - others[measure]
        drawn = rng.choice(differences, (_DRAWS, len(differences))).mean(axis=1)
        low, high = np.quantile(drawn, (0.025, 0.975))
        leads[measure] = (float(differences.mean()), float(low), float(high))
    return leads


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="benchmarks.triage", description="How well tickets are read.")
    parser.add_argument("sets", type=Path, nargs="*", default=[SETS / "development"], help="folders, or NAME.json")
    parser.add_argument("--encoder", metavar="KIND:PATH", help="measure our reader with this encoder, too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    sets = read_sets(options.sets)
    contenders = dict(CONTENDERS)
    if options.encoder:
        contenders[options.encoder.partition(":")[0]] = Reader(encoder=load_encoder(options.encoder))
    rows = {name: pooled(sets, triage) for name, triage in contenders.items()}
    told = np.concatenate([holders(with_truth(labelled), Reader())["given to a holder"] for labelled in sets])
    found = {
        "sets": {labelled.name: len(labelled.truths) for labelled in sets},
        "measures": {name: summary(values) for name, values in rows.items()},
        "by set": {labelled.name: summary(per_ticket(labelled, contenders["ticketopt"])) for labelled in sets},
        "holders by the truth": float(told.sum()),
        "lead": {name: lead(rows["ticketopt"], values) for name, values in rows.items() if name != "ticketopt"},
        "levels": confusion(rows["ticketopt"]),
    }
    print(json.dumps(found, indent=2) if options.json else _page(found))


def _page(found: Mapping[str, Any]) -> str:
    lines = [", ".join(f"{name} ({n})" for name, n in found["sets"].items())]
    for title in ("measures", "by set"):
        table = found[title]
        width = max(map(len, table)) + 2
        lines.append("\n" + "".ljust(32) + "".join(name.rjust(width) for name in table))
        lines += [
            measure.ljust(32) + "".join(f"{values[measure]:{width}.3g}" for values in table.values())
            for measure in next(iter(table.values()))
        ]
    lines.append(f"\ngiven to a holder where tickets tell the truth: {found['holders by the truth']:.0f}")
    lines.append("\nahead, with the interval of a paired bootstrap")
    for name, leads in found["lead"].items():
        cells = [f"{measure} {d:+.3f} [{low:+.3f}, {high:+.3f}]" for measure, (d, low, high) in leads.items()]
        lines.append(f"of {name}: " + ", ".join(cells))
    lines.append("\nurgency, true level by level read\n" + "".ljust(10) + "".join(level.rjust(10) for level in LEVELS))
    for level, row in zip(LEVELS, found["levels"], strict=True):
        lines.append(level.ljust(10) + "".join(f"{count:10}" for count in row))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
