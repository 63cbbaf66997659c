"""Rules in words of what a store keeps of what is over: `events=90d`, `closed-tickets=100000`, `all=365d`."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields, replace

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import Keep, Retention, Store
from ticketopt.problem.fields import Report, choices, shown

__all__ = ["KINDS", "prune_all", "retention_of"]

KINDS = tuple(field.name for field in fields(Retention))
"""What can be over; see `Retention`."""

EVERYTHING = "all"

REPAIR = "write KIND=DAYSd or KIND=ROWS, such as events=90d or answers=100000"


def retention_of(rules: Iterable[str], path: str = "keep") -> Retention:
    """The retention that rules say: `KIND=DAYSd` for days, `KIND=ROWS` for so many rows, the newest; both may be said.

    "all" stands for every kind that no rule of its own names. What no rule names is kept for ever.

    Raises
    ------
    InvalidInputError
        For everything that is no rule, and what is said twice.
    """
    report = Report()
    said: dict[tuple[str, str], Keep] = {}
    for k, rule in enumerate(rules):
        place = f"{path}[{k}]"
        name, _, amount = (part.strip() for part in rule.partition("="))
        kind = name.lower().replace("-", "_")
        if kind not in (*KINDS, EVERYTHING):
            report.error(place, f"{shown(name)} is nothing that is kept", choices(kind, (*KINDS, EVERYTHING)))
            continue
        keep = _keep(amount, place, report)
        if keep is not None:
            unit = "days" if keep.rows is None else "rows"
            if (kind, unit) in said:
                report.error(place, f"says the {unit} of {kind} again", "say it once")
            said[kind, unit] = keep
    if report.issues:
        raise InvalidInputError(report.issues)
    named = {kind for kind, _ in said}
    kept = dict.fromkeys(KINDS, Keep())
    for kind in KINDS:
        for unit in ("days", "rows"):
            keep = said.get((kind if kind in named else EVERYTHING, unit), Keep())
            kept[kind] = replace(kept[kind], **{unit: getattr(keep, unit)})
    return Retention(**kept)


def prune_all(
    store: Store,
    *,
    now: float,
    keep: Retention,
    failed: Callable[[str, StoreError], object],
    stop: threading.Event | None = None,
) -> dict[str, int]:
    """Forget in every queue of a store what is not to be kept any more; kind -> how many rows went.

    Where the store fails for one queue, `failed` is told its tenant and the error, and the others are pruned all the
    same. Once `stop` is set, no further queue is begun.
    """
    counts = Counter(dict.fromkeys(KINDS, 0))
    for tenant in store.tenants():
        if stop is not None and stop.is_set():
            break
        try:
            counts.update(store.prune(tenant, now=now, keep=keep))
        except StoreError as error:
            failed(tenant, error)
    return dict(counts)


def _keep(amount: str, path: str, report: Report) -> Keep | None:
    """What one rule says, or an issue."""
    days = amount[:-1].strip() if amount.lower().endswith("d") else None
    try:
        if days is not None and days.isascii():
            return Keep(days=float(days))
        if amount.isascii() and amount.isdecimal():
            return Keep(rows=int(amount))
    except InvalidInputError as error:
        report.error(path, error.issues[0].problem, REPAIR)
        return None
    except ValueError:
        pass
    report.error(path, f"{shown(amount)} is neither days nor rows", REPAIR)
    return None
