"""Commands about the service: running it, and keys for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ticketopt.cli.reported import EXIT_FILE, fail, reported
from ticketopt.cli.service_options import service_options, settings_of
from ticketopt.service import keys
from ticketopt.service.keys import ROLES

__all__ = ["key", "serve"]


def _with_options(function: Callable[..., None]) -> Any:
    for option in reversed(service_options()):
        function = option(function)
    return function


@click.command()
@click.option("--team", metavar="FILE", envvar="TICKETOPT_TEAM", help="Agents that the queue gets before it starts.")
@_with_options
def serve(team: str | None, **given: Any) -> None:
    """Run the HTTP service (needs the extra "service").

    Every option can be set as TICKETOPT_<NAME> in the environment. TICKETOPT_API_KEYS holds API keys, separated by
    commas: whoever knows one may do everything. A file for --keys holds keys with roles and tenants, made by `ticketopt
    key`. Keys are required where --host is not this machine alone.
    """
    with reported():
        try:
            from ticketopt.service.server import run
        except ImportError as error:
            fail(EXIT_FILE, f'the service needs the extra "service": pip install "ticketopt[service]" ({error.name})')
        settings = settings_of(given)
        if team is not None:
            _put_in(team, settings.store)
        run(settings)


def _put_in(team: str, store: str) -> None:
    """Agents of a file go into the store of the queue without a tenant; what the file does not state stays there."""
    from ticketopt.errors import InvalidInputError
    from ticketopt.history.team import stated_fields
    from ticketopt.intake.files import read_queue
    from ticketopt.live.dispatcher import Dispatcher
    from ticketopt.live.stores import open_store

    if store.startswith("memory:"):
        raise InvalidInputError.single("team", "would be lost with a store in memory", "name another --store")
    agents = read_queue({"tickets": [], "agents": []}, agents=team).agents
    Dispatcher(open_store(store)).upsert_agents([stated_fields(agent) for agent in agents])
    click.echo(f"{team}: {len(agents)} agents", err=True)


@click.command("key")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="change", show_default=True, help="What it lets do.")
@click.option("--tenant", "tenants", multiple=True, metavar="TENANT", help="Whose queue; * is every one.")
def key(name: str, role: str, tenants: tuple[str, ...]) -> None:
    """Make an API key: its entry for the file of `serve --keys` on standard output, the key itself, once, beside it."""
    with reported():
        new = keys.new_key()
        click.echo(keys.toml_of(keys.key_of(name, new, role, tenants)))
        click.echo(f"The key, which is shown only now: {new}", err=True)
