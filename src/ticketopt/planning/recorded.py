"""What a decision record holds, read: its problem, and the result as it was, solved by nobody, all checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ticketopt._versions import __version__
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import formulate
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.model.outcome import Status
from ticketopt.planning.change_rules import budget_rule, can_stay, change_term, freeze_rule, positions
from ticketopt.planning.decisions import decisions_of, loads_of
from ticketopt.planning.tier_run import TierValue
from ticketopt.planning.verify import verify
from ticketopt.problem.plain import fingerprint, problem_from_plain
from ticketopt.problem.problem import Problem

if TYPE_CHECKING:
    from ticketopt.planning.result import Result

__all__ = ["FORMAT", "read_result", "recorded_problem"]

FORMAT = 1
"""The format of records that is written. One that is read otherwise gets the next number; keys may be added to one."""

WORDS = {"rationale"}
"""What another version of the library may say in other words."""

_PATH = re.compile(r"([\w.]+(?:\[[^\]]*\][\w.]*)*): ")

_Result = TypeVar("_Result", bound="Result")


def recorded_problem(data: Mapping[str, Any], problem: Problem | None = None) -> Problem:
    """The input of a record, whose hash is the recorded one; `problem` is it, where the record does not hold it."""
    recorded = data.get("input")
    if not isinstance(recorded, Mapping) or "sha256" not in recorded:
        raise InvalidInputError.single("record.input", "is missing", "use what `Result.record` returned")
    if problem is None:
        if "tickets" not in recorded:
            repair = "keep `Result.record()`, as `to_json` writes no input; `replay` takes the problem as well"
            raise InvalidInputError.single("record.input", "holds no tickets", repair)
        problem = problem_from_plain(recorded)
    if fingerprint(problem) != recorded["sha256"]:
        raise InvalidInputError.single("record.input.sha256", "is not that of the input", "give the recorded input")
    return problem


def read_result(
    kind: type[_Result],
    text: str | bytes,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> _Result:
    """The result whose record is `text`; see `Result.from_json`.

    1. The input is read and its hash compared. Nothing is read of a record whose format is newer.
    2. Model, decisions and loads are made anew from the input and the recorded assignment; status, bound and who made
       the plan are taken as the record says.
    3. `verify` must find nothing, and everything that the record says must be what the result says.
    """
    data = parse_json(decode(text) if isinstance(text, bytes) else text)
    if not isinstance(data, Mapping):
        raise InvalidInputError.single("record", "is not an object", "use what `Result.record` returned, as JSON")
    made_by, repair = _check_versions(data)
    try:
        problem = recorded_problem(data)
    except InvalidInputError as error:  # such as a field that this version does not know yet
        other = Issue("record.versions.ticketopt", f"is {made_by}, and this is {__version__}", repair)
        raise InvalidInputError([*error.issues, *([] if made_by in ("", __version__) else [other])]) from None
    try:
        result = _result(kind, data, problem, terms, constraints)
        found = [Issue(f"record ({v.rule})", v.message, repair) for v in verify(problem, result)]
        fresh = json.loads(json.dumps(result.record()))
        unlike = list(_unlike(data, fresh, "record", frozenset() if made_by == __version__ else WORDS))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        words = f"is not complete ({type(error).__name__}: {error})"
        raise InvalidInputError.single("record", words, "use what `Result.record` returned") from None
    issues = found + [Issue(path, words, repair) for path, words in unlike]
    if issues:
        raise InvalidInputError(issues)
    return result


def _check_versions(data: Mapping[str, Any]) -> tuple[str, str]:
    """The version of the library that made the record, and how a record is repaired; a newer format is an error."""
    versions = data.get("versions")
    made_by = str(versions.get("ticketopt", "")) if isinstance(versions, Mapping) else ""
    written = data.get("format", FORMAT)
    if type(written) is not int or written > FORMAT:
        reader = f"ticketopt {made_by} or newer" if made_by else "a newer ticketopt"
        words = f"is {written if type(written) is int else 'no number'}; this version reads up to {FORMAT}"
        raise InvalidInputError.single("record.format", words, f"read it with {reader}")
    same = "use the record as it was written"
    return made_by, same if made_by in ("", __version__) else f"{same}, or read it with ticketopt {made_by}"


def _result(
    kind: type[_Result],
    data: Mapping[str, Any],
    problem: Problem,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> _Result:
    asked = data.get("resolve")
    if asked is not None:
        terms, constraints = _with_changes(problem, asked, terms, constraints)
    _check_tables(data["input"], terms, constraints)
    plan = {row["ticket_id"]: row["agent_id"] for row in data["decisions"]}
    strangers = [violation for violation in verify(problem, plan, constraints={}) if violation.rule == "ids"]
    if strangers:
        raise InvalidInputError(Issue("record.decisions", v.message, "use the recorded plan") for v in strangers)
    assignment = positions(problem, plan)
    model = formulate(problem, terms=terms, constraints=constraints)
    return kind(
        problem=problem,
        model=model,
        assignment=assignment,
        decisions=decisions_of(problem, model, assignment, terms, constraints),
        loads=loads_of(problem, model, assignment),
        cost_terms=terms,
        constraints=constraints,
        resolved=asked,
        runtime=0.0,
        **_as_stated(data),
    )


def _as_stated(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is taken as the record says, to be verified."""
    proof = data.get("prices")
    names = ("objective", "lower_bound", "bound_source", "cost", "solver", "reason", "seed")
    return {
        **{name: data[name] for name in names},
        "status": Status(data["status"]),
        "versions": dict(data["versions"]),
        "warnings": tuple(map(_issue, data["warnings"])),
        "tiers": tuple(TierValue(**tier) for tier in data.get("tiers", ())),
        "price": None if proof is None else np.array(proof["price"], dtype=np.int64),
        "price_scale": 1 if proof is None else proof["scale"],
    }


