"""Running the service."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

import uvicorn

from ticketopt.live.stores import LOCK_TIMEOUT, open_store
from ticketopt.problem.policy import Policy
from ticketopt.service.app import create_app
from ticketopt.service.settings import MAX_BODY_BYTES, MAX_TICKETS, Settings, check_binding
from ticketopt.service.workers import Workers

__all__ = ["serve"]

PATIENCE = 30
"""Seconds that requests under way have to end after the service is told to stop."""


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    store: str = "sqlite:///tickets.db",
    policy: Policy | Mapping[str, Any] | None = None,
    time_limit: float = 10.0,
    max_body_bytes: int = MAX_BODY_BYTES,
    max_tickets: int = MAX_TICKETS,
    api_keys: tuple[str, ...] = (),
    max_jobs: int = 4,
    lock_timeout: float = LOCK_TIMEOUT,
    solver_processes: int = 2,
    solver_memory_mb: int | None = 4096,
    log_level: str = "info",
) -> None:
    """Serve until a signal (SIGINT, SIGTERM) ends it; requests under way are finished first, jobs keep their best.

    Several processes, on several machines with `postgresql:`, may serve over one store.

    Parameters
    ----------
    host, port : where to listen; port 0 takes a free one. Others than this machine are let in only with `api_keys`.
    store : where queues are kept, as a URL; see `ticketopt.stores.open_store`.
    policy, time_limit, max_body_bytes, max_tickets, api_keys, max_jobs : see `Settings`.
    lock_timeout : seconds that a change waits for others, then it is answered with 503.
    solver_processes, solver_memory_mb : processes that solve, and the memory that each may map; 0 processes solve here.
    log_level : of the log, one JSON object per line on standard error. It never holds ticket text.

    Raises
    ------
    InvalidInputError
        For settings that cannot work.
    StoreError
        Where the store cannot be read at the start.
    """
    given: dict[str, Any] = {
        "policy": policy,
        "time_limit": time_limit,
        "max_body_bytes": max_body_bytes,
        "max_tickets": max_tickets,
        "api_keys": tuple(api_keys),
        "max_jobs": max_jobs,
    }
    check_binding(host, Settings(**given))
    opened = open_store(store, lock_timeout=lock_timeout)
    opened.snapshot("", tickets=())
    memory = None if solver_memory_mb is None else solver_memory_mb * 2**20
    workers = Workers(solver_processes, memory_bytes=memory) if solver_processes else None
    app = create_app(opened, workers=workers, **given)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=_logging(log_level),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    try:
        _Server(config).run()
    finally:
        if workers is not None:
            workers.close()


class _Server(uvicorn.Server):
    """A server that tells endless streams to end as soon as it is told to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.context.ending.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "details", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__  # never its message, which may hold what a request said
        return json.dumps(line)


def _logging(level: str) -> dict[str, Any]:
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"json": handler},
        "root": {"handlers": ["json"], "level": level.upper()},
    }
