"""`Learned` as plain data for JSON, and back: every dataclass is an object of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from ticketopt.history.evidence import Concordance, TeamEvidence
from ticketopt.history.forward import Choice
from ticketopt.history.learned import Learned, Member
from ticketopt.history.levels import Level
from ticketopt.history.slope import Slope
from ticketopt.problem.report import Report, is_number, kind, shown

__all__ = ["learned_from_plain", "plain_learned"]

_Record = TypeVar("_Record")
_REPAIR = "leave what is under `learned` as it was written, and write over it under `agents`"


def plain_learned(learned: Learned) -> dict[str, Any]:
    """See the module's text."""
    return asdict(learned)


def learned_from_plain(data: object, report: Report) -> Learned | None:
    """What `plain_learned` wrote; whatever is wrong with it is reported."""
    return _Reader(report).of(Learned, "learned", data)


class _Reader:
    """Reads objects by the fields of a dataclass; a field that holds objects itself has an entry in `INNER`."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def of(self, record: type[_Record], path: str, data: object) -> _Record | None:
        if not isinstance(data, Mapping):
            self.report.error(path, f"is {kind(data)}, not an object", _REPAIR)
            return None
        names = {field.name for field in fields(record)}  # type: ignore[arg-type]
        before = len(self.report.issues)
        for name in sorted(names - set(data)):
            self.report.error(f"{path}.{name}", "is missing", _REPAIR)
        for name in data:
            if name not in names:
                self.report.error(f"{path}.{shown(name)}", "is no part of what was learned", _REPAIR)
        values = {name: self._value(record, name, f"{path}.{name}", data[name]) for name in names & set(data)}
        return None if len(self.report.issues) > before else record(**values)

    def _value(self, record: type[Any], name: str, path: str, value: Any) -> Any:
        inner = INNER.get((record, name))
        if inner is not None:
            return inner(self, path, value)
        return _in_tuples(value)

    def map_of(self, record: type[Any], path: str, data: object) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.report.error(path, f"is {kind(data)}, not an object", _REPAIR)
            return {}
        return {name: self.of(record, f"{path}.{shown(name)}", value) for name, value in data.items()}

    def number(self, path: str, value: object) -> Any:
        if not is_number(value):
            self.report.error(path, f"is {kind(value)}, not a number", _REPAIR)
        return value


def _in_tuples(value: Any) -> Any:
    """JSON's lists, and those in them, as the tuples that they were."""
    return tuple(map(_in_tuples, value)) if isinstance(value, list) else value


def _one(record: type[Any], *, is_optional: bool = False) -> Callable[[_Reader, str, Any], Any]:
    def read(reader: _Reader, path: str, value: Any) -> Any:
        return None if value is None and is_optional else reader.of(record, path, value)

    return read


def _many(record: type[Any]) -> Callable[[_Reader, str, Any], Any]:
    return lambda reader, path, value: reader.map_of(record, path, value)


INNER: Mapping[tuple[type[Any], str], Callable[[_Reader, str, Any], Any]] = {
    (Learned, "members"): _many(Member),
    (Learned, "typical"): _many(Level),
    (Learned, "choice"): _one(Choice, is_optional=True),
    (Learned, "evidence"): _one(TeamEvidence),
    (Member, "levels"): _many(Level),
    (Member, "pace"): _one(Level, is_optional=True),
    (Choice, "slope"): _one(Slope, is_optional=True),
    (Choice, "passing"): _one(Slope, is_optional=True),
    (TeamEvidence, "concordance"): _one(Concordance, is_optional=True),
    (TeamEvidence, "with_ticket"): _one(Concordance, is_optional=True),
    (TeamEvidence, "slope"): _one(Slope, is_optional=True),
    **{(record, name): _Reader.number for record in (Level, Slope) for name in ("value", "low", "high")},
}
"""(record, field) -> what reads it; other fields are taken as they are."""
