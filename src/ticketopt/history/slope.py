"""How much of what is claimed of agents is seen later, and how well later tickets are foretold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.design import Target

__all__ = ["Slope", "score", "slope_of"]


@dataclass(frozen=True, slots=True)
class Slope:
    """How many log units later tickets differ by, per log unit claimed; 1 is as much as claimed, 0 is not at all.

    `low` and `high` are the ends of the 95 % interval, over agents.
    """

    value: float
    low: float
    high: float


def score(target: Target, eta: Float) -> float:
    """Log likelihood, with the best common level: only differences are judged."""
    value, hours = target.value, target.hours
    if hours is None:
        left = value - eta
        return -0.5 * len(value) * float(np.log(max(left.var(), 1e-12)))
    total = value.sum()
    if total == 0:
        return 0.0
    return float(value @ eta + total * np.log(total / (hours @ np.exp(eta))) - total)


def slope_of(parts: Sequence[tuple[Target, Float, Float, Int]]) -> Slope | None:
    """The slope over windows: of each the target, the linear predictor without the agent, what the agent adds, who.

    None where agents do not differ.
    """
    kappa, bend = 1.0, 0.0
    for _ in range(50):
        derived = [_derivatives(target, common, person, kappa) for target, common, person, _ in parts]
        bend = sum(b for _, b in derived)
        if bend <= 1e-12:
            return None
        step = sum(float(left.sum()) for left, _ in derived) / bend
        kappa += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-9:
            break
    left = np.concatenate([_derivatives(target, common, person, kappa)[0] for target, common, person, _ in parts])
    agent = np.concatenate([who for _, _, _, who in parts])
    by_agent = np.bincount(agent, left)
    n = max(len(np.unique(agent)), 2)
    error = float(np.sqrt(n / (n - 1) * by_agent @ by_agent)) / bend
    return Slope(kappa, kappa - 1.96 * error, kappa + 1.96 * error)


def _derivatives(target: Target, common: Float, person: Float, kappa: float) -> tuple[Float, float]:
    """Per row the first derivative of the likelihood by the slope, and the sum of the second, at the best level."""
    if target.hours is None:
        left = target.value - common - kappa * person
        about = person - person.mean()
        return (left - left.mean()) * about, float(about @ about)
    weight = target.hours * np.exp(common + kappa * person)
    weight *= target.value.sum() / max(weight.sum(), 1e-300)
    about = person - weight @ person / max(weight.sum(), 1e-300)
    return (target.value - weight) * about, float(weight @ about**2)
