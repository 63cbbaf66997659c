"""The decision record: everything behind a plan, and repeating it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.planning.recorded import recorded_problem
from ticketopt.planning.replan import resolve
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.problem import Problem
from ticketopt.solvers import BACKENDS
from ticketopt.solvers.auto import AUTO

__all__ = ["Replay", "replay"]

COMPARED = ("status", "objective", "lower_bound", "cost", "tiers")
ASKED = {"previous", "change_cost", "max_changes", "freeze"}

ADDED: dict[str, tuple[str, Any]] = {
    "change": ("change_cost", 0),
    "freeze": ("freeze", []),
    "max_changes": ("max_changes", None),
}
"""A cost term or rule that `resolve` adds, the argument that makes it do so, and the value at which it does not."""

SHOWN_TICKETS = 10


@dataclass(frozen=True, slots=True)
class Replay:
    """A recorded decision, made again.

    Attributes
    ----------
    is_same : whether every ticket has the same agent, at the same cost, with the same proof.
    differences : what is not the same, in words.
    notes : what could explain differences: other library versions, for one.
    result : the new plan.
    """

    is_same: bool
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    result: Result = field(repr=False)

    def __str__(self) -> str:
        head = "The same decision." if self.is_same else "Another decision:"
        return "\n".join([head, *self.differences, *self.notes])


def replay(
    data: Mapping[str, Any],
    *,
    problem: Problem | None = None,
    time_limit: float = 10.0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> Replay:
    """Make a recorded decision again and compare.

    Parameters
    ----------
    data : from `Result.record`; or from `Result.to_dict`, which has no input, together with `problem`. What `resolve`
        made is made by `resolve` again, which needs what `Result.record` returned.
    problem : the input, where the record does not hold it; its hash must be the recorded one.
    time_limit : seconds. A plan that took a time limit to find can differ under another one.
    terms, constraints : the tables that were used.

    Raises
    ------
    InvalidInputError
        Where the input is missing or is not the recorded one, or the record was made with other tables or backends.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> record = ticketopt.solve(problem).record()  # plain data, to be kept as JSON
    >>> ticketopt.replay(record).is_same
    True
    """
    problem = recorded_problem(data, problem)
    _check_tables(data, data["input"], terms, constraints)
    options: dict[str, Any] = {
        "time_limit": time_limit,
        "seed": data["seed"],
        "terms": terms,
        "constraints": constraints,
    }
    asked = data.get("resolve")
    if asked is None:
        result = solve(problem, solver=_solver(data), **options)
    else:
        wish = {name: asked[name] for name in ASKED}
        result = resolve(problem, **{**wish, "previous": dict(asked["previous"])}, **options)
    differences = tuple(_differences(data, result.to_dict()))
    notes = tuple(_notes(data.get("versions", {}), result.versions))
    return Replay(not differences, differences, notes, result)


def _check_tables(
    data: Mapping[str, Any],
    recorded: Mapping[str, Any],
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> None:
    asked = data.get("resolve")
    if asked is not None and (not isinstance(asked, Mapping) or not set(asked) >= ASKED):
        raise InvalidInputError.single("record.resolve", "is not complete", "use what `Result.record` returned")
    added: set[str] = set()
    if asked is not None:
        added = {name for name, (argument, nothing) in ADDED.items() if asked[argument] != nothing}
    for name, table in (("terms", terms), ("constraints", constraints)):
        missing = set(recorded.get(name, ())) ^ set(table)
        if missing - added:
            is_resolved = asked is None and missing <= set(ADDED)
            repair = "use what `Result.record` returned for the plan of `resolve`" if is_resolved else ""
            raise InvalidInputError.single(
                f"record.input.{name}",
                f"are {', '.join(recorded.get(name, ()))}",
                repair or f"give the table as `{name}=`",
            )
    known = str(data.get("solver")).split(", ") if data.get("tiers") else [data.get("solver")]
    if not set(known) <= set(BACKENDS):
        raise InvalidInputError.single("record.solver", "is not a backend", f"use one of: {', '.join(BACKENDS)}")


def _solver(data: Mapping[str, Any]) -> str:
    """The backend to ask: the recorded one, or "auto" where tiers were solved by several."""
    solver: str = data["solver"]
    return solver if solver in BACKENDS else AUTO


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before = {str(row["ticket_id"]): row["agent_id"] for row in old["decisions"]}
    after = {str(row["ticket_id"]): row["agent_id"] for row in new["decisions"]}
    moved = [ticket_id for ticket_id in after if before.get(ticket_id) != after[ticket_id]]
    for ticket_id in moved[:SHOWN_TICKETS]:
        yield f"{ticket_id} was with {before.get(ticket_id) or 'nobody'} and is with {after[ticket_id] or 'nobody'}"
    if len(moved) > SHOWN_TICKETS:
        yield f"and {len(moved) - SHOWN_TICKETS} more tickets"
    for name in COMPARED:
        if old.get(name) != new.get(name):
            yield f"the {name.replace('_', ' ')} was {old.get(name)} and is {new.get(name)}"


def _notes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield f"{name} was {old.get(name, 'not recorded')} and is {new.get(name, 'not there')}"
