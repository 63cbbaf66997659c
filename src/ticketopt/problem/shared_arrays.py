"""`SharedArrays`: what tickets, agents, readings and policy are as arrays; cost terms and constraints share them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.problem.customers import raised_all
from ticketopt.problem.held import held_levels
from ticketopt.problem.linked import linked_tickets
from ticketopt.problem.names import first_spellings, spelled
from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Reading
from ticketopt.problem.record_columns import stating, values_of
from ticketopt.problem.records import MAX_LEVEL, Agent, Id, Ticket
from ticketopt.problem.row_blocks import row_blocks
from ticketopt.problem.skill_gap import divided, skill_gaps

__all__ = ["SharedArrays"]

DAY = 86_400.0

ROUNDING = 1e-9
"""Units that count as nothing when an effort is rounded up, so that 0.1 + 0.2 does not cost a whole one."""


@dataclass(frozen=True, eq=False, init=False)
class SharedArrays:
    """Tickets `i` and agents `j`, in the order of the records, and their arrays: `(n,)` by ticket, `(A,)` by agent.

    Each is computed once, on first use, and is not to be changed. `Problem` documents the fields.
    """

    tickets: Sequence[Ticket]
    agents: Sequence[Agent]
    policy: Policy
    now: float
    readings: Sequence[Reading]

    @property
    def n_tickets(self) -> int:
        """Tickets in the queue."""
        return len(self.tickets)

    @property
    def n_agents(self) -> int:
        """Agents in the team, available or not."""
        return len(self.agents)

    @cached_property
    def agent_index(self) -> dict[str, int]:
        """Position of every agent by its id as text."""
        return {str(agent.agent_id): j for j, agent in enumerate(self.agents)}

    @cached_property
    def ticket_index(self) -> dict[str, int]:
        """Position of every ticket by its id as text."""
        return {str(ticket_id): i for i, ticket_id in enumerate(values_of(self.tickets, "ticket_id"))}

    @cached_property
    def linked(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the tickets that must go to one agent, a tuple per group of two or more."""
        return linked_tickets(self.tickets, self.policy)

    def agent_of(self, agent_id: Id | None) -> int:
        """Position of an agent, -1 for None and for ids that are not in the team."""
        return -1 if agent_id is None else self.agent_index.get(str(agent_id), -1)

    def agent_id(self, j: int) -> Id | None:
        """The id of the agent at a position, None for -1."""
        return None if j < 0 else self.agents[j].agent_id

    @cached_property
    def skill_index(self) -> dict[str, int]:
        """Column of every skill by its `spelled` name: the agents' skills first, then what only tickets name."""
        return {name: column for column, name in enumerate(self._spellings)}

    @cached_property
    def skill_names(self) -> tuple[str, ...]:
        """The skills as first spelled, in the order of the columns."""
        return tuple(self._spellings.values())

    @cached_property
    def _spellings(self) -> dict[str, str]:
        of_agents, wanted = [agent.skills for agent in self.agents], [r.skills for r in self.raised_readings]
        of_tickets = chain.from_iterable(zip(wanted, values_of(self.tickets, "requires"), strict=True))
        return first_spellings(dict.fromkeys(chain.from_iterable(chain(of_agents, of_tickets))))

    @cached_property
    def raised_readings(self) -> Sequence[Reading]:
        """One reading per ticket, its urgency raised as the policy has it for the ticket's customer."""
        return raised_all(self.readings, self.tickets, self.policy)

    @cached_property
    def skill_level(self) -> Float:
        """(A, S) skill levels that count, 0 to 10: see `held_levels`."""
        return self._by_skill([held_levels(agent, self.policy) for agent in self.agents])

    @cached_property
    def level(self) -> Float:
        """(A, S) proficiency, 0 to 1."""
        return self.skill_level / MAX_LEVEL

    @cached_property
    def wanted(self) -> Float:
        """(n, S) importance of every skill for every ticket; a row adds up to 1, or to 0 where nothing is wanted."""
        return self.wanted_of(slice(None))

    def wanted_of(self, rows: slice) -> Float:
        """(k, S) the importances of some tickets; the whole table is not made for it."""
        if "wanted" in vars(self):
            return self.wanted[rows]
        raw = self._by_skill([reading.skills for reading in self.raised_readings[rows]])
        return divided(raw, raw.sum(axis=1, keepdims=True))

    @cached_property
    def required(self) -> Float:
        """(n, S) lowest level that a ticket demands, 0 to 10."""
        return self._by_skill(values_of(self.tickets, "requires"))

    def _by_skill(self, maps: Sequence[Mapping[str, float]]) -> Float:
        table = np.zeros((len(maps), len(self.skill_index)))
        names = list(chain.from_iterable(maps))
        column = {name: self.skill_index[spelled(name)] for name in dict.fromkeys(names)}
        rows = np.repeat(np.arange(len(maps)), list(map(len, maps)))
        table[rows, [column[name] for name in names]] = list(chain.from_iterable(own.values() for own in maps))
        return table

    @cached_property
    def skill_gap(self) -> Float:
        """(n, A) importance-weighted shortfall of proficiency, `sum_s w_s^2 (1 - level_js) / sum_s w_s^2`.

        Importances enter squared: covering the main need well beats touching many weak ones. 0 is a master of
        everything wanted, 1 knows none of it; a ticket that wants nothing has 0 everywhere. Values are rounded to
        `skill_gap.DIGITS`, so that they do not depend on the order of the skills or on which other tickets are there.
        """
        return self.skill_gap_of(slice(None))

    def skill_gap_of(self, rows: slice) -> Float:
        """(k, A) the skill gap of some tickets; the whole table is not made for it."""
        if "skill_gap" in vars(self):
            return self.skill_gap[rows]
        return skill_gaps(self.wanted_of(rows), self.level)

    @cached_property
    def urgency(self) -> Float:
        """(n,) urgency, 0 to 1."""
        return np.array([reading.urgency for reading in self.raised_readings], dtype=np.float64)

    @cached_property
    def waited(self) -> Float:
        """(n,) how long a ticket has waited, 0 (new) to 1 (for ever): `age / (age + 1 day)`."""
        age = self.now - self.waiting_since
        return age / (age + DAY)

    @cached_property
    def waiting_since(self) -> Float:
        """(n,) when each ticket began to wait, in Unix seconds: its creation, or now where none is known or past."""
        now = self.now
        created = values_of(self.tickets, "creation_timestamp")
        return np.minimum(now, np.array([now if c is None else c for c in created], dtype=np.float64))

    @cached_property
    def is_urgent(self) -> Bool:
        """(n,) whether the policy counts a ticket as urgent."""
        return self.urgency >= self.policy.urgent_from

    @cached_property
    def effort(self) -> Int:
        """(n,) units that a ticket takes, as it states itself; see `pair_effort` for what it takes of whom."""
        return np.array(values_of(self.tickets, "effort"), dtype=np.int64)

    @cached_property
    def pair_effort(self) -> Int:
        """(n, A) units that a ticket takes of each agent, (n, 1) where it is the same for everybody.

        What the ticket says in `effort_by_agent`; else `effort * (1 - expert_saving * (1 - skill_gap))`, rounded up to
        whole units, for tickets that want a skill; else its effort.
        """
        saving, stated = self.policy.expert_saving, stating(self.tickets, "effort_by_agent")
        if not self.n_agents or not ((saving and (self.effort > 1).any()) or stated):
            return self.effort[:, None]
        wants: Bool = np.asarray(self.wanted.any(axis=1))
        effort = np.empty((self.n_tickets, self.n_agents), dtype=np.int64)
        for rows in row_blocks(*effort.shape):
            share = np.where(wants[rows, None], saving * (1.0 - self.skill_gap_of(rows)), 0.0)
            effort[rows] = np.maximum(1, np.ceil(self.effort[rows, None] * (1.0 - share) - ROUNDING))
        for i in stated:
            for agent_id, units in self.tickets[i].effort_by_agent.items():
                if (j := self.agent_of(agent_id)) >= 0:
                    effort[i, j] = units
        return effort

    def units(self, i: int, j: int) -> int:
        """Units that ticket `i` takes of agent `j`: `pair_effort` once more, for the checker, without its arrays."""
        ticket, agent = self.tickets[i], self.agents[j]
        for agent_id, units in ticket.effort_by_agent.items():
            if str(agent_id) == str(agent.agent_id):
                return units
        wanted = {spelled(skill): weight for skill, weight in self.raised_readings[i].skills.items() if weight > 0}
        if not self.policy.expert_saving or not wanted:
            return ticket.effort
        held = {spelled(skill): level / MAX_LEVEL for skill, level in held_levels(agent, self.policy).items()}
        most = max(wanted.values())
        squares = {skill: (weight / most) ** 2 for skill, weight in wanted.items()}
        skill = sum(square * held.get(name, 0.0) for name, square in squares.items()) / sum(squares.values())
        return max(1, math.ceil(ticket.effort * (1.0 - self.policy.expert_saving * skill) - ROUNDING))

    @property
    def mean_effort(self) -> Int:
        """(n,) the mean over the available agents of what a ticket takes, rounded up; its effort where nobody is."""
        here = self._effort_here
        mean: Int = -(-here.sum(axis=1) // max(1, here.shape[1]))
        return mean if self.is_available.any() else self.effort

    @property
    def _effort_here(self) -> Int:
        """(n, k) what tickets take of the available agents, (n, 1) where it is the same for everybody."""
        effort = self.pair_effort
        return effort[:, self.is_available] if effort.shape[1] == self.n_agents else effort

    @cached_property
    def current_load(self) -> Int:
        """(A,) open units."""
        return np.array([agent.current_load for agent in self.agents], dtype=np.int64)

    @cached_property
    def experience_gap(self) -> Float:
        """(A,) `1 - experience / highest experience of an available agent`, from 0; 0 where nobody has any."""
        experience = np.array([agent.experience_level for agent in self.agents], dtype=np.float64)
        highest = experience[self.is_available].max(initial=0.0)
        return np.maximum(0.0, 1.0 - experience / highest) if highest > 0 else np.zeros(self.n_agents)

    @cached_property
    def busy(self) -> Float:
        """(A,) the share of the agent's capacity that open work fills, at most 1."""
        return np.minimum(1.0, self.current_load / self.reference_capacity)

    @cached_property
    def shift_left(self) -> Float:
        """(A,) seconds until shifts end, 0 where they are over or have not begun; infinite where no end is known."""
        left = [math.inf if agent.shift_end is None else agent.shift_end - self.now for agent in self.agents]
        has_begun = [agent.shift_start is None or agent.shift_start <= self.now for agent in self.agents]
        return np.where(has_begun, np.maximum(0.0, left), 0.0)

    @cached_property
    def is_available(self) -> Bool:
        """(A,) whether the agent's status lets it take work."""
        return np.array([agent.is_available for agent in self.agents], dtype=np.bool_)

    @cached_property
    def fair_share(self) -> int:
        """The capacity at which the available agents can hold their open work and the whole queue.

        It is the smallest whole number `F` with `sum_j min(F, capacity_j) >= open + new` over the available agents,
        where agents without a capacity of their own count `F`: the mean, rounded up, if nobody has one. A ticket counts
        its `mean_effort`. The largest effort of an available agent less one is added, so that whole tickets fit
        wherever nobody's own capacity forbids it.
        """
        here = np.flatnonzero(self.is_available)
        stated = [c for j in here.tolist() if (c := self.agents[j].capacity) is not None]
        total = int(self.current_load[here].sum() + self.mean_effort.sum())
        without = len(here) - len(stated)
        if without == 0:
            return 0
        for k, limit in enumerate(sorted(stated)):
            if limit * (len(stated) - k + without) >= total:
                without += len(stated) - k
                break
            total -= limit
        return max(0, -(-total // without)) + max(0, int(self._effort_here.max(initial=1)) - 1)

    @cached_property
    def capacity(self) -> tuple[int | None, ...]:
        """(A,) every agent's capacity, open work included; None where there is no limit."""
        stated = tuple(agent.capacity for agent in self.agents)
        if None not in stated:
            return stated
        given = self.policy.capacity
        default = self.fair_share if isinstance(given, str) else given
        return tuple(default if capacity is None else capacity for capacity in stated)

    @cached_property
    def free(self) -> Int:
        """(A,) units that every agent can still take, 0 or more; the largest integer where there is no limit."""
        limits = [np.iinfo(np.int64).max if limit is None else limit for limit in self.capacity]
        free: Int = np.maximum(0, np.array(limits, dtype=np.int64) - self.current_load)
        return free

    @cached_property
    def reference_capacity(self) -> Float:
        """(A,) what utilization is measured against, at least 1: the capacity, or the fair share where unlimited."""
        return np.array([max(1, self.fair_share if c is None else c) for c in self.capacity], dtype=np.float64)
