"""Who has least is next, and one tenant, or any two, never hold all of what there is."""

import asyncio
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.service.shares import Shares


def taken(shares, tenants):
    return "".join(tenant for tenant in tenants if shares.take(tenant))


@pytest.mark.parametrize(
    ("total", "most", "asking", "got"),
    [
        (3, 2, "aaabbbc", "abc"),
        (4, 2, "aaabbbccd", "aabc"),
        (4, 4, "aaaabbbbcd", "aabc"),
        (5, 4, "aaaabbbbcc", "aaabc"),
        (5, 2, "aabbbcc", "aabbc"),
        (2, 1, "aabbc", "ab"),
        (1, 1, "aab", "a"),
    ],
)
def test_two_tenants_leave_a_place_to_a_third(total, most, asking, got):
    assert taken(Shares(total, most), asking) == got


def test_who_has_least_is_next_and_of_those_who_came_first():
    shares, order = Shares(4, 3), []
    shares.take("a"), shares.take("a"), shares.take("b"), shares.take("c")
    held = [(name, shares.asked(name)) for name in ("a", "b", "d", "e")]
    for name, one in held:
        one.__enter__().add_done_callback(lambda _, name=name: order.append(name))
    for given_back in ("a", "c", "d"):
        shares.give_back(given_back)
    assert order == ["d", "e", "a"]


def test_who_asks_for_much_is_waited_for_but_not_where_its_own_share_is_used_up():
    shares = Shares(9, 6)
    shares.take("a", 5), shares.take("b", 2)
    with shares.asked("c", 3) as much, shares.asked("a", 4) as too_much, shares.asked("d", 1) as little:
        assert (much.done(), too_much.done(), little.done()) == (False, False, False)
        shares.give_back("b", 2)
        assert (much.done(), too_much.done(), little.done()) == (True, False, True)
    with shares.asked("d", 99) as most:  # more than there is for one counts as that
        assert not most.done()
        shares.give_back("a", 5)
        assert most.done()
        assert shares.of("d") == 6
    assert shares.n_held == 0


def test_who_goes_away_before_its_turn_holds_nothing_and_lets_the_next_one_in():
    async def drive():
        shares, order = Shares(1, 1), []

        async def hold(tenant):
            async with shares.held(tenant):
                order.append(tenant)
                await asyncio.sleep(0.01)

        first, second, third = (asyncio.create_task(hold(tenant)) for tenant in "abc")
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, third)
        with pytest.raises(asyncio.CancelledError):
            await second
        return order, shares.n_held

    assert asyncio.run(drive()) == (["a", "c"], 0)


def test_threads_that_come_and_go_never_hold_more_than_there_is():
    shares, held, wrong = Shares(4, 3), Counter(), []
    lock = threading.Lock()

    def work(tenant):
        for _ in range(200):
            with shares.asked(tenant) as one:
                one.result(20)
                with lock:
                    held[tenant] += 1
                    two = sum(count for _, count in held.most_common(2))
                    if held.total() > 4 or two > 3:
                        wrong.append(dict(held))
                with lock:
                    held[tenant] -= 1

    threads = [threading.Thread(target=work, args=(tenant,)) for tenant in "aaaabbbbcc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert shares.n_held == 0


@given(
    total=st.integers(3, 8), most=st.integers(1, 8), steps=st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()))
)
def test_a_tenant_that_holds_nothing_finds_a_place_beside_any_two(total, most, steps):
    shares, held = Shares(total, most), Counter()
    for tenant, takes in steps:
        if takes:
            held[tenant] += shares.take(tenant)
        elif held[tenant]:
            held[tenant] -= 1
            shares.give_back(tenant)
        assert held.total() == shares.n_held <= total
        assert max(held.values(), default=0) <= most
        if sum(1 for count in held.values() if count) <= 2:
            assert shares.has_room("third")
