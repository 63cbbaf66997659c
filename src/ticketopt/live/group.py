"""How changes that have come together are committed: decided one after another, kept by one commit, all or none.

Each is decided on the queue as those before it will leave it, so that together they do what they would have done one by
one, in some order; only tickets that are submitted at the same time are weighed against each other, as if one request
had brought them. One that cannot be decided fails alone. Nobody is answered before all is kept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

from ticketopt.errors import InvalidInputError, Issue, StoreError
from ticketopt.live.line import Change
from ticketopt.live.made_up_keys import served, taken
from ticketopt.live.recall import Recall, after_batch
from ticketopt.live.requests import Submission
from ticketopt.live.stores import ONCE, Answered, Batch, Decided, Kept, Read, Snapshot, Store
from ticketopt.problem.fields import MAX_UNITS

__all__ = ["LEAST", "check_loads", "check_loads_after", "commit_all"]

LEAST = 0.05
"""Seconds that a commit has at least, so that it says what the store waits for."""

PATIENCE = 0.1
"""Seconds of deciding after which a group is committed as far as it is decided."""


def commit_all(store: Store, tenant: str, changes: Sequence[Change], recall: Recall) -> None:
    """Say what becomes of some changes, of the first at least where no other process is faster; see `Line.serve`.

    1. Look the idempotency keys up: a request that was kept before has its answer already.
    2. Read the queue once, and decide the changes.
    3. Commit all that they decided; where another process was faster, begin again, and keep it away meanwhile: so
       nothing is decided more than twice.
    """
    _look_up(store, tenant, changes)
    together = _first_of(changes)
    try:
        if together:
            _keep(store, tenant, together, recall)
    except Exception as error:
        for change in together:
            change.outcome = change.outcome or _again(error)


def _look_up(store: Store, tenant: str, changes: Iterable[Change]) -> None:
    now, asked = time.monotonic(), list[Change]()
    for change in changes:
        if change.end < now:
            words = "the queue was changed by others" if change.was_late else "the store was busy"
            change.outcome = StoreError(f"{words} for {store.lock_timeout:g} s; try again")
        elif change.key is not None:
            asked.append(change)
    kept: set[str] | StoreError = set()
    try:
        kept = store.kept_among(tenant, {change.key for change in asked if change.key is not None}) if asked else set()
    except StoreError as error:
        kept = error
    for change in asked:
        try:
            if isinstance(kept, StoreError):
                raise _again(kept)
            if change.key in kept:
                change.outcome = store.answer(tenant, str(change.key), change.request_hash)
        except (InvalidInputError, StoreError) as error:
            change.outcome = error


def _first_of(changes: Sequence[Change]) -> list[Change]:
    """The changes that can be decided on one snapshot now: each key once, and alone what must see every open ticket."""
    found: list[Change] = []
    for change in changes:
        is_new = change.key is None or all(other.key != change.key for other in found)
        if change.outcome is None and is_new and (change.tickets is not None or not found):
            found.append(change)
            if change.tickets is None:
                break
    return _submits_last(found)


def _submits_last(changes: list[Change]) -> list[Change]:
    """What came at the same time may be done in any order: so tickets come when all room that there is was made.

    Where two speak of the same ticket, they stay in the order in which they came.
    """
    names = [name for change in changes for name in change.tickets or ()]
    if len(set(names)) < len(names):
        return changes
    return sorted(changes, key=lambda change: isinstance(change.decide, Submission))


def _names(changes: Sequence[Change]) -> frozenset[str] | None:
    if changes[0].tickets is None:
        return None
    return frozenset(name for change in changes for name in change.tickets or ())


@dataclass(slots=True, eq=False)
class _Plan:
    """What a group decides.

    Attributes
    ----------
    state : the queue as it was read. after : as it will be; None where that is not known exactly.
    answers, errors : what is to be said to whom, once the queue is so indeed.
    seconds : what deciding took. key : the key of the whole, empty where nothing is to be kept.
    is_made_up : whether that is no caller's own. forgets : the made-up keys that are forgotten with it.
    """

    state: Snapshot
    after: Snapshot | None = None
    batches: list[Batch] = field(default_factory=list)
    answers: list[tuple[Change, Any]] = field(default_factory=list)
    errors: list[tuple[Change, Exception]] = field(default_factory=list)
    seconds: float = 0.0
    key: str = ""
    is_made_up: bool = False
    forgets: tuple[str, ...] = ()

    def decide(self, changes: Sequence[Change]) -> None:
        """Decide changes, until one leaves a queue that must be read again; the others are for the next time.

        So are those that come when deciding has taken long already: nobody waits for more than one slow decision.
        """
        began, self.after, left = time.monotonic(), self.state, list(changes)
        while left and self.after is not None and not any(batch.agents for batch in self.batches):
            run = _alike(left)
            del left[: len(run)]
            if len(run) > 1:
                self._decide_together(run)
            else:
                self._decide_one(run[0])
            if time.monotonic() - began > PATIENCE:
                break
        self.seconds = time.monotonic() - began

    def _decide_one(self, change: Change) -> None:
        assert self.after is not None
        try:
            batch = change.finish(self.after, change.decide(self.after))
            check_loads_after(self.after, batch)
        except Exception as error:
            self.errors.append((change, error))
            return
        if batch.agents and self.answers:
            return  # who is in the team is changed by a commit of its own
        self._take(batch, [(change, batch.answer)])

    def _decide_together(self, changes: Sequence[Change]) -> None:
        assert self.after is not None
        submissions = [change.decide for change in changes if isinstance(change.decide, Submission)]
        try:
            batch, answers = Submission.together(self.after, submissions)
            batch = changes[0].finish(self.after, batch)
            check_loads_after(self.after, batch)
        except Exception:
            for change in changes:
                if self.after is not None:
                    self._decide_one(change)
            return
        told = list(zip(changes, answers, strict=True))
        self.errors += [(change, answer) for change, answer in told if isinstance(answer, InvalidInputError)]
        good = [(change, answer) for change, answer in told if not isinstance(answer, InvalidInputError)]
        if good:
            self._take(batch, good)

    def _take(self, batch: Batch, answers: Sequence[tuple[Change, Any]]) -> None:
        assert self.after is not None
        self.batches.append(batch)
        self.answers += answers
        self.after = after_batch(self.after, batch)

    def commit(self, store: Store, tenant: str) -> Decided | None:
        """All that was decided, to be committed as one batch; None where nothing is to be kept."""
        batch, request_hash = self._joined(), ""
        if not self.answers or not (batch.others or batch.changes_anything):
            return None
        self.key, self.is_made_up = f"{ONCE}{uuid4()}", True
        if len(self.answers) == 1 and batch.others:
            self.key, request_hash, answer = batch.others[0]
            self.is_made_up, batch = False, replace(batch, answer=answer, others=())
        self.forgets = taken(store, tenant)
        return self.state.version, replace(batch, forgets=self.forgets), self.key, request_hash

    def settle(self, kept: tuple[Any] | None, recall: Recall) -> None:
        """Say what became of everybody, once a commit has returned, or where there was nothing to commit."""
        if kept is None and self.key:
            for change, _ in (*self.answers, *self.errors):
                change.end, change.was_late = change.end + self.seconds, True
            return
        if isinstance(kept, Kept):
            recall.wrote(self.after)
        for change, error in self.errors:
            change.outcome = error
        for change, answer in self.answers:
            is_own = kept is not None and not self.is_made_up
            change.outcome = kept if is_own else (json.loads(json.dumps(answer)),)  # as it comes back from JSON

    def _joined(self) -> Batch:
        """All that was decided, as one batch without an answer of its own."""
        tickets = {name: row for batch in self.batches for name, row in batch.tickets.items()}
        deliveries = {name: agent for batch in self.batches for name, agent in batch.deliveries.items()}
        return Batch(
            None,
            tuple(event for batch in self.batches for event in batch.events),
            {name: data for batch in self.batches for name, data in batch.agents.items()},
            tickets,
            max((batch.at for batch in self.batches), default=0.0),
            deliveries,
            (),
            tuple(Answered(c.key, c.request_hash, answer) for c, answer in self.answers if c.key is not None),
        )


def _alike(changes: Sequence[Change]) -> list[Change]:
    """The first change, and those right after it whose tickets can be weighed with its own."""
    first, run = changes[0], [changes[0]]
    for change in changes[1:]:
        if not isinstance(first.decide, Submission) or first.finish is not change.finish:
            break
        if not first.decide.goes_with(change.decide):
            break
        run.append(change)
    return run


def _keep(store: Store, tenant: str, changes: Sequence[Change], recall: Recall) -> None:
    """Decide changes, commit what was decided, and say so to everybody."""
    plans: list[_Plan] = []
    end, kept = min(change.end for change in changes), None

    def decide(read: Read) -> Decided | None:
        plans.append(_Plan(recall.read(read, _names(changes))))
        plans[-1].decide([change for change in changes if change.outcome is None])
        return plans[-1].commit(store, tenant)

    try:
        if any(change.was_late for change in changes):
            kept = store.commit_locked(tenant, decide, limit=max(LEAST, end - time.monotonic()))
        elif (decided := decide(partial(store.snapshot, tenant))) is not None:
            version, batch, key, request_hash = decided
            limit = max(LEAST, end + plans[0].seconds - time.monotonic())  # deciding is no waiting
            kept = store.commit(tenant, version, batch, key=key, request_hash=request_hash, limit=limit)
    finally:
        for plan in plans[:-1] if kept is not None else plans:
            served(store, tenant, plan.forgets)
    plans[-1].settle(kept, recall)
    if kept is not None and plans[-1].is_made_up:
        served(store, tenant, [plans[-1].key])


def _again(error: Exception) -> Exception:
    """The same error for another thread, where it is one that a store may have."""
    return type(error)(*error.args) if isinstance(error, StoreError) else error


def check_loads_after(state: Snapshot, batch: Batch) -> None:
    """An error for every load that a batch would leave and no store can hold."""
    after: dict[str, int] = {}
    for event in batch.events:
        if event.agent_id is not None and event.change:
            known = after.get(event.agent_id)
            before = state.agents[event.agent_id].load if event.agent_id in state.agents else 0
            after[event.agent_id] = (before if known is None else known) + event.change
    check_loads(after.items())


def check_loads(after: Iterable[tuple[object, int]]) -> None:
    """An error for every load that no store can hold; `after` names each agent by its id or its position."""
    repair = f"use larger units, {MAX_UNITS:,} at most"
    issues = [
        Issue(f"agents[{agent!r}].current_load", f"would grow to {load:,}", repair)
        for agent, load in after
        if load > MAX_UNITS
    ]
    if issues:
        raise InvalidInputError(issues)
