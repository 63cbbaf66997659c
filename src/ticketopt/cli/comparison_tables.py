"""What `ticketopt compare` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ticketopt.cli.tables import print_table, print_words

if TYPE_CHECKING:
    from ticketopt.comparison.compare import Comparison
    from ticketopt.comparison.policies import PolicyComparison
    from ticketopt.comparison.sensitivity import Sensitivity

__all__ = ["print_comparison", "print_policies", "print_sensitivity"]


def print_comparison(comparison: Comparison) -> None:
    """The methods by their whole objective, so that leaving tickets out never looks cheap."""
    rows = [
        [
            c.name,
            c.kind,
            f"{c.objective:,.1f}" if c.objective >= 1000 else f"{c.objective:.3f}",
            str(c.unassigned),
            "-" if c.gap is None else f"{c.gap:.2%}",
            _share(c.urgent_match),
            f"{c.load_spread:.2f}",
            f"{c.seconds:.2f}",
        ]
        for c in comparison.contenders
    ]
    head = ["method", "kind", "objective", "left out", "gap", "urgent match", "load spread", "secs"]
    print_table("Comparison: same rules, same capacities; best first", head, rows)
    print_words("objective: everything that the policy weighs, tickets left out included; lower is better.")


def print_policies(found: PolicyComparison) -> None:
    """The policies, and in words what each would change."""
    rows = [
        [
            plan.name,
            f"{plan.served:,}",
            f"{plan.waiting:,}",
            f"{plan.urgent_waiting:,}",
            _share(plan.match),
            _share(plan.urgent_match),
            f"{plan.load_spread:.2f}",
            f"{plan.moved:,}",
        ]
        for plan in found.plans
    ]
    head = ["policy", "served", "waits", "urgent waits", "match", "urgent match", "load spread", "moved"]
    print_table("Policies on this queue", head, rows)
    print_words("moved: tickets that would be with somebody else; match: share of the wanted skills that is there.")
    for plan in found.plans:
        print_words(f"{plan.name}: {plan.words}")


def print_sensitivity(found: Sensitivity) -> None:
    """The settings, those that move most tickets first."""
    rows = [
        [
            row.by,
            f"{row.before:g}",
            f"{row.value:g}",
            f"{row.moved:,}",
            f"{row.waiting:+,}" if row.waiting else "0",
            f"{row.urgent_waiting:+,}" if row.urgent_waiting else "0",
            f"{row.pairs:+.3f}",
            f"{row.load:+.3f}",
            _share(row.match),
        ]
        for row in found.rows
    ]
    head = ["setting", "before", "after", "moved", "waits", "urgent waits", "pairs", "load", "match"]
    print_table("What a change of one setting would do", head, rows)
    for sentence in found.words():
        print_words(sentence)
    print_words("pairs, load: what the changed plan costs more or less, weighed as it is.")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
