"""The questions a `Result` answers about itself. Each is one call into `ticketopt.questions`, loaded when asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.records import Id

if TYPE_CHECKING:
    from ticketopt.questions import (
        Basis,
        Bottleneck,
        Counterfactuals,
        Difference,
        PlanCertificate,
        SkillValue,
        SlotValue,
        WhyNot,
    )

__all__ = ["Explained"]


class Explained:
    """What people ask after an answer.

    With unit effort and no packing rows every number is exact, without solving again. Otherwise numbers are proven
    bounds, or, with `resolve=True`, what solving again finds, as sure as the backend that solved it; every answer says
    which (`basis`).

    A plan by tiers minimizes no single sum: `bottlenecks`, `bottleneck_of` and `record` answer for it (repairs are
    tried by weights), and all others raise an `UnsupportedModelError` that says what to do instead.
    """

    def why_not(self, ticket_id: Id, agent_id: Id | None, *, resolve: bool = False, time_limit: float = 10.0) -> WhyNot:
        """Why this agent does not have this ticket: the rule that blocks, or what it would change.

        Parameters
        ----------
        agent_id : None asks about leaving the ticket out.
        resolve : where the change is only bounded, solve again with the pair forced.
        time_limit : seconds for that.

        Raises
        ------
        InvalidInputError
            For an unknown ticket or agent.
        """
        from ticketopt import questions

        return questions.why_not(self._result, ticket_id, agent_id, resolve=resolve, time_limit=time_limit)

    def counterfactuals(self) -> Counterfactuals:
        """The change of the optimum by forcing each ticket to each agent, for all pairs at once."""
        from ticketopt import questions

        return questions.counterfactuals(self._result)

    def alternatives(
        self, ticket_id: Id, k: int = 3, *, resolve: bool = False, time_limit: float = 10.0
    ) -> tuple[WhyNot, ...]:
        """The `k` agents who could have this ticket instead at the least change of the optimum, best first."""
        from ticketopt import questions

        return questions.alternatives(self._result, ticket_id, k, resolve=resolve, time_limit=time_limit)

    def next_for(
        self, agent_id: Id, k: int = 5, *, resolve: bool = False, time_limit: float = 10.0
    ) -> tuple[WhyNot, ...]:
        """The `k` tickets that this agent could have besides its own at the least change of the optimum, best first."""
        from ticketopt import questions

        return questions.next_for(self._result, agent_id, k, resolve=resolve, time_limit=time_limit)

    def slot_values(self, *, resolve: bool = False, time_limit: float = 10.0) -> tuple[SlotValue, ...]:
        """What one more and one fewer unit of every agent's capacity is worth on this queue, agent by agent."""
        from ticketopt import questions

        return questions.slot_values(self._result, resolve=resolve, time_limit=time_limit)

    def skill_values(self, k: int = 10, *, level: float = 10.0, time_limit: float = 10.0) -> tuple[SkillValue, ...]:
        """The `k` agents and skills where teaching saves most on this queue, best first.

        Parameters
        ----------
        level : what the agent is taught to, 0 to 10.
        time_limit : seconds for solving with the candidates that proofs cannot rule out; what the very same plan would
            save with the skill is told in any case (`basis`).
        """
        from ticketopt import questions

        return questions.skill_values(self._result, k, level=level, time_limit=time_limit)

    def bottlenecks(self, *, with_repairs: bool = True, time_limit: float = 10.0) -> tuple[Bottleneck, ...]:
        """The smallest groups of tickets that ask for more than the only agents who may take them can give.

        Every unit of shortage is counted with one group only.

        Parameters
        ----------
        with_repairs : look for the cheapest repairs as well, each verified by solving with it.
        time_limit : seconds for that, all groups together.
        """
        from ticketopt import questions

        return questions.bottlenecks(self._result, with_repairs=with_repairs, time_limit=time_limit)

    def bottleneck_of(self, ticket_id: Id) -> Bottleneck | None:
        """The bottleneck that a left-out ticket is caught in, without repairs.

        None where no group is short of units: the ticket is assigned, or whole tickets do not fit, or a limit or the
        solver's time is the reason (`Decision.reason` says which).
        """
        from ticketopt import questions

        return questions.bottleneck_of(self._result, ticket_id)

    @property
    def certificate(self) -> PlanCertificate:
        """The plan's cost, its lower bound, and prices from which anyone can add the bound up again."""
        from ticketopt import questions

        return questions.certificate(self._result)

    def diff(self, previous: Explained | Mapping[Id, Id | None]) -> Difference:
        """What changed since an earlier plan (or ticket id -> agent id), why, and what it saves in today's terms.

        Plans of different queues are compared on the tickets that both know; rules that one of them breaks are named.
        """
        from ticketopt import questions

        earlier: Any = previous
        return questions.diff(self._result, earlier)

    def record(self) -> dict[str, Any]:
        """The decision record: `to_dict` with the whole input, ticket text included, for `ticketopt.replay`."""
        from ticketopt import questions

        return questions.record(self._result)

    @property
    def _result(self) -> Any:
        return self  # a `Result`, which this file must not know

    @cached_property
    def _basis(self) -> Basis:
        from ticketopt import questions

        return questions.basis(self._result)

    @cached_property
    def _terms(self) -> Mapping[str, NDArray[np.int64]]:
        from ticketopt import questions

        return questions.terms(self._result)
