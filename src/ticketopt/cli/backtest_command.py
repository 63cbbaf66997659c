"""Would another way to assign have been better: past tickets, replayed."""

from __future__ import annotations

import json
from typing import Any

import click

from ticketopt.cli.history_commands import log_options, read_log
from ticketopt.cli.reported import reported

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
    "--kappa", "kappas", type=click.FloatRange(0, 1), multiple=True, default=(1.0, 0.5, 0.0), show_default=True,
    help="Share of agents' differences that is taken to be theirs; the learned one comes by itself.",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(1), default=1, show_default=True, help="Of what the log leaves open.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of luck, draws and intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backtest(
    files: tuple[str, ...],
    *,
    until: str,
    policies: tuple[str, ...],
    kappas: tuple[float, ...],
    draws: int,
    seed: int,
    as_json: bool,
    **reading: Any,
) -> None:
    """Replay past tickets under other ways to assign them, and say whether one would have been better.

    FILE is what `ticketopt history` reads. The people of the log are always replayed as well, with its delay (history)
    and without (at_once), and checks are printed that can refuse a verdict.
    """
    with reported():
        from ticketopt.history.backtest.run import backtest as run

        wanted = policies or ("best_available", "every 15 min")
        trial = run(read_log(files, **reading), wanted, learn_until=until, kappas=kappas, draws=draws, seed=seed)
        click.echo(json.dumps(trial.to_dict(), indent=2, ensure_ascii=False) if as_json else str(trial))
