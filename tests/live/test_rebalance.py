"""A rebalance never makes a queue worse: whatever the solver answers, however late, whatever happens meanwhile."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Dispatcher, SolverError, Status, formulate, open_store, resolve, solve
from ticketopt.formulation.formulate import SCALE
from ticketopt.live.improvement import Improvement
from ticketopt.live.rebalance import LEAST_CHANGE_COST
from ticketopt.model.objective import feasible, objective
from ticketopt.planning.solve import result_of
from ticketopt.solvers.check import Solution

NOW = 1.7e9
LEAST = round(LEAST_CHANGE_COST * SCALE)


def planned(problem, places, solver="odd"):
    """A result that says that these are the best places, whatever they are."""
    model = formulate(problem)
    value = objective(model, places) if feasible(model, places) else 0
    solution = Solution(places, Status.OPTIMAL, value, value, solver, "")
    return result_of(problem, model, solution, seed=0, runtime=0.0)


def standing_of(queue):
    """The problem of all open tickets, its model, and where they are."""
    state = queue.state()
    problem = queue._planner.problem(state, state.tickets)
    return (
        problem,
        formulate(problem),
        np.array([problem.agent_of(row.agent_id) for row in state.tickets.values()], dtype=np.int64),
    )


def cost_of(queue):
    _, model, places = standing_of(queue)
    assert feasible(model, places)
    return objective(model, places)


class Solvers:
    """Ways to answer: name -> problem, previous, options -> result."""

    @staticmethod
    def right(problem, **options):
        return resolve(problem, **options, time_limit=0.05)

    @staticmethod
    def hurried(problem, **options):
        return resolve(problem, **options, time_limit=0.001)

    @staticmethod
    def failing(problem, **_):
        raise SolverError("dead")

    @staticmethod
    def out_of_memory(problem, **_):
        raise MemoryError

    @staticmethod
    def leaving_all_out(problem, **_):
        return planned(problem, np.full(problem.n_tickets, -1))

    @staticmethod
    def turning(problem, *, previous, **_):
        """Everybody's tickets go to the next agent, whether that is allowed or not."""
        places = np.array([problem.agent_of(previous.get(t.ticket_id)) for t in problem.tickets], dtype=np.int64)
        try:
            return planned(problem, np.where(places >= 0, (places + 1) % problem.n_agents, places))
        except SolverError:
            return planned(problem, np.where(np.arange(len(places)) % 2, places, -1))

    @staticmethod
    def wasteful(problem, **options):
        """The best plan, with two tickets exchanged for nothing."""
        best = Solvers.right(problem, **options).assignment.copy()
        if len(best) > 1:
            best[[0, 1]] = best[[1, 0]]
        return planned(problem, best) if feasible(formulate(problem), best) else Solvers.right(problem, **options)


SOLVERS = {name: solver.__func__ for name, solver in vars(Solvers).items() if isinstance(solver, staticmethod)}

AGENTS = st.lists(
    st.fixed_dictionaries(
        {"skills": st.dictionaries(st.sampled_from("abc"), st.integers(1, 9)), "capacity": st.integers(0, 5)}
    ),
    min_size=1,
    max_size=4,
)
TICKETS = st.lists(
    st.fixed_dictionaries(
        {
            "skills": st.dictionaries(st.sampled_from("abc"), st.just(1), max_size=2),
            "effort": st.sampled_from([1, 1, 1, 2]),
            "urgency": st.sampled_from([0.1, 0.4, 1.0]),
        }
    ),
    max_size=10,
)


def queue_of(agents, tickets, **options):
    """A queue whose tickets came one by one, before the agents had their skills."""
    queue = Dispatcher(open_store("memory:"), clock=lambda: NOW, solve=partial(solve, time_limit=0.03), **options)
    queue.upsert_agents([{"agent_id": f"a{j}", "capacity": agent["capacity"]} for j, agent in enumerate(agents)])
    for k, ticket in enumerate(tickets):
        queue.submit([{"ticket_id": f"t{k}", **ticket}])
    queue.upsert_agents([{"agent_id": f"a{j}", **agent} for j, agent in enumerate(agents)])
    return queue


