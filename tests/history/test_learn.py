"""From a log to a team."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import ticketopt
from support.simulated_history import Helpdesk, Simulated, simulated_history
from ticketopt import InvalidInputError
from ticketopt.history.history import Actions, History, Outcome, Pauses, Stints
from ticketopt.history.learn import learn


@cache
def log() -> Simulated:
    return simulated_history(Helpdesk(agents=12, groups=3, days=40, agent_sd=0.8))


@cache
def until() -> float:
    return float(np.quantile(log().history.stints.start, 0.8))


def other_future(history: History, moment: float) -> History:
    """The same until `moment`; of what came later, who, how and how long are others."""
    rng = np.random.default_rng(3)
    stints, tickets, actions = history.stints, history.tickets, history.actions
    later, going = stints.start >= moment, stints.end > moment
    agent, outcome, end = stints.agent.copy(), stints.outcome.copy(), stints.end.copy()
    agent[later] = rng.integers(0, len(history.agents), int(later.sum()))
    outcome[going] = rng.choice([Outcome.RESOLVED, Outcome.PASSED, Outcome.WITHDRAWN], int(going.sum()))
    end[going] = np.maximum(moment + rng.uniform(1, 1e6, int(going.sum())), stints.start[going])
    held = history.pauses.start < moment
    new = tickets.created >= moment
    resolved = np.where(tickets.resolved > moment, moment + 5.0, tickets.resolved)
    acted = actions.time < moment
    return replace(
        history,
        stints=Stints(stints.ticket, agent, stints.group, stints.attempt, stints.start, end, outcome),
        pauses=Pauses(history.pauses.stint[held], history.pauses.start[held], history.pauses.end[held]),
        actions=Actions(actions.agent[acted], actions.ticket[acted], actions.time[acted]),
        tickets=replace(
            tickets,
            resolved=resolved,
            kind=np.where(new, rng.permutation(tickets.kind), tickets.kind),
            own=np.where(new, ~tickets.own, tickets.own),
            reopened=tickets.reopened + (tickets.resolved > moment),
        ),
        agents=(*history.agents, "somebody new"),
        end=float(end.max()),
    )


def test_nothing_of_the_future_enters() -> None:
    known = learn(log().history, learn_until=until())
    assert len(known.evidence.reason) == 0
    assert known.to_json() == learn(other_future(log().history, until()), learn_until=until()).to_json()
    assert known.to_json() != learn(log().history).to_json()


def test_levels_follow_the_truth() -> None:
    team = learn(log().history)
    pairs = [
        (level.value, log().levels[int(name.split()[1]), int(skill.split()[1])], level)
        for name, member in team.learned.members.items()
        for skill, level in member.levels.items()
    ]
    assert len(pairs) > 15
    assert np.corrcoef([p[0] for p in pairs], [p[1] for p in pairs])[0, 1] > 0.9
    inside = [level.low - 0.05 <= true <= level.high + 0.05 for _, true, level in pairs]
    assert np.mean(inside) > 0.75
    assert all(level.low <= level.value <= level.high for _, _, level in pairs)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_team() -> None:
    assert learn(log().history).to_json() == learn(log().history).to_json()
    assert learn(log().history, seed=1).to_json() != learn(log().history).to_json()


def test_where_agents_are_alike_no_levels_are_given_and_it_says_so() -> None:
    log = simulated_history(Helpdesk(agents=12, groups=3, days=30, agent_sd=0.0, pair_sd=0.0))
    team = learn(log.history)
    assert not any(agent.skills for agent in team.agents)
    assert "No levels are given" in str(team.evidence)
    assert all(agent.capacity for agent in team.agents)


def test_a_short_log_claims_nothing() -> None:
    team = learn(simulated_history(Helpdesk(agents=3, days=2)).history)
    assert team.learned.choice is None
    assert not any(agent.skills for agent in team.agents)


def test_the_team_is_one_that_assign_takes() -> None:
    team = learn(log().history)
    tickets = [{"ticket_id": k, "skills": {f"group {k % 3}": 1.0}, "group": f"group {k % 3}"} for k in range(9)]
    result = ticketopt.assign(tickets, team.agents)
    assert result.status is ticketopt.Status.OPTIMAL
    assert all("learned from" in decision.rationale for decision in result.decisions)


@pytest.mark.slow
def test_difficulty_that_is_not_known_makes_fast_people_look_slow() -> None:
    desk = Helpdesk(agents=12, groups=2, days=60, agent_sd=0.5, difficulty_sd=0.8, confounding=2.0, has_estimate=True)
    log = simulated_history(desk)

    def likeness(*, with_estimates: bool) -> float:
        members = learn(log.history, with_estimates=with_estimates).learned.members
        known = [
            (np.log(level.value), np.log(log.levels[int(name.split()[1]), int(skill.split()[1])]))
            for name, member in members.items()
            for skill, level in member.levels.items()
        ]
        return float(np.corrcoef(*zip(*known, strict=True))[0, 1]) if known else 0.0

    assert likeness(with_estimates=True) > 0.9
    assert likeness(with_estimates=False) < 0.6


def test_hours_really_worked_are_preferred() -> None:
    history = log().history
    done = history.stints.outcome == Outcome.RESOLVED
    hours = np.full(len(history.tickets), np.nan)
    rng = np.random.default_rng(0)
    agent = history.stints.agent[done]
    hours[history.stints.ticket[done]] = np.exp(1 - 2 * log().speed[agent] + rng.normal(0, 0.3, int(done.sum())))
    team = learn(replace(history, tickets=replace(history.tickets, hours=hours)))
    assert team.learned.choice is not None
    assert team.learned.choice.uses_hours
    slowest, fastest = int(np.argmin(log().speed)), int(np.argmax(log().speed))
    paces = team.learned.members
    assert paces[f"agent {fastest}"].pace.value > 9 > 2 > paces[f"agent {slowest}"].pace.value  # type: ignore[union-attr]
    assert not learn(history, measure="time").learned.choice.uses_hours  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"skill": "Subject"}, "choose one of: group, kind"),
        ({"learn_until": "2001-01-01"}, "not within the log"),
        ({"learn_until": "soon"}, "learn_until"),
        ({"measure": "hours"}, "no hours"),
        ({"measure": "days"}, "use auto, hours or time"),
    ],
)
def test_wrong_arguments_are_named(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        learn(log().history, **wrong)  # type: ignore[arg-type]


def test_a_log_in_which_nothing_was_routed_is_refused() -> None:
    own = replace(log().history, tickets=replace(log().history.tickets, own=np.ones(len(log().history.tickets), bool)))
    with pytest.raises(InvalidInputError, match="routed"):
        learn(own)
