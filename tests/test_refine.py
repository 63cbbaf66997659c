"""`solve_arrays` against exact rational arithmetic: numbers of every size, type and mixture."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from exact_assignment import exact_cost, exact_optimum
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketopt import InvalidInputError, Status, refine, solve_arrays


@dataclass(frozen=True)
class Case:
    pair: Any
    capacity: np.ndarray
    load: Any = None
    leave: Any = None

    @classmethod
    def draw(cls, random, kind):
        n, columns = int(random.integers(1, 9)), int(random.integers(1, 7))
        capacity = np.ones(columns, dtype=np.int64) if random.random() < 0.5 else random.integers(0, 4, columns)
        return cls(KINDS[kind](random, (n, columns)), capacity, *_extras(random, kind, n, columns))

    def solve(self, **options):
        return solve_arrays(self.pair, capacity=self.capacity, load_cost=self.load, exit_cost=self.leave, **options)

    def parts(self):
        return self.pair, self.capacity.tolist(), self.load, self.leave


def mixed(random, shape):
    return random.choice([-1.0, 1.0, 1.0], shape) * 10.0 ** random.uniform(-9, 15, shape)


def big_m(random, shape):
    return np.where(random.random(shape) < 0.35, 10.0 ** random.integers(3, 300), random.random(shape))


def near_ties(random, shape):
    return random.integers(1, 4, shape) / 3 + random.integers(-3, 4, shape) * 1e-12


def wide(random, shape):
    kind = random.choice([np.int64, np.uint64])
    near = (1 << 62) + random.integers(-2, 3, shape)
    return near.astype(kind) if random.random() < 0.5 else random.integers(0, 1 << 62, shape).astype(kind)


KINDS = {
    "uniform": lambda random, shape: random.random(shape),
    "offset": lambda random, shape: 10.0 ** random.integers(3, 16) + random.random(shape),
    "big M": big_m,
    "mixed magnitudes": mixed,
    "float32": lambda random, shape: random.random(shape).astype(np.float32),
    "near ties": near_ties,
    "integers beyond 2^53": wide,
    "negative": lambda random, shape: random.normal(size=shape),
    "forbidden": lambda random, shape: np.where(random.random(shape) < 0.4, np.inf, random.random(shape)),
    "load and exit costs": lambda random, shape: random.random(shape),
}


def _extras(random, kind, n, columns):
    """Load and exit costs: always of the last kind, else now and then."""
    load = leave = None
    if kind == "load and exit costs" or random.random() < 0.3:
        load = np.sort(random.random((columns, 3)) * 10.0 ** random.integers(-6, 3), axis=1)
    if kind == "load and exit costs" or random.random() < 0.3:
        leave = random.random(n) * 10.0 ** random.integers(-1, 16)
    return load, leave


def check(case):
    found = case.solve()
    plan = found.assignment.tolist()
    served, cost = exact_cost(*case.parts(), plan)
    assert found.status is Status.OPTIMAL
    assert (served, cost) == exact_optimum(*case.parts())
    assert found.objective == float(cost) == found.lower_bound


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimal_plan_is_the_exact_optimum_of_the_numbers_given(kind, exhaustive):
    for seed in range(500 if exhaustive else 30):
        check(Case.draw(np.random.default_rng([list(KINDS).index(kind), seed]), kind))


doubles = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e306, max_value=1e306)
anything = st.one_of(doubles, st.sampled_from([0.0, 1.0, 0.1, 5e-324, 1e-300, 1e300, 1e16, 1.0 + 2**-52]))


@st.composite
def cases(draw):
    n, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    cost = st.one_of(anything, st.just(math.inf))
    pair = np.array([[draw(cost) for _ in range(columns)] for _ in range(n)]).reshape(n, columns)
    capacity = np.array([draw(st.integers(0, 3)) for _ in range(columns)], dtype=np.int64)
    load = [sorted(draw(anything) for _ in range(3)) for _ in range(columns)] if draw(st.booleans()) else None
    leave = [draw(anything) for _ in range(n)] if draw(st.booleans()) else None
    return Case(pair, capacity, load, leave)


@settings(max_examples=150)
@given(cases())
def test_any_doubles_at_all(case):
    check(case)
