"""What an operator decides about the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.fields import Report, number, units
from ticketopt.records import Policy

__all__ = ["MAX_BODY_BYTES", "Settings"]

MAX_BODY_BYTES = 16 * 2**20
"""The longest body by default: about ten thousand tickets with 1,600 characters each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of the service, valid from birth.

    Attributes
    ----------
    policy : what matters and which rules hold, for every request; a `Policy` or a mapping of its settings.
    time_limit : seconds for one solve. Others wait meanwhile, as loads must not change under it.
    max_body_bytes : a longer body is refused.
    """

    policy: Policy | Mapping[str, Any] | None = field(default_factory=Policy)
    time_limit: float = 10.0
    max_body_bytes: int = MAX_BODY_BYTES

    def __post_init__(self) -> None:
        report = Report()
        number(1e-3, 86_400, " (seconds)")(self.time_limit, "time_limit", report)
        units(1, 2**40)(self.max_body_bytes, "max_body_bytes", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        if not isinstance(self.policy, Policy):
            object.__setattr__(self, "policy", Policy() if self.policy is None else Policy.from_dict(self.policy))
