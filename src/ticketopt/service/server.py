"""Running the service."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from dataclasses import replace
from types import FrameType
from typing import Any

import uvicorn

from ticketopt.history.matcher_fit import Learned
from ticketopt.live.stores import open_store
from ticketopt.problem.policy import Policy
from ticketopt.service.app import app_of
from ticketopt.service.connections import protocol_of
from ticketopt.service.keys import Key
from ticketopt.service.log import log_config
from ticketopt.service.settings import ServerSettings, check_binding
from ticketopt.service.workers import Workers
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.lexicon import Lexicon

__all__ = ["run", "serve"]

MOST_DESCRIPTORS = 65_536
"""As many open files are enough."""

OWN_DESCRIPTORS = 200
"""Open files that the service needs itself: for the store, for processes that solve, for its code."""

SWITCH = 0.0005
"""Seconds after which a thread that computes lets others go on. A change gives Python's lock away at every question to
the database; by Python's own 0.005 it would wait as long for each thread that computes, every time."""

PATIENCE = 30
"""Seconds that requests under way have to end after the service begins to shut down."""


def serve(
    *,
    host: str = ServerSettings.host,
    port: int = ServerSettings.port,
    max_connections: int = ServerSettings.max_connections,
    store: str = ServerSettings.store,
    policy: Policy | Mapping[str, Any] | None = ServerSettings.policy,
    lexicon: Lexicon | Mapping[str, Any] | None = ServerSettings.lexicon,
    encoder: Encoder | str | None = ServerSettings.encoder,
    texts: Learned | str | None = ServerSettings.texts,
    zone: str = ServerSettings.zone,
    time_limit: float = ServerSettings.time_limit,
    max_body_bytes: int = ServerSettings.max_body_bytes,
    max_tickets: int = ServerSettings.max_tickets,
    max_agents: int = ServerSettings.max_agents,
    max_pairs: int = ServerSettings.max_pairs,
    max_requests: int = ServerSettings.max_requests,
    max_tenant_requests: int = ServerSettings.max_tenant_requests,
    max_followers: int = ServerSettings.max_followers,
    max_jobs: int = ServerSettings.max_jobs,
    max_tenant_jobs: int = ServerSettings.max_tenant_jobs,
    api_keys: tuple[str, ...] = ServerSettings.api_keys,
    keys: tuple[Key, ...] | Mapping[str, Any] | None = ServerSettings.keys,
    tenants: tuple[str, ...] = ServerSettings.tenants,
    allowed_hosts: tuple[str, ...] = ServerSettings.allowed_hosts,
    keep: tuple[str, ...] = ServerSettings.keep,
    prune_hours: float = ServerSettings.prune_hours,
    webhook_secrets: tuple[str, ...] | Mapping[str, str] = ServerSettings.webhook_secrets,
    helpdesk: str | None = ServerSettings.helpdesk,
    helpdesk_url: str = ServerSettings.helpdesk_url,
    helpdesk_token: str = ServerSettings.helpdesk_token,
    helpdesk_tenant: str = ServerSettings.helpdesk_tenant,
    ticket_link: str = ServerSettings.ticket_link,
    outbox: str = ServerSettings.outbox,
    lock_timeout: float = ServerSettings.lock_timeout,
    solver_processes: int = ServerSettings.solver_processes,
    solver_memory_mb: int | None = ServerSettings.solver_memory_mb,
    log_level: str = ServerSettings.log_level,
) -> None:
    """Serve with these settings, which `ServerSettings` describes; see `run`."""
    run(ServerSettings(**locals()))


def run(settings: ServerSettings) -> None:
    """Serve until a signal (SIGINT, SIGTERM) ends it; requests under way are finished first, jobs keep their best.

    Several processes, on several machines with `postgresql:`, may serve over one store.

    Raises
    ------
    InvalidInputError
        For settings that cannot work.
    StoreError
        Where the store cannot be read at the start.
    """
    check_binding(settings.host, settings)
    settings = _with_hosts(settings)
    store = open_store(settings.store, lock_timeout=settings.lock_timeout)
    store.snapshot("", tickets=())
    workers = _workers_of(settings)
    config = uvicorn.Config(
        app_of(store, settings, workers=workers),
        host=settings.host,
        port=settings.port,
        http=protocol_of(_room_for(settings.max_connections)),
        ws="none",
        log_config=log_config(settings.log_level, is_terminal=sys.stderr.isatty()),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    sys.setswitchinterval(SWITCH)
    gc.collect()
    gc.freeze()  # what is loaded stays: no collection need look at it again while requests wait
    try:
        _Server(config).run()
    finally:
        if workers is not None:
            workers.close()


def _with_hosts(settings: ServerSettings) -> ServerSettings:
    """Where everybody on this machine is let in, only by this machine's names: a page could lead others here."""
    if settings.allowed_hosts or settings.all_keys:
        return settings
    return replace(settings, allowed_hosts=("localhost", "127.0.0.1", "::1", settings.host))


def _room_for(connections: int) -> int:
    """So many connections, or as many as there are descriptors for; as many of those as the system allows are asked."""
    try:
        import resource
    except ImportError:  # not on this system, which has no such limit
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        soft = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, max(soft, MOST_DESCRIPTORS))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(connections, soft - OWN_DESCRIPTORS))


def _workers_of(settings: ServerSettings) -> Workers | None:
    """The processes that solve; None where the service does so itself."""
    memory = None if settings.solver_memory_mb is None else settings.solver_memory_mb * 2**20
    if not settings.solver_processes:
        return None
    return Workers(
        settings.solver_processes,
        long_count=settings.max_jobs + 1,
        tenant_long_count=settings.max_tenant_jobs + 1,
        memory_bytes=memory,
    )


class _Server(uvicorn.Server):
    """A server that ends endless streams as soon as it shuts down."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.context.ending.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)