@pytest.mark.parametrize("name", SOLVERS)
@settings(max_examples=examples(20), deadline=None)
@given(agents=AGENTS, tickets=TICKETS, change_cost=st.sampled_from([0.0, 0.05, 1.0]))
def test_no_plan_is_committed_that_costs_more_than_the_standing_one_and_its_changes(name, agents, tickets, change_cost):
    queue = queue_of(agents, tickets, resolve=SOLVERS[name])
    before, held = cost_of(queue), {n: row.agent_id for n, row in queue.state().tickets.items()}
    moved = queue.rebalance(change_cost=change_cost)
    n_changes = sum(held[own] is not None for own in moved)
    price = max(LEAST, round(change_cost * SCALE))
    assert cost_of(queue) + price * n_changes < before or not moved
    assert all(held[own] != agent for own, agent in moved.items())
    assert queue.check() == ()


@pytest.mark.parametrize("name", SOLVERS)
def test_the_best_plan_stays_under_every_solver(name):
    agents = [{"skills": {"a": 9}, "capacity": 2}, {"skills": {"b": 9}, "capacity": 2}]
    queue = queue_of(agents, [{"skills": {s: 1}} for s in "abab"])
    queue.rebalance()
    before = queue.state()
    other = Dispatcher(queue._store, resolve=SOLVERS[name], clock=lambda: NOW)
    assert other.rebalance() == {}
    assert (other.state().agents, other.state().tickets) == (before.agents, before.tickets)
    kinds = [entry.event.kind for entry in other.events()]
    assert (kinds[-1] == "failed") == (name in ("failing", "out_of_memory"))


def test_the_event_says_who_solved():
    queue = queue_of([{"skills": {"a": 9}, "capacity": 2}, {"skills": {"b": 9}, "capacity": 2}], [{"skills": {"b": 1}}])
    assert queue.rebalance() == {"t0": "a1"}
    assert [e.event.kind for e in queue.events()][-3:] == ["rebalanced by network", "taken", "assigned"]


def test_a_move_that_earns_nothing_is_not_made():
    agents = [{"skills": {"a": 9}, "capacity": 5}] * 3
    queue = queue_of(agents, [{"skills": {"a": 1}}] * 9)
    assert queue.rebalance() == {}


def busy(store, changes):
    """A solver during which others change the queue."""

    def again(problem, **options):
        result = resolve(problem, **options)
        other = Dispatcher(store, clock=lambda: NOW)
        for change in changes:
            change(other)
        changes.clear()
        again.count += 1
        return result

    again.count = 0
    return again


def test_what_still_holds_is_done_without_solving_again_when_the_queue_has_moved():
    agents = [
        {"skills": {"a": 9}, "capacity": 6},
        {"skills": {"b": 9}, "capacity": 6},
        {"skills": {"c": 9}, "capacity": 2},
    ]
    queue = queue_of(agents, [{"skills": {"b": 1}}, {"skills": {"b": 1}}, {"skills": {"c": 1}}, {"skills": {"c": 1}}])
    held = {name: row.agent_id for name, row in queue.state().tickets.items()}
    wanted = Dispatcher(queue._store, clock=lambda: NOW)
    moves = {
        own: agent for own, agent in {"t0": "a1", "t1": "a1", "t2": "a2", "t3": "a2"}.items() if held[own] != agent
    }
    assert len(moves) > 1
    first = next(iter(moves))
    again = busy(
        queue._store,
        [lambda q: q.close(first), lambda q: q.set_capacity("a2", 1), lambda q: q.submit([{"ticket_id": "new"}])],
    )
    moved = Dispatcher(queue._store, resolve=again, clock=lambda: NOW).rebalance()
    assert again.count == 1
    assert moved
    assert moved.items() <= moves.items()
    assert first not in moved
    assert any("in part" in e.event.kind for e in queue.events())
    assert wanted.check() == ()
    assert {n: r.load for n, r in queue.state().agents.items()}["a2"] <= 1


