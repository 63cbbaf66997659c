"""What all handlers share: the store, the settings, the processes that solve, the jobs and the counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from ticketopt.errors import StoreError
from ticketopt.intake.files import Queue
from ticketopt.live.batch import dispatch
from ticketopt.live.dispatcher import Dispatcher
from ticketopt.live.stores import Entry, Store
from ticketopt.planning.replan import resolve
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Triage
from ticketopt.service.followers import PAGE, Feeds
from ticketopt.service.metrics import Metrics
from ticketopt.service.requests import Sender
from ticketopt.service.settings import Settings
from ticketopt.service.turns import Bodies, Pairs, Shared, Turns
from ticketopt.solvers import BACKENDS, Backend
from ticketopt.solvers.progress import Listener

__all__ = ["Context"]

log = logging.getLogger("ticketopt.service.background")


class BackendsFor(Protocol):
    """The backends for a tenant's work."""

    def __call__(self, tenant: str = "", *, is_long: bool = False) -> Mapping[str, Backend]: ...


def _here(tenant: str = "", *, is_long: bool = False) -> Mapping[str, Backend]:
    """Those that solve in this process."""
    return BACKENDS


@dataclass(frozen=True, eq=False)
class Context:
    """One app's surroundings.

    Attributes
    ----------
    backends_for : what solves for a tenant, `is_long` for work that may take its time.
    restarts : how often a process of theirs was replaced.
    ending : set once the service shuts down, so that streams end and solves come back with their best.
    turns : who is answered when. shared : what is done once for several.
    bodies : how much is read at once. pairs : how much is solved at once.
    feeds : what happens, for those who follow.
    """

    store: Store
    settings: Settings
    clock: Callable[[], float]
    backends_for: BackendsFor = field(default_factory=lambda: _here)
    restarts: Callable[[], int] = lambda: 0
    metrics: Metrics = field(default_factory=Metrics)
    ending: threading.Event = field(default_factory=threading.Event)
    turns: Turns = field(init=False)
    shared: Shared = field(default_factory=Shared)
    bodies: Bodies = field(init=False)
    pairs: Pairs = field(init=False)
    feeds: Feeds = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        turns = Turns(settings.max_requests, settings.max_tenant_requests, settings.max_body_bytes, self.ending)
        object.__setattr__(self, "turns", turns)
        object.__setattr__(self, "bodies", Bodies(settings.max_body_bytes))
        object.__setattr__(self, "pairs", Pairs(settings.max_pairs, self.store.lock_timeout))
        object.__setattr__(self, "feeds", Feeds(self._events, self.ending, settings.max_followers))

    def _events(self, tenant: str, after: int) -> list[Entry]:
        return self.store.events(tenant, after=after, limit=PAGE)

    @property
    def triage(self) -> Triage:
        """What reads tickets, by the settings."""
        return self.settings.triage

    def failed(self, work: str, tenant: str | None, error: Exception) -> None:
        """Count and log that what goes on beside the requests has failed: for a tenant, or for all of them (None)."""
        self.metrics.failed(work)
        said = (
            str(error) if isinstance(error, StoreError) else type(error).__name__
        )  # another's message may hold anything
        log.error("%s failed: %s", work, said, extra={"details": {} if tenant is None else {"tenant": tenant}})

    def delivers(self, tenant: str) -> bool:
        """Whether a tenant's assignments are kept for the helpdesk to be told."""
        return self.settings.integration is not None and tenant == self.settings.helpdesk_tenant

    def dispatcher(
        self,
        tenant: str,
        *,
        time_limit: float | None = None,
        progress: Listener | None = None,
        stop: threading.Event | None = None,
        is_long: bool = False,
    ) -> Dispatcher:
        """A tenant's dispatcher, whose solves are limited, counted, and made where this service makes them."""
        limit = self.settings.time_limit if time_limit is None else time_limit
        backends = self.backends_for(tenant, is_long=is_long)
        options: dict[str, Any] = {"backends": backends, "progress": progress, "stop": stop or self.ending}
        return Dispatcher(
            self.store,
            tenant=tenant,
            policy=self.settings.policy,
            triage=self.triage,
            solve=partial(self._counted, tenant, partial(solve, time_limit=limit, **options), is_long),
            resolve=partial(self._counted, tenant, partial(resolve, time_limit=limit, **options), is_long),
            most_pairs=self.settings.max_pairs,
            delivers=self.delivers(tenant),
            clock=self.clock,
        )

    def dispatch(
        self,
        queue: Queue,
        sender: Sender,
        *,
        time_limit: float | None = None,
        progress: Listener | None = None,
        stop: threading.Event | None = None,
        is_long: bool = False,
    ) -> Result:
        """Assign a whole queue at once, with the loads that are kept."""
        n_pairs = len(queue.tickets) * len(queue.agents)
        with self._room(sender.tenant, n_pairs, is_long):
            result = dispatch(
                queue,
                store=self.store,
                tenant=sender.tenant,
                idempotency_key=sender.key,
                policy=self.settings.policy,
                triage=self.triage,
                time_limit=self.settings.time_limit if time_limit is None else time_limit,
                now=self.clock() if queue.now is None else queue.now,
                backends=self.backends_for(sender.tenant, is_long=is_long),
                progress=progress,
                stop=stop or self.ending,
            )
        self.metrics.solve(result.solver, result.status.value, result.runtime)
        return result

    def _counted(
        self, tenant: str, work: Callable[..., Result], is_long: bool, problem: Problem, **options: Any
    ) -> Result:
        with self._room(tenant, problem.n_tickets * problem.n_agents, is_long):
            result = work(problem, **options)
        self.metrics.solve(result.solver, result.status.value, result.runtime)
        return result

    def _room(self, tenant: str, n_pairs: int, is_long: bool) -> AbstractContextManager[None]:
        """Room for a decision's pairs; of long ones there are few."""
        return nullcontext() if is_long else self.pairs.held(tenant, n_pairs)
