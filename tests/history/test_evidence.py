"""What levels are worth."""

from __future__ import annotations

import numpy as np
import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.evidence import concordance, evidence_of

DAY = 86_400.0


def named(took: list[float], faster: list[float], **changes: list[float]) -> float:
    n = len(took)
    kind = np.array(changes.get("kind", [0] * n), np.int64)
    start = np.array(changes.get("start", [0.0] * n))
    agent = np.array(changes.get("agent", list(range(n))), np.int64)
    found = concordance(kind, start, agent, np.array(took), np.array(faster))
    return np.nan if found is None else found.value


def test_right_wrong_and_equal_claims() -> None:
    assert named([1, 2, 3], [3, 2, 1]) == 1.0
    assert named([1, 2, 3], [1, 2, 3]) == 0.0
    assert named([1, 2], [5, 5]) == 0.5
    assert named([1, 2, 3], [3, 1, 2]) == pytest.approx(2 / 3)


def test_only_two_agents_on_the_same_kind_near_each_other_are_compared() -> None:
    assert np.isnan(named([1, 2], [2, 1], kind=[0, 1]))
    assert np.isnan(named([1, 2], [2, 1], agent=[4, 4]))
    assert np.isnan(named([1, 1], [2, 1]))
    assert np.isnan(named([1, 2], [2, 1], start=[0, 91 * DAY]))
    assert named([1, 2], [2, 1], start=[0, 80 * DAY]) == 1.0


def test_levels_beat_kinds_agents_and_raw_means_where_there_is_something_to_learn() -> None:
    history = simulated_history(Helpdesk(agents=16, days=60, agent_sd=0.7, pair_sd=0.3), seed=2).history
    found = evidence_of(history, "group", uses_hours=False)
    assert found.is_worth
    assert found.concordance is not None
    assert found.concordance.low > 0.5
    assert min(found.over_kinds, found.over_agents, found.over_cells) > 0
    assert found.slope is not None
    assert 0.7 < found.slope.value < 1.3


def test_nothing_is_claimed_where_agents_are_alike() -> None:
    history = simulated_history(Helpdesk(agents=16, days=40, agent_sd=0, pair_sd=0), seed=2).history
    found = evidence_of(history, "group", uses_hours=False)
    assert not found.is_worth
    assert found.reason in str(found)
