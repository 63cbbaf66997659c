"""A line: everybody who waits is served, with whom came too, and whoever has waited long enough gives up."""

import threading
import time

import pytest

from ticketopt import StoreError
from ticketopt.errors import UnknownCommitError
from ticketopt.live.commit import as_decided
from ticketopt.live.line import Change, Line

WAIT = 20.0


def change(name, limit=WAIT):
    return Change(lambda state: None, as_decided, (), name, "", time.monotonic() + limit)


def start(line, one, work):
    thread = threading.Thread(target=line.serve, args=(one, work))
    thread.start()
    return thread


def test_what_comes_meanwhile_is_one_group():
    line, groups, begun, go = Line(1.0), [], threading.Event(), threading.Event()

    def work(group):
        groups.append([one.key for one in group])
        begun.set()
        assert go.wait(WAIT)
        for one in group:
            one.outcome = (one.key,)

    changes = [change(name) for name in "abcd"]
    threads = [start(line, changes[0], work)]
    assert begun.wait(WAIT)
    for k, one in enumerate(changes[1:], start=1):
        threads.append(start(line, one, work))
        while len(line._waiting) < k:
            time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join(WAIT)
    assert groups == [["a"], ["b", "c", "d"]]
    assert [one.answer() for one in changes] == ["a", "b", "c", "d"]
    line.serve(change("e"), work)
    assert groups[2:] == [["e"]]


def test_who_was_served_together_comes_together_again_and_who_is_alone_waits_for_nobody():
    line, groups, spent = Line(1.0), [], []

    def work(group):
        groups.append(len(group))
        time.sleep(0.2)
        for one in group:
            one.outcome = ("done",)

    def client(name):
        for k in range(4):
            line.serve(change(f"{name}{k}"), work)

    threads = [threading.Thread(target=client, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert sum(groups) == 12
    assert groups.count(3) >= 3  # without a moment's patience each would be as many as come during the one before
    time.sleep(0.5)
    line.serve(change("e"), lambda group: work(group) or spent.append(time.monotonic()))
    began = time.monotonic()
    line.serve(change("f"), lambda group: spent.append(time.monotonic()) or work(group))
    assert spent[1] - began < 0.1
    assert groups[-2:] == [1, 1]


def test_who_waits_too_long_for_the_leader_or_for_the_turn_is_told_so_and_the_line_goes_on():
    line, begun, go = Line(0.05), threading.Event(), threading.Event()

    def work(group):
        begun.set()
        assert go.wait(WAIT)
        for one in group:
            one.outcome = ("done",)

    first = change("a")
    thread = start(line, first, work)
    assert begun.wait(WAIT)
    with pytest.raises(StoreError, match=r"busy for 0\.05 s"):
        line.serve(change("b", 0.05), work)
    go.set()
    thread.join(WAIT)
    late = change("c", 0.05)
    with line.turn(time.monotonic() + WAIT):
        line_thread = start(line, late, work)
        line_thread.join(WAIT)
    with pytest.raises(StoreError, match="busy"):
        late.answer()
    last = change("d")
    line.serve(last, work)
    assert (first.answer(), last.answer()) == ("done", "done")


def test_a_leader_who_is_interrupted_leaves_nobody_behind():
    line, begun, go = Line(1.0), threading.Event(), threading.Event()
    first, other = change("a"), change("b")

    def work(group):
        begun.set()
        assert go.wait(WAIT)
        raise KeyboardInterrupt

    def lead():
        with pytest.raises(KeyboardInterrupt):
            line.serve(first, work)

    thread = threading.Thread(target=lead)
    thread.start()
    assert begun.wait(WAIT)
    go.set()
    thread.join(WAIT)
    with pytest.raises(UnknownCommitError, match="unknown whether"):
        first.answer()
    line.serve(other, lambda group: setattr(group[0], "outcome", ("done",)))
    assert other.answer() == "done"


def test_a_change_made_from_within_the_work_is_done_at_once():
    line, seen = Line(1.0), []

    def work(group):
        seen.append([one.key for one in group])
        if len(seen) == 1:
            line.serve(change("inner"), work)
        for one in group:
            one.outcome = ("done",)

    line.serve(change("outer"), work)
    assert seen == [["outer"], ["inner"]]
