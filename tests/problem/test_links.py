"""A ticket's address is made from the helpdesk's, and an id cannot change where it leads."""

from __future__ import annotations

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.links import ticket_links


def test_the_id_is_put_in_its_place_and_quoted() -> None:
    link = ticket_links("https://help.example/t/{ticket_id}?view=1#{ticket_id}")
    assert link(17) == "https://help.example/t/17?view=1#17"
    assert link("a b/../ä?\"'<>&#") == "https://help.example/t/{0}?view=1#{0}".format(
        "a%20b%2F..%2F%C3%A4%3F%22%27%3C%3E%26%23"
    )
    assert ticket_links(None)("x") == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("javascript:alert({ticket_id})", "begins with https"),
        ("help.example/{ticket_id}", "begins with https"),
        ("https://help.example/a b/{ticket_id}", "begins with https"),
        ("https://help.example/", "has no {ticket_id} after"),
        ("https://{ticket_id}.example/", "has no {ticket_id} after"),
        ("https:///{ticket_id}", "has no {ticket_id} after"),
        ("", "begins with https"),
    ],
)
def test_what_is_no_address_of_tickets_is_refused(address: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ticket_links(address)
    assert words in str(caught.value)
    assert "https://helpdesk.example/tickets/{ticket_id}" in str(caught.value)