def test_one_small_change_during_every_attempt_does_not_keep_a_rebalance_from_winning():
    queue = queue_of([{"skills": {}, "capacity": 9}, {"skills": {"a": 9}, "capacity": 9}], [{"skills": {"a": 1}}] * 4)
    store = queue._store
    names = iter(range(100))

    def again(problem, **options):
        Dispatcher(store, clock=lambda: NOW).submit([{"ticket_id": f"n{next(names)}", "skills": {}}])
        return resolve(problem, **options)

    moved = Dispatcher(store, resolve=again, clock=lambda: NOW).rebalance()
    assert set(moved.values()) == {"a1"}
    assert next(names) == 1


def test_tickets_that_cannot_stay_go_where_they_cost_least_though_the_solver_fails():
    queue = queue_of(
        [{"skills": {"a": 9}, "capacity": 2}, {"skills": {"a": 5}, "capacity": 2}], [{"skills": {"a": 1}}] * 2
    )
    queue.sign_off("a0")
    stranded = [name for name, row in queue.state().tickets.items() if row.agent_id == "a0"]
    assert stranded
    broken = Dispatcher(queue._store, resolve=SOLVERS["failing"], clock=lambda: NOW)
    assert broken.rebalance() == dict.fromkeys(stranded, "a1")
    assert [e.event.kind for e in queue.events()][-2 * len(stranded) - 2 :][:2] == ["failed", "rebalanced by greedy"]


def test_a_repair_keeps_whom_it_costs_most_to_leave_out():
    queue = queue_of([{"skills": {}, "capacity": 3}], [{"urgency": u, "skills": {}} for u in (0.1, 1.0, 0.4)])
    queue.set_capacity("a0", 1)
    problem, model, places = standing_of(queue)
    best = Improvement(model, places, places, LEAST).best(None)
    assert best.tolist() == [-1, 0, -1]
    assert problem.n_tickets == 3


@settings(max_examples=examples(40), deadline=None)
@given(agents=AGENTS, tickets=TICKETS, chance=st.randoms(use_true_random=False), most=st.none() | st.integers(0, 4))
def test_the_best_of_two_plans_is_feasible_within_the_budget_and_no_worse(agents, tickets, chance, most):
    queue = queue_of(agents, tickets)
    problem, model, places = standing_of(queue)
    wanted = np.array([chance.randrange(-1, problem.n_agents) for _ in tickets], dtype=np.int64)
    better = Improvement(model, places, places, LEAST, most)
    best = better.best(wanted)
    assert better.cost(best) <= better.cost(places)
    whole = better.cost(wanted)
    assert whole is None or better.cost(best) <= whole or (best == places).all()


def test_of_more_than_fit_into_one_model_the_most_urgent_are_planned_and_the_others_stay():
    """Four tickets are with agents who know nothing; two of them may be planned at once with three agents."""
    queue = Dispatcher(open_store("memory:"), clock=lambda: NOW, most_pairs=8)
    queue.upsert_agents([{"agent_id": name, "capacity": 4} for name in ("ann", "bob")])
    urgencies = {"a": 0.1, "b": 0.9, "c": 0.2, "d": 0.8}
    queue.submit([{"ticket_id": t, "urgency": u, "skills": {"vpn": 1}} for t, u in urgencies.items()])
    queue.upsert_agents([{"agent_id": "expert", "capacity": 4, "skills": {"vpn": 10}}])
    before = cost_of(queue)
    assert queue.rebalance() == {"b": "expert", "d": "expert"}
    assert cost_of(queue) < before and queue.check() == ()
    (said,) = [entry.event.kind for entry in queue.events() if "rebalanced" in entry.event.kind]
    assert said.endswith(", in part")
