"""The library's errors as messages and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

__all__ = ["EXIT_FILE", "EXIT_INVALID", "EXIT_SOLVER", "fail", "reported"]

EXIT_INVALID, EXIT_FILE, EXIT_SOLVER = 3, 4, 5


@contextmanager
def reported() -> Iterator[None]:
    """Turn the library's errors into messages and exit codes."""
    from ticketopt.errors import InvalidInputError, TicketoptError, UnsupportedModelError

    try:
        yield
    except (InvalidInputError, UnsupportedModelError) as error:
        fail(EXIT_INVALID, str(error))
    except TicketoptError as error:
        fail(EXIT_SOLVER, str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        fail(EXIT_FILE, f"{error.filename or 'a file'}: {error.strerror or error}")


def fail(code: int, message: str) -> NoReturn:
    click.echo(f"ticketopt: {message}", err=True)
    sys.exit(code)
