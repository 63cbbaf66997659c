"""Names that differ by column are linked by counting, and only where the counts say so."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.history.coded import Coded, coded
from ticketopt.history.people import link, nobodies, system_actors


def column(*names):
    return coded(names)


def test_one_name_is_one_person_in_both_columns():
    found = link(column("Ada", "Ben", "Eve", None), column("Ben", "Ben", "Ada", "Ada"))
    assert found.by_name
    assert found.to.tolist() == [1, 0, -1]


@given(st.permutations(range(8)), st.integers(0, 3))
def test_a_permutation_is_found_through_noise(order, noise):
    """Person k is called `order[k]` in the other column; some rows name somebody else."""
    agents, names = [], []
    for k in range(8):
        agents += [f"{k}"] * (20 + noise)
        names += [f"{order[k]}"] * 20 + [f"{(order[k] + 1 + n) % 8}" for n in range(noise)]
    found = link(coded(names), coded(agents))
    to = {coded(names).names[k]: coded(agents).names[code] for k, code in enumerate(found.to) if code >= 0}
    is_same = all(k == order[k] for k in range(8))
    fixed = sum(k == order[k] for k in range(8))
    if not found.by_name:
        assert to == {f"{order[k]}": f"{k}" for k in range(8)}
        assert found.share == 20 / (20 + noise)
    assert found.by_name == (2 * fixed * 20 >= 8 * 20) or is_same or noise


def test_few_rows_link_nobody():
    found = link(column("a", "a", "b"), column("1", "1", "2"))
    assert found.to.tolist() == [-1, -1]


def test_thousands_of_customers_among_the_names_need_no_room():
    """Fifty agents with pseudonyms, and a hundred thousand others of whom each is there once."""
    agents = [f"{k % 50}" for k in range(1_000)] + [f"{k % 50}" for k in range(100_000)]
    names = [f"p{k % 50}" for k in range(1_000)] + [f"c{k}" for k in range(100_000)]
    found = link(coded(names), coded(agents))
    assert found.by_name and (found.to == -1).all(), "one row in a hundred does not say who is who"
    found = link(coded(names[:3_000]), coded(agents[:3_000]))
    assert found.to[:50].tolist() == list(range(50)) and (found.to[50:] == -1).all()


def test_columns_without_rows_link_nobody():
    nothing = Coded(np.zeros(0, dtype=np.int64), ())
    assert link(nothing, nothing).to.tolist() == []
    assert link(column("a", None), column(None, "a")).to.tolist() == [0]


def test_programs_are_told_by_their_names_or_by_what_they_do():
    agents = coded(["Ada", "Ben", "Cyd", "Dag", "Eve", "Fay", "Gus"] * 20)
    actors = coded(
        ["job-17" if k % 2 else name for k, name in enumerate(["Ada", "Ben", "Cyd", "Dag", "Eve", "Fay", "Gus"] * 20)]
    )
    assert system_actors(actors, agents) == ("job-17",)
    assert system_actors(coded(["Ada", "Automation for Jira"]), coded(["Ada", "Ada"])) == ("Automation for Jira",)
    assert system_actors(agents, agents) == ()


def test_desks_and_levels_are_nobody():
    assert nobodies(column("Ada", "Service Desk", "2nd-Level", "support")) == ("Service Desk", "2nd-Level", "support")
