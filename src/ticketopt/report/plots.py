"""Pictures of problems and plans. Every function takes `ax=` and returns the axes; none shows or saves anything.

They need the extra "plots". Colors are those of Okabe and Ito (2008), told apart by everybody; nothing is said by color
alone. Names are written as long as they are legible, and left out where there are too many of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ticketopt._types import Int
from ticketopt.comparison.compare import Comparison
from ticketopt.comparison.frontier import Frontier
from ticketopt.explain.difference import Difference
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.exchange import FAR
from ticketopt.planning.result import Result
from ticketopt.problem.problem import Problem
from ticketopt.report.curious import nothing_to_gain
from ticketopt.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    MOST_NAMES,
    ORANGE,
    RED,
    SKY,
    amount,
    axes,
    column,
    finish,
    names,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "comparison",
    "convergence",
    "cost_matrix",
    "difference",
    "frontier",
    "loads",
    "skills",
    "slot_values",
]


def loads(result: Result, ax: Axes | None = None) -> Axes:
    """Open units of every agent before the plan, what it adds, and the capacity; fullest agents first."""
    ax = axes(ax)
    rows = [load for load in result.loads if load.is_available or load.after]
    reference = dict(zip((str(load.agent_id) for load in result.loads), result.problem.reference_capacity, strict=True))
    rows.sort(key=lambda load: (-load.after / reference[str(load.agent_id)], -load.after, -load.before, load.name))
    before, new = column(rows, "before"), column(rows, "assigned")
    limit = np.array([np.nan if load.capacity is None else load.capacity for load in rows], dtype=np.float64)
    place = np.arange(len(rows))
    if len(rows) <= MOST_NAMES:
        ax.barh(place, before, color=GREY, label="open before")
        ax.barh(place, new, left=before, color=BLUE, label="added by this plan")
        ax.plot(limit, place, linestyle="", marker="|", markersize=12, markeredgewidth=2, color=RED, label="capacity")
        names(ax, [load.name for load in rows])
        ax.set_xlabel("units of work")
    else:
        ax.fill_between(place, 0, before, step="mid", color=GREY, label="open before")
        ax.fill_between(place, before, before + new, step="mid", color=BLUE, label="added by this plan")
        ax.step(place, limit, where="mid", color=RED, linewidth=1.2, label="capacity")
        ax.set_xlabel(f"{len(rows)} agents, fullest first")
        ax.set_ylabel("units of work")
        ax.set_xlim(-0.5, len(rows) - 0.5)
    ax.locator_params(axis="x" if len(rows) <= MOST_NAMES else "y", integer=True)
    finish(ax, "Loads before and after", has_legend=bool(rows))
    return ax


def cost_matrix(result: Result, ax: Axes | None = None) -> Axes:
    """What every pair costs beyond the ticket's cheapest one, with the plan marked.

    Agents stand in the order of their most typical skill, tickets in the order of their agents, those left out below.
    Pairs that a rule forbids are blank.
    """
    ax = axes(ax)
    problem, model = result.problem, result.model
    columns = _agent_order(problem)
    place = np.empty(problem.n_agents + 1, dtype=np.int64)
    place[columns], place[-1] = np.arange(problem.n_agents), problem.n_agents
    wants = problem.wanted.argmax(axis=1) if problem.wanted.size else np.zeros(problem.n_tickets)
    rows = np.lexsort((wants, place[result.assignment]))
    cost = np.where(model.allowed, model.pair_cost, FAR)
    extra = (cost - cost.min(axis=1, keepdims=True, initial=FAR))[rows][:, columns] / SCALE
    shown = np.ma.masked_where(~model.allowed[rows][:, columns], extra)
    if extra.size:
        picture = ax.imshow(shown, aspect="auto", cmap="cividis", interpolation="nearest")
        ax.figure.colorbar(picture, ax=ax, label="cost above the ticket's cheapest pair")
    chosen = place[result.assignment[rows]]
    served = np.flatnonzero(chosen < problem.n_agents)
    size = float(np.clip(2000 / max(1, problem.n_tickets), 1.5, 30))
    ax.scatter(chosen[served], served, s=size, marker="s", color=RED, linewidths=0)
    if problem.n_agents <= MOST_NAMES:
        names = [short(problem.agents[j].name) for j in columns.tolist()]
        ax.set_xticks(np.arange(len(names)), names, rotation=90, fontsize=8)
    else:
        ax.set_xlabel(f"{problem.n_agents} agents")
    ax.set_ylabel(f"{problem.n_tickets} tickets")
    ax.set_yticks([])
    finish(ax, "Costs, and the plan as squares", has_legend=False)
    return ax


def skills(problem: Problem, ax: Axes | None = None) -> Axes:
    """Units of work that want each skill, against free units of the agents who have it (most wanted first).

    An agent's free units count for every skill that it has, weighted by its level; so the bars show where to look, and
    `Result.bottlenecks` shows what is short.
    """
    ax = axes(ax)
    demand = problem.effort @ problem.wanted if problem.n_tickets else np.zeros(len(problem.skill_names))
    free = np.minimum(problem.free, int(problem.effort.sum())) * problem.is_available
    supply = free @ problem.level if problem.n_agents else np.zeros(len(problem.skill_names))
    order = np.argsort(-demand, kind="stable")
    order = order[demand[order] > 0][:MOST_NAMES]
    place = np.arange(len(order))
    ax.barh(place - 0.2, demand[order], height=0.4, color=BLUE, label="wanted by tickets")
    ax.barh(
        place + 0.2, supply[order], height=0.4, color=ORANGE, hatch="///", edgecolor="white", label="free, by level"
    )
    names(ax, [problem.skill_names[s] for s in order.tolist()])
    ax.set_xlabel("units of work")
    finish(ax, "Skills wanted and held", has_legend=bool(len(order)))
    return ax


def slot_values(result: Result, ax: Axes | None = None) -> Axes:
    """What one more free unit of each agent would save, most valuable first; a star lets in one more ticket.

    Where a unit more saves nothing, the picture says how many agents are full all the same, and why that is.
    """
    ax = axes(ax)
    known = result.slot_values()
    values = sorted((v for v in known if v.one_more > 0), key=lambda v: -v.one_more)[:MOST_NAMES]
    place, amounts = np.arange(len(values)), np.array([v.one_more for v in values])
    ax.barh(place, amounts, color=[GREEN if v.takes_in is not None else BLUE for v in values])
    for k, value in enumerate(values):
        star = " *" if value.takes_in is not None else ""
        ax.annotate(
            f"{amount(value.one_more)}{star}",
            (value.one_more, k),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    names(ax, [value.name for value in values])
    if len(values) and amounts.max() > 50 * amounts.min():
        ax.set_xscale("log")
    ax.margins(x=0.15)
    ax.set_xlabel("weighted cost saved by one more slot (* lets in one more ticket)")
    finish(ax, "What one more slot is worth", has_legend=False)
    if not values:
        ax.text(0.5, 0.5, nothing_to_gain(known), ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
    return ax


def frontier(found: Frontier, ax: Axes | None = None) -> Axes:
    """Cost against what the varied weight buys; filled points are efficient."""
    ax = axes(ax)
    points = sorted(found.points, key=lambda point: point.cost)
    ax.plot([p.cost for p in points], [p.spread for p in points], color=GREY, linewidth=1, zorder=1)
    for point in points:
        ax.scatter(
            point.cost, point.spread, s=40, zorder=2, color=BLUE, facecolor=BLUE if point.is_efficient else "none"
        )
    seen: set[tuple[float, float]] = set()
    for point in found.points:
        spot = (round(point.cost, 3), round(point.spread, 3))
        if spot not in seen:
            ax.annotate(f"{point.value:g}", (point.cost, point.spread), xytext=(5, 5), textcoords="offset points")
            seen.add(spot)
    ax.set_xlabel("weighted cost of the pairs")
    what = "spread of utilization" if found.by == "balance" else f"total {found.by}"
    ax.set_ylabel(what)
    finish(ax, f"The price of {found.by}", has_legend=False)
    return ax


def difference(found: Difference, problem: Problem, ax: Axes | None = None) -> Axes:
    """Tickets that each agent gave away (left) and got (right) since an earlier plan."""
    ax = axes(ax)
    called = {str(agent.agent_id): agent.name for agent in problem.agents}
    gave = dict.fromkeys([*called, ""], 0)
    got = dict(gave)
    for move in found.moves:
        gave[_key(move.from_agent)] = gave.get(_key(move.from_agent), 0) + 1
        got[_key(move.to_agent)] = got.get(_key(move.to_agent), 0) + 1
    rows = [key for key in [*called, ""] if gave[key] or got[key]]
    rows = sorted(rows, key=lambda key: -(gave[key] + got[key]))[:MOST_NAMES]
    place = np.arange(len(rows))
    ax.barh(place, [-gave[key] for key in rows], color=ORANGE, hatch="///", edgecolor="white", label="gave away")
    ax.barh(place, [got[key] for key in rows], color=BLUE, label="got")
    ax.axvline(0, color=GREY, linewidth=1)
    names(ax, [called.get(key, "(left out)") for key in rows])
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set_xlabel("tickets")
    title = "What changed" if found.saves is None else f"What changed: {amount(found.saves)} saved"
    finish(ax, title, has_legend=bool(rows))
    return ax


def comparison(found: Comparison, ax: Axes | None = None) -> Axes:
    """Objective of every method's plan above the best one's, best first, with tickets left out and cost of the rest.

    Exit prices make most of an objective where tickets are left out; from the best plan on, differences can be seen.
    """
    ax = axes(ax)
    place = np.arange(len(found.contenders))
    best = min((contender.objective for contender in found.contenders), default=0.0)
    kinds = {"exact": BLUE, "claimed": GREEN, "heuristic": SKY, "baseline": ORANGE}
    for kind, color in kinds.items():
        chosen = [k for k, c in enumerate(found.contenders) if c.kind == kind]
        above = [found.contenders[k].objective - best for k in chosen]
        ax.barh(chosen, above, color=color, label=kind, hatch="///" if kind == "baseline" else None, edgecolor="white")
    for k, contender in enumerate(found.contenders):
        more = contender.objective - best
        words = f"+{amount(more)}" if more else "best"
        words += f"; {contender.unassigned} left out, {amount(contender.cost)} for the others"
        ax.annotate(words, (more, k), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)
    if any(contender.objective - best > 50 for contender in found.contenders):
        ax.set_xscale("symlog", linthresh=1)
    ax.margins(x=0.6)
    ax.set_xlim(left=0)
    names(ax, [contender.name for contender in found.contenders])
    ax.set_yticks(place)
    ax.set_xlabel("objective above the best (weighted cost, exit prices included)")
    finish(ax, "Methods side by side", has_legend=bool(len(place)))
    return ax


def convergence(result: Result, ax: Axes | None = None) -> Axes:
    """Best plan and lower bound, as the solver reported them, over the time of the solve (`Result.progress`)."""
    ax = axes(ax)
    for name, words, color, style in (
        ("objective", "best plan", BLUE, "-"),
        ("lower_bound", "lower bound", ORANGE, "--"),
    ):
        known = [entry for entry in result.progress if getattr(entry, name) is not None]
        points = column(known, "seconds"), column(known, name)
        ax.step(*points, where="post", color=color, linestyle=style, marker="o", markersize=3, label=words)
    ax.set_xlabel("seconds")
    ax.set_ylabel("cost, exit prices included")
    finish(ax, "Convergence", has_legend=bool(result.progress))
    return ax


def _agent_order(problem: Problem) -> Int:
    """Agents by their best skill (in the order in which tickets want skills), best first."""
    if not problem.skill_level.size:
        return np.arange(problem.n_agents)
    popular = np.argsort(-problem.wanted.sum(axis=0), kind="stable")
    best = problem.skill_level[:, popular].argmax(axis=1)
    return np.lexsort((-problem.skill_level.max(axis=1), best))


def _key(agent_id: object) -> str:
    return "" if agent_id is None else str(agent_id)
