"""Labels rise with the order, whatever comes and goes, and the ranks of those left out add up."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.formulation.exit_order import ExitOrder, Key


@pytest.mark.parametrize("n_labels", [60, 10**12])
def test_labels_keep_the_order_and_ranks_add_up(n_labels: int) -> None:
    full = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        served: list[Key] = [(int(random.integers(3)) / 3, -float(random.integers(9))) for _ in range(4)]
        left_out: list[Key] = []
        order = ExitOrder(served, n_labels)
        for _ in range(60):
            kind = random.integers(4)
            if kind == 0:
                key = (int(random.integers(3)) / 3, -float(random.integers(50)))
                if order.add(key):
                    served.append(key)
                else:
                    full += 1
            elif kind == 1 and served:
                order.drop(served.pop(random.integers(len(served))))
            elif kind == 2 and served:
                left_out.append(served.pop(random.integers(len(served))))
                order.leave_out(left_out[-1])
            elif kind == 3 and left_out:
                served.append(left_out.pop(random.integers(len(left_out))))
                order.serve(served[-1])
            ranks = {key: rank for rank, key in enumerate(sorted({*served, *left_out}))}
            labels = [order.label(key) for key in ranks]
            assert labels == sorted(set(labels)) and all(0 <= label < n_labels for label in labels)
            assert (order.n_ranks, order.n_left_out) == (len(ranks), len(left_out))
            assert order.rank_sum == sum(ranks[key] for key in left_out)
    assert (full > 0) == (n_labels == 60)


def test_the_newest_of_its_urgency_takes_little_of_the_gap() -> None:
    order = ExitOrder([(0.5, 0.0), (0.4, 0.0)], 10**6)
    assert all(order.add((0.5, -float(age))) for age in range(1, 300))


def test_as_many_labels_as_keys_are_enough_at_the_start() -> None:
    order = ExitOrder([(0.5, -3.0), (0.1, 0.0), (0.5, -1.0)], 3)
    assert [order.label(key) for key in ((0.1, 0.0), (0.5, -3.0), (0.5, -1.0))] == [0, 1, 2]
