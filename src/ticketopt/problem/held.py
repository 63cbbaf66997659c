"""Which level of a skill counts for an agent."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.problem.fields import spelled
from ticketopt.problem.policy import Policy
from ticketopt.problem.records import Agent

__all__ = ["held_levels"]


def held_levels(agent: Agent, policy: Policy) -> Mapping[str, float]:
    """Skill -> level, 0 to 10.

    It is the agent's own; where the policy is cautious, the lower end of what was learned, unless somebody wrote
    another level over what was learned.
    """
    if not (policy.cautious and agent.learned_levels):
        return agent.skills
    lows = {spelled(skill): (told[0], told[1]) for skill, told in agent.learned_levels.items() if len(told) == 4}
    return {
        skill: low if level == learned else level
        for skill, level in agent.skills.items()
        for learned, low in [lows.get(spelled(skill), (level, level))]
    }
