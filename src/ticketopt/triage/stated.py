"""What tickets say themselves of the skills that they want and of their urgency, without their texts."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.problem.names import spelled
from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence, LazyEvidence
from ticketopt.problem.records import PRIORITY_URGENCY, Ticket

__all__ = ["StatedEvidence", "stated_skills", "stated_urgency", "statements"]


class StatedEvidence(LazyEvidence):
    """The evidence of a ticket that states skills and urgency itself, made when somebody looks at it.

    Parameters
    ----------
    shares : what `stated_skills` made of its skills.
    """

    __slots__ = ("_shares", "_ticket")

    def __init__(self, ticket: Ticket, shares: Mapping[str, float]) -> None:
        self._ticket, self._shares = ticket, shares
        self._all: tuple[Evidence, ...] | None = None

    @property
    def known(self) -> tuple[Evidence, ...]:
        return stated_urgency(self._ticket)[1]

    def rest(self) -> list[Evidence]:
        return statements(self._shares)


def stated_skills(skills: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """The skills that a ticket names itself, spelled as the agents spell them, and the share of each."""
    if not skills:
        return {}
    given = {names.get(spelled(name), name): weight for name, weight in skills.items() if weight > 0}
    if len(given) == 1:
        (name,) = given
        return {name: 1.0}
    largest = max(given.values(), default=1.0)
    total = sum(weight / largest for weight in given.values())
    wanted = {name: weight / largest / total for name, weight in given.items()}
    return {name: share for name, share in wanted.items() if share > 0}


def statements(shares: Mapping[str, float]) -> list[Evidence]:
    """The evidence for stated skills."""
    return [Evidence(name, name, "skills", share) for name, share in shares.items()]


def stated_urgency(ticket: Ticket) -> tuple[float, tuple[Evidence, ...]]:
    """The urgency that a ticket states itself, and the evidence; the usual one, without any, where it states none."""
    if ticket.urgency is not None:
        return ticket.urgency, (Evidence("urgency", f"{ticket.urgency:g}", "urgency", ticket.urgency),)
    if ticket.priority is not None:
        stated = PRIORITY_URGENCY[ticket.priority]
        return stated, (Evidence("urgency", str(ticket.priority), "priority", stated),)
    return DEFAULT_URGENCY, ()
