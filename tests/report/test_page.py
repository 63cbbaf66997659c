"""Pictures, notebook tables and the report page: complete, escaped, self-contained, and drawn from small to large."""

from __future__ import annotations

import html.parser
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import ticketopt
from support.strategies import make_problem, picker
from ticketopt.cli.commands import main
from ticketopt.comparison.compare import compare
from ticketopt.report.page import plots, report_html
from ticketopt.solvers.progress import Progress

NASTY = "<script>alert('$x_1')</script> $\\frac"


def nasty_result(n: int = 6, a: int = 3) -> ticketopt.Result:
    tickets = [
        {"ticket_id": f"T<{k}>", "title": NASTY, "skills": {"V<b>PN": 1}, "requires": {"V<b>PN": 3}} for k in range(n)
    ]
    agents = [{"agent_id": j, "name": NASTY, "skills": {"V<b>PN": 3 + j % 7}, "capacity": 1} for j in range(a)]
    return ticketopt.assign(tickets, agents)


class Reader(html.parser.HTMLParser):
    """Collects tags and checks that they nest."""

    VOID = frozenset({"meta", "br", "use", "path", "image", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def check_page(text: str) -> None:
    page = Reader(text[text.index("<html") :] if "<html" in text else text)
    assert "script" not in {tag for tag, _ in page.seen}
    for tag, attributes in page.seen:
        for name in ("src", "href", "xlink:href"):
            value = attributes.get(name) or ""
            assert value.startswith(("#", "data:")) or not value, (tag, value)
    assert "<script" not in text


def test_the_report_is_one_escaped_page_with_four_pictures_that_loads_nothing():
    text = report_html(nasty_result(), title="Plan <1>")
    check_page(text)
    assert text.count("<svg") == 4
    assert "Plan &lt;1&gt;" in text
    assert "#0a0b0c" not in text
    assert "short by 3" in text
    assert "optimal, proven by the agents&#x27; prices" in text
    assert re.search(r"SHA-256 [0-9a-f]{64}", text)


def test_the_report_of_nothing_is_a_page_too():
    check_page(report_html(ticketopt.assign([], [])))
    with pytest.warns(ticketopt.InputWarning):
        check_page(report_html(ticketopt.assign([{"ticket_id": 1, "requires": {"SAP": 1}}], [])))


def test_two_reports_are_the_same_bytes():
    assert report_html(nasty_result()) == report_html(nasty_result())


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
    assert words_in(plots.slot_values(full)) == "7 agents are full, and one more slot of any would save nothing."
    assert "7 agents are full" in report_html(full)
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


def test_convergence_shows_every_piece_of_news():
    progress = (Progress(0.1, 9.0, None, "greedy"), Progress(0.5, 9.0, 4.0, "x"), Progress(2.0, 6.0, 5.0, "x"))
    plan, bound = plots.convergence(replace(nasty_result(), progress=progress)).lines
    assert plan.get_xydata().tolist() == [[0.1, 9.0], [0.5, 9.0], [2.0, 6.0]]
    assert bound.get_xydata().tolist() == [[0.5, 4.0], [2.0, 5.0]]


def test_many_agents_are_drawn_without_names():
    result = nasty_result(60, 50)
    assert len(plots.loads(result).get_yticklabels()) < 20
    assert plots.cost_matrix(result).get_xlabel() == "50 agents"


def test_notebook_tables_are_escaped_and_whole():
    result = nasty_result()
    shown = [
        result.problem,
        result,
        result.counterfactuals(),
        result.why_not("T<0>", 0),
        *result.alternatives("T<0>"),
        *result.bottlenecks(),
        result.diff({"T<0>": 2}),
        ticketopt.frontier(result.problem, values=[0, 1]),
        compare(result.problem, ["greedy"]),
    ]
    for item in shown:
        text = item._repr_html_()
        check_page(text)
        assert "color:" not in text


def test_the_commands_explain_and_report(tmp_path):
    path, page = tmp_path / "queue.json", tmp_path / "report.html"
    assert CliRunner().invoke(main, ["example", "--output", str(path)]).exit_code == 0
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1001"])
    assert done.exit_code == 0
    assert "short by 1" in done.stdout
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1004", "--agent", "A02", "--json"])
    answer = json.loads(done.stdout)["answers"][0]
    assert (answer["ticket_id"], answer["agent_id"], answer["basis"]) == ("T-1004", "A02", "exact")
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1"])
    assert done.exit_code == 3
    assert "is not in the queue" in done.stderr
    done = CliRunner().invoke(main, ["report", str(path), "-o", str(page)])
    assert done.exit_code == 0
    check_page(page.read_text("utf-8"))
