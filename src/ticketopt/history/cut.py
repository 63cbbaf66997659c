"""A history as it was known at a moment: nothing of the future is in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.history.history import Actions, History, Outcome, Pauses, Stints

__all__ = ["known_at"]


def known_at(history: History, moment: float) -> History:
    """The same with what had happened by `moment` (Unix seconds) alone.

    Stints that had begun and not ended are open, pauses and actions end there, and what a ticket's end tells (when it
    was resolved, the hours it took, how often it was reopened) is unknown unless it had been resolved. Tickets keep
    their places.
    """
    if moment >= history.end:
        return history
    tickets, stints = history.tickets, history.stints
    begun = stints.start < moment
    ended = stints.end <= moment
    known = Stints(
        stints.ticket[begun],
        stints.agent[begun],
        stints.group[begun],
        stints.attempt[begun],
        stints.start[begun],
        np.minimum(stints.end, moment)[begun],
        np.where(ended, stints.outcome, int(Outcome.OPEN))[begun],
    )
    over = np.zeros(len(tickets), bool)
    over[stints.ticket[ended & (stints.outcome == Outcome.RESOLVED)]] = True
    over &= ~(tickets.resolved > moment)
    past = replace(
        tickets,
        resolved=_where(over, tickets.resolved),
        hours=_where(over, tickets.hours),
        reopened=np.where(over, tickets.reopened, 0),
    )
    acted = history.actions.time < moment
    whole = history.actions
    actions = Actions(whole.agent[acted], whole.ticket[acted], whole.time[acted])
    pauses = _pauses(history.pauses, begun, moment)
    return replace(history, tickets=past, stints=known, pauses=pauses, actions=actions, end=moment)


def _pauses(pauses: Pauses, begun: Bool, moment: float) -> Pauses:
    keep = (pauses.start < moment) & begun[pauses.stint]
    place = np.cumsum(begun) - 1
    return Pauses(place[pauses.stint[keep]], pauses.start[keep], np.minimum(pauses.end[keep], moment))


def _where(known: Bool, values: Float) -> Float:
    return np.where(known, values, np.nan)
