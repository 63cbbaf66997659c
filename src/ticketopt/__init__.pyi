from . import errors as errors
from ._versions import __version__ as __version__
from ._versions import show_versions
from .comparison.compare import Comparison, compare
from .comparison.frontier import Frontier, FrontierPoint, frontier
from .comparison.policies import PolicyComparison, compare_policies
from .comparison.sensitivity import Sensitivity, sensitivity
from .errors import (
    IncompletePlanError,
    InputWarning,
    InvalidInputError,
    Issue,
    SolverError,
    StoreError,
    TicketoptError,
    UnknownCommitError,
    UnknownIdError,
    UnsupportedModelError,
)
from .formulation.formulate import formulate
from .formulation.rules import Violation
from .history.backtest.policies import Every, WhatIf
from .history.backtest.run import backtest
from .history.backtest.trial import Trial
from .history.evidence import TeamEvidence
from .history.history import History
from .history.learn import learn
from .history.levels import Level
from .history.read import read_history
from .history.team import Team
from .intake.files import Queue, read_queue
from .live.dispatcher import Dispatcher
from .live.stores import open_store
from .model.assignment import AssignmentModel
from .model.outcome import Status
from .model.rows import PackingRows
from .planning.arrays import ArraySolution, solve_arrays
from .planning.assign import assign, build_problem
from .planning.decisions import AgentLoad, Decision
from .planning.many import solve_many
from .planning.replan import resolve
from .planning.replay import Replay, replay
from .planning.result import Result
from .planning.session import Session
from .planning.session_changes import Change, Move, State
from .planning.solve import solve
from .planning.tier_run import TierValue
from .planning.verify import verify
from .problem.policy import Policy
from .problem.problem import Problem
from .problem.reading import Evidence, Reading
from .problem.records import Agent, Ticket
from .solvers.progress import Progress
from .triage.encoders import load_encoder
from .triage.lexicon_file import load_lexicon
from .triage.reader import Reader

__all__ = [
    "Agent",
    "AgentLoad",
    "ArraySolution",
    "AssignmentModel",
    "Change",
    "Comparison",
    "Decision",
    "Dispatcher",
    "Every",
    "Evidence",
    "Frontier",
    "FrontierPoint",
    "History",
    "IncompletePlanError",
    "InputWarning",
    "InvalidInputError",
    "Issue",
    "Level",
    "Move",
    "PackingRows",
    "Policy",
    "PolicyComparison",
    "Problem",
    "Progress",
    "Queue",
    "Reader",
    "Reading",
    "Replay",
    "Result",
    "Sensitivity",
    "Session",
    "SolverError",
    "State",
    "Status",
    "StoreError",
    "Team",
    "TeamEvidence",
    "Ticket",
    "TicketoptError",
    "TierValue",
    "Trial",
    "UnknownCommitError",
    "UnknownIdError",
    "UnsupportedModelError",
    "Violation",
    "WhatIf",
    "assign",
    "backtest",
    "build_problem",
    "compare",
    "compare_policies",
    "formulate",
    "frontier",
    "learn",
    "load_encoder",
    "load_lexicon",
    "open_store",
    "read_history",
    "read_queue",
    "replay",
    "resolve",
    "sensitivity",
    "show_versions",
    "solve",
    "solve_arrays",
    "solve_many",
    "verify",
]
