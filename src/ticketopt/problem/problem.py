"""`Problem`: tickets, agents, policy and readings together, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.problem.checks import check_names, check_readings, check_records
from ticketopt.problem.fields import Report, timestamp
from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Reading, stated
from ticketopt.problem.record_columns import kept, part_of
from ticketopt.problem.records import Agent, Ticket, newest
from ticketopt.problem.shared_arrays import SharedArrays
from ticketopt.problem.table import ticket_table

__all__ = ["Problem"]


_OF_TEAM = (
    *("agent_index", "is_available", "experience_gap", "shift_left", "skill_index", "skill_names", "skill_level"),
    *("level", "current_load", "fair_share", "capacity", "free", "reference_capacity", "busy"),
)
"""What a problem knows of its team, its queue counted in."""

_OF_ROWS = ("raised_readings", "urgency", "waiting_since", "effort", "pair_effort")
"""What it knows of each ticket, row by row."""

HOUSE_POLICY = Policy()
"""What matters where nobody says so."""


@dataclass(frozen=True, eq=False, init=False)
class Problem(SharedArrays):
    """A queue of tickets, the team that can take them, and what matters.

    Tickets `i` and agents `j` keep their order. Arrays are computed once, on first use, and are not to be changed.

    Parameters
    ----------
    tickets, agents : records with unique ids.
    policy : weights and rules.
    now : Unix seconds that "waiting" and "shift over" are measured at; None is the newest creation timestamp.
    readings : what triage read in each ticket; None takes only what the tickets state themselves.
    warnings : suspicious things met while the input was read; carried to the result.

    Raises
    ------
    InvalidInputError
        With every duplicate id, unknown name and contradiction.
    """

    warnings: tuple[Issue, ...]

    def __init__(
        self,
        tickets: Sequence[Ticket],
        agents: Sequence[Agent],
        policy: Policy = HOUSE_POLICY,
        now: float | None = None,
        readings: Sequence[Reading] | None = None,
        warnings: Sequence[Issue] = (),
    ) -> None:
        report = Report()
        check_records(tickets, Ticket, "tickets", report)
        check_records(agents, Agent, "agents", report)
        if not report.issues:
            check_names(tickets, agents, policy, report)
        if readings is not None and len(readings) != len(tickets):
            report.error("readings", f"are {len(readings)}", f"give one per ticket ({len(tickets)})")
        check_readings(readings or (), report)
        clean_now = None if now is None else timestamp(now, "now", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        clean = {
            "tickets": kept(tickets),
            "agents": kept(agents),
            "policy": policy,
            "now": newest(tickets) if clean_now is None else clean_now,
            "readings": tuple(map(stated, tickets) if readings is None else readings),
            "warnings": (*warnings, *report.warnings),
        }
        for name, value in clean.items():
            object.__setattr__(self, name, value)

    @property
    def clock(self) -> float:
        """`now`, by the name that callers of earlier versions know."""
        return self.now

    @property
    def read(self) -> tuple[Reading, ...]:
        """`raised_readings`, by the name that callers of earlier versions know."""
        return tuple(self.raised_readings)

    def _repr_html_(self) -> str:
        free = sum(1 for agent in self.agents if agent.is_available)
        words = f"{self.n_tickets} tickets, {self.n_agents} agents ({free} available), {len(self.skill_names)} skills"
        return ticket_table(self.tickets, self.raised_readings, words)

    def block(self, rows: slice) -> Problem:
        """The tickets of some rows as a problem of their own, beside the team as the whole queue finds it.

        What a row says that depends on no other ticket is the same there: names of skills, loads, capacities and fair
        shares are those of this problem.
        """
        if rows.start == 0 and rows.stop == self.n_tickets:
            return self
        of_rows = (*_OF_ROWS, *(name for name in ("wanted", "skill_gap") if name in vars(self)))
        known = {name: getattr(self, name) for name in _OF_TEAM} | {name: getattr(self, name)[rows] for name in of_rows}
        return self.with_checked(part_of(self.tickets, rows), self.readings[rows], self.agents, known)

    def with_checked(
        self,
        tickets: Sequence[Ticket],
        readings: Sequence[Reading],
        agents: Sequence[Agent],
        known: Mapping[str, object],
    ) -> Problem:
        """Another problem with this policy and time, of records that have been checked already.

        Parameters
        ----------
        known : names of properties -> their values in the new problem, which are then not computed.
        """
        problem = object.__new__(Problem)
        fields = {"tickets": tickets, "agents": agents, "policy": self.policy, "now": self.now, "readings": readings}
        vars(problem).update({**fields, "warnings": (), **known})
        return problem
