"""Stints from rows, against a reading of the same rules one ticket and one row at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.history.coded import UNSAID, carried, firsts
from ticketopt.history.history import Outcome
from ticketopt.history.stages import Stage
from ticketopt.history.stints import Course, attempts, find_stints

ROW = st.tuples(
    st.integers(0, 2),  # minutes after the row before
    st.sampled_from([Stage.OPEN, Stage.OPEN, Stage.WAITING, Stage.WAITING, *Stage]),
    st.sampled_from([0, 0, 0, 1, 2, -1, -1, UNSAID]),
    st.sampled_from([UNSAID, -1, 0, 0, 1]),
    st.sampled_from([-1, -1, 0, 1]),
)
TICKETS = st.lists(st.lists(ROW, min_size=1, max_size=9), max_size=4)


def course(tickets: list[list[tuple[Any, ...]]]) -> Course:
    rows = [
        (number, 60.0 * sum(r[0] for r in own[: k + 1]), *row[1:])
        for number, own in enumerate(tickets)
        for k, row in enumerate(own)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 6
    ticket, time, stage, agent, group, resolver = columns
    whole = [np.array(column, dtype=np.int64) for column in (ticket, stage, agent, group, resolver)]
    return Course(whole[0], np.array(time, dtype=float), *whole[1:])


def one_by_one(log: Course, edge: float, dispatch: float, at_once: bool) -> tuple[list[Any], list[Any], list[Any]]:
    """Stints, pauses, and per ticket when it was resolved and how often it was opened again."""
    stints: list[Any] = []
    pauses: list[Any] = []
    ends: list[Any] = []
    for number in sorted(set(log.ticket.tolist())):
        rows = _states(log, number)
        found: list[list[Any]] = []
        waits: list[tuple[int, float, float]] = []
        holder, was_done, reopened = -1, False, 0
        for k, (time, stage, agent, group, resolver) in enumerate(rows):
            done = stage >= Stage.RESOLVED
            holds = -1 if done else agent
            if holder >= 0 and holds != holder:
                ended_by_own = done and (agent in (holder, -1) or stage == Stage.WITHDRAWN)
                how = Outcome.WITHDRAWN if stage == Stage.WITHDRAWN else Outcome.RESOLVED
                found[-1][4:] = [time, how if ended_by_own else Outcome.PASSED]
            is_last_run = all(r[1] >= Stage.RESOLVED for r in rows[k:])
            if done and not was_done and stage == Stage.RESOLVED and at_once:
                who = resolver if agent < 0 and holder < 0 and is_last_run else agent
                if who >= 0 and who != holder:
                    found.append([number, who, group, time, time, Outcome.RESOLVED])
            if holds >= 0 and (holds != holder or was_done):
                found.append([number, holds, group, time, edge, Outcome.OPEN])
            if holds >= 0 and stage == Stage.WAITING:
                after = rows[k + 1][0] if k + 1 < len(rows) else edge
                waits.append((len(found) - 1, time, after))
            reopened += was_done and not done
            holder, was_done = holds, done
        kept = [k for k, s in enumerate(found) if s[5] != Outcome.PASSED or s[4] - s[3] >= dispatch]
        stints += [(*found[k][:3], n, *found[k][3:]) for n, k in enumerate(kept)]
        pauses += _merged([(number, kept.index(k), a, b) for k, a, b in waits if k in kept])
        runs = [
            k
            for k, row in enumerate(rows)
            if k == 0 or (row[1] >= Stage.RESOLVED) != (rows[k - 1][1] >= Stage.RESOLVED)
        ]
        last = rows[runs[-1]]
        ends.append((last[0] if last[1] == Stage.RESOLVED else None, reopened))
    return stints, pauses, ends


def _states(log: Course, number: int) -> list[tuple[float, int, int, int, int]]:
    """Rows with what they leave unsaid, and with agents that are missing within a stint."""
    states = []
    stage, agent, group = int(Stage.NEW), -1, -1
    for k in np.flatnonzero(log.ticket == number):
        stage = stage if log.stage[k] == Stage.UNSAID else int(log.stage[k])
        agent = agent if log.agent[k] == UNSAID else int(log.agent[k])
        group = group if log.group[k] == UNSAID else int(log.group[k])
        states.append((float(log.time[k]), stage, agent, group, int(log.resolver[k])))
    for k, state in enumerate(list(states)):
        if state[1] < Stage.RESOLVED and state[2] == -1:
            before = [s for s in states[:k] if s[2] != -1 or s[1] >= Stage.RESOLVED][-1:]
            after = [s for s in states[k + 1 :] if s[2] != -1 or s[1] >= Stage.RESOLVED][:1]
            is_gap = before and after and before[0][1] < Stage.RESOLVED and before[0][2] == after[0][2] >= 0
            if is_gap and before[0][3] == state[3]:
                states[k] = (state[0], state[1], before[0][2], *state[3:])
    return states


def _merged(pauses: list[Any]) -> list[Any]:
    """Pauses that touch are one; none has no length."""
    result: list[Any] = []
    for ticket, stint, start, end in pauses:
        if result and result[-1][:2] == (ticket, stint) and result[-1][3] == start:
            result[-1] = (ticket, stint, result[-1][2], end)
        else:
            result.append((ticket, stint, start, end))
    return [pause for pause in result if pause[3] > pause[2]]


@settings(max_examples=examples(400), deadline=None)
@given(TICKETS, st.sampled_from([0.0, 60.0, 120.0]), st.booleans())
def test_all_at_once_is_one_by_one(tickets: list[Any], dispatch: float, at_once: bool) -> None:
    log = course(tickets)
    edge = float(log.time.max()) if len(log.time) else 0.0
    found = find_stints(log, edge, dispatch_seconds=dispatch, resolved_at_once=at_once)
    s, p = found.stints, found.pauses
    want = one_by_one(log, edge, dispatch, at_once)
    columns = (s.ticket, s.agent, s.group, s.attempt, s.start, s.end, s.outcome)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == want[0]
    of = list(
        zip(s.ticket[p.stint].tolist(), s.attempt[p.stint].tolist(), p.start.tolist(), p.end.tolist(), strict=True)
    )
    assert of == want[1]
    resolved = [None if np.isnan(t) else t for t in found.resolved.tolist()]
    assert list(zip(resolved, found.reopened.tolist(), strict=True)) == want[2]


def test_what_is_unsaid_is_as_before_within_a_ticket() -> None:
    codes = np.array([UNSAID, 3, UNSAID, UNSAID, -1, UNSAID])
    starts = np.array([True, False, False, True, False, False])
    assert carried(codes, starts).tolist() == [-1, 3, 3, -1, -1, -1]


def test_attempts_are_counted_by_ticket() -> None:
    assert attempts(np.array([0, 0, 2, 3, 3, 3])).tolist() == [0, 1, 0, 0, 1, 2]
    assert attempts(np.zeros(0, dtype=np.int64)).tolist() == []
    assert firsts(np.array([0, 0, 1, 1, 1, 2])).tolist() == [0, 2, 5]
