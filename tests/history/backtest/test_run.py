"""From a log to a verdict."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import ticketopt
from history.test_learn import other_future
from support.replays import desk_of
from support.seeds import Seeds
from support.simulated_history import Helpdesk, simulated_history
from ticketopt import InvalidInputError, Trial
from ticketopt.history.backtest.policies import WhatIf
from ticketopt.history.backtest.speeds import fitted
from ticketopt.history.history import History

POLICIES = ["random", "best_available", "every 15 min"]


@cache
def world(agent_sd: float, seed: int = 0) -> tuple[History, float]:
    """A log with agents as different as that, and when two thirds of it are over."""
    desk = Helpdesk(agents=16, groups=2, days=60, rate=10, agent_sd=agent_sd, pair_sd=0.0)
    log = simulated_history(desk, seed=seed).history
    return log, log.begin + 2 / 3 * (log.end - log.begin)


@cache
def small() -> tuple[History, float]:
    """Enough of a log to be refused."""
    log = simulated_history(Helpdesk(agents=6, groups=2, days=16, agent_sd=0.8)).history
    return log, log.begin + 2 / 3 * (log.end - log.begin)


@cache
def trial(agent_sd: float, seed: int = 0) -> Trial:
    log, until = world(agent_sd, seed)
    return ticketopt.backtest(log, POLICIES, learn_until=until)


@pytest.mark.slow(about=50)
def test_where_agents_are_alike_no_policy_is_better(seeds: Seeds) -> None:
    for seed in seeds(1, 3):
        found = trial(0.0, seed)
        assert found.reason == ""
        rules = (found.verdicts[name] for name in ("random", "best_available"))
        assert all(words.startswith("no difference seen") for words in rules), found.verdicts
        assert not found.verdicts["every 15 min"].startswith("better"), "it only lets tickets lie"


@pytest.mark.slow
def test_where_agents_differ_choosing_the_fast_is_better_and_choosing_anybody_is_not() -> None:
    found = trial(0.8)
    for name in ("best_available", "every 15 min"):
        assert found.verdicts[name].startswith("better if kappa >= 0.5; 0 to ")
    assert not found.verdicts["random"].startswith("better")
    assert found.kappa > 0.6
    apart = found.differences["best_available"]
    assert apart[1.0].value < apart[0.5].value < apart[0.0].value + 0.01
    assert found.days_needed["best_available"] < 60


@pytest.mark.slow
def test_checks_pass_where_nothing_is_hidden() -> None:
    found = trial(0.8)
    failed = {check.name: check.seen for check in found.checks if not check.passed}
    unlucky = {check.name for check in found.checks if "fresh luck" in check.name}
    assert set(failed) <= {*unlucky, "when people were away"}, failed
    assert "too little" in failed["when people were away"], "nobody is ever away"
    assert found.decidable > 0.95


@pytest.mark.slow
def test_draws_are_the_same_again_and_count_in_intervals() -> None:
    log, until = world(0.8)

    def run(seed: int) -> Trial:
        return ticketopt.backtest(log, "best_available", learn_until=until, kappas=(1,), draws=2, seed=seed)

    several = run(0)
    assert several.to_dict() == run(0).to_dict() != run(1).to_dict()
    assert several.figures["best_available"] == trial(0.8).figures["best_available"]
    assert several.differences["best_available"][1.0] != trial(0.8).differences["best_available"][1.0]


@pytest.mark.slow
def test_the_placebo_shows_what_goes_with_agents_and_is_not_taken_to_be_theirs() -> None:
    seen = trial(0.8).placebo
    assert seen[1.0].low <= 0 <= seen[1.0].high
    assert not seen[0.5].low <= 0 <= seen[0.5].high


def test_nothing_of_the_future_enters_what_is_learned() -> None:
    desk = desk_of()
    other = fitted(other_future(desk.history, desk.until), desk.until, gamma=0.0)
    n = len(desk.history.agents)
    assert other.choice == desk.fitted.choice
    assert np.array_equal(other.hours()[:n], desk.fitted.hours())
    assert np.array_equal(other.speeds(1.0).person[:, :, :n], desk.fitted.speeds(1.0).person)


def test_a_short_log_gets_no_verdict() -> None:
    log = simulated_history(Helpdesk(agents=12, groups=3, days=18)).history
    found = ticketopt.backtest(log, "random", learn_until=log.begin + 0.7 * (log.end - log.begin))
    assert found.verdicts["random"].startswith("not knowable here")
    assert "30 are needed" in found.reason
    assert "not knowable here" in str(found)


@pytest.mark.slow
def test_lateness_is_what_counts_where_tickets_have_a_due_time() -> None:
    log, until = world(0.8)
    due = replace(log, tickets=replace(log.tickets, due=log.tickets.created + 86_400.0))
    found = ticketopt.backtest(due, "best_available", learn_until=until, kappas=(1,))
    assert found.judged == "share of tickets late"
    late = {name: row.missed for name, row in found.figures.items()}
    assert late["best_available"] is not None and late["at_once"] is not None
    assert found.differences["best_available"][found.kappa].value == pytest.approx(
        late["best_available"] - late["at_once"], abs=1e-9
    )


@pytest.mark.slow
def test_it_is_printed_whole() -> None:
    text = str(trial(0.8))
    assert max(map(len, text.splitlines())) < 180
    for words in (*POLICIES, "history", "at_once", "placebo", "(learned)", "bookkeeping", "Assumed", "one agent"):
        assert words in text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"learn_until": "2030-01-01"}, "learn_until"),
        ({"learn_until": "soon"}, "learn_until"),
        ({"kappas": (4,)}, "kappas"),
        ({"gamma": 2.0}, "gamma"),
        ({"targets": {"P9": 4}}, "targets"),
        ({"draws": 0}, "draws"),
        ({"policies": "no such"}, "policies"),
        ({"policies": {"at_once": "random"}}, "policies"),
        ({"policies": lambda now: None}, "policies"),
    ],
)
def test_what_cannot_be_done_is_said(changes: dict[str, Any], path: str) -> None:
    log, until = small()
    given = {"policies": "random", "learn_until": until, **changes}
    with pytest.raises(InvalidInputError) as caught:
        ticketopt.backtest(log, **given)
    assert [issue.path for issue in caught.value.issues] == [path]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        ticketopt.backtest(small()[0], learn_until="soon", kappas=(4,), draws=0)
    assert len(caught.value.issues) == 3


@pytest.mark.slow
def test_the_same_whatever_runs_it_and_stopping_keeps_what_is_done() -> None:
    log, until = world(0.8)
    told: list[tuple[int, int]] = []

    def stop(done: int, draws: int) -> bool:
        told.append((done, draws))
        return done < 2

    def run(**how: Any) -> Trial:
        return ticketopt.backtest(log, "random", learn_until=until, kappas=(1,), gamma=0.0, **how)

    with ThreadPoolExecutor(2) as pool:
        elsewhere = run(draws=2, executor=pool)
    assert elsewhere.to_dict() == run(draws=2).to_dict()
    stopped = run(draws=9, progress=stop)
    assert told == [(1, 9), (2, 9)]
    assert stopped.draws == 2
    assert stopped.differences["random"][1.0].value == pytest.approx(elsewhere.differences["random"][1.0].value)


@pytest.mark.slow(about=50)
def test_a_real_dask_cluster_gives_the_same_bit_by_bit(seeds: Seeds) -> None:
    distributed = pytest.importorskip("distributed")
    log, until = world(0.8)
    draws = len(seeds(2, 3))
    fewer: dict[str, Any] = {"kappas": (1,), "gamma": 0.0} if draws < 3 else {}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = ticketopt.backtest(
            log, "every 15 min", learn_until=until, draws=draws, executor=client.get_executor(), **fewer
        )
    here = ticketopt.backtest(log, "every 15 min", learn_until=until, draws=draws, **fewer)
    assert there.to_dict() == here.to_dict()


@pytest.mark.slow
def test_people_are_not_interchangeable_across_groups() -> None:
    log, until = world(0.8)
    found = ticketopt.backtest(log, "random", learn_until=until, kappas=(1,), gamma=0.0, across_groups=True)
    assert "people know the groups" in found.reason
    assert found.verdicts["random"].startswith("not knowable here")


@pytest.mark.slow
def test_targets_make_tickets_late_by_priority() -> None:
    log, until = world(0.8)
    tickets = replace(log.tickets, priority=np.arange(len(log.tickets)) % 2)
    graded = replace(log, tickets=tickets, priorities=("P1", "P2"))
    found = ticketopt.backtest(
        graded, "best_available", learn_until=until, kappas=(1,), gamma=0.0, targets={"P1": 8.0, "P2": 80.0}
    )
    late = found.figures["best_available"].missed_by
    assert list(late) == ["P1", "P2"]
    assert late["P1"] > late["P2"]
    assert found.judged == "share of tickets late"


@pytest.mark.slow
def test_what_if_is_asked_of_the_same_tickets() -> None:
    log, until = world(0.8)
    group = log.groups
    found = ticketopt.backtest(
        log,
        {
            "as it is": "best_available",
            "unchanged": WhatIf("best_available"),
            "one more": WhatIf("best_available", more={"new": group}, since="2024-02-10"),
            "trained": WhatIf("best_available", trained=dict.fromkeys(log.agents, group)),
            "at most two": WhatIf("best_available", at_most=2),
            "a fifth more": WhatIf("best_available", arrivals=1.2),
        },
        learn_until=until,
        kappas=(1,),
        gamma=0.0,
    )
    mean = {name: row.mean for name, row in found.figures.items()}
    assert mean["unchanged"] == mean["as it is"]
    for name in ("one more", "trained", "at most two", "a fifth more"):
        assert mean[name] != mean["as it is"], name
    assert mean["at most two"] > mean["as it is"]


@pytest.mark.parametrize(
    ("what", "path"),
    [
        (WhatIf("random", more={"new": ["no such"]}), "policies.random, what if.more.new"),
        (WhatIf("random", trained={"nobody": []}), "policies.random, what if.trained"),
        (WhatIf("random", arrivals=0.5), "policies.random, what if.arrivals"),
        (WhatIf("random", at_most=0), "policies.random, what if.at_most"),
        (WhatIf(WhatIf("random")), "policies"),
    ],
)
def test_a_what_if_that_names_what_is_not_there_is_refused(what: WhatIf, path: str) -> None:
    log, until = small()
    with pytest.raises(InvalidInputError) as caught:
        ticketopt.backtest(log, what, learn_until=until, gamma=0.0)
    assert [issue.path for issue in caught.value.issues] == [path]
