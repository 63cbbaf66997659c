"""A thread beside the requests begins once, ends when it is told to, and can begin again."""

import threading

from support.until import until
from ticketopt.service.background import Background, each


def test_it_begins_once_ends_and_begins_again():
    begun = []

    def run():
        begun.append(threading.current_thread().name)
        thread.stop.wait()

    thread = Background("beside", run)
    thread.end()  # what has not begun has nothing to end
    for times in (1, 2):
        thread.begin()
        thread.begin()
        until(lambda times=times: len(begun) == times)
        thread.end()
        assert "beside" not in {one.name for one in threading.enumerate()}
    assert begun == ["beside", "beside"]


def test_each_has_its_turn_and_what_fails_is_told():
    done, failed = [], []

    def work(tenant):
        done.append(12 // len(tenant))

    each(["a", "", "bb"], work, lambda tenant, error: failed.append((tenant, type(error))))
    assert (done, failed) == ([12, 6], [("", ZeroDivisionError)])
