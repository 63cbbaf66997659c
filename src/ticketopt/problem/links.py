"""Addresses of tickets in the helpdesk, from one address with a place for the id."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from ticketopt.errors import InvalidInputError
from ticketopt.problem.records import Id

__all__ = ["PLACE", "ticket_links"]

PLACE = "{ticket_id}"


def ticket_links(address: str | None) -> Callable[[Id], str]:
    """What gives the address of a ticket by its id: empty where `address` is None.

    Raises
    ------
    InvalidInputError
        Where it is no http(s) address with one `{ticket_id}` in it, or the id would say on whose server.
    """
    if address is None:
        return lambda ticket_id: ""
    repair = f"write it such as https://helpdesk.example/tickets/{PLACE}"
    if not re.match(r"https?://", address, flags=re.IGNORECASE) or re.search(r"[\s\x00-\x1f]", address):
        raise InvalidInputError.single("link", "is not an address that begins with https:// or http://", repair)
    if PLACE not in address.partition("://")[2].partition("/")[2] or not urlsplit(address).netloc:
        raise InvalidInputError.single("link", f"has no {PLACE} after the server's name", repair)
    return lambda ticket_id: address.replace(PLACE, quote(str(ticket_id), safe=""))
