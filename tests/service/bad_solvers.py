"""Solvers that hang, lie, die and eat memory, to be injected into the service's processes."""

import os
import time

import numpy as np

from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import BACKENDS, Backend


def anything(model):
    return None


def hang(model, options):
    while True:
        time.sleep(1)


def hang_in_c(model, options):
    return sum(range(10**15))


def die(model, options):
    os.kill(os.getpid(), 9)


def leave(model, options):
    os._exit(0)


def eat(model, options):
    eaten = []
    while True:
        eaten.append(np.ones(10**7))


def lie(model, options):
    """All to the first agent, whatever the rules, and optimal of course."""
    return Outcome(np.zeros(model.n_tickets, dtype=np.int64), Status.OPTIMAL, lower_bound=0)


def overclaim(model, options):
    """A plan that is allowed, with a bound that is not true."""
    return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.OPTIMAL, lower_bound=10**15)


def nonsense(model, options):
    return "done"


def raise_it(model, options):
    raise RuntimeError("canary")


def slow(model, options):
    """Reports, and answers when it is told to stop."""
    options.report(5, 1)
    options.stop.wait()
    return BACKENDS["greedy"].solve(model, options)


BAD = {f.__name__: f for f in (hang, hang_in_c, die, leave, eat, lie, overclaim, nonsense, raise_it)}


LYING = {"lie", "overclaim"}
"""They answer, so that their process lives on."""


def table(solve):
    """The house's table with one bad solver in front."""
    return {"bad": Backend("is bad", anything, solve), "greedy": BACKENDS["greedy"]}
