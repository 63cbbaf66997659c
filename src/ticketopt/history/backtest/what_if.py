"""The same tickets with the same luck in a helpdesk that is changed: see `WhatIf`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.history.backtest.engine import Replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.policies import Policy, WhatIf
from ticketopt.history.backtest.speeds import Speeds
from ticketopt.history.backtest.world import World
from ticketopt.history.history import History
from ticketopt.problem import fields as f

__all__ = ["Changed", "changed", "check_changes"]


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """What `replayed` takes. `n` : real tickets; clones come after them."""

    world: World
    speeds: Speeds
    luck: Float
    known: Float
    policy: Policy
    n: int

    def without_clones(self, run: Replayed) -> Replayed:
        """Stints of the real tickets."""
        real = run.ticket < self.n
        columns = ("ticket", "attempt", "agent", "start", "end", "outcome", "chosen")
        return replace(run, **{name: getattr(run, name)[real] for name in columns})


def check_changes(what: WhatIf, history: History, path: str) -> None:
    """Raise `InvalidInputError` where it names what is not in the log."""
    report = f.Report()
    for place, wanted in (("more", what.more), ("trained", what.trained)):
        for name, groups in wanted.items():
            if place == "trained" and name not in history.agents:
                report.error(f"{path}.trained", f"{name!r} is no agent of the log", "write the name as in the log")
            for group in [groups] if isinstance(groups, str) else groups:
                if group not in history.groups:
                    report.error(
                        f"{path}.{place}.{name}", f"{group!r} is no group of the log", "write it as in the log"
                    )
    if not what.arrivals >= 1:
        report.error(f"{path}.arrivals", f"{what.arrivals!r} is less than 1", "give 1.2 for a fifth more")
    if what.at_most is not None and not what.at_most >= 1:
        report.error(f"{path}.at_most", f"{what.at_most!r} is no number of tickets", "give 1 or more")
    if what.since is not None:
        f.timestamp(what.since, f"{path}.since", report)
    if report.issues:
        raise InvalidInputError(report.issues)


def changed(what: WhatIf, world: World, speeds: Speeds, luck: Float, known: Float, *, seed: int) -> Changed:
    """All changes of one what-if."""
    n = len(world)
    for name, groups in what.trained.items():
        world = _with_member(world, world.history.agents.index(name), groups)
    since = world.history.begin if what.since is None else f.timestamp(what.since, "since", f.Report())
    for groups in what.more.values():
        world, speeds, known = _with_agent(world, speeds, known, groups, float(since))
    if what.at_most is not None:
        world = replace(world, capacity=np.minimum(world.capacity, what.at_most))
    if what.arrivals > 1:
        world, luck = _with_clones(world, luck, what.arrivals, seed)
    return Changed(world, speeds, luck, known, what.policy, n)  # type: ignore[arg-type]


def _of(world: World, groups: object) -> list[int]:
    names = [groups] if isinstance(groups, str) else list(groups)  # type: ignore[call-overload]
    return [world.history.groups.index(name) for name in names]


def _with_member(world: World, agent: int, groups: object) -> World:
    """An agent of further groups, with the share of who has least there."""
    able, share = list(world.able), list(world.share)
    for g in _of(world, groups):
        if agent not in able[g]:
            place = int(np.searchsorted(able[g], agent))
            share[g] = np.insert(share[g], place, share[g].min(initial=np.inf) if len(share[g]) else 1.0)
            able[g] = np.insert(able[g], place, agent)
    return replace(world, able=tuple(able), share=tuple(share), _known={})


def _with_agent(
    world: World, speeds: Speeds, known: Float, groups: object, since: float
) -> tuple[World, Speeds, Float]:
    agent, places = world.n_agents, _of(world, groups)
    person = np.pad(speeds.person, ((0, 0), (0, 0), (0, 1), (0, 0)))
    hours = np.concatenate([known, np.median(known, axis=0, keepdims=True)])
    for g in places:
        if len(world.able[g]):
            person[:, :, agent, g] = np.median(speeds.person[:, :, world.able[g], g], axis=2)
            hours[agent, g] = np.median(known[world.able[g], g])
    here = world.hours.first + 3600 * np.arange(len(world.present)) >= since
    bigger = replace(
        world, present=np.column_stack([world.present, here]),
        capacity=np.append(world.capacity, np.median(world.capacity)),
    )  # fmt: skip
    return _with_member(bigger, agent, groups), replace(speeds, person=person), hours


def _with_clones(world: World, luck: Float, arrivals: float, seed: int) -> tuple[World, Float]:
    """Tickets like those that came, at moments when others came, with a luck of their own."""
    rng = np.random.default_rng([seed, 11])
    n = len(world)
    like: Int = rng.integers(0, n, round((arrivals - 1) * n))
    created = world.created[rng.integers(0, n, len(like))]
    later = created - world.created[like]
    every = np.append(np.arange(n), like)
    moved = np.append(np.zeros(n), later)
    bigger = replace(
        world, ticket=world.ticket[every], created=world.created[every] + moved, due=world.due[every] + moved,
        first=world.first[every], attempts=world.attempts[every], withdrawn=world.withdrawn[every] + moved,
    )  # fmt: skip
    return bigger, np.concatenate([luck, fresh_luck(world, rng)[like]])
