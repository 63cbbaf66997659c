"""What a queue keeps between two changes decides nothing: it is answered like one that is read and formulated anew."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Dispatcher, Problem, formulate, open_store, solve
from ticketopt.live import queue_rows
from ticketopt.live.recall import Recall

NAMES, AGENTS = st.sampled_from([f"t{k}" for k in range(8)]), st.sampled_from(["ann", "bob", "cy"])
TICKETS = st.fixed_dictionaries(
    {"ticket_id": NAMES},
    optional={
        "skills": st.dictionaries(st.sampled_from(["a", "b", "new"]), st.just(1), max_size=2),
        "urgency": st.sampled_from([0.1, 0.4, 1.0]),
        "language": st.sampled_from(["de", None]),
        "excluded_agents": st.just(["ann"]),
        "requires": st.just({"a": 5}),
        "effort": st.sampled_from([1, 1, 1, 2]),
        "creation_timestamp": st.sampled_from([1.6e9, 1.8e9]),
    },
)
TEAM = st.fixed_dictionaries(
    {"agent_id": AGENTS, "capacity": st.sampled_from([0, 1, 2, 4])},
    optional={
        "skills": st.dictionaries(st.sampled_from("ab"), st.integers(1, 9)),
        "languages": st.just(["de"]),
        "working_hours": st.just("Mon-Fri 09:00-17:00 UTC"),
    },
)
TEAMS = st.lists(TEAM, min_size=1, max_size=3, unique_by=lambda agent: agent["agent_id"])
CALLS = st.one_of(
    st.tuples(
        st.just("submit"), st.tuples(st.lists(TICKETS, min_size=1, max_size=3, unique_by=lambda t: t["ticket_id"]))
    ),
    st.tuples(st.just("change"), st.tuples(TICKETS.map(lambda ticket: [ticket]))),
    st.tuples(st.sampled_from(["close", "close", "reopen", "hold", "unassign"]), st.tuples(NAMES)),
    st.tuples(st.just("reassign"), st.tuples(NAMES, AGENTS)),
    st.tuples(
        st.just("upsert_agents"), st.tuples(st.lists(TEAM, min_size=1, max_size=2, unique_by=lambda a: a["agent_id"]))
    ),
    st.tuples(st.sampled_from(["remove_agent", "pause", "sign_on"]), st.tuples(AGENTS)),
    st.tuples(st.just("rebalance"), st.just(())),
)


def outcome(dispatcher, call):
    name, arguments = call
    try:
        return getattr(dispatcher, name)(*arguments)
    except Exception as error:
        return str(error)


def as_if_formulated_anew(problem):
    """Solve a problem; its arrays must be those of one whose records are all checked and read again."""
    anew = Problem(problem.tickets, problem.agents, problem.policy, problem.now, problem.readings)
    mine, theirs = formulate(problem), formulate(anew)
    for name in ("pair_cost", "allowed", "effort", "capacity", "exit_cost"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    found = solve(anew, time_limit=1.0)
    assert found.assigned == solve(problem, time_limit=1.0).assigned
    return found


@settings(max_examples=examples(25), deadline=None)
@given(
    team=TEAMS,
    calls=st.lists(st.tuples(CALLS, st.sampled_from([0, 0, 3600, 40_000])), max_size=12),
    most=st.integers(0, 4),
)
def test_a_queue_that_goes_on_answers_like_one_that_begins_anew(team, calls, most):
    now = [1.7e9]
    live, fresh = (
        Dispatcher(open_store("memory:"), clock=lambda: now[0], solve=answer)
        for answer in (as_if_formulated_anew, solve)
    )
    for dispatcher in (live, fresh):
        dispatcher.upsert_agents(team)
    before, queue_rows.MOST_CHANGES = queue_rows.MOST_CHANGES, most
    try:
        for call, later in calls:
            now[0] += later
            known = fresh._planner.recall
            for name, empty in ((name, getattr(Recall(), name)) for name in Recall.__slots__):
                setattr(known, name, empty)
            assert outcome(live, call) == outcome(fresh, call)
            assert live.state() == fresh.state()
        assert live.check() == ()
    finally:
        queue_rows.MOST_CHANGES = before
