"""The replay keeps its books, and history replays itself."""

from __future__ import annotations

import numpy as np
import pytest

from support.replays import Desk, desk_of
from ticketopt import InvalidInputError
from ticketopt.history.backtest.engine import Replayed, replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.policies import POLICIES, Situation
from ticketopt.history.history import Outcome


@pytest.mark.parametrize("gamma", [0.0, pytest.param(0.25, marks=pytest.mark.slow)])
def test_history_replays_itself(gamma: float) -> None:
    desk = desk_of(gamma=gamma)
    world, stints, run = desk.world, desk.history.stints, desk.replay("history")
    order = np.lexsort((run.attempt, run.ticket))
    log = world.first[run.ticket[order]] + run.attempt[order]
    assert len(log) == world.attempts.sum() > 500
    assert (run.agent[order] == stints.agent[log]).all()
    begins, ends = (np.array([world.hours.at(float(t)) for t in times]) for times in (run.start, run.end))
    for there, here in ((stints.start, begins), (stints.end, ends)):
        apart = np.abs(np.array([world.hours.at(float(t)) for t in there[log]]) - here[order])
        assert np.mean(apart < 0.1) > 0.98
    assert np.mean(run.outcome[order] == stints.outcome[log]) > 0.99


@pytest.mark.parametrize("name", POLICIES)
def test_nobody_is_in_two_hands_and_counts_add_up(name: str) -> None:
    desk = desk_of()
    world, run = desk.world, desk.replay(name)
    order = np.lexsort((run.attempt, run.ticket))
    ticket, attempt, start, end, outcome = (
        column[order] for column in (run.ticket, run.attempt, run.start, run.end, run.outcome)
    )
    assert set(ticket.tolist()) == set(range(len(world)))
    same = ticket[1:] == ticket[:-1]
    assert (end >= start).all()
    assert (start[1:][same] >= end[:-1][same]).all()
    assert (attempt[1:][same] == attempt[:-1][same] + 1).all()
    assert (outcome[:-1][same] == Outcome.PASSED).all()
    first = np.concatenate([[True], ~same])
    assert (attempt[first] == 0).all()
    assert (start[first] >= world.created[ticket[first]]).all()
    assert (end <= world.end).all()
    assert run.area == pytest.approx((end - start).sum())


def test_chosen_agents_are_present_and_of_the_group() -> None:
    desk = desk_of()
    run = desk.replay("best_available")
    assert run.chosen.mean() > 0.5
    columns = (run.ticket, run.attempt, run.agent, run.start)
    for i, r, agent, start in zip(*(column[run.chosen].tolist() for column in columns), strict=True):
        assert agent in desk.world.candidates(desk.world.group(i, r), start)


def test_where_agents_are_alike_all_that_assign_at_once_are_equal() -> None:
    desk = desk_of()
    base = desk.replay("at_once", kappa=0.0)
    for name in ("random", "least_loaded", "closest_match"):
        other = desk.replay(name, kappa=0.0)
        ends = [np.sort(run.end[run.outcome == Outcome.RESOLVED]) for run in (base, other)]
        assert np.allclose(*ends)


def test_the_same_seed_gives_the_same_replay() -> None:
    desk = desk_of()
    one, two, other = desk.replay("random"), desk.replay("random"), desk.replay("random", seed=1)
    assert one.agent.tolist() == two.agent.tolist() != other.agent.tolist()


@pytest.mark.slow
def test_fresh_luck_takes_as_long_as_the_log_did() -> None:
    """On the whole, over helpdesks: what is not known of agents makes the mean a little short."""

    def mean(desk: Desk, run: Replayed) -> float:
        at = desk.world.hours.at
        return float(np.mean([at(b) - at(a) for a, b in zip(run.start.tolist(), run.end.tolist(), strict=True)]))

    total = np.zeros(2)
    for desk in (desk_of(seed=seed) for seed in range(5)):
        luck = [fresh_luck(desk.world, np.random.default_rng(seed)) for seed in range(3)]
        runs = [replayed(desk.world, desk.speeds, one, POLICIES["history"], desk.fitted.hours()) for one in luck]
        total += mean(desk, desk.replay("history")), np.mean([mean(desk, run) for run in runs])
    assert total[1] == pytest.approx(total[0], rel=0.1)


def test_a_rule_is_told_what_is_known_and_must_choose_a_candidate() -> None:
    seen: list[Situation] = []

    def last(now: Situation) -> int:
        seen.append(now)
        return len(now.agents) - 1

    desk = desk_of()
    run = desk.replay(last)
    assert run.chosen.sum() == len(seen)
    times = [now.time for now in seen]
    assert times == sorted(times)
    assert all(len(now.agents) >= 2 and (now.load >= 0).all() and (now.given <= now.time).all() for now in seen)
    with pytest.raises(InvalidInputError, match="candidates"):
        desk.replay(lambda now: len(now.agents))
