"""What one log taught about a team, before anybody wrote anything over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ticketopt.history.evidence import TeamEvidence
from ticketopt.history.forward import Choice
from ticketopt.history.levels import Level
from ticketopt.problem.names import spelled
from ticketopt.problem.records import Agent

__all__ = ["Learned", "Member"]


@dataclass(frozen=True, slots=True)
class Member:
    """What was learned of one agent.

    Attributes
    ----------
    levels : skill -> level, of skills with at least five routed tickets; none where levels are worth nothing.
    support : skill -> routed tickets, of the same skills.
    pace : on all skills; None under five tickets.
    tickets, passed : routed to the agent, and passed on by the agent.
    capacity : held open at once, or fewer, 95 % of the time; None where unknown.
    hours : of the day between which the agent acts; None where unknown.
    groups : whose tickets the agent took. is_gone : whether nothing was seen of the agent for long at the end.
    """

    levels: Mapping[str, Level]
    support: Mapping[str, int]
    pace: Level | None
    tickets: int
    passed: int
    capacity: int | None
    hours: tuple[float, float] | None
    groups: tuple[str, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that was learned from one log.

    Attributes
    ----------
    source : what log it was. skill : what a skill is in it. begin, until : Unix seconds; nothing later was looked at.
    members : by agent. typical : skill -> what a typical agent of it would have. efforts : kind -> units of work.
    choice : what was chosen forward in time; None where the log is too short. evidence : what the levels are worth.
    set_aside : what of the log was not used, each with a count.
    """

    source: str
    skill: str
    begin: float
    until: float
    members: Mapping[str, Member]
    typical: Mapping[str, Level]
    efforts: Mapping[str, int]
    choice: Choice | None
    evidence: TeamEvidence
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def agents(self) -> tuple[Agent, ...]:
        """What `assign` takes, before anybody changed it."""
        return tuple(self._agent(name, member) for name, member in self.members.items())

    def _agent(self, name: str, member: Member) -> Agent:
        levels: dict[str, Level] = {}
        for skill, level in sorted(member.levels.items(), key=lambda item: -item[1].tickets):
            if not any(spelled(skill) == spelled(other) for other in levels):
                levels[skill] = level
        return Agent(
            agent_id=name,
            skills={skill: level.value for skill, level in levels.items()},
            capacity=member.capacity,
            groups=member.groups,
            availability_status="inactive" if member.is_gone else "available",
            learned_levels={
                skill: (level.value, level.low, level.high, level.tickets) for skill, level in levels.items()
            },
        )
