"""Backends: who solves the model, in the order in which "auto" tries them. To add one, write its file and its entry."""

from ticketopt.solvers import cp_sat, cp_sat_plain, greedy, milp, min_cost_flow, network, price_guided
from ticketopt.solvers.base import Backend, Options

__all__ = ["BACKENDS", "Backend", "Options"]

BACKENDS: dict[str, Backend] = {
    "network": network.BACKEND,
    "min_cost_flow": min_cost_flow.BACKEND,
    "price_guided": price_guided.BACKEND,
    "cp_sat": cp_sat.BACKEND,
    "milp": milp.BACKEND,
    "greedy": greedy.BACKEND,
    "cp_sat_plain": cp_sat_plain.BACKEND,
}
