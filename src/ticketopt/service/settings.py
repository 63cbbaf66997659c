"""What an operator decides about the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report, number, units
from ticketopt.problem.policy import Policy

__all__ = ["MAX_BODY_BYTES", "MAX_TICKETS", "MIN_KEY_LENGTH", "Settings", "check_binding", "is_loopback"]

MAX_BODY_BYTES = 16 * 2**20
"""The longest body by default: about ten thousand tickets with 1,600 characters each."""

MAX_TICKETS = 20_000
"""The most tickets in one request by default."""

MIN_KEY_LENGTH = 16
"""Shorter API keys can be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of the service, valid from birth; everything wrong is said at once.

    Attributes
    ----------
    policy : what matters and which rules hold, for every request; a `Policy` or a mapping of its settings.
    time_limit : seconds for one solve; for a job that states none as well.
    max_body_bytes, max_tickets : longer bodies, and more tickets in one request, are refused.
    api_keys : who knows one may use the service; none lets everybody in. Each has at least `MIN_KEY_LENGTH` characters.
    max_jobs : so many jobs may run at once.
    """

    policy: Policy | Mapping[str, Any] | None = field(default_factory=Policy)
    time_limit: float = 10.0
    max_body_bytes: int = MAX_BODY_BYTES
    max_tickets: int = MAX_TICKETS
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    max_jobs: int = 4

    def __post_init__(self) -> None:
        report = Report()
        number(1e-3, 86_400, " (seconds)")(self.time_limit, "time_limit", report)
        units(1, 2**40)(self.max_body_bytes, "max_body_bytes", report)
        units(1)(self.max_tickets, "max_tickets", report)
        units(1, 100)(self.max_jobs, "max_jobs", report)
        for k, key in enumerate(self.api_keys):
            if not (len(key) >= MIN_KEY_LENGTH and key.isascii() and key.isprintable() and " " not in key):
                problem = f"is not {MIN_KEY_LENGTH} or more printable ASCII characters without a space"
                report.error(f"api_keys[{k}]", problem, "use a long random text")
        if not isinstance(self.policy, Policy):
            try:
                policy = Policy() if self.policy is None else Policy.from_dict(self.policy)
                object.__setattr__(self, "policy", policy)
            except InvalidInputError as error:
                report.issues += error.issues
        if report.issues:
            raise InvalidInputError(report.issues)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_binding(host: str, settings: Settings) -> None:
    """An error where others could reach a service that lets everybody in."""
    if not is_loopback(host) and not settings.api_keys:
        problem = f"are none, and others than this machine reach {host}"
        repair = "set TICKETOPT_API_KEYS to one or more long random texts, or bind 127.0.0.1"
        raise InvalidInputError.single("api_keys", problem, repair)
