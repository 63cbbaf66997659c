"""Would another way to assign have been better: past tickets, replayed."""

from __future__ import annotations

import json
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from ticketopt.cli.history_commands import log_options, read_log
from ticketopt.cli.reported import EXIT_FILE, fail, reported
from ticketopt.cli.what_ifs import EXAMPLE, what_ifs

__all__ = ["backtest"]


@click.command()
@log_options
@click.option("--until", required=True, metavar="TIME", help="Learn from what came before; replay what came after.")
@click.option(
    "--policy", "policies", multiple=True, metavar="NAME",
    help='What is replayed: random, round_robin, least_loaded, longest_idle, closest_match, best_available, "every 15'
    ' min"; again for more.  [default: best_available, every 15 min]',
)  # fmt: skip
@click.option(
    "--what-if", "changes", multiple=True, metavar="POLICY; CHANGE; ...",
    help=f'The helpdesk is another, such as "{EXAMPLE}"; again for more.',
)  # fmt: skip
@click.option(
    "--kappa", "kappas", type=click.FloatRange(0, 3), multiple=True, default=(1.0, 0.5, 0.0), show_default=True,
    help="Share of agents' differences that is taken to be theirs; the learned one comes by itself.",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(1), default=1, show_default=True, help="Of what the log leaves open.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of luck, draws and intervals.")
@click.option("--gamma", type=click.FloatRange(0, 1), help="How much load slows people.  [default: as foretold best]")
@click.option(
    "--target", "targets", multiple=True, metavar="PRIORITY=HOURS",
    help="After how many hours a ticket is late, where the log has no due times; again for more.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that draws run in.")
@click.option("-o", "--output", metavar="FILE", help="Write a page (.html) about it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backtest(
    files: tuple[str, ...],
    *,
    until: str,
    policies: tuple[str, ...],
    changes: tuple[str, ...],
    kappas: tuple[float, ...],
    draws: int,
    seed: int,
    gamma: float | None,
    targets: tuple[str, ...],
    workers: int,
    output: str | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Replay past tickets under other ways to assign them, and say whether one would have been better.

    FILE is what `ticketopt history` reads. The people of the log are always replayed as well, with its delay (history)
    and without (at_once), and checks are printed that can refuse a verdict.
    """
    if output is not None and find_spec("jinja2") is None:
        fail(EXIT_FILE, 'the page needs the extra "report": pip install "ticketopt[report]"')
    others = what_ifs(changes)
    with reported(), _pool(workers) as executor:
        from ticketopt.history.backtest.run import backtest as run

        wanted = {name: name for name in policies or ("best_available", "every 15 min")}
        trial = run(
            read_log(files, **reading), wanted | others, learn_until=until, kappas=kappas, draws=draws, seed=seed,
            gamma=gamma, targets=_hours(targets), executor=executor, progress=_told if draws > 1 else None,
        )  # fmt: skip
        if output is not None:
            from ticketopt.report.trial_page import trial_html

            Path(output).write_text(trial_html(trial), encoding="utf-8")
        click.echo(json.dumps(trial.to_dict(), indent=2, ensure_ascii=False) if as_json else str(trial))


def _told(done: int, draws: int) -> None:
    click.echo(f"{done} of {draws} draws", err=True)


def _hours(targets: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for one in targets:
        name, _, hours = one.rpartition("=")
        try:
            found[name] = float(hours)
        except ValueError:
            raise click.BadParameter(f"{one!r} is no PRIORITY=HOURS, such as P1=4") from None
    return found


def _pool(workers: int) -> AbstractContextManager[Executor | None]:
    return nullcontext() if workers == 1 else ProcessPoolExecutor(workers)
