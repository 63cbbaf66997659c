"""ticketopt: which support agent should take which ticket, decided for the whole queue at once, and provably.

    import ticketopt
    result = ticketopt.assign(tickets, agents)

Importing costs numpy only; solvers, frames and the service are loaded where they are used.
"""

from ticketopt.arrays import ArraySolution, solve_arrays
from ticketopt.assign import assign, build_problem
from ticketopt.claims import verify
from ticketopt.compare import Comparison, compare
from ticketopt.dispatcher import Dispatcher
from ticketopt.errors import (
    IncompletePlanError,
    InputWarning,
    InvalidInputError,
    Issue,
    SolverError,
    StoreError,
    TicketoptError,
    UnsupportedModelError,
)
from ticketopt.formulate import formulate
from ticketopt.frontier import Frontier, FrontierPoint, frontier
from ticketopt.io import Queue, read_queue
from ticketopt.many import solve_many
from ticketopt.model import AssignmentModel, PackingRows
from ticketopt.problem import Problem
from ticketopt.progress import Progress
from ticketopt.record import Replay, replay
from ticketopt.records import Agent, Policy, Ticket
from ticketopt.replan import resolve
from ticketopt.result import AgentLoad, Decision, Result, Status, TierValue
from ticketopt.session import Change, Move, Session, State
from ticketopt.solve import solve
from ticketopt.stores import open_store
from ticketopt.triage import Evidence, Reading
from ticketopt.verify import Violation

__all__ = [
    "Agent",
    "AgentLoad",
    "ArraySolution",
    "AssignmentModel",
    "Change",
    "Comparison",
    "Decision",
    "Dispatcher",
    "Evidence",
    "Frontier",
    "FrontierPoint",
    "IncompletePlanError",
    "InputWarning",
    "InvalidInputError",
    "Issue",
    "Move",
    "PackingRows",
    "Policy",
    "Problem",
    "Progress",
    "Queue",
    "Reading",
    "Replay",
    "Result",
    "Session",
    "SolverError",
    "State",
    "Status",
    "StoreError",
    "Ticket",
    "TicketoptError",
    "TierValue",
    "UnsupportedModelError",
    "Violation",
    "assign",
    "build_problem",
    "compare",
    "formulate",
    "frontier",
    "open_store",
    "read_queue",
    "replay",
    "resolve",
    "solve",
    "solve_arrays",
    "solve_many",
    "verify",
]
