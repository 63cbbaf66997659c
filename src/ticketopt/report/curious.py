"""The appendix of the page: what the plan costs, what is proven of it, and what one more slot is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ticketopt._html import cell
from ticketopt.explain.slot_values import SlotValue
from ticketopt.planning.result import Result
from ticketopt.problem.plain import fingerprint

__all__ = ["Curious", "curious", "nothing_to_gain"]

MOST_VALUES = 15

MOST_PAIRS = 50_000
"""Above so many pairs of ticket and agent, slots are worked out only where prices are at hand without solving again."""


@dataclass(frozen=True, slots=True)
class Curious:
    """What the appendix says.

    Attributes
    ----------
    facts : (name, value). slots : rows of the table of slots, best first. no_slots : why there are none.
    """

    facts: tuple[tuple[str, str], ...]
    slots: tuple[tuple[str, ...], ...]
    no_slots: str


def curious(result: Result, time_limit: float) -> Curious:
    """The facts behind a plan; `time_limit` is for prices, where the plan itself does not show them."""
    slots, no_slots = _slots(result, time_limit)
    facts = [
        ("Plan", result.summary()),
        ("Cost of what is assigned, weighted", cell(result.cost)),
        ("Objective, prices of leaving tickets out included", cell(result.objective)),
        ("Lower bound", cell(result.lower_bound)),
        ("Gap", "-" if result.gap is None else f"{result.gap:.2%}"),
        *([("Certificate", str(result.certificate))] if _is_plain(result) else []),
        ("Solver", f"{result.solver} ({result.reason})"),
        ("Made with", ", ".join(f"{name} {number}" for name, number in result.versions.items())),
        ("Input", f"SHA-256 {fingerprint(result.problem)}"),
    ]
    return Curious(tuple(facts), slots, no_slots)


def _is_plain(result: Result) -> bool:
    """Whether prices are at hand: unit effort, no limits across tickets, no tiers."""
    model = result.model
    is_unit = not model.has_pair_effort and int(model.effort.max(initial=1)) == 1
    return is_unit and not len(model.rows) and not result.tiers


def _slots(result: Result, time_limit: float) -> tuple[tuple[tuple[str, ...], ...], str]:
    if result.tiers:
        return (), "A plan by tiers minimizes no single sum, so that slots have no price."
    if not _is_plain(result) and result.model.pair_cost.size > MOST_PAIRS:
        return (), "What a slot is worth is left out on queues of this size; Result.slot_values computes it."
    known = result.slot_values(time_limit=time_limit)
    best = sorted((value for value in known if value.one_more > 0), key=lambda value: -value.one_more)[:MOST_VALUES]
    if not best:
        return (), nothing_to_gain(known)
    rows = ((v.name, cell(v.used), cell(v.free), cell(v.one_more), cell(v.takes_in), v.basis) for v in best)
    return tuple(rows), ""


def nothing_to_gain(values: Sequence[SlotValue]) -> str:
    """Why one more slot of anybody saves nothing."""
    full = sum(value.free is not None and value.used >= value.free for value in values)
    if not full:
        return "No agent is full."
    return (
        f"{full} of {len(values)} agents {'is' if full == 1 else 'are'} full, and one more slot of any saves nothing."
    )
