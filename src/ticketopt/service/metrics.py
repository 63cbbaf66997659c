"""What the service counts, for Prometheus."""

from __future__ import annotations

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

    def text(self, restarts: int) -> bytes:
        """Everything, in Prometheus' text format."""
        self._restarts.set(restarts)
        return generate_latest(self._registry)