def _with_changes(
    problem: Problem, asked: Mapping[str, Any], terms: Mapping[str, CostTerm], constraints: Mapping[str, Constraint]
) -> tuple[dict[str, CostTerm], dict[str, Constraint]]:
    """The tables with what `resolve` adds to them."""
    stays, _ = can_stay(problem, positions(problem, dict(asked["previous"])), constraints)
    frozen = {i: int(stays[i]) for i in (problem.ticket_index[str(ticket_id)] for ticket_id in asked["freeze"])}
    weighed, rules = dict(terms), dict(constraints)
    if asked["change_cost"]:
        weighed["change"] = change_term(stays, asked["change_cost"])
    if frozen:
        rules["freeze"] = freeze_rule(frozen)
    if asked["max_changes"] is not None:
        rules["max_changes"] = budget_rule(stays, asked["max_changes"], is_binding=asked.get("is_binding", False))
    return weighed, rules


def _check_tables(
    recorded: Mapping[str, Any], terms: Mapping[str, CostTerm], constraints: Mapping[str, Constraint]
) -> None:
    for name, table in (("terms", terms), ("constraints", constraints)):
        if list(recorded[name]) != list(table):
            words = f"are {', '.join(map(str, recorded[name]))}"
            raise InvalidInputError.single(f"record.input.{name}", words, f"give the table as `{name}=`")


def _issue(words: str) -> Issue:
    """A warning from its words; it says the same."""
    place = _PATH.match(words)
    problem, _, repair = words[place.end() if place else 0 :].rpartition("; ")
    return Issue(place[1] if place else "", problem, repair)


def _unlike(stated: Any, made: Any, path: str, words: frozenset[str] | set[str]) -> Iterator[tuple[str, str]]:
    """Where two documents differ, in the keys that both have; texts are not repeated, as they may be a ticket's."""
    if isinstance(stated, Mapping) and isinstance(made, Mapping):
        for key in stated:
            if key in made and key not in words:
                yield from _unlike(stated[key], made[key], f"{path}.{key}", words)
    elif isinstance(stated, list) and isinstance(made, list) and len(stated) == len(made):
        for k, (one, other) in enumerate(zip(stated, made, strict=True)):
            yield from _unlike(one, other, f"{path}[{k}]", words)
    elif stated != made:
        are_numbers = all(isinstance(value, (int, float, type(None))) for value in (stated, made))
        yield path, f"is {stated}, and the plan makes it {made}" if are_numbers else "is not what the plan makes it"
