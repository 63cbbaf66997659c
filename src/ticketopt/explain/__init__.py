"""Why: everything people ask after an answer, from the problem, the model and the answer alone."""

from ticketopt.explain.rationale import rationales, sentences
from ticketopt.explain.unassigned import reasons

__all__ = ["rationales", "reasons", "sentences"]
