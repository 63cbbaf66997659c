"""A team as its past tells it: agents that `assign` takes, and how sure every level is.

`Team.agents` is what counts. It begins as what was learned; whatever somebody changes in it is a statement, wins over
what was learned, and survives the next `learn(..., keep=team)`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.history.evidence import TeamEvidence
from ticketopt.history.learned import Learned
from ticketopt.history.learned_plain import learned_from_plain, plain_learned
from ticketopt.history.levels import PACE, TEAM, Level
from ticketopt.intake.check import list_of, records_of
from ticketopt.intake.strict_json import parse_json
from ticketopt.problem.names import spelled
from ticketopt.problem.records import Agent, Id
from ticketopt.problem.report import Report, kind

__all__ = ["STATED", "Team", "kept_over", "stated_fields"]

STATED = "written by a person"
"""The basis of a level that somebody wrote over a learned one."""

_DEFAULTS = Agent(agent_id="nobody")
_FIELDS = tuple(name for name in Agent.__slots__ if name not in ("agent_id", "skills", "learned_levels"))

_FLAT = re.compile(r"[{\[][^{}\[\]]*[}\]]")
"""An object or a list with none inside: written on one line. (No line breaks are in JSON's strings.)"""


@dataclass(frozen=True)
class Team:
    """Agents for `assign`, and what is known of them.

    Attributes
    ----------
    agents : levels, capacity and groups are learned, and what people wrote over them. learned : see `Learned`.
    """

    agents: tuple[Agent, ...]
    learned: Learned

    def __repr__(self) -> str:
        n = sum(len(agent.skills) for agent in self.agents)
        return f"<Team: {len(self.agents)} agents, {n} levels, learned from {self.learned.source}>"

    @property
    def evidence(self) -> TeamEvidence:
        """What the levels are worth, on tickets later than those they were learned from."""
        return self.learned.evidence

    @property
    def efforts(self) -> Mapping[str, int]:
        """Kind of ticket -> units of work."""
        return self.learned.efforts

    @cached_property
    def _by_id(self) -> dict[str, Agent]:
        return {str(agent.agent_id): agent for agent in self.agents}

    @cached_property
    def _as_learned(self) -> dict[str, Agent]:
        return {str(agent.agent_id): agent for agent in self.learned.agents()}

    def level(self, agent: Id, skill: str) -> Level:
        """An agent's level at a skill.

        It is what somebody wrote, else what the agent's own tickets of the skill say, else the agent's pace on all
        skills, else what a typical agent has.

        Raises
        ------
        InvalidInputError
            Where the agent is not of this team, or nothing is known of the skill.
        """
        mine = self._by_id.get(str(agent))
        if mine is None:
            raise InvalidInputError.single(
                "agent", f"{agent!r} is not of this team", "give the id of one of its agents"
            )
        member = self.learned.members.get(str(agent))
        levels = {} if member is None else {spelled(name): level for name, level in member.levels.items()}
        found = levels.get(spelled(skill))
        stated = {spelled(name): level for name, level in mine.skills.items()}.get(spelled(skill))
        before = self._as_learned.get(str(agent), _DEFAULTS)
        was = {spelled(name): level for name, level in before.skills.items()}.get(spelled(skill))
        if stated is not None and stated != was:
            return Level(stated, stated, stated, found.tickets if found else 0, STATED)
        if found is not None:
            return found
        typical = {spelled(name): level for name, level in self.learned.typical.items()}.get(spelled(skill))
        if typical is None:
            known = ", ".join(list(self.learned.typical)[:20]) or "none"
            raise InvalidInputError.single("skill", f"nothing is known of {skill!r}", f"known skills: {known}")
        if member is not None and member.pace is not None:
            return replace(member.pace, tickets=0, passed=0, basis=PACE)
        return replace(typical, tickets=0, basis=TEAM)

    def explain(self, agent: Id, skill: str) -> str:
        """The same in words."""
        level = self.level(agent, skill)
        name = self._by_id[str(agent)].name
        if level.basis == STATED:
            return f"{name} has level {level.value:g} on {skill}, {STATED}."
        return f"{name} {_needs(level, skill)}"

    def to_json(self) -> str:
        """One readable text, which `assign`, the command line (`--team`) and the service take as a team."""
        agents = [stated_fields(agent) for agent in self.agents]
        data = {"agents": agents, "learned": plain_learned(self.learned)}
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        return _FLAT.sub(lambda found: re.sub(r"\n\s*", " ", found.group()), text)

    @staticmethod
    def from_json(text: str) -> Team:
        """What `to_json` wrote, and what somebody changed in its agents since.

        Raises
        ------
        InvalidInputError
            Where the text is not of that form.
        """
        data = parse_json(text)
        if not isinstance(data, Mapping):
            raise InvalidInputError.single("", f"the team is {kind(data)}", "give a file that `Team.save` wrote")
        report = Report()
        agents = records_of(Agent, list_of(data.get("agents"), "agents", report), "agents", report)
        learned = learned_from_plain(data.get("learned"), report)
        if report.issues or learned is None:
            raise InvalidInputError(report.issues)
        return Team(tuple(agents), learned)

    def save(self, path: str | Path) -> None:
        """Write `to_json` to a file."""
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")

    @staticmethod
    def load(path: str | Path) -> Team:
        """Read a file that `save` wrote."""
        return Team.from_json(Path(path).read_text(encoding="utf-8"))


def stated_fields(agent: Agent) -> dict[str, Any]:
    """The fields of an agent that are not at their defaults, as plain data."""
    fields: dict[str, Any] = {"agent_id": agent.agent_id}
    for name in dict.fromkeys(("name", "skills", *_FIELDS, "learned_levels")):
        value = getattr(agent, name)
        is_default = value == getattr(_DEFAULTS, name) or (name == "name" and value == str(agent.agent_id))
        if not is_default:
            fields[name] = dict(value) if isinstance(value, Mapping) else value
    return fields


def _needs(level: Level, skill: str) -> str:
    most, least = 10 / max(level.low, 0.1), 10 / max(level.high, 0.1)
    support = f"{level.tickets} tickets" + (f", {level.passed} passed on" if level.passed else "")
    words = (
        f"needs {10 / max(level.value, 0.1):.1f} times the working hours of the best on {skill}"
        f" ({least:.1f} to {most:.1f}; {support if level.tickets else level.basis})."
    )
    if level.tickets:
        words += f" {level.pace_share:.0%} of the difference from a typical agent is the pace on all skills."
    return words


def kept_over(learned: Learned, old: Team | None) -> Team:
    """A team of what was learned now, with everything that somebody wrote into an older team."""
    if old is None:
        return Team(learned.agents(), learned)
    now = {str(agent.agent_id): agent for agent in learned.agents()}
    before = {str(agent.agent_id): agent for agent in old.learned.agents()}
    written = {str(agent.agent_id): agent for agent in old.agents}
    for name in before:
        if name not in written:
            now.pop(name, None)
    for name, agent in written.items():
        was = before.get(name, replace(_DEFAULTS, agent_id=agent.agent_id, name=""))
        now[name] = _with_statements(now.get(name, was), agent, was)
    return Team(tuple(now.values()), learned)


def _with_statements(agent: Agent, written: Agent, was: Agent) -> Agent:
    """`agent` with all in which `written` differs from what it was before somebody wrote."""
    changes: dict[str, Any] = {
        name: getattr(written, name) for name in _FIELDS if getattr(written, name) != getattr(was, name)
    }
    skills = dict(agent.skills)
    known = {spelled(name): name for name in skills}
    for name in was.skills:
        if name not in written.skills:
            skills.pop(known.get(spelled(name), name), None)
    for name, level in written.skills.items():
        if was.skills.get(name) != level:
            skills.pop(known.get(spelled(name), name), None)
            skills[name] = level
    return replace(agent, skills=skills, **changes)
