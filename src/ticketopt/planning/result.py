"""What comes back in the user's ids: `Result`, made by `solve` from a backend's `Outcome`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ticketopt._html import table
from ticketopt._types import Int
from ticketopt.errors import IncompletePlanError, Issue
from ticketopt.explain.explorer import MOST_TICKETS, Explorer, explorer
from ticketopt.explain.questions import Questions
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import relative_gap
from ticketopt.model.outcome import PRICES, Status
from ticketopt.planning.decisions import AgentLoad, Decision, Decisions, decision_columns, decision_dict
from ticketopt.planning.recorded import FORMAT, read_result
from ticketopt.planning.tier_run import TierValue
from ticketopt.problem.plain import fingerprint, plain_policy, plain_problem
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.records import Id
from ticketopt.solvers.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result"]


@dataclass(frozen=True, eq=False)
class Result(Questions):
    """A verified plan in the user's ids.

    Attributes
    ----------
    status : see `Status`.
    objective, lower_bound : total cost (pairs, load and exit prices) and a bound below it, weighted.
    bound_source : who vouches for the bound: "prices" where it was added up here, in integers, and so is proven; else
        the name of the backend that claims it. None without a bound.
    cost : the part of the objective that assigned pairs and loads make: what is left without exit prices.
    solver, reason : which backend solved it, and why that one.
    runtime : seconds, everything included. Not part of `to_dict`, so that equal plans give equal bytes.
    decisions : one per ticket, in the order of the queue; worked out when somebody looks.
    loads : one per agent, in the order of the team.
    cost_terms, constraints : the tables it was solved with.
    progress : what was known when, while it was solved. Not part of `to_dict`, like the runtime.
    tiers : where the policy has tiers, what each reached; then the status is about them, and `lower_bound` is None.
    price, price_scale : what the bound adds up from (see `prices.dual_bound`); None where the plan itself shows the
        prices. Not part of `to_dict`; `certificate` is for people.
    resolved : where `resolve` made the plan, what it was asked, as plain data: "previous" (pairs of ticket id and agent
        id), "change_cost", "max_changes" and "freeze". Part of `record`, not of `to_dict`.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> result = ticketopt.assign(tickets, agents)
    >>> result
    <Result: 2 of 2 tickets assigned, optimal by network (proven optimal)>
    >>> result[2].agent_id, result.loads[0].after
    ('bob', 1)
    >>> result.why_not(1, "bob").change  # what it would cost more
    2.38
    """

    problem: Problem
    model: AssignmentModel
    assignment: Int
    status: Status
    objective: float
    lower_bound: float | None
    cost: float
    solver: str
    reason: str
    runtime: float
    seed: int
    versions: Mapping[str, str]
    decisions: Sequence[Decision]
    loads: Sequence[AgentLoad]
    warnings: tuple[Issue, ...] = field(default=())
    cost_terms: Mapping[str, CostTerm] = field(default_factory=lambda: COST_TERMS, repr=False)
    constraints: Mapping[str, Constraint] = field(default_factory=lambda: CONSTRAINTS, repr=False)
    progress: tuple[Progress, ...] = field(default=(), repr=False)
    tiers: tuple[TierValue, ...] = ()
    bound_source: str | None = None
    price: Int | None = field(default=None, repr=False)
    price_scale: int = field(default=1, repr=False)
    resolved: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def claimed_by(self) -> str | None:
        """The backend on whose word the bound, or that of any tier, rests; None if it is proven, or there is none."""
        bounds = [(self.lower_bound, self.bound_source), *((t.lower_bound, t.bound_source) for t in self.tiers)]
        sources = [source or self.solver for bound, source in bounds if bound is not None]
        return next((source for source in sources if source != PRICES), None)

    @property
    def gap(self) -> float | None:
        """`(objective - lower_bound) / |objective|`: 0 is optimal, by `bound_source`; None without a bound."""
        if self.lower_bound is None:
            return None
        return relative_gap(self.objective, self.lower_bound)

    @property
    def assigned(self) -> dict[Id, Id]:
        """Ticket id -> agent id of every assigned ticket."""
        ids, team = values_of(self.problem.tickets, "ticket_id"), [a.agent_id for a in self.problem.agents]
        return {ids[i]: team[j] for i, j in enumerate(self.assignment.tolist()) if j >= 0}

    @property
    def unassigned(self) -> tuple[Decision, ...]:
        """The tickets left out, with their reasons."""
        if isinstance(self.decisions, Decisions):
            return self.decisions.left_out()
        return tuple(d for d in self.decisions if d.agent_id is None)

    def __getitem__(self, ticket_id: Id) -> Decision:
        try:
            return self.decisions[self.problem.ticket_index[str(ticket_id)]]
        except KeyError:
            raise KeyError(f"no ticket {ticket_id!r} in this result") from None

    def raise_for_status(self) -> Result:
        """Return self, or raise `IncompletePlanError` if there is no plan or a ticket is left out."""
        if self.status not in (Status.OPTIMAL, Status.FEASIBLE):
            raise IncompletePlanError(f"no plan: the status is {self.status.value} ({self.reason})")
        if self.unassigned:
            lines = [f"  {d.ticket_id}: {d.rationale}" for d in self.unassigned]
            raise IncompletePlanError("\n".join([f"{len(lines)} of {len(self.decisions)} tickets left out:", *lines]))
        return self

    def to_dict(self) -> dict[str, Any]:
        """Plain data, the same for the same plan: first `assignments`, then everything else."""
        return {
            "assignments": [
                {"ticket_id": d.ticket_id, "assigned_agent_id": d.agent_id, "rationale": d.rationale}
                for d in self.decisions
                if d.agent_id is not None
            ],
            "unassigned": [
                {"ticket_id": d.ticket_id, "reason": d.reason, "rationale": d.rationale} for d in self.unassigned
            ],
            "status": self.status.value,
            "objective": self.objective,
            "lower_bound": self.lower_bound,
            "gap": self.gap,
            "bound_source": self.bound_source,
            "cost": self.cost,
            **({"tiers": [asdict(tier) for tier in self.tiers]} if self.tiers else {}),
            "solver": self.solver,
            "reason": self.reason,
            "seed": self.seed,
            "versions": dict(self.versions),
            "input": {
                "sha256": fingerprint(self.problem),
                "policy": plain_policy(self.problem.policy),
                "now": self.problem.now,
                "terms": list(self.cost_terms),
                "constraints": list(self.constraints),
            },
            "loads": [asdict(load) for load in self.loads],
            "decisions": [decision_dict(d) for d in self.decisions],
            "warnings": [str(warning) for warning in self.warnings],
        }

    def record(self) -> dict[str, Any]:
        """The decision record: `to_dict` with the whole input, ticket text included, for `replay` and `from_json`.

        What `resolve` was asked stands under "resolve", and what a bound adds up from, if the plan does not show it,
        under "prices". `json.dumps` makes it the text to keep.
        """
        data = self.to_dict()
        asked = {} if self.resolved is None else {"resolve": dict(self.resolved)}
        proof = {} if self.price is None else {"prices": {"price": self.price.tolist(), "scale": self.price_scale}}
        whole = {**data["input"], **plain_problem(self.problem)}
        return {"format": FORMAT, **data, "input": whole, **asked, **proof}

    @classmethod
    def from_json(
        cls,
        text: str | bytes,
        *,
        terms: Mapping[str, CostTerm] = COST_TERMS,
        constraints: Mapping[str, Constraint] = CONSTRAINTS,
    ) -> Result:
        """Read a decision record back, solve nothing, and `verify` it: what `json.dumps(result.record())` wrote.

        `runtime` is 0 and `progress` empty. The rationales of a record that another version of the library made are
        written anew; all else is as it was, or an error.

        Parameters
        ----------
        terms, constraints : the tables that were used.

        Raises
        ------
        InvalidInputError
            With everything that is not what the recorded input and plan make it; where the record holds no input
            (`to_json` writes none); where its format is newer than this version reads.

        Examples
        --------
        >>> import json, ticketopt
        >>> result = ticketopt.assign([{"ticket_id": 1, "title": "VPN drops"}], [{"agent_id": "ada"}])
        >>> kept = json.dumps(result.record())
        >>> ticketopt.Result.from_json(kept).to_json() == result.to_json()
        True
        """
        return read_result(cls, text, terms, constraints)

    def to_json(self, *, indent: int | None = 2) -> str:
        """`to_dict` as strict JSON text (no NaN)."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    def to_frame(self) -> pd.DataFrame:
        """One row per ticket as a pandas frame, the terms as columns `cost_<term>` (needs the `frames` extra).

        Ids are the very objects that were given, in columns of dtype object: None where nobody has the ticket.
        """
        import pandas as pd

        columns = decision_columns(self.decisions)
        if not self.decisions:
            return pd.DataFrame(columns=list(columns))
        ids = {name: pd.Series(columns[name], dtype=object) for name in ("ticket_id", "agent_id")}
        return pd.DataFrame(columns | ids, copy=False)

    def explore(self, *, most: int = MOST_TICKETS, link: str | None = None) -> Explorer:
        """The plan to look through in a notebook: filter, sort, and ask why not; it works in an exported page.

        Parameters
        ----------
        most : so many tickets are in it, those that wait and the most urgent first; fewer for large teams.
        link : address of a ticket in the helpdesk, with `{ticket_id}` in the place of the id.

        Examples
        --------
        >>> import ticketopt
        >>> result = ticketopt.assign([{"ticket_id": 1, "title": "VPN drops"}], [{"agent_id": "ada"}])
        >>> page = result.explore()  # a notebook shows it
        >>> (page.n_shown, page.n_tickets)
        (1, 1)
        """
        return explorer(self, most=most, link=link)

    def summary(self) -> str:
        """One line for people."""
        done = int((self.assignment >= 0).sum())
        if self.tiers:
            reached = ", ".join(f"{tier.name} {tier.value:g}" for tier in self.tiers)
            return f"{done} of {len(self.decisions)} tickets assigned, by tiers: {reached} ({self.proof})"
        return f"{done} of {len(self.decisions)} tickets assigned, {self.status.value} by {self.solver} ({self.proof})"

    @property
    def proof(self) -> str:
        """What is known of the plan, and who says so, in a few words: "proven optimal" is said of proofs only."""
        claim = "" if self.claimed_by is None else f", claimed by {self.claimed_by}"
        if self.tiers and self.status is not Status.OPTIMAL:
            return "not all proven"
        if self.tiers:
            return f"each optimal{claim}" if claim else "each proven"
        if self.gap is None:
            return "no bound"
        if self.gap == 0:
            return f"optimal{claim}" if claim else "proven optimal"
        return f"gap {100 * self.gap:.2g} %{claim}"

    def __repr__(self) -> str:
        return f"<Result: {self.summary()}>"

    def _repr_html_(self, *, limit: int = 50) -> str:
        head = ("ticket", "agent", "urgency", "cost", "why")
        rows = [(str(d.ticket_id), d.agent_name, d.reading.urgency, d.cost, d.rationale) for d in self.decisions]
        return table(head, rows, caption=self.summary(), limit=limit)
