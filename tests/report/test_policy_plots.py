"""Pictures of policies show the numbers that were found."""

from __future__ import annotations

import pytest

import ticketopt

pytest.importorskip("matplotlib")

from ticketopt.report import policy_plots


def queue() -> ticketopt.Problem:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}} for k in range(4)]
    agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 6}}]
    return ticketopt.build_problem(tickets, agents, policy={"capacity": 4, "balance": 0.01})


def test_policies_are_points_and_equal_ones_share_their_words() -> None:
    ax = policy_plots.policies(ticketopt.compare_policies(queue()))
    points = [tuple(c.get_offsets()[0]) for c in ax.collections]
    assert sum(points, ()) == pytest.approx((2.0, 90.0, 2.0, 90.0, 0.0, 75.0, 2.0, 90.0))
    words = {text.get_text() for text in ax.texts}
    assert words == {"as it is: 0 wait\nurgent first: 0 wait\nbest match: 0 wait", "keep it even: 0 wait"}


def test_sensitivity_has_a_bar_for_each_row() -> None:
    found = ticketopt.sensitivity(queue(), factors=[100], matches=[0.8])
    ax = policy_plots.sensitivity(found)
    assert [bar.get_width() for bar in ax.patches] == [row.moved for row in found.rows]
    assert ax.get_yticklabels()[0].get_text() == "balance 0.01 → 1"
    assert ax.texts[0].get_text() == "1"


def test_nothing_to_draw() -> None:
    nothing = ticketopt.build_problem([], [])
    assert policy_plots.sensitivity(ticketopt.sensitivity(nothing)).get_title(loc="left")
    assert policy_plots.policies(ticketopt.compare_policies(nothing)).texts[:] == []
