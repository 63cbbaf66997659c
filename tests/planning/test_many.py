"""Many queues at once: in order, with errors kept apart, on threads, processes and a real Dask cluster."""

import os
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from ticketopt import InvalidInputError, Policy, Result, SolverError, UnsupportedModelError, build_problem, solve
from ticketopt.planning.many import _Job, solve_many


def problem(k, **more):
    tickets = [{"ticket_id": f"{k}-{i}", "skills": {"vpn": 1}, **more} for i in range(k)]
    return build_problem(tickets, [{"agent_id": "a", "skills": {"vpn": 7}}, {"agent_id": "b"}])


PROBLEMS = [problem(k) for k in range(6)]


def same(answers, problems=PROBLEMS):
    return [answer.to_dict() for answer in answers] == [solve(item).to_dict() for item in problems]


def test_without_an_executor_they_are_solved_here():
    assert same(solve_many(PROBLEMS))
    assert same(solve_many(iter(PROBLEMS)))
    assert solve_many([]) == []


def test_with_threads_and_with_processes_the_answers_are_the_same():
    with ThreadPoolExecutor(2) as pool:
        assert same(solve_many(PROBLEMS, pool))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert same(solve_many(PROBLEMS, pool))


def test_one_failure_costs_nobody_else_an_answer():
    bad = replace(PROBLEMS[2], policy=Policy(weights={"magic": 1}))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for executor in (None, pool):
            first, error, last = solve_many([PROBLEMS[1], bad, PROBLEMS[3]], executor)
            assert same([first, last], [PROBLEMS[1], PROBLEMS[3]])
            assert isinstance(error, InvalidInputError)
            assert error.issues[0].path == "policy.weights['magic']"
    unsupported = solve_many([problem(2, effort=2)], solver="network")[0]
    assert isinstance(unsupported, UnsupportedModelError)


def die(*_, **__):
    os._exit(3)


class Changed(Executor):
    """An executor that runs another function, or that changes what comes back."""

    def __init__(self, change):
        self.change = change

    def submit(self, work, /, *args, **options):
        future = Future()
        future.set_result(self.change(work(*args, **options)))
        return future


def lie(result):
    return replace(result, assignment=-result.assignment - 1)


@pytest.mark.parametrize("wrong", [lie, lambda _: None, lambda _: solve(PROBLEMS[5])], ids=["lie", "nothing", "other"])
def test_what_comes_back_is_checked(wrong):
    assert all(isinstance(answer, SolverError) for answer in solve_many(PROBLEMS[2:5], Changed(wrong)))


class Watched(Changed):
    """Keeps what it was sent and what it sends back, pickled."""

    def __init__(self):
        super().__init__(lambda answer: answer)
        self.sent, self.answers = [], []

    def submit(self, work, /, *args, **options):
        self.sent.append(pickle.dumps((work, args)))
        work, args = pickle.loads(self.sent[-1])
        self.answers.append(pickle.dumps(work(*args, **options)))
        future = Future()
        future.set_result(pickle.loads(self.answers[-1]))
        return future


def test_a_problem_travels_once_and_the_answer_is_complete():
    executor = Watched()
    (answer,) = solve_many([PROBLEMS[5]], executor)
    assert answer.problem is PROBLEMS[5]
    assert answer.to_dict() == solve(PROBLEMS[5]).to_dict()
    assert answer.record() == solve(PROBLEMS[5]).record()
    assert b"5-3" in executor.sent[0]
    assert b"_Job" in executor.sent[0] and b"Problem" in executor.sent[0]
    assert b"Problem" not in executor.answers[0]


def test_what_is_solved_here_is_not_checked_twice(monkeypatch):
    monkeypatch.setattr("ticketopt.planning.many.verify", lambda *_: 1 / 0)
    assert same(solve_many(PROBLEMS))


def test_an_unknown_failure_here_costs_nobody_else_an_answer(monkeypatch):
    def fail_on_two(problem, **options):
        return 1 / 0 if len(problem.tickets) == 2 else solve(problem, **options)

    monkeypatch.setattr("ticketopt.planning.many.solve", fail_on_two)
    first, error, last = solve_many(PROBLEMS[1:4])
    assert same([first, last], [PROBLEMS[1], PROBLEMS[3]])
    assert isinstance(error, SolverError) and "ZeroDivisionError" in str(error)


def test_jobs_have_names_of_their_own_for_dask():
    job, other = _Job(PROBLEMS[1]), _Job(PROBLEMS[1])
    assert job.__dask_tokenize__() == pickle.loads(pickle.dumps(job)).__dask_tokenize__()
    assert job.__dask_tokenize__() != other.__dask_tokenize__()


def test_a_worker_that_is_lost_costs_its_own_problems_only():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(die)  # before the problems: there is one worker
        answers = solve_many(PROBLEMS, pool)
    assert all(isinstance(answer, (SolverError, Result)) for answer in answers)
    assert isinstance(answers[-1], SolverError)
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    assert "takes no more work" in str(solve_many(PROBLEMS[:1], pool)[0])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_real_dask_cluster_gives_the_same_answers():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        bad = replace(PROBLEMS[2], policy=Policy(weights={"magic": 1}))
        *answers, error = solve_many([*PROBLEMS, bad], client.get_executor())
        where = client.submit(os.getpid, pure=False).result()
    assert same(answers)
    assert isinstance(error, InvalidInputError)
    assert where != os.getpid()
