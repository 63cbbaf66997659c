"""Constraints: what must hold. To add one, write its file (words and data) and its entry.

The order decides which rule is named where a ticket can go to nobody: the rule that excludes the last agents whom the
rules before it left. What the ticket asks for comes before what depends on the hour.
"""

from ticketopt.formulation.constraints import (
    availability,
    group,
    language,
    min_match,
    new_limit,
    pins,
    separate,
    shift,
    skill_level,
    together,
    urgent_limit,
)
from ticketopt.formulation.constraints.base import Constraint

__all__ = ["CONSTRAINTS", "Constraint"]

CONSTRAINTS: dict[str, Constraint] = {
    "pins": pins.RULE,
    "group": group.RULE,
    "language": language.RULE,
    "skill_level": skill_level.RULE,
    "min_match": min_match.RULE,
    "shift": shift.RULE,
    "availability": availability.RULE,
    "urgent_limit": urgent_limit.RULE,
    "new_limit": new_limit.RULE,
    "separate": separate.RULE,
    "together": together.RULE,
}
