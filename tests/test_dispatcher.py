"""The dispatcher over its ledger: decided once, kept, and free of ticket text."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import ticketopt
from ticketopt import InvalidInputError, SolverError
from ticketopt.dispatcher import Dispatcher
from ticketopt.stores.sql import SqlLedger

AGENTS = [
    {"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 2},
    {"agent_id": "bob", "skills": {"mail": 9}, "capacity": 1, "current_load": 1},
]


def ticket(name, **more):
    return {"ticket_id": name, "skills": {"vpn": 1}, "title": "canary", "description": "canary", **more}


@pytest.fixture
def path(tmp_path):
    Dispatcher(SqlLedger(tmp_path / "state.db")).upsert_agents(AGENTS)
    return tmp_path / "state.db"


def test_a_day_survives_a_new_process(path):
    assert Dispatcher(SqlLedger(path)).submit([ticket("a"), ticket("b")]) == {"a": "ann", "b": "ann"}
    assert Dispatcher(SqlLedger(path)).submit([ticket("c")]) == {"c": None}
    dispatcher = Dispatcher(SqlLedger(path))
    assert dispatcher.close("a") == "ann"
    assert dispatcher.close("a") is None
    assert dispatcher.submit([]) == {}
    assert dispatcher.submit([ticket("c")]) == {"c": "ann"}
    assert dispatcher.state().loads == {"ann": 2, "bob": 1}
    kinds = [(event.kind, event.ticket_id, event.change) for _, _, event in dispatcher.events()][2:]
    assert kinds == [
        ("assigned", "a", 1),
        ("assigned", "b", 1),
        ("waiting", "c", 0),
        ("closed", "a", -1),
        ("assigned", "c", 1),
    ]
    assert dispatcher.check() == ()


def test_a_key_is_answered_as_the_first_time(path):
    dispatcher = Dispatcher(SqlLedger(path))
    for _ in range(2):
        assert dispatcher.submit([ticket("a")], idempotency_key="k") == {"a": "ann"}
    with pytest.raises(InvalidInputError, match="another request"):
        dispatcher.submit([ticket("b")], idempotency_key="k")
    assert dispatcher.state().loads["ann"] == 1


def test_no_text_is_stored(path):
    Dispatcher(SqlLedger(path)).submit([ticket("a", customer="canary")], idempotency_key="k")
    assert b"canary" not in path.read_bytes()


def test_an_unknown_ticket_cannot_be_closed(path):
    with pytest.raises(InvalidInputError, match="not in the queue"):
        Dispatcher(SqlLedger(path)).close("nobody")


def test_a_queue_that_moves_while_solving_is_solved_again(path):
    other, seen = Dispatcher(SqlLedger(path)), []

    def slow(problem):
        if not seen:
            other.submit([ticket("a", effort=2)])
        seen.append([agent.current_load for agent in problem.agents])
        return ticketopt.solve(problem)

    assert Dispatcher(SqlLedger(path), solve=slow).submit([ticket("b")]) == {"b": None}
    assert seen == [[0, 1], [2, 1]]
    assert other.check() == ()


def test_threads_lose_nothing(path):
    Dispatcher(SqlLedger(path)).upsert_agents([{"agent_id": "cy", "skills": {"vpn": 9}, "capacity": 50}])
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda k: Dispatcher(SqlLedger(path)).submit([ticket(f"t{k}")]), range(12)))
    assert all(agent for answer in answers for agent in answer.values())
    dispatcher = Dispatcher(SqlLedger(path))
    assert sum(dispatcher.state().loads.values()) == 13
    assert dispatcher.check() == ()


def test_a_failing_solver_costs_exactness_only(path):
    def failing(problem):
        raise SolverError("dead")

    dispatcher = Dispatcher(SqlLedger(path), solve=failing)
    assert dispatcher.submit([ticket("a")]) == {"a": "ann"}
    assert [event.kind for _, _, event in dispatcher.events()][2:] == ["greedy", "assigned"]


def test_an_agent_on_a_break_takes_nothing_until_back(path):
    dispatcher = Dispatcher(SqlLedger(path))
    dispatcher.set_status("ann", "on break")
    assert dispatcher.submit([ticket("a")]) == {"a": None}
    dispatcher.set_capacity("bob", 2)
    dispatcher.submit([])
    assert dispatcher.state().tickets["a"]["agent_id"] == "bob"
    dispatcher.set_status("ann", "available")
    assert dispatcher.submit([ticket("b")]) == {"b": "ann"}
    for change in (lambda: dispatcher.set_status("ann", "flying"), lambda: dispatcher.set_capacity("ann", -1)):
        with pytest.raises(InvalidInputError):
            change()
    with pytest.raises(InvalidInputError, match="not in the team"):
        dispatcher.set_capacity("nobody", 1)
    assert dispatcher.check() == ()


def test_a_load_grows_and_falls_by_what_the_ticket_takes_of_its_agent(tmp_path):
    dispatcher = Dispatcher(SqlLedger(tmp_path / "state.db"))
    dispatcher.upsert_agents([{"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 9}])
    assert dispatcher.submit([ticket("a", effort=5, effort_by_agent={"ann": 2})]) == {"a": "ann"}
    assert dispatcher.state().loads == {"ann": 2}
    assert dispatcher.close("a") == "ann"
    assert dispatcher.state().loads == {"ann": 0}
    assert dispatcher.check() == ()
