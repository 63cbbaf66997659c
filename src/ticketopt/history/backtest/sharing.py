"""Who holds more is slower: with `n` tickets in hand, an agent's intensities are `n ** -gamma` of those with one.

A stint's luck is used up by an integral that changes its pace whenever the agent gets a ticket or ends one, so its end
is foretold anew at each such moment.
"""

from __future__ import annotations

from dataclasses import dataclass

from ticketopt.history.backtest.speeds import CAUSES, Speeds, age_at, reached

__all__ = ["Sharing"]


@dataclass(slots=True)
class _Work:
    """A stint that is worked on: its age, and how often it was foretold.

    `again` is 1 in later attempts. `head` is how much faster its first minutes are, by cause, and `left` what is left
    of its luck.
    """

    agent: int
    again: int
    head: list[float]
    left: list[float]
    age: float = 0.0
    version: int = 0


class Sharing:
    """What all agents have in hand. Times are working hours."""

    def __init__(self, speeds: Speeds, n_agents: int) -> None:
        self.curve, self.rate, self.gamma = speeds.curve.tolist(), speeds.rate.tolist(), speeds.gamma
        self.work: dict[int, _Work] = {}
        self.of: list[list[int]] = [[] for _ in range(n_agents)]
        self.other = [0] * n_agents
        self.since = [0.0] * n_agents
        self.versions = 0

    def begin(self, i: int, agent: int, at: float, again: int, head: list[float], luck: list[float]) -> None:
        """Stint `i` begins; `luck` is in hours of the curve, by cause, and `head` as in `reached`."""
        self._until(agent, at)
        self.work[i] = _Work(agent, again, head, luck)
        self.of[agent].append(i)

    def end(self, i: int, at: float) -> int:
        """Stint `i` is over: by which cause, if its luck is used up. Its agent."""
        agent = self.work[i].agent
        self._until(agent, at)
        self.of[agent].remove(i)
        return agent

    def cause(self, i: int) -> int:
        """What ended a stint, or would next; it is then forgotten."""
        left = self.work.pop(i).left
        return 0 if left[0] <= left[1] else 1

    def others(self, agent: int, change: int, at: float) -> None:
        """Work that nobody moves comes or goes."""
        self._until(agent, at)
        self.other[agent] += change

    def foretold(self, agent: int) -> list[tuple[float, int, int]]:
        """When stints of an agent end if nothing else changes: working hours, stint, version."""
        paces = self._paces(agent)
        found = []
        for i in self.of[agent]:
            work = self.work[i]
            self.versions += 1  # never used twice: a ticket's next stint has its index
            work.version = self.versions
            luck = [self._at(work, c, work.age) + work.left[c] / paces[c] for c in CAUSES]
            ages = [age_at(*self._curve(work, c), luck[c]) for c in CAUSES]
            found.append((self.since[agent] + max(min(ages) - work.age, 0.0), i, work.version))
        return found

    def is_current(self, i: int, version: int) -> bool:
        work = self.work.get(i)
        return work is not None and work.version == version

    def _paces(self, agent: int) -> list[float]:
        """By cause."""
        held = max(len(self.of[agent]) + self.other[agent], 1)
        return [float(held**-gamma) for gamma in self.gamma]

    def _until(self, agent: int, at: float) -> None:
        """Use up luck until a moment."""
        hours, paces = at - self.since[agent], self._paces(agent)
        self.since[agent] = at
        if hours <= 0:
            return
        for i in self.of[agent]:
            work = self.work[i]
            for c in CAUSES:
                used = paces[c] * (self._at(work, c, work.age + hours) - self._at(work, c, work.age))
                work.left[c] = max(work.left[c] - used, 0.0)
            work.age += hours

    def _curve(self, work: _Work, cause: int) -> tuple[list[float], list[float], float]:
        return self.curve[cause][work.again], self.rate[cause][work.again], work.head[cause]

    def _at(self, work: _Work, cause: int, age: float) -> float:
        """The curve at an age."""
        return reached(*self._curve(work, cause), age)
