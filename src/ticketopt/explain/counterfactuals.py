"""All forced decisions of a plan at once, in the user's ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._html import table
from ticketopt._types import Float, Int
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.exchange import FAR
from ticketopt.problem.problem import Problem

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Counterfactuals"]

MOST_COLUMNS = 20


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counterfactuals:
    """What forcing each decision would cost, for every ticket and agent.

    Attributes
    ----------
    units : (n, A + 1) change of the objective in integer costs; the last column leaves the ticket out; `FAR` (2^60)
        where the decision cannot be.
    basis : "exact", or "bound": the change is at least this, proven.
    """

    problem: Problem
    units: Int
    basis: str

    @property
    def change(self) -> Float:
        """(n, A) change in weighted cost, infinite where a rule forbids the pair."""
        return self._weighted[:, :-1]

    @property
    def leave_out(self) -> Float:
        """(n,) change by leaving each ticket out, exit price included, in weighted cost."""
        result: Float = self._weighted[:, -1]
        return result

    @property
    def _weighted(self) -> Float:
        return np.where(self.units < FAR, self.units / SCALE, np.inf)

    def to_dict(self) -> dict[str, Any]:
        """Ticket id (as text) -> agent id (as text) -> change; pairs that cannot be are left out."""
        agents = [str(agent.agent_id) for agent in self.problem.agents]
        rows = zip(self.problem.tickets, self.change.tolist(), strict=True)
        table = {
            str(ticket.ticket_id): {agent: value for agent, value in zip(agents, row, strict=True) if value < np.inf}
            for ticket, row in rows
        }
        return {"basis": self.basis, "change": table}

    def __repr__(self) -> str:
        return f"<Counterfactuals: {self.problem.n_tickets} x {self.problem.n_agents}, {self.basis}>"

    def _repr_html_(self) -> str:
        agents = self.problem.agents[:MOST_COLUMNS]
        head = ["ticket", *(agent.name for agent in agents)]
        rows = [
            (str(ticket.ticket_id), *row[: len(agents)])
            for ticket, row in zip(self.problem.tickets, self.change.tolist(), strict=True)
        ]
        hidden = self.problem.n_agents - len(agents)
        caption = f"Change of the optimum by forcing a pair ({self.basis}; - where a rule forbids it)"
        return table(head, rows, caption=caption + (f"; {hidden} more agents" if hidden else ""))

    def to_frame(self) -> pd.DataFrame:
        """Tickets as rows, agents as columns (needs the `frames` extra)."""
        import pandas as pd

        return pd.DataFrame(
            self.change,
            index=pd.Index([ticket.ticket_id for ticket in self.problem.tickets], dtype=object, name="ticket_id"),
            columns=pd.Index([agent.agent_id for agent in self.problem.agents], dtype=object, name="agent_id"),
        )
