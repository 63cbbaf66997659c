"""A plan for a queue that has moved: what holds stays, the rest is placed, and all of it is verified anew."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ticketopt import build_problem, solve, verify
from ticketopt.live.carried_over import carried_over

TICKETS = st.lists(
    st.fixed_dictionaries(
        {"urgency": st.sampled_from([0.1, 0.5, 1.0]), "effort": st.sampled_from([1, 1, 2, 3]), "skills": st.just({})},
        optional={
            "together": st.sampled_from(["x", "y"]),
            "excluded_agents": st.just(["a0"]),
            "effort_by_agent": st.just({"a1": 2}),
        },
    ),
    max_size=7,
)
LOADS = st.lists(st.integers(0, 5), min_size=3, max_size=3)
POLICIES = st.sampled_from(
    [
        {"capacity": 5},
        {"capacity": None, "balance": 2},
        {},
        {"capacity": 4, "max_new_per_agent": 2},
        {"capacity": 4, "max_urgent_per_agent": 1},
        {"capacity": 5, "tiers": ["urgent_unassigned", "unassigned", "cost"]},
    ]
)


def problem_of(tickets, policy, loads, shift_end):
    team = [{"agent_id": f"a{k}", "current_load": load} for k, load in enumerate(loads)]
    team[2]["shift_end"] = shift_end
    queue = [{"ticket_id": f"t{k}", **fields} for k, fields in enumerate(tickets)]
    return build_problem(queue, team, policy=policy, now=1.7e9)


@settings(max_examples=50, deadline=None)
@given(TICKETS, POLICIES, LOADS, LOADS, st.sampled_from([None, 1.7e9 + 3 * 3600]))
def test_it_is_a_plan_and_keeps_every_pair_that_there_is_room_for(tickets, policy, before, after, shift_end):
    first = solve(problem_of(tickets, policy, before, shift_end), time_limit=2)
    problem = problem_of(tickets, policy, after, shift_end)
    result = carried_over(problem, first)
    assert result.problem is problem
    assert verify(problem, result) == []
    if before == after:
        assert set(first.assigned.items()) <= set(result.assigned.items())


def test_the_most_urgent_stay_and_the_others_go_to_whoever_has_room():
    tickets = [{"urgency": u, "skills": {}, "excluded_agents": ["b"] if u < 1 else []} for u in (0.2, 1.0, 0.9)]
    team = [{"agent_id": "a", "capacity": 3}, {"agent_id": "b", "capacity": 0}, {"agent_id": "c", "capacity": 0}]
    queue = [{"ticket_id": k, **fields} for k, fields in enumerate(tickets)]
    problem = build_problem(queue, team, now=1.7e9)
    first = solve(problem)
    assert first.assigned == {0: "a", 1: "a", 2: "a"}
    busier = (replace(problem.agents[0], current_load=2), replace(problem.agents[1], capacity=1), problem.agents[2])
    result = carried_over(replace(problem, agents=busier), first)
    assert result.assigned == {1: "a"}
    assert {decision.reason for decision in result.unassigned} == {"no_capacity"}
    assert "1 of 3 stay as planned" in result.reason
    freer = (replace(problem.agents[0], current_load=1), problem.agents[1], replace(problem.agents[2], capacity=1))
    assert carried_over(replace(problem, agents=freer), first).assigned == {1: "a", 2: "a", 0: "c"}
