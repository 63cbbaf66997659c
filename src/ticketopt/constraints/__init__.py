"""Constraints: what must hold. To add one, write its file (words and data) and its entry."""

from ticketopt.constraints import (
    availability,
    language,
    new_limit,
    pins,
    separate,
    shift,
    skill_level,
    urgent_limit,
)
from ticketopt.constraints.base import Constraint

__all__ = ["CONSTRAINTS", "Constraint"]

CONSTRAINTS: dict[str, Constraint] = {
    "availability": availability.RULE,
    "shift": shift.RULE,
    "pins": pins.RULE,
    "skill_level": skill_level.RULE,
    "language": language.RULE,
    "urgent_limit": urgent_limit.RULE,
    "new_limit": new_limit.RULE,
    "separate": separate.RULE,
}
