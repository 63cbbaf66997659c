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
@_with_options
def serve(**given: Any) -> None:
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
        run(settings_of(given))


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
