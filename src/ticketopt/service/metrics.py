"""What the service counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["Metrics"]


class Metrics:
    """The counts of one app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names = ["route", "method", "status"]
        self._requests = Counter("ticketopt_requests", "Requests answered.", names, registry=self._registry)
        self._seconds = Histogram("ticketopt_request_seconds", "Time to answer.", ["route"], registry=self._registry)
        self._solves = Counter("ticketopt_solves", "Plans made.", ["solver", "status"], registry=self._registry)
        self._solving = Histogram("ticketopt_solve_seconds", "Time to make a plan.", registry=self._registry)
        names = ["helpdesk", "event"]
        self._webhooks = Counter("ticketopt_webhooks", "Events of helpdesks taken.", names, registry=self._registry)
        self._deliveries = Counter(
            "ticketopt_deliveries", "Requests to helpdesks.", ["result"], registry=self._registry
        )
        self._pruned = Counter("ticketopt_pruned", "Rows forgotten.", ["kind"], registry=self._registry)
        self._failed = Counter(
            "ticketopt_background_failures", "What failed beside the requests.", ["work"], registry=self._registry
        )
        self._restarts = Gauge("ticketopt_solver_restarts", "Solver processes replaced.", registry=self._registry)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request. Odd methods count as one, as anybody can make them up."""
        known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def solve(self, solver: str, status: str, seconds: float) -> None:
        """Count a plan."""
        self._solves.labels(solver, status).inc()
        self._solving.observe(seconds)

    def webhook(self, helpdesk: str, event: str) -> None:
        """Count an event of a helpdesk; those that say nothing of a ticket count as one."""
        self._webhooks.labels(helpdesk, event).inc()

    def delivery(self, result: str) -> None:
        """Count what became of a delivery."""
        self._deliveries.labels(result).inc()

    def pruned(self, counts: Mapping[str, int]) -> None:
        """Count the rows of each kind that were forgotten."""
        for kind, count in counts.items():
            self._pruned.labels(kind).inc(count)

    def failed(self, work: str) -> None:
        """Count that what goes on beside the requests has failed."""
        self._failed.labels(work).inc()

    def text(self, restarts: int) -> bytes:
        """Everything, in Prometheus' text format."""
        self._restarts.set(restarts)
        return generate_latest(self._registry)
