"""Commands about stores: their team, their backups, what is over."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ticketopt.cli.reported import EXIT_SOLVER, fail, reported

__all__ = ["backup", "copy_team", "prune", "restore"]


@click.command("copy-team")
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
def copy_team(source: str, target: str) -> None:
    """Copy agents and loads from one store to another, such as json:agent_state.json to sqlite:///tickets.db."""
    with reported():
        from ticketopt.live.stores import copy_team as copy
        from ticketopt.live.stores import open_store

        names = copy(open_store(source), open_store(target), at=time.time())
        click.echo(f"{len(names)} agents copied.")


@click.command()
@click.argument("store", metavar="STORE")
@click.argument("file", metavar="FILE")
def backup(store: str, file: str) -> None:
    """Write everything that a store keeps, as of one moment, to FILE, while the service goes on.

    Of SQLite it is a database again, of any other store JSON lines. A copy of a SQLite file that others have open is
    no backup: what was written last is in a file beside it.
    """
    with reported():
        from ticketopt.live.stores import open_store

        source = open_store(store)
        if not source.tenants():
            fail(EXIT_SOLVER, f"{store} holds nothing, so that no backup is made; check its address")
        count = source.backup(Path(file))
        click.echo(f"{count} rows written to {file}.")


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("store", metavar="STORE")
def restore(file: str, store: str) -> None:
    """Put everything that the backup FILE holds into an empty store, of any kind, and check that it adds up."""
    with reported():
        from ticketopt.live.audit import audit
        from ticketopt.live.restore import restore as put_back
        from ticketopt.live.stores import open_store

        target = open_store(store)
        count = put_back(Path(file), target)
        issues = [str(issue) for tenant in target.tenants() for issue in audit(*target.history(tenant))]
        click.echo(f"{count} rows restored.")
        if issues:
            fail(EXIT_SOLVER, f"what was restored does not add up: {issues[0]}")


@click.command()
@click.argument("store", metavar="STORE")
@click.option(
    "--keep", "rules", multiple=True, required=True, metavar="RULE", help="KIND=DAYSd or KIND=ROWS; may be repeated."
)
def prune(store: str, rules: tuple[str, ...]) -> None:
    """Forget what is over and not to be kept, in every queue of a store, while the service goes on.

    A RULE is a kind and for how many days it is kept (events=90d), or how many rows of it, the newest (events=100000).
    Kinds are events, closed-tickets (since they were changed last), answers (to idempotency keys, which count once for
    as long), deliveries (to a helpdesk) and jobs; all is every one that no rule of its own names. What no rule names
    stays. Open tickets, the team and its loads always stay, and loads can still be checked.
    """
    with reported():
        from ticketopt.live.retention import prune_all, retention_of
        from ticketopt.live.stores import open_store

        keep, source = retention_of(rules), open_store(store)
        if not source.tenants():
            fail(EXIT_SOLVER, f"{store} holds nothing; check its address")
        failed: list[str] = []
        counts = prune_all(
            source, now=time.time(), keep=keep, failed=lambda tenant, error: failed.append(f"{tenant!r} ({error})")
        )
        told = ", ".join(f"{kind.replace('_', '-')} {count}" for kind, count in counts.items())
        click.echo(f"Rows forgotten: {told}.")
        if failed:
            fail(EXIT_SOLVER, f"queues of these tenants could not be pruned: {', '.join(failed)}")
