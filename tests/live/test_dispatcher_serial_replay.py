"""What many threads did at once is what one would have done alone, in the order of the versions.

Within one commit, tickets submitted one after another count as one request.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import numpy as np
import pytest

from ticketopt import Dispatcher, Status, formulate, open_store
from ticketopt.live.stores import STORES, Kept
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.model.objective import objective
from ticketopt.planning.solve import result_of
from ticketopt.solvers.check import Solution

AGENTS = [{"agent_id": f"a{k}", "skills": {"vpn": 3 + k}, "capacity": 4 + k} for k in range(4)]


class Recording:
    """A store that notes at which version which requests were kept with which answers."""

    def __init__(self, store):
        self.store, self.commits, self.lock_timeout = store, {}, store.lock_timeout

    @property
    def kept(self):
        return {key: answer for requests in self.commits.values() for key, answer in requests}

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, tenant, version, batch, *, key=None, request_hash="", limit=None):
        kept = self.store.commit(tenant, version, batch, key=key, request_hash=request_hash, limit=limit)
        self.note(kept, version, batch, key)
        return kept

    def commit_locked(self, tenant, decide, *, limit=None):
        made = []

        def noted(read):
            made.append(decide(read))
            return made[-1]

        kept = self.store.commit_locked(tenant, noted, limit=limit)
        if made[-1] is not None:
            self.note(kept, *made[-1][:3])
        return kept

    def note(self, kept, version, batch, key):
        if isinstance(kept, Kept):
            own = [] if batch.others else [(key, kept[0])]
            self.commits[version] = own + [(other.key, other.answer) for other in batch.others]


class Careless(Recording):
    """The mutant: it commits to whatever version is there, as a store without the check would."""

    def commit(self, tenant, version, batch, *, key=None, request_hash="", limit=None):
        while True:
            newest = self.store.snapshot(tenant).version
            kept = super().commit(tenant, newest, batch, key=key, request_hash=request_hash, limit=limit)
            if kept is not None:
                return kept


def requests():
    """Requests by key, the same each time: a call of a dispatcher's method."""
    chance = random.Random(7)
    calls = {}
    for k in range(60):
        kind = chance.choice(["submit", "submit", "submit", "close", "set_capacity", "rebalance"])
        arguments = {
            "submit": ([{"ticket_id": f"t{k}", "skills": {"vpn": 1}, "effort": 1 + k % 3}],),
            "close": (f"t{chance.randrange(10)}",),
            "set_capacity": (f"a{k % 4}", chance.randrange(3, 9)),
            "rebalance": (),
        }
        calls[f"k{k}"] = (kind, arguments[kind])
    for k in range(10):
        calls[f"k{k}"] = ("submit", ([{"ticket_id": f"t{k}", "skills": {"vpn": 1}, "effort": 1 + k % 3}],))
    return calls


def call(dispatcher, key, kind, arguments):
    return getattr(dispatcher, kind)(*arguments, idempotency_key=key)


def run(store, n_threads):
    dispatcher = Dispatcher(store, clock=lambda: 1.7e9)
    dispatcher.upsert_agents(AGENTS, idempotency_key="agents")
    calls = requests()
    first = [key for key in calls if int(key[1:]) < 10]
    for key in first:
        call(dispatcher, key, *calls[key])
    with ThreadPoolExecutor(n_threads) as pool:
        rest = [key for key in calls if key not in first]
        answers = dict(zip(rest, pool.map(lambda key: call(dispatcher, key, *calls[key]), rest), strict=True))
    return dispatcher, answers


def recorded(moves):
    """What plans again as it was planned: of a queue that had moved meanwhile, what of the plan still held."""

    def again(problem, *, previous, **_):
        plan = {**previous, **moves}
        places = np.array([problem.agent_of(plan.get(str(t.ticket_id))) for t in problem.tickets])
        model = formulate(problem)
        solution = Solution(places, Status.FEASIBLE, objective(model, places), None, "recorded", "")
        return result_of(problem, model, solution, seed=0, runtime=0.0)

    return again


def replayed(store):
    """What the same requests are answered otherwise, one after another in the order in which they were kept."""
    calls = {"agents": ("upsert_agents", (AGENTS,)), **requests()}
    alone, differing = MemoryStore(), {}
    for _, kept in sorted(store.commits.items()):
        for kind, run in groupby(kept, key=lambda one: calls[one[0]][0]):
            keys, answers = zip(*run, strict=True)
            arguments = [calls[key][1] for key in keys]
            if kind == "submit":
                arguments = [([ticket for (tickets,) in arguments for ticket in tickets],)]
                answers = [{name: agent for answer in answers for name, agent in answer.items()}]
            for key, one, told in zip(keys, arguments, answers, strict=False):
                dispatcher = Dispatcher(alone, resolve=recorded(told), clock=lambda: 1.7e9)
                if (found := call(dispatcher, key, kind, one)) != told:
                    differing[key] = found, told
    return differing


@pytest.mark.parametrize("scheme", STORES)
def test_batches_in_the_order_of_their_versions_give_the_same_answers(scheme, new_url):
    store = Recording(open_store(new_url(scheme)))
    dispatcher, answers = run(store, 6)
    assert dispatcher.check() == ()
    assert {key: store.kept[key] for key in answers} == answers
    assert sorted(store.commits) == list(range(len(store.commits)))
    assert replayed(store) == {}
    getattr(store.store, "close", lambda: None)()


def test_a_store_that_does_not_check_the_version_is_caught():
    store = Careless(MemoryStore())
    found = {}
    try:
        run(store, 6)
    except Exception as error:  # such a store may as well end in loads below zero
        found = {"error": error}
    assert found or replayed(store) != {}
