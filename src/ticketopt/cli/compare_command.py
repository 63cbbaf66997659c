"""`ticketopt compare`: methods, policies, or settings of the policy, side by side on one queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ticketopt.cli import comparison_tables, tables
from ticketopt.cli.commands import CAPACITY, POLICY, SEED, TIME_LIMIT, on_problem
from ticketopt.cli.problem_of_file import policy_of_file
from ticketopt.cli.reported import EXIT_FILE, fail

if TYPE_CHECKING:
    from ticketopt.problem.policy import Policy
    from ticketopt.problem.problem import Problem

__all__ = ["compare"]

METHODS, POLICIES, SENSITIVITY = "methods", "policies", "sensitivity"

PICTURES = (".png", ".svg", ".pdf")


@on_problem(POLICY, CAPACITY, TIME_LIMIT, SEED)
@click.option(
    "--methods", "what", flag_value=METHODS, default=METHODS, help="Every backend and baseline (the default)."
)
@click.option("--policies", "what", flag_value=POLICIES, help="What every preset, and every --also, would change.")
@click.option("--also", multiple=True, metavar="FILE", help="A policy's file, or a preset, to compare with --policies.")
@click.option(
    "--sensitivity", "what", flag_value=SENSITIVITY, help="What moves if a weight or the minimum match changes."
)
@click.option("--picture", metavar="FILE", help="Draw it as well, to a .png, .svg or .pdf (extra: plots).")
@click.option("-o", "--output", metavar="FILE", help="Write the comparison to a .csv, .xlsx or .json as well.")
def compare(
    problem: Problem, *, what: str, also: Sequence[str], picture: str | None, output: str | None, **options: Any
) -> None:
    """Solve FILE by every backend and by what people do today, by several policies, or by other weights."""
    from ticketopt.report.table_file import write_table

    if output is not None:
        tables.form_of(output)
    _check_picture(picture)
    if also and what != POLICIES:
        raise click.UsageError("--also names policies to compare with --policies")
    found, head, rows = _compared(problem, what, also, options)
    if output is not None:
        write_table(output, head, rows)
    if picture is not None:
        _draw(what, found, picture)


def _compared(
    problem: Problem, what: str, also: Sequence[str], options: dict[str, Any]
) -> tuple[Any, list[str], list[Any]]:
    """What was found, which is printed, and it as a table."""
    if what == POLICIES:
        from ticketopt.comparison.policies import compare_policies

        policies = compare_policies(problem, _policies(problem, also), **options)
        comparison_tables.print_policies(policies)
        listed = list(policies.rows())
        return policies, list(listed[0]), [list(row.values()) for row in listed]
    if what == SENSITIVITY:
        from ticketopt.comparison.sensitivity import SensitivityRow, sensitivity

        weighed = sensitivity(problem, **options)
        comparison_tables.print_sensitivity(weighed)
        return weighed, [item.name for item in fields(SensitivityRow)], [astuple(row) for row in weighed.rows]
    from ticketopt.comparison.compare import Contender
    from ticketopt.comparison.compare import compare as run

    methods = run(problem, **options)
    comparison_tables.print_comparison(methods)
    return methods, [item.name for item in fields(Contender)], [astuple(one) for one in methods.contenders]


def _policies(problem: Problem, also: Sequence[str]) -> dict[str, Policy] | None:
    """The presets, and the policies that files hold; None where there is no file."""
    from ticketopt.comparison.policies import presets_on
    from ticketopt.problem.policy import Policy

    if not also:
        return None
    return presets_on(problem.policy) | {Path(file).stem: Policy.from_dict(policy_of_file(file)) for file in also}


def _check_picture(picture: str | None) -> None:
    if picture is None:
        return
    if Path(picture).suffix.lower() not in PICTURES:
        raise click.UsageError(f"--picture {picture}: end it in {', '.join(PICTURES)}")
    if find_spec("matplotlib") is None:
        fail(EXIT_FILE, 'pictures need the extra "plots": pip install "ticketopt[plots]"')


def _draw(what: str, found: Any, picture: str) -> None:
    from ticketopt.report import plots, policy_plots

    draw: dict[str, Callable[..., Any]] = {
        METHODS: plots.comparison,
        POLICIES: policy_plots.policies,
        SENSITIVITY: policy_plots.sensitivity,
    }
    draw[what](found).figure.savefig(picture)
