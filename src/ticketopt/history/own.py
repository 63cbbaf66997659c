"""Tickets that nobody routed: who opened them kept them."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Bool
from ticketopt.history.coded import Coded
from ticketopt.history.history import Stints
from ticketopt.history.links import agents_of
from ticketopt.history.table import Table

__all__ = ["own_tickets"]


def own_tickets(table: Table, ids: tuple[str, ...], opener: Coded, stints: Stints, agents: Coded) -> Bool:
    """Per ticket, whether nobody routed it: its opener is its first agent, or the caller says so.

    `opener` is per ticket; `agents` names the agents of stints.
    """
    how = table.how.own_tickets
    if not isinstance(how, str):
        named = {str(ticket_id) for ticket_id in how}
        return np.array([ticket_id in named for ticket_id in ids], dtype=np.bool_)
    own = np.zeros(len(ids), dtype=np.bool_)
    if how == "none" or "opened_by" not in table:
        return own
    first = np.full(len(ids), -1)
    is_first = stints.attempt == 0
    first[stints.ticket[is_first]] = stints.agent[is_first]
    to = agents_of(table, "opened_by", opener, Coded(first, agents.names))[opener.codes]
    own = np.asarray((to >= 0) & (to == first))
    if own.any():
        words = "Tickets were kept by who opened them: nobody routed them, and they say little of those that are."
        table.note("own tickets", words, int(own.sum()))
    return own
