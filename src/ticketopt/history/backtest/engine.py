"""The replay: events in the order of time, from a heap.

Where load slows nobody (gamma 0), a stint's end is known when it begins: the age at which its luck is used up, and as
much as the ticket waited for somebody else. Else see `Sharing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import exp, inf

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.history.backtest.policies import Every, Follow, Policy, Situation
from ticketopt.history.backtest.sharing import Sharing
from ticketopt.history.backtest.speeds import CAUSES, Speeds, age_at
from ticketopt.history.backtest.world import World
from ticketopt.history.history import Outcome

__all__ = ["Replayed", "replayed"]

NEEDS, BEGINS, ENDS, TICK, WORKED, WITHDRAWAL, OTHER = range(7)

HALVES = 8 * 3600.0
"""Seconds before it is due in which what a ticket counts more is halved."""

RESOLVED, PASSED, OPEN, WITHDRAWN = (int(outcome) for outcome in Outcome)


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """Stints as they would have been, in the order in which they began.

    Attributes
    ----------
    ticket : index into the world's tickets. attempt, agent : of the stint. start, end : Unix seconds.
    outcome : see `Outcome`. chosen : whether the policy could decide.
    bound : decisions in which the fastest candidate held as much as the capacity, or more.
    area : tickets held, summed over the seconds, as counted in the loop.
    """

    ticket: Int
    attempt: Int
    agent: Int
    start: Float
    end: Float
    outcome: Int
    chosen: Bool
    bound: int
    area: float


def replayed(
    world: World,
    speeds: Speeds,
    luck: Float,
    policy: Policy,
    hours: Float,
    *,
    followed: Int | None = None,
    seed: int = 0,
) -> Replayed:
    """The window's tickets under a policy.

    Parameters
    ----------
    luck : see `realized_luck`. hours : what the policy knows of everybody's speed, see `Fitted.hours`.
    followed : who had each stint of the log, where `Follow` is to follow somebody else's log (a placebo).
    """
    run = _Run(world, speeds, luck, policy, hours, followed, seed)
    run.go()
    return run.result()


class _Run:
    def __init__(
        self, world: World, speeds: Speeds, luck: Float, policy: Policy, hours: Float, followed: Int | None, seed: int
    ) -> None:
        n = world.n_agents
        self.world, self.policy, self.known = world, policy, hours
        self.luck, self.ticket_part, self.person = luck.tolist(), speeds.ticket.tolist(), speeds.person.tolist()
        self.curve, self.rate = speeds.curve.tolist(), speeds.rate.tolist()
        self.log = (world.history.stints.agent if followed is None else followed).tolist()
        self.period = policy.seconds if isinstance(policy, Every) else 0.0
        self.load, self.given = np.zeros(n, np.int64), np.full(n, -inf)
        self.before = [-1] * (len(world.history.groups) + 1)
        self.attempt, self.holder = [0] * len(world), [-1] * len(world)
        self.rng = np.random.default_rng(seed)
        self.coins, self.lots = np.random.default_rng([seed, 1]).random((2, *luck.shape[:2]))
        self.heap: list[tuple[float, int, int, int]] = []
        self.pool: list[tuple[int, Int]] = []
        self.columns: list[list[float]] = []
        self.stint_of: dict[int, int] = {}
        self.bound, self.held, self.area, self.clock = 0, 0, 0.0, world.begin
        self.next_other = 0
        self.sharing = Sharing(speeds, n) if any(speeds.gamma) else None

    def go(self) -> None:
        world, heap = self.world, self.heap
        for i, created in enumerate(world.created.tolist()):
            heappush(heap, (created, NEEDS, i, -1))
        if self.sharing is not None:
            for time, agent, change in zip(*world.active, strict=True):
                if time <= world.begin:
                    self.sharing.other[agent] += change
                elif time < world.end:
                    heap.append((time, OTHER, agent, change))
            heapify(heap)
        while heap and heap[0][0] < world.end:
            now, what, i, detail = heappop(heap)
            self._others_until(now)
            self.area += self.held * (now - self.clock)
            self.clock = now
            if what == NEEDS:
                self._needs(i, now)
            elif what == BEGINS:
                self._begin(i, detail, now, chosen=False)
            elif what == ENDS:
                self._end(i, detail, now)
            elif what == TICK:
                self._batch(now)
            elif self.sharing is not None:
                self._shared(self.sharing, what, i, detail, now)
        self.area += self.held * (world.end - self.clock)

    def _others_until(self, now: float) -> None:
        time, agent, change = self.world.other
        k = self.next_other
        while k < len(time) and time[k] <= now:
            self.load[agent[k]] += change[k]
            k += 1
        self.next_other = k

    def _needs(self, i: int, now: float) -> None:
        """Somebody is needed for a ticket: who there is to choose among, and whether the policy waits."""
        world, r = self.world, self.attempt[i]
        group = world.group(i, r)
        here = world.candidates(group, now)
        others = here[here != self.holder[i]]
        can_decide = len(others) >= 2
        if not can_decide or isinstance(self.policy, Follow):
            agent = self._of_log(i, r, group, here)
            waits = not can_decide or (isinstance(self.policy, Follow) and self.policy.waits)
            heappush(self.heap, (self._log_time(i, r, now) if waits else now, BEGINS, i, agent))
        elif isinstance(self.policy, Every):
            if not self.pool:
                heappush(self.heap, ((now // self.period + 1) * self.period, TICK, -1, -1))
            self.pool.append((i, others))
        else:
            self._by_rule(i, group, others, now)

    def _of_log(self, i: int, r: int, group: int, here: Int) -> int:
        """Who had the attempt in the log; where it had no such attempt, somebody by their share of the group."""
        if r < self.world.attempts[i]:
            return int(self.log[self.world.stint(i, r)])
        others = here[here != self.holder[i]]
        if not len(others):
            return self.holder[i]
        able, share = self.world.able[group], self.world.share[group]
        sums = np.cumsum(share[np.searchsorted(able, others)])
        return int(others[int(np.searchsorted(sums, self.coins[i, r] * sums[-1], side="right"))])

    def _log_time(self, i: int, r: int, now: float) -> float:
        """When the log's own delay is over: as long after the last stint, in working hours, as it was there."""
        world, stints = self.world, self.world.history.stints
        if r == 0:
            return max(now, float(stints.start[world.first[i]]))
        gap = self._of_attempt(world.gap, i, r)
        return max(now, world.hours.when(world.hours.at(now) + gap)) if gap > 1e-9 else now

    def _of_attempt(self, column: Float, i: int, r: int) -> float:
        """An attempt's own entry; that of one drawn from the later attempts of all where the log has none."""
        world = self.world
        if r < world.attempts[i]:
            return float(column[world.stint(i, r)])
        return float(column[world.later[int(self.lots[i, r] * len(world.later))]]) if len(world.later) else 0.0

    def _by_rule(self, i: int, group: int, agents: Int, now: float) -> None:
        world, r = self.world, self.attempt[i]
        able = world.able[group]
        was = self.log[world.stint(i, r)] if r < world.attempts[i] else -1
        capacity = world.capacity[agents]
        load, hours = self.load[agents], self.known[agents, group]
        fastest = int(np.argmin(hours))
        self.bound += bool(load[fastest] >= capacity[fastest])
        situation = Situation(
            now, int(world.ticket[i]), group, agents, hours, load, capacity, self.given[agents],
            self.before[group], was, world.share[group][np.searchsorted(able, agents)], self.rng,
        )  # fmt: skip
        place = self.policy(situation)  # type: ignore[operator]
        if not isinstance(place, (int, np.integer)) or not 0 <= place < len(agents):
            raise InvalidInputError.single(
                "policies", f"a policy chose {place!r} of {len(agents)} candidates", "return a position among them"
            )
        self._begin(i, int(agents[place]), now, chosen=True)

    def _batch(self, now: float) -> None:
        pool, self.pool = self.pool, []
        agents = np.unique(np.concatenate([who for _, who in pool]))
        cost = np.full((len(pool), len(agents)), np.inf)
        for row, (i, who) in enumerate(pool):
            r = self.attempt[i]
            size = exp(-self.ticket_part[0][1][self.world.stint(i, r)])  # long tickets to fast people
            cost[row, np.searchsorted(agents, who)] = (
                self.known[who, self.world.group(i, r)] * size * self._urgency(i, now)
            )
        capacity = self.world.capacity[agents]
        room = np.maximum(capacity - self.load[agents], 0).astype(np.int64)
        self.bound += int((room[np.argmin(cost, axis=1)] == 0).sum())
        chosen = Every.assign(cost, room)
        for row, (i, who) in enumerate(pool):
            agent = int(agents[chosen[row]]) if chosen[row] >= 0 else -1
            if agent < 0:
                agent = int(who[np.argmin(self.load[who] / self.world.capacity[who])])
            self._begin(i, agent, now, chosen=True)

    def _urgency(self, i: int, now: float) -> float:
        weight, left = getattr(self.policy, "due", 0.0), (self.world.due[i] - now) / HALVES
        return float(1 + weight * 0.5 ** max(left, 0.0)) if weight and left == left else 1.0

    def _begin(self, i: int, agent: int, now: float, *, chosen: bool) -> None:
        world, r = self.world, self.attempt[i]
        group = world.group(i, r)
        self.stint_of[i] = len(self.columns)
        self.columns.append([i, r, agent, now, world.end, OPEN, chosen])
        self.holder[i] = agent
        self.load[agent] += 1
        self.held += 1
        if chosen:
            self.given[agent], self.before[group] = now, agent
        again, (head, luck) = int(r > 0), self._in_curve(i, r, agent, group)
        if self.sharing is None:
            resolving, passing = (age_at(self.curve[c][again], self.rate[c][again], head[c], luck[c]) for c in CAUSES)
            self._ends(i, min(resolving, passing), RESOLVED if resolving <= passing else PASSED, now)
        else:
            self.sharing.begin(i, agent, world.hours.at(now), again, head, luck)
            self._foretell(agent)
            if world.withdrawn[i] < world.end:
                heappush(self.heap, (max(float(world.withdrawn[i]), now), WITHDRAWAL, i, -1))

    def _in_curve(self, i: int, r: int, agent: int, group: int) -> tuple[list[float], list[float]]:
        """By cause, how much faster than later the first minutes are, and luck in units of the curve."""
        s, used = self.world.stint(i, r), self.luck[i][r]
        log = [[self.ticket_part[c][b][s] + self.person[c][b][agent][group] for b in (0, 1)] for c in CAUSES]
        return [exp(first - later) for first, later in log], [used[c] * exp(-log[c][1]) for c in CAUSES]

    def _ends(self, i: int, worked: float, outcome: int, now: float) -> None:
        """A stint will be worked on for so many hours from now on, and wait as long as it did."""
        world = self.world
        waits = self._of_attempt(world.waited, i, self.attempt[i])
        end = max(world.hours.when(world.hours.at(now) + worked + waits), now)
        withdrawn = max(float(world.withdrawn[i]), now)
        end, outcome = (withdrawn, WITHDRAWN) if withdrawn < end else (end, outcome)
        if end < world.end:
            heappush(self.heap, (end, ENDS, i, outcome))

    def _shared(self, sharing: Sharing, what: int, i: int, detail: int, now: float) -> None:
        """Where load slows people: work is done, withdrawn, or comes to somebody from elsewhere."""
        at = self.world.hours.at(now)
        if what == OTHER:
            sharing.others(i, detail, at)
            self._foretell(i)
        elif i in sharing.work and (what == WITHDRAWAL or sharing.is_current(i, detail)):
            agent, cause = sharing.end(i, at), sharing.cause(i)
            if what == WITHDRAWAL:
                heappush(self.heap, (now, ENDS, i, WITHDRAWN))
            else:
                self._ends(i, 0.0, (RESOLVED, PASSED)[cause], now)
            self._foretell(agent)

    def _foretell(self, agent: int) -> None:
        if self.sharing is not None:
            for at, i, version in self.sharing.foretold(agent):
                end = self.world.hours.when(at)
                if end < self.world.end:
                    heappush(self.heap, (max(end, self.clock), WORKED, i, version))

    def _end(self, i: int, outcome: int, now: float) -> None:
        stint = self.columns[self.stint_of[i]]
        stint[4], stint[5] = now, outcome
        self.load[self.holder[i]] -= 1
        self.held -= 1
        if outcome == PASSED:
            self.attempt[i] += 1
            self._needs(i, now)

    def result(self) -> Replayed:
        table = np.array(self.columns, np.float64).reshape(-1, 7)
        ticket, attempt, agent, outcome = (table[:, k].astype(np.int64) for k in (0, 1, 2, 5))
        return Replayed(
            ticket, attempt, agent, table[:, 3], table[:, 4], outcome, table[:, 6] > 0, self.bound, self.area
        )
