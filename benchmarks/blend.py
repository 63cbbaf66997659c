"""Fits the weights of the blend: `python -m benchmarks.blend [FOLDER ...] [--encoder KIND:PATH] [--write]`.

A conditional logit (see `ticketopt.triage.blend`) by maximum likelihood with a weak normal prior, on our development
sets unless others are named. Printed is how well the main skill is found when each set in turn is left out of the fit,
for words alone, vectors alone and both; then the weights fitted on all of them, which `--write` puts into the package.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import ticketopt
from benchmarks.labelled import SETS, Labelled, calibration_error, read_sets
from ticketopt._types import Bool, Float
from ticketopt.problem.fields import first_spellings, spelled
from ticketopt.triage import Reader, load_encoder
from ticketopt.triage.blend import Blend, features, shares_of, speaks
from ticketopt.triage.encoders.static import StaticEncoder
from ticketopt.triage.text import read_fields

__all__ = ["fitted", "left_out", "main", "measured"]

PRIOR = 0.002
"""Weight of the squares of the weights, each in units of `SIZES`, beside the mean log likelihood of a ticket."""
SIZES = np.array([1.0, 1.0, 10.0, 1.0])
UNLIKELY = 0.002
"""Share of a skill that is not among the likeliest."""
START = np.array([1.5, 1.0, 10.0, 1.0])

KINDS = {"words alone": (True, True, False, False), "vectors alone": (False, False, True, False), "blend": (True,) * 4}
"""Which features a fit may use."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A set as the logit sees it: features, shape (4, tickets, skills), and which skills are main ones.

    `scores` and `likeness` tell which skills anything speaks for.
    """

    name: str
    features: Float
    is_main: Bool
    scores: Float
    likeness: Float

    def shares(self, weights: Float) -> Float:
        """The shares under these weights."""
        there = speaks(self.scores, weights[2] * self.likeness) if weights[:2].any() else self.likeness > 0
        return shares_of(np.where(there, np.tensordot(weights, self.features, 1), -np.inf))


def measured(labelled: Labelled, reader: Reader, common: float) -> Measured:
    """Everything of a set that the weights do not change."""
    names = first_spellings(labelled.skills)
    texts = [read_fields(ticket.title, ticket.description) for ticket in labelled.queue.tickets]
    weighing = reader.weigh(texts, names)
    likeness = weighing.team.likeness.of(weighing.vectors.rows, common)
    mains = [{spelled(skill) for skill in truth.primary} for truth in labelled.truths]
    is_main = np.array([[name in main for name in names] for main in mains], dtype=np.bool_)
    seen = features(weighing.scores.values, likeness, weighing.team.is_linked)
    return Measured(labelled.name, seen, is_main, weighing.scores.values, likeness)


def fitted(sets: Sequence[Measured], use: Sequence[bool]) -> Float:
    """The weights under which the main skills are likeliest; 0 for features that are not used."""
    mask = np.array(use, dtype=float)

    def loss(free: Float) -> float:
        weights = free * mask
        total = count = 0.0
        for one in sets:
            shares = one.shares(weights)
            known = one.is_main.any(axis=1)
            total -= float(np.log((shares * one.is_main).sum(axis=1)[known] + UNLIKELY).sum())
            count += float(known.sum())
        return total / count + PRIOR * float(((weights / SIZES) ** 2).sum())

    bounds = [(0, None), (0, None), (0, None), (None, None)]
    return np.asarray(minimize(loss, START, method="L-BFGS-B", bounds=bounds).x * mask)


def left_out(sets: Sequence[Measured], use: Sequence[bool]) -> dict[str, dict[str, float]]:
    """Set -> measure -> value, with weights fitted on the other sets; and over all tickets."""
    rows: dict[str, tuple[Float, Float, Float]] = {}
    for k, one in enumerate(sets):
        weights = fitted([*sets[:k], *sets[k + 1 :]] or [one], use)
        shares = one.shares(weights)
        order = np.argsort(-shares, axis=1, kind="stable")
        ranked = np.take_along_axis(one.is_main, order, axis=1)
        rows[one.name] = ranked[:, 0].astype(float), ranked[:, :3].any(axis=1).astype(float), shares.max(axis=1)
    first, three, shares = (np.concatenate([row[k] for row in rows.values()]) for k in range(3))
    rows["all"] = first, three, shares
    return {
        name: {"first": float(a.mean()), "in three": float(b.mean()), "calibration error": calibration_error(c, a)}
        for name, (a, b, c) in rows.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table and the weights."""
    parser = argparse.ArgumentParser(prog="benchmarks.blend", description="Fits the weights of the blend.")
    parser.add_argument("sets", type=Path, nargs="*", default=[SETS / "development"], help="folders, or NAME.json")
    parser.add_argument("--encoder", metavar="KIND:PATH", help="instead of our own")
    parser.add_argument("--common", type=float, default=1.0, help="how much of a skill's mean is taken off")
    parser.add_argument("--write", action="store_true", help="put the weights into the package")
    options = parser.parse_args(arguments)
    encoder = load_encoder(options.encoder) if options.encoder else StaticEncoder()
    words, share, likeness, unlinked = map(float, START)
    reader = Reader(encoder=encoder, blend=Blend(words, share, likeness, unlinked, options.common))
    sets = [measured(one, reader, options.common) for one in read_sets(options.sets)]
    for kind, use in KINDS.items():
        table = left_out(sets, use)
        for measure in ("first", "in three", "calibration error"):
            cells = "".join(f"{name} {values[measure]:.3f}  " for name, values in table.items())
            print(f"{kind:14} {measure:18} {cells}")
    weights = [round(float(weight), 2) for weight in fitted(sets, KINDS["blend"])]
    blend = dict(zip((field.name for field in fields(Blend)), (*weights, options.common), strict=True))
    print(encoder.name, json.dumps(blend))
    if options.write:
        path = Path(ticketopt.__file__).parent / "data" / "blend.json"
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        path.write_text(json.dumps({**known, encoder.name: blend}, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
