"""Which kinds of the lexicon's phrases help: `python -m benchmarks.lexicon_ablation FOLDER`.

The folder has queues with their truth, `NAME.json` and `NAME_truth.csv`, as `benchmarks.triage` reads them. For every
kind of phrases, and for random halves, all tickets are read without it; quoted are the tickets whose main skill came
first, and among the first three, and the difference with a 95 % interval (paired bootstrap over the tickets). Where the
lexicon was written from a set, the difference there says nothing: leave such sets out of the folder.

The last lines choose on all sets but one which kinds to drop (those without which neither measure is lower) and read
the set that was left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

import ticketopt
from benchmarks.triage import Truth, read_truth
from ticketopt import Ticket
from ticketopt.problem.fields import spelled
from ticketopt.triage import read_tickets
from ticketopt.triage.lexicon import TIERS, Concept, Lexicon
from ticketopt.triage.lexicon_file import default_lexicon

Keep = Callable[[str, str], bool]
"""Whether a phrase, of a kind, stays."""

VARIANTS: dict[str, Keep] = {
    "all": lambda kind, phrase: True,
    "no hints": lambda kind, phrase: kind != "hints",
    "no words": lambda kind, phrase: kind != "words",
    "no words of several words": lambda kind, phrase: kind != "words" or " " not in phrase,
    "no sure": lambda kind, phrase: kind != "sure",
    "no ~": lambda kind, phrase: "~" not in phrase,
    "no ~, no hints": lambda kind, phrase: "~" not in phrase and kind != "hints",
    "names and sure": lambda kind, phrase: kind in ("names", "sure"),
    "names": lambda kind, phrase: kind == "names",
    "half of the rest": lambda kind, phrase: kind == "names" or Random(phrase).random() < 0.5,
}

_DRAWS = 2000


@dataclass(frozen=True)
class LabelledSet:
    """A queue whose truth is known."""

    tickets: tuple[Ticket, ...]
    truths: tuple[Truth, ...]
    skills: tuple[str, ...]


def read_sets(folder: Path) -> dict[str, LabelledSet]:
    """Name -> set, in the order of the names."""
    sets = {}
    for path in sorted(folder.glob("*_truth.csv")):
        name = path.name.removesuffix("_truth.csv")
        queue, truths = ticketopt.read_queue(folder / f"{name}.json"), read_truth(path)
        tickets = tuple(ticket for ticket in queue.tickets if str(ticket.ticket_id) in truths)
        skills = dict.fromkeys(skill for agent in queue.agents for skill in agent.skills)
        sets[name] = LabelledSet(tickets, tuple(truths[str(t.ticket_id)] for t in tickets), tuple(skills))
    return sets


def without(lexicon: Lexicon, keep: Keep) -> Lexicon:
    """The lexicon with the phrases that stay."""

    def kept(concept: Concept) -> Concept:
        kinds = {kind: tuple(p for p in getattr(concept, kind) if keep(kind, p)) for kind in TIERS}
        return Concept(concept.name, **kinds, broader=concept.broader, boost=concept.boost)

    return replace(lexicon, concepts=tuple(map(kept, lexicon.concepts)), parts=())


def phrases_in(lexicon: Lexicon) -> int:
    """How many phrases its concepts have."""
    return sum(len(getattr(concept, kind)) for concept in lexicon.concepts for kind in TIERS)


def hits(labelled: LabelledSet, lexicon: Lexicon) -> NDArray[np.float64]:
    """Tickets x (main skill first, among the first three)."""
    readings = read_tickets(labelled.tickets, skills=labelled.skills, now=0.0, lexicon=lexicon)
    rows = []
    for reading, truth in zip(readings, labelled.truths, strict=True):
        order, main = [spelled(skill) for skill in reading.skills], {spelled(skill) for skill in truth.primary}
        rows.append([not main.isdisjoint(order[:1]), not main.isdisjoint(order[:3])])
    return np.array(rows, dtype=float)


def interval(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """2.5 % and 97.5 % of the mean over the rows, each column for itself."""
    rng = np.random.default_rng(0)
    draws = rng.integers(len(differences), size=(_DRAWS, len(differences)))
    bounds: NDArray[np.float64] = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975], axis=0)
    return bounds


def left_out(table: Mapping[str, Mapping[str, NDArray[np.float64]]], name: str) -> list[str]:
    """The kinds that the other sets would drop."""
    others = [other for other in table["all"] if other != name]

    def score(variant: str) -> NDArray[np.float64]:
        return np.asarray(np.concatenate([table[variant][other] for other in others]).mean(axis=0))

    return [variant for variant in table if variant != "all" and (score(variant) >= score("all")).all()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.lexicon_ablation", description="Which phrases help.")
    parser.add_argument("folder", type=Path, help="of NAME.json and NAME_truth.csv")
    sets = read_sets(parser.parse_args(arguments).folder)
    table: dict[str, dict[str, NDArray[np.float64]]] = {}
    print(f"{'':28}{'phrases':>8}{'first':>7}{'three':>7}{'first, less':>26}{'three, less':>26}")
    for variant, keep in VARIANTS.items():
        lexicon = without(default_lexicon(), keep)
        row = table[variant] = {name: hits(labelled, lexicon) for name, labelled in sets.items()}
        both, all_of_it = np.concatenate([*row.values()]), np.concatenate([*table["all"].values()])
        mean, less = both.mean(axis=0), (both - all_of_it).mean(axis=0)
        low, high = interval(both - all_of_it)
        cells = [f"{less[k]:+10.3f} [{low[k]:+.3f}, {high[k]:+.3f}]" for k in (0, 1)]
        print(f"{variant:28}{phrases_in(lexicon):8,}{mean[0]:7.3f}{mean[1]:7.3f}" + "".join(cells))
    print("\nwhat the other sets would drop, and the set without each")
    for name in sets:
        dropped = left_out(table, name) if len(sets) > 1 else []
        shown = [f"{variant} {'/'.join(f'{v:.3f}' for v in table[variant][name].mean(axis=0))}" for variant in dropped]
        print(f"{name:28}{'/'.join(f'{v:.3f}' for v in table['all'][name].mean(axis=0))}  {'; '.join(shown) or '-'}")


if __name__ == "__main__":
    main()
