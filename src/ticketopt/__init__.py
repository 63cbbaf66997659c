"""ticketopt: which support agent should take which ticket, decided for the whole queue at once, and provably.

    import ticketopt
    result = ticketopt.assign(tickets, agents)

Importing costs numpy only; solvers, frames and the service are loaded where they are used.
"""

from ticketopt.comparison.compare import Comparison, compare
from ticketopt.comparison.frontier import Frontier, FrontierPoint, frontier
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
from ticketopt.formulation.formulate import formulate
from ticketopt.formulation.rules import Violation
from ticketopt.intake.files import Queue, read_queue
from ticketopt.live.dispatcher import Dispatcher
from ticketopt.live.stores import open_store
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows
from ticketopt.planning.arrays import ArraySolution, solve_arrays
from ticketopt.planning.assign import assign, build_problem
from ticketopt.planning.decisions import AgentLoad, Decision
from ticketopt.planning.many import solve_many
from ticketopt.planning.replan import resolve
from ticketopt.planning.replay import Replay, replay
from ticketopt.planning.result import Result
from ticketopt.planning.session import Change, Move, Session, State
from ticketopt.planning.solve import solve
from ticketopt.planning.tier_run import TierValue
from ticketopt.planning.verify import verify
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.records import Agent, Ticket
from ticketopt.solvers.progress import Progress

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
