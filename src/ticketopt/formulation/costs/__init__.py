"""Cost terms: why one pair of ticket and agent is better than another. To add one, write its file and its entry."""

from ticketopt.formulation.costs import account, experience, skill_gap, stickiness, urgency, waiting
from ticketopt.formulation.costs.base import CostTerm

__all__ = ["COST_TERMS", "CostTerm"]

COST_TERMS: dict[str, CostTerm] = {
    "skill_gap": skill_gap.TERM,
    "urgency": urgency.TERM,
    "experience": experience.TERM,
    "stickiness": stickiness.TERM,
    "waiting": waiting.TERM,
    "account": account.TERM,
}
