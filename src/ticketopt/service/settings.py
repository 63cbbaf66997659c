"""What an operator decides about the service: one entry per setting, from which its command line comes as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.live.retention import retention_of
from ticketopt.live.stores import LOCK_TIMEOUT, MAX_LOCK_TIMEOUT, Retention
from ticketopt.problem.fields import Report, number, one_of, optional, reader, text, whole_number
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import freeze, record_field, table_of
from ticketopt.service.helpdesk_settings import HelpdeskSettings
from ticketopt.service.keys import EVERY_TENANT, Key, keys_reader, plain_key, tenant_name
from ticketopt.service.reading_settings import ReadingSettings

__all__ = [
    "MAX_AGENTS",
    "MAX_BODY_BYTES",
    "MAX_PAIRS",
    "MAX_TICKETS",
    "MIN_KEY_LENGTH",
    "ServerSettings",
    "Settings",
    "check_binding",
    "is_loopback",
]

MAX_BODY_BYTES = 16 * 2**20
"""The longest body by default: about ten thousand tickets with 1,600 characters each."""

MAX_TICKETS = 20_000
"""The most tickets in one request by default."""

MAX_AGENTS = 5_000
"""The most agents in one team by default."""

MAX_PAIRS = 5_000_000
"""The most pairs of a ticket and an agent in one request, or waiting in one queue, by default; see docs/memory.md."""

MIN_KEY_LENGTH = 16
"""Shorter API keys can be guessed."""

LOG_LEVELS = {level: level for level in ("debug", "info", "warning", "error")}


@reader(table_of(Policy).schema(), takes_null=True)
def _policy(value: Any, path: str, report: Report) -> Policy:
    """A policy, or the settings of one; null is the default one."""
    if isinstance(value, Policy):
        return value
    try:
        return Policy() if value is None else Policy.from_dict(value)
    except InvalidInputError as error:
        report.issues += error.issues
        return Policy()


@reader({"type": "array", "items": {"type": "string", "minLength": MIN_KEY_LENGTH}}, "list")
def _api_keys(value: Iterable[str], path: str, report: Report) -> tuple[str, ...]:
    keys = tuple(value)
    for k, key in enumerate(keys):
        if not (len(key) >= MIN_KEY_LENGTH and key.isascii() and key.isprintable() and " " not in key):
            problem = f"is not {MIN_KEY_LENGTH} or more printable ASCII characters without a space"
            report.error(f"{path}[{k}]", problem, "use a long random text")
    return keys


@reader({"type": "array", "items": {"type": "string"}}, "list")
def _tenants(value: Iterable[str], path: str, report: Report) -> tuple[str, ...]:
    return tuple(tenant_name(one, f"{path}[{k}]", report) for k, one in enumerate(value))


@reader({"type": "array", "items": {"type": "string"}}, "list")
def _hosts(value: Iterable[str], path: str, report: Report) -> tuple[str, ...]:
    hosts = tuple(value)
    for k, host in enumerate(hosts):
        if not host or "/" in host or any(c.isspace() for c in host):
            report.error(f"{path}[{k}]", "is no name of a host", "write it as tickets.example.org")
    return hosts


@reader({"type": "array", "items": {"type": "string"}}, "list")
def _keep(value: Iterable[str], path: str, report: Report) -> tuple[str, ...]:
    rules = tuple(value)
    try:
        retention_of(rules, path)
    except InvalidInputError as error:
        report.issues += error.issues
        return ()
    return rules


@dataclass(frozen=True, kw_only=True)
class Settings(ReadingSettings, HelpdeskSettings):
    """Settings of the service, valid from birth; everything wrong is said at once.

    Attributes
    ----------
    time_limit : seconds for one solve; for a job that states none as well.
    max_body_bytes, max_tickets : longer bodies, and more tickets in one request, are refused.
    max_agents, max_pairs : more agents in a team, and more pairs of a ticket and an agent in one request or waiting in
        one queue, are refused.
    max_requests, max_tenant_requests : so many requests may be in hand at once, and of one tenant.
    max_followers : so many may follow the events at once, and of one tenant half as many.
    max_jobs, max_tenant_jobs : so many jobs may run at once, and of one tenant.
    api_keys : who knows one may do everything. Each has at least `MIN_KEY_LENGTH` characters.
    keys : keys with names, roles and tenants, by their hashes; a file of them on the command line. Without keys of
        either kind everybody is let in.
    tenants : whose queues there are, besides the default one and those that keys name; "*" is whoever is named, as it
        is without keys where none is named here.
    allowed_hosts : the names by which the service is called; requests to others are refused. None is every name.
    keep : for how long what is over is kept, as rules; see `ticketopt.live.retention`. None is for ever.
    prune_hours : so often what is not to be kept is forgotten.
    policy : what matters and which rules hold, for every request; a `Policy` or a mapping of its settings.

    Those about helpdesks are `HelpdeskSettings`, those about texts and times `ReadingSettings`.
    """

    time_limit: float = record_field(
        number(1e-3, 86_400, " (seconds)"), default=10.0, words="Seconds for one solve; a job may state its own."
    )
    max_body_bytes: int = record_field(
        whole_number(1, 2**40), default=MAX_BODY_BYTES, words="Longer requests are refused."
    )
    max_tickets: int = record_field(
        whole_number(1), default=MAX_TICKETS, words="Requests with more tickets are refused."
    )
    max_agents: int = record_field(whole_number(1), default=MAX_AGENTS, words="Larger teams are refused.")
    max_pairs: int = record_field(
        whole_number(1, 10**9),
        default=MAX_PAIRS,
        words="More tickets times agents, in a request or waiting, are refused.",
    )
    max_requests: int = record_field(whole_number(1), default=512, words="So many requests may be in hand at once.")
    max_tenant_requests: int = record_field(
        whole_number(1), default=64, words="So many of one tenant; more are told to come back."
    )
    max_followers: int = record_field(
        whole_number(1), default=500, words="So many may follow the events at once; of one tenant half as many."
    )
    max_jobs: int = record_field(whole_number(1, 100), default=4, words="So many jobs may run at once.")
    max_tenant_jobs: int = record_field(
        whole_number(1, 100), default=2, words="So many of one tenant; two leave the last one to others."
    )
    api_keys: tuple[str, ...] = record_field(
        _api_keys, default=(), words="Who knows one may use the service; none lets everybody in.", is_shown=False
    )
    keys: tuple[Key, ...] | Mapping[str, Any] | None = record_field(
        keys_reader, default=None, words="TOML or JSON file of keys with roles and tenants; see ticketopt key."
    )
    tenants: tuple[str, ...] = record_field(
        _tenants,
        default=(),
        words="Queues besides the default one and those of the keys, by commas; * is any, as without keys.",
    )
    allowed_hosts: tuple[str, ...] = record_field(
        _hosts,
        default=(),
        words="Names by which it is called, by commas; by default any, once there are keys.",
    )
    keep: tuple[str, ...] = record_field(
        _keep,
        default=(),
        words="How much is kept of what is over, by commas: events=90d,closed-tickets=30d,answers=7d,deliveries=30d,"
        "jobs=7d, or all=365d, or rows as events=100000; everything where it is left out.",
    )
    prune_hours: float = record_field(
        number(0.01, 8_760, " (hours)"), default=1.0, words="So often what is not to be kept is forgotten."
    )
    policy: Policy | Mapping[str, Any] | None = record_field(
        _policy, default=None, words="What matters and which rules hold, for every request (JSON)."
    )

    def __post_init__(self) -> None:
        freeze(self, "")
        self.check_secrets()
        self.check_outbox()
        if self.texts is not None:
            assert self.triage  # an error here, not at the first ticket

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """Keys of either kind."""
        named = self.keys or ()
        assert isinstance(named, tuple)  # the reader has seen to it
        return (*(plain_key(key, k) for k, key in enumerate(self.api_keys)), *named)

    @property
    def retention(self) -> Retention:
        """What is kept of what is over."""
        return retention_of(self.keep)

    @property
    def all_tenants(self) -> tuple[str, ...]:
        """Whose queues there are, besides those that keys name: without keys any, where none is named."""
        named = self.tenants or (() if self.all_keys else (EVERY_TENANT,))
        proven = [tenant for helpdesk in INTEGRATIONS for tenant in self.secrets_of(helpdesk)]
        return (*named, self.helpdesk_tenant, *proven)


@dataclass(frozen=True, kw_only=True)
class ServerSettings(Settings):
    """Settings of a service that listens: those of the app, and where it runs.

    Attributes
    ----------
    host, port : where to listen; port 0 takes a free one. Others than this machine are let in only with `api_keys`.
    max_connections : so many connections at once; beyond, the one that has waited longest for its client is closed.
    store : where queues are kept, as a URL; see `ticketopt.open_store`.
    lock_timeout : seconds that a change waits for others, then it is answered with 503.
    solver_processes, solver_memory_mb : processes that solve, and the memory that each may map; 0 processes solve here,
        as do small queues of unit effort anyhow.
    log_level : of the log on standard error: in words in a terminal, else in JSON lines. It never holds ticket text.
    """

    host: str = record_field(text, default="127.0.0.1", words="Where to listen; other machines need API keys.")
    port: int = record_field(whole_number(0, 65_535), default=8000, words="0 takes a free one.")
    max_connections: int = record_field(
        whole_number(1, 100_000), default=1_000, words="So many at once; then the one that waits longest is closed."
    )
    store: str = record_field(
        text,
        default="sqlite:///tickets.db",
        words="Where queues are kept: sqlite:///FILE, postgresql://..., json:FILE (agents and loads first) or memory:.",
    )
    lock_timeout: float = record_field(
        number(0, MAX_LOCK_TIMEOUT, " (seconds)"),
        default=LOCK_TIMEOUT,
        words="Seconds that a change waits for others before it is refused.",
    )
    solver_processes: int = record_field(
        whole_number(0, 64),
        default=3,
        words="Processes that solve, killed where they overrun; 0 solves in the service itself. With 3 or more, no two "
        "tenants keep a third waiting.",
    )
    solver_memory_mb: int | None = record_field(
        optional(whole_number(256, 2**24)), default=4096, words="Memory that each of them may map."
    )
    log_level: str = record_field(one_of(LOG_LEVELS), default="info", words="What the log tells.")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_binding(host: str, settings: Settings) -> None:
    """An error where others could reach a service that lets everybody in."""
    if not is_loopback(host) and not settings.all_keys:
        problem = f"are none, and others than this machine reach {host}"
        repair = "make one by `ticketopt key NAME`, or set TICKETOPT_API_KEYS to a long random text, or bind 127.0.0.1"
        raise InvalidInputError.single("api_keys", problem, repair)
