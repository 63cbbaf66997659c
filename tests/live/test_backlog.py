"""What waits, sorted: however it came about, the first of it are those of a backlog that is sorted anew."""

from hypothesis import example, given
from hypothesis import strategies as st

from ticketopt.live.backlog import Backlog, Entry, Kind
from ticketopt.live.queue_rows import Overlay

NOW = 100.0
ENTRIES = st.builds(
    Entry,
    st.sampled_from([Kind("x"), Kind("y"), Kind("x", 2, is_unit=False)]),
    st.tuples(st.sampled_from([-1.0, 0.0]), st.sampled_from([5.0, 99.0, 200.0, 300.0])),
)
FIRST = Entry(Kind("x"), (0.0, 5.0))
NAMES = st.sampled_from("abcdefghij")


def parse(name, row):
    return row


def brute(rows, kinds, room, always):
    """All of some kinds whose place is among the first `room` of their kind, or equals the last of these."""
    kept = {name for name in always if name in rows}
    for kind in kinds:
        places = {n: (e.place[0], min(NOW, e.place[1])) for n, e in rows.items() if e.kind == kind}
        last = sorted(places.values())[:room][-1]
        kept |= {name for name, place in places.items() if place <= last}
    return [name for name in rows if name in kept]


@example(base={}, steps=[{"a": None}, {"b": FIRST}, {"a": FIRST}], room=1, always=set())
@given(
    base=st.dictionaries(NAMES, ENTRIES),
    steps=st.lists(st.dictionaries(NAMES, st.none() | ENTRIES), max_size=4),
    room=st.integers(1, 4),
    always=st.sets(NAMES, max_size=2),
)
def test_the_first_are_those_of_a_backlog_sorted_anew(base, steps, room, always):
    backlog, rows, mark = Backlog(), Overlay(base), object()
    for step in [{}, *steps]:
        rows = rows.after(step)
        backlog.follow(rows, parse, mark)
        kinds = {entry.kind for entry in rows.values()}
        assert set(backlog.kinds) == kinds
        some = {kind for kind in kinds if kind.rules == "x"}
        assert backlog.first(kinds, room, NOW, always) == brute(dict(rows), kinds, room, always)
        assert backlog.first(some, room, NOW, always) == brute(dict(rows), some, room, always)
        assert backlog.first(some, None, NOW, always) == brute(dict(rows), some, 99, always)


def test_it_looks_only_at_what_has_changed_until_the_mark_does():
    seen = []

    def noted(name, row):
        seen.append(name)
        return row

    entry = Entry(Kind("x"), (0.0, 1.0))
    rows, backlog = Overlay(dict.fromkeys("abc", entry)), Backlog()
    backlog.follow(rows, noted, "one")
    backlog.follow(rows.after({"a": None, "d": entry}), noted, "one")
    assert seen == ["a", "b", "c", "d"]
    backlog.follow(rows, noted, "other")
    assert seen[4:] == ["a", "b", "c"]
    assert backlog.first([Kind("x")], 1, NOW, ()) == ["a", "b", "c"]
