"""What holds of every history, wherever it came from."""

from __future__ import annotations

import numpy as np

from ticketopt.history.history import History, Outcome

__all__ = ["check_history"]


def check_history(history: History) -> None:
    tickets, stints, pauses, actions = history.tickets, history.stints, history.pauses, history.actions
    n, m = len(tickets), len(stints)
    names = {
        "kind": history.kinds,
        "group": history.groups,
        "priority": history.priorities,
        "requester": history.requesters,
    }
    for field, values in names.items():
        codes = getattr(tickets, field)
        assert codes.shape == (n,) and codes.dtype == np.int64
        assert ((codes >= -1) & (codes < len(values))).all(), field
    for codes, values in tickets.columns.values():
        assert codes.shape == (n,) and ((codes >= -1) & (codes < len(values))).all()
    for column in (tickets.created, tickets.resolved, tickets.own, tickets.reopened, tickets.estimate, tickets.hours):
        assert column.shape == (n,)
    assert len(tickets.texts) == n and len(set(tickets.ids)) == n
    created = tickets.created[~np.isnan(tickets.created)]
    assert (np.diff(created) >= 0).all() and not np.isnan(tickets.created[: len(created)]).any()
    assert (tickets.reopened >= 0).all()
    assert ((stints.ticket >= 0) & (stints.ticket < n)).all()
    assert ((stints.agent >= 0) & (stints.agent < len(history.agents))).all()
    assert ((stints.group >= -1) & (stints.group < len(history.groups))).all()
    assert (stints.start <= stints.end).all() and np.isfinite(stints.start).all() and np.isfinite(stints.end).all()
    assert not m or stints.end.max() <= history.end
    same = np.diff(stints.ticket) == 0
    assert (np.diff(stints.ticket) >= 0).all()
    assert (np.diff(stints.start)[same] >= 0).all()
    assert (np.diff(stints.attempt)[same] == 1).all()
    assert (stints.attempt >= 0).all()
    assert set(stints.outcome.tolist()) <= set(map(int, Outcome))
    assert stints.hours is None or stints.hours.shape == (m,)
    assert ((pauses.stint >= 0) & (pauses.stint < m)).all() and (pauses.start < pauses.end).all()
    assert (pauses.start >= stints.start[pauses.stint]).all() and (pauses.end <= stints.end[pauses.stint]).all()
    inside = np.diff(pauses.stint) == 0
    assert (np.diff(pauses.stint) >= 0).all() and (pauses.start[1:][inside] >= pauses.end[:-1][inside]).all()
    assert (np.diff(actions.time) >= 0).all()
    assert ((actions.agent >= 0) & (actions.agent < len(history.agents))).all()
    assert ((actions.ticket >= 0) & (actions.ticket < n)).all()
    assert history.routed.shape == (m,) and history.stint_hours.shape == (m,)
    assert repr(history) and str(history.about()) and history.resolution in (1, 60, 86_400)
