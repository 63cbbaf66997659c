"""Pictures of problems and plans: drawn from small to large, and true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt.comparison.compare import Comparison, compare
from ticketopt.report import plots
from ticketopt.solvers.progress import Progress

NASTY = "<script>alert('$x_1')</script> $\\frac"


def nasty_result(n: int = 6, a: int = 3) -> ticketopt.Result:
    tickets = [
        {"ticket_id": f"T<{k}>", "title": NASTY, "skills": {"V<b>PN": 1}, "requires": {"V<b>PN": 3}} for k in range(n)
    ]
    agents = [{"agent_id": j, "name": NASTY, "skills": {"V<b>PN": 3 + j % 7}, "capacity": 1} for j in range(a)]
    return ticketopt.assign(tickets, agents)


@pytest.mark.parametrize("is_unit", [True, False])
def test_every_picture_can_be_drawn_and_returns_its_axes(is_unit):
    from matplotlib.figure import Figure

    rng = np.random.default_rng(121)
    for _ in range(8):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit))
        ax = Figure().add_subplot()
        assert plots.loads(result, ax) is ax
        found = ticketopt.frontier(result.problem, values=[0, 1])
        earlier = ticketopt.solve(result.problem, solver="greedy")
        drawn = [
            plots.cost_matrix(result),
            plots.skills(result.problem),
            plots.slot_values(result),
            plots.convergence(result),
            plots.frontier(found),
            plots.difference(result.diff(earlier), result.problem),
            plots.comparison(compare(result.problem, ["greedy", "round_robin"])),
        ]
        for axes in drawn:
            assert axes.get_title(loc="left")
            axes.figure.canvas.draw()


def test_loads_show_every_agent_with_its_numbers():
    result = ticketopt.assign(
        [{"ticket_id": k} for k in range(3)],
        [{"agent_id": "a", "capacity": 4, "current_load": 1}, {"agent_id": "b", "capacity": 9}],
    )
    ax = plots.loads(result)
    widths = [bar.get_width() for bar in ax.patches]
    taken = {load.name: load for load in result.loads}
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert widths == [float(taken[n].before) for n in names] + [float(taken[n].assigned) for n in names]


def words_in(axes) -> str:
    return " ".join(text.get_text() for text in axes.texts)


def test_the_picture_of_slot_values_does_not_say_that_nobody_is_full_where_seven_are():
    tickets = [{"ticket_id": k} for k in range(7)]
    agents = [{"agent_id": k, "capacity": 1} for k in range(7)]
    full = ticketopt.assign(tickets, agents, policy={"balance": 0})
    assert words_in(plots.slot_values(full)) == "7 of 7 agents are full, and one more slot of any saves nothing."
    crowd = [{"agent_id": k, "capacity": 1 if k < 7 else 2} for k in range(200)]
    few = ticketopt.assign([{"ticket_id": k, "pinned_agent": k} for k in range(7)], crowd)
    assert words_in(plots.slot_values(few)) == "7 of 200 agents are full, and one more slot of any saves nothing."
    half = ticketopt.assign(tickets[:3], [{**agent, "capacity": 2} for agent in agents])
    assert words_in(plots.slot_values(half)) == "No agent is full."
    assert words_in(plots.slot_values(ticketopt.assign([], []))) == "No agent is full."
    short = plots.slot_values(ticketopt.assign([*tickets, {"ticket_id": 7}], agents))
    assert len(short.patches) == 7


def test_the_picture_of_a_comparison_shows_what_it_is_sorted_by():
    tickets = [{"ticket_id": k, "urgency": k / 9, "skills": {"x": 1}} for k in range(9)]
    found = compare(ticketopt.build_problem(tickets, [{"agent_id": k, "capacity": k + 1} for k in range(3)]))
    axes = plots.comparison(found)
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [contender.name.replace("$", "") for contender in found.contenders]
    widths = {bar.get_y() + bar.get_height() / 2: bar.get_width() for bar in axes.patches}
    assert [widths[place] for place in sorted(widths)] == sorted(widths.values())


def test_every_kind_of_method_has_its_bar():
    tickets = [{"ticket_id": k, "effort": 1 + k % 3, "skills": {"x": 1}} for k in range(5)]
    best = compare(ticketopt.build_problem(tickets, [{"agent_id": 1, "capacity": 4}]), ["greedy"]).contenders[0]
    kinds = ("exact", "claimed", "heuristic", "baseline")
    found = Comparison(tuple(replace(best, name=kind, kind=kind, objective=k) for k, kind in enumerate(kinds)))
    assert [bar.get_width() for bar in plots.comparison(found).patches] == [0, 1, 2, 3]


def test_convergence_shows_every_piece_of_news():
    progress = (Progress(0.1, 9.0, None, "greedy"), Progress(0.5, 9.0, 4.0, "x"), Progress(2.0, 6.0, 5.0, "x"))
    plan, bound = plots.convergence(replace(nasty_result(), progress=progress)).lines
    assert plan.get_xydata().tolist() == [[0.1, 9.0], [0.5, 9.0], [2.0, 6.0]]
    assert bound.get_xydata().tolist() == [[0.5, 4.0], [2.0, 5.0]]


def test_many_agents_are_drawn_without_names():
    result = nasty_result(60, 50)
    assert len(plots.loads(result).get_yticklabels()) < 20
    assert plots.cost_matrix(result).get_xlabel() == "50 agents"
