"""The life of a ticket: changed, held, opened, taken and given by people, told by events of a helpdesk."""

import pytest

from ticketopt import Dispatcher, InvalidInputError, open_store
from ticketopt.intake.events import TicketEvent
from ticketopt.live.stores import STORES

ADA = {"agent_id": "ada", "skills": {"VPN": 9, "Printers": 3}, "capacity": 1}
BOB = {"agent_id": "bob", "skills": {"Printers": 8, "VPN": 4}, "capacity": 1}
NOW = 1.795e9


class Desk:
    """A queue with a clock."""

    def __init__(self, store, team=(ADA, BOB), **options):
        self.now = NOW
        self.queue = Dispatcher(store, clock=lambda: self.now, **options)
        self.queue.upsert_agents(list(team))

    def happens(self, ticket_id, at=None, **more):
        """An event so many seconds after the start."""
        self.now += 1
        return self.queue.apply([event(ticket_id, at, **more)])

    def row(self, name):
        return self.queue._store.snapshot("", tickets=[name]).tickets[name]

    def state_of(self, name):
        row = self.row(name)
        return row.state, row.agent_id

    def loads(self):
        return {name: agent.load for name, agent in self.queue.state().agents.items()}

    def kinds(self):
        return [entry.event.kind for entry in self.queue.events()]


def event(ticket_id, at=None, **more):
    return TicketEvent(ticket_id=ticket_id, at=None if at is None else NOW + at, **more)


def created(ticket_id, at=0, **fields):
    return {"ticket_id": ticket_id, "at": at, "stage": "new", "fields": {"title": "VPN drops", **fields}}


@pytest.fixture
def desk():
    desk = Desk(open_store("memory:"))
    yield desk
    assert desk.queue.check() == ()


@pytest.fixture(params=STORES)
def each_desk(request, new_url):
    store = open_store(new_url(request.param))
    desk = Desk(store)
    yield desk
    assert desk.queue.check() == ()
    getattr(store, "close", lambda: None)()


# Stages.


def test_a_ticket_comes_is_held_goes_on_is_solved_and_opens_again(each_desk):
    desk = each_desk
    assert desk.happens(**created("1")) == {"1": "ada"}
    assert desk.happens("1", 10, stage="held") == {"1": "ada"}
    assert (desk.state_of("1"), desk.loads()) == (("held", "ada"), {"ada": 1, "bob": 0})
    assert desk.happens("1", 20, stage="open") == {"1": "ada"}
    assert desk.happens("1", 30, stage="done", ended="solved") == {"1": None}
    assert (desk.state_of("1"), desk.row("1").data["ended"], desk.loads()["ada"]) == (("closed", "ada"), "solved", 0)
    assert desk.happens("1", 40, stage="open") == {"1": "ada"}
    assert "ended" not in desk.row("1").data
    assert desk.kinds()[2:] == ["assigned", "held", "resumed", "closed", "reopened", "assigned"]


@pytest.mark.parametrize("stage", ["new", "open", "held"])
def test_a_solved_ticket_is_open_again_whatever_open_stage_it_gets(desk, stage):
    desk.happens(**created("1"))
    desk.happens("1", 10, stage="done")
    desk.happens("1", 20, stage=stage)
    assert desk.state_of("1") == ("held" if stage == "held" else "assigned", "ada")
    assert desk.loads() == {"ada": 1, "bob": 0}


def test_a_reopened_ticket_waits_where_its_agent_is_full_and_nobody_else_can(desk):
    desk.queue.upsert_agents([{"agent_id": "bob", "availability_status": "off duty"}])
    desk.happens(**created("1"))
    desk.happens("1", 10, stage="done")
    assert desk.happens(**created("2")) == {"2": "ada"}
    assert desk.happens("1", 20, stage="open") == {"1": None}
    assert desk.queue.close("2") == {"1": "ada"}


@pytest.mark.parametrize("ended", ["solved", "closed", "deleted", "spam", "merged"])
def test_however_a_ticket_ends_its_agent_has_room(desk, ended):
    desk.happens(**created("1"))
    desk.happens(**created("0"))
    into = {"merged_into": "0"} if ended == "merged" else {}
    desk.happens("1", 10, stage="done", ended=ended, **into)
    assert desk.loads() == {"ada": 0, "bob": 1}
    assert desk.row("1").data["ended"] == ended
    assert desk.row("1").data.get("merged_into") == into.get("merged_into")
    assert desk.happens("1", 20, stage="open") == {"1": "ada"}  # undeleted


def test_a_held_ticket_that_does_not_count_leaves_room_and_may_be_too_much_afterwards():
    desk = Desk(open_store("memory:"), [ADA], policy={"held_counts": False})
    desk.happens(**created("1"))
    assert desk.happens(**created("2")) == {"2": None}
    assert desk.happens("1", 10, stage="held") == {"1": "ada", "2": "ada"}
    assert desk.loads() == {"ada": 1}
    desk.happens("1", 20, stage="open")
    assert desk.loads() == {"ada": 2}
    desk.happens("1", 30, stage="held")
    desk.happens("1", 40, stage="done")
    assert desk.loads() == {"ada": 1}
    assert desk.queue.check() == ()


def test_a_ticket_on_hold_without_an_agent_is_not_planned_until_it_is_open(desk):
    assert desk.happens(**{**created("1"), "stage": "held"}) == {"1": None}
    assert desk.queue.submit([]) == {}
    assert desk.queue.rebalance() == {}
    assert desk.happens("1", 5, stage="open") == {"1": "ada"}


def test_held_by_hand_and_opened_again(desk):
    desk.queue.submit([{"ticket_id": "1", "title": "VPN"}])
    assert desk.queue.hold("1") == {}
    assert desk.queue.hold("1") == {}
    assert desk.state_of("1") == ("held", "ada")
    assert desk.queue.reopen("1") == {"1": "ada"}
    desk.queue.hold("1")
    assert desk.queue.reassign("1", "bob") == {"1": "bob"}
    assert (desk.state_of("1"), desk.loads()) == (("assigned", "bob"), {"ada": 0, "bob": 1})
    desk.queue.close("1")
    with pytest.raises(InvalidInputError, match="is closed; reopen"):
        desk.queue.hold("1")


# Times.


def test_a_close_before_the_create_is_remembered(desk):
    assert desk.happens("1", 10, stage="done", ended="deleted") == {"1": None}
    assert desk.happens(**created("1")) == {"1": None}
    assert desk.state_of("1") == ("closed", None)
    assert desk.happens("1", 20, stage="open") == {"1": "ada"}
    assert desk.row("1").data["skills"] == {"VPN": 1.0}  # what the late create said


def test_what_is_older_changes_nothing(desk):
    desk.happens(**created("1", 100, priority="high"))
    before = desk.row("1").data
    desk.happens("1", 50, stage="done", fields={"priority": "low", "title": "Printer"})
    assert desk.state_of("1") == ("assigned", "ada")
    assert (desk.row("1").data["skills"], desk.row("1").data["urgency"]) == (before["skills"], before["urgency"])


def test_single_changes_in_the_wrong_order_add_up(desk):
    desk.happens(**created("1"))
    desk.happens("1", 30, fields={"title": "The printer is jammed"})
    desk.happens("1", 20, fields={"priority": "critical"})
    assert (desk.row("1").data["skills"], desk.row("1").data["urgency"]) == ({"Printers": 1.0}, 1.0)


def test_new_undoes_no_other_stage_of_the_same_moment_and_anything_else_does(desk):
    desk.happens("1", 10, stage="done")
    desk.happens(**created("1", 10))
    assert desk.state_of("1")[0] == "closed"
    desk.happens("1", 10, stage="open")
    assert desk.state_of("1")[0] == "assigned"


def test_an_event_sent_again_is_the_same_event(desk):
    desk.happens(**created("1"), event_id="a")
    desk.happens("1", event_id="b", stage="done")
    desk.happens("1", event_id="c", stage="open")
    version = desk.queue.state().version
    assert desk.happens("1", event_id="b", stage="done") == {"1": "ada"}
    assert desk.queue.state().version == version
    desk.happens("1", 9e6, fields={"priority": "low"})
    desk.happens("1", 9e6, fields={"priority": "high"})
    desk.happens("1", 9e6, fields={"priority": "low"})
    assert desk.row("1").data["urgency"] == 0.7


def test_an_event_without_a_time_happened_when_it_came_and_equal_ones_may_come_back(desk):
    first = {"ticket_id": "77", "stage": "open", "fields": {"title": "Printer jams"}}
    for stage, state in (("open", "assigned"), ("done", "closed"), ("open", "assigned")):
        desk.happens(**{**first, "stage": stage})
        assert desk.state_of("77")[0] == state


def test_a_change_by_hand_is_newer_than_what_a_late_event_says(desk):
    desk.happens(**created("1"))
    desk.now += 1000
    desk.queue.close("1")
    desk.happens("1", 50, stage="open")
    assert desk.state_of("1")[0] == "closed"
    desk.queue.change([{"ticket_id": "1", "priority": "high"}])
    desk.happens("1", 60, fields={"priority": "low"})
    assert desk.row("1").data["urgency"] == 0.7


# People.


def test_a_person_s_assignment_is_pinned_and_counts(desk):
    desk.happens(**created("1"))
    assert desk.happens("1", 10, assignee="bob", says_assignee=True) == {"1": "bob"}
    assert desk.loads() == {"ada": 0, "bob": 1}
    assert desk.row("1").data["ticket"]["pinned_agent"] == "bob"
    assert desk.queue.rebalance() == {}
    assert desk.happens("1", 20, assignee="bob", says_assignee=True, stage="open") == {"1": "bob"}
    assert desk.happens("1", 30, says_assignee=True) == {"1": "ada"}  # nobody, there: it waits, and is given anew


def test_events_that_repeat_the_assignee_move_nothing(desk):
    desk.happens(**created("1"), says_assignee=True)
    desk.happens("1", 10, says_assignee=True, stage="open")  # nobody there, as before: ours here
    assert desk.state_of("1") == ("assigned", "ada")
    desk.happens("1", 20, assignee="bob", says_assignee=True)
    desk.queue.reassign("1", "ada")
    desk.happens("1", 5000, assignee="bob", says_assignee=True, fields={"priority": "high"})
    assert desk.state_of("1") == ("assigned", "ada")


def test_somebody_outside_the_team_takes_nobody_s_room(desk):
    desk.happens(**created("1"))
    assert desk.happens("1", 10, assignee="zoe", says_assignee=True) == {"1": None}
    assert (desk.state_of("1"), desk.loads()["ada"]) == (("held", None), 0)
    assert desk.row("1").data["outside"] == "zoe"
    desk.happens("1", 15, stage="open")
    desk.queue.rebalance()
    assert desk.state_of("1") == ("held", None)
    assert desk.happens("1", 20, says_assignee=True) == {"1": "ada"}
    desk.happens("1", 30, assignee="zoe", says_assignee=True)
    assert desk.queue.reopen("1") == {"1": "ada"}


def test_assigned_there_on_creation_and_while_it_waits(desk):
    assert desk.happens(**created("1"), assignee="bob", says_assignee=True) == {"1": "bob"}
    desk.happens(**created("2"))
    assert desk.happens(**created("3")) == {"3": None}
    assert desk.happens("3", 10, assignee="bob", says_assignee=True, stage="open") == {"3": "bob"}
    assert desk.loads() == {"ada": 1, "bob": 2}


def test_unassigned_it_waits_and_goes_to_somebody_else(desk):
    desk.queue.submit([{"ticket_id": "1", "title": "VPN"}])
    desk.queue.reassign("1", "ada")
    assert desk.queue.unassign("1") == {"1": "bob"}
    desk.queue.pause("ada")
    assert desk.queue.unassign("1") == {"1": None}
    assert desk.queue.unassign("1") == {"1": None}
    assert desk.loads() == {"ada": 0, "bob": 0}
    assert desk.queue.submit([]) == {"1": "bob"}


# Changes.


def test_a_waiting_ticket_whose_priority_is_raised_goes_first(each_desk):
    desk = each_desk
    for name in "ab":
        desk.happens(**created(name))
    desk.happens(**created("low", priority="low", title="Printer toner"))
    desk.happens(**created("normal", priority="medium", title="VPN slow"))
    assert desk.queue.change([{"ticket_id": "low", "priority": "critical"}]) == {"low": None}
    assert desk.queue.close("a") == {"low": "ada"}
    assert desk.row("low").data["skills"] == {"Printers": 1.0}


def test_a_known_ticket_that_is_submitted_again_is_changed(desk):
    for name in "ab":
        desk.queue.submit([{"ticket_id": name, "title": "VPN"}])
    desk.queue.submit([{"ticket_id": "c", "title": "Printer", "priority": "low"}])
    version = desk.queue.state().version
    assert desk.queue.submit([{"ticket_id": "c", "title": "Printer", "priority": "low"}]) == {"c": None}
    assert desk.queue.state().version == version
    desk.queue.submit([{"ticket_id": "c", "priority": "critical"}])
    assert (desk.row("c").data["urgency"], desk.row("c").data["skills"]) == (1.0, {"Printers": 1.0})
    desk.queue.submit([{"ticket_id": "c", "title": "VPN gateway"}])
    assert (desk.row("c").data["urgency"], desk.row("c").data["skills"]) == (1.0, {"VPN": 1.0})


def test_a_ticket_that_has_an_agent_stays_and_takes_what_it_takes_now(desk):
    desk.queue.submit([{"ticket_id": "a", "title": "VPN"}])
    assert desk.queue.change([{"ticket_id": "a", "title": "Printer", "effort": 3}]) == {"a": "ada"}
    assert (desk.loads(), desk.row("a").data["skills"]) == ({"ada": 3, "bob": 0}, {"Printers": 1.0})
    assert desk.kinds()[-1] == "changed"
    desk.queue.set_capacity("bob", 5)
    assert desk.queue.rebalance() == {"a": "bob"}


def test_none_brings_a_field_back_and_what_is_left_out_stays(desk):
    desk.queue.submit([{"ticket_id": "a", "title": "VPN", "priority": "high", "language": "de", "effort": 2}])
    desk.queue.change([{"ticket_id": "a", "language": None}])
    row = desk.row("a").data
    assert (row["ticket"]["language"], row["ticket"]["effort"], row["urgency"]) == (None, 2, 0.7)
    desk.queue.change([{"ticket_id": "a", "priority": None, "effort": None}])
    assert (desk.row("a").data["urgency"], desk.row("a").data["ticket"]["effort"]) == (0.4, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ticket_id": "a", "priorty": "high"}, "is not a field of tickets; did you mean 'priority'"),
        ({"ticket_id": "a", "priority": "quickly"}, "is not known"),
        ({"ticket_id": "a", "pinned_agent": "zoe"}, "'zoe' is not in the team"),
        ({"ticket_id": "zz"}, "'zz' is not in the queue"),
        ({"priority": "low"}, "ticket_id"),
    ],
)
def test_a_change_that_cannot_be_is_an_error_and_changes_nothing(desk, change, words):
    desk.queue.submit([{"ticket_id": "a", "title": "VPN"}])
    before = desk.queue.state()
    with pytest.raises(InvalidInputError, match=words):
        desk.queue.change([change])
    assert desk.queue.state() == before


def test_what_an_event_says_and_cannot_be_read_counts_as_not_said(desk):
    fields = {"priority": "Dringend", "created": 5, "customer": {"name": "x"}, "due": "soon", "pinned_agent": "zoe"}
    assert desk.happens("1", 0, stage="new", fields={"title": "VPN", **fields, "language": "de"}) == {"1": "ada"}
    assert desk.row("1").data["ticket"]["language"] == "de"


def test_a_pin_that_an_event_forbids_blocks_nobody(desk):
    desk.queue.submit([{"ticket_id": "a", "title": "VPN", "pinned_agent": "ada"}, {"ticket_id": "b", "title": "VPN"}])
    desk.queue.pause("ada")
    desk.queue.unassign("a")
    desk.queue.change([{"ticket_id": "a", "pinned_agent": "ada"}])
    desk.happens("a", fields={"excluded_agents": ["ada"]})
    desk.queue.close("b")
    assert desk.state_of("a") == ("assigned", "bob")


@pytest.mark.parametrize(
    ("more", "words"),
    [({"ticket_id": " "}, "is empty"), ({"at": "now"}, "not a number"), ({"stage": "solved"}, "'solved' is not known")],
)
def test_an_event_that_is_none_is_an_error(desk, more, words):
    with pytest.raises(InvalidInputError, match=words):
        desk.queue.apply([TicketEvent(**{"ticket_id": "1", **more})])
    with pytest.raises(InvalidInputError, match="is not a TicketEvent"):
        desk.queue.apply([{"ticket_id": "1"}])


# The team.


def test_what_is_left_out_of_a_known_agent_stays(each_desk):
    desk = each_desk
    desk.queue.upsert_agents([{"agent_id": "ada", "name": "Ada L."}])
    desk.queue.upsert_agents([{"agent_id": "bob", "availability_status": "lunch"}])
    ada, bob = (desk.queue.state().agents[name].data for name in ("ada", "bob"))
    assert (ada["name"], ada["skills"], ada["capacity"]) == ("Ada L.", {"VPN": 9.0, "Printers": 3.0}, 1)
    assert (bob["availability_status"], bob["skills"]) == ("lunch", {"Printers": 8.0, "VPN": 4.0})
    desk.queue.upsert_agents([{"agent_id": "ada", "skills": None, "capacity": None, "current_load": 4}])
    ada = desk.queue.state().agents["ada"]
    assert (ada.data["skills"], ada.data["capacity"], ada.data["name"], ada.load) == ({}, None, "Ada L.", 0)


def test_an_agent_who_is_removed_leaves_nothing_behind(each_desk):
    desk = each_desk
    desk.queue.submit([{"ticket_id": "a", "title": "VPN"}, {"ticket_id": "b", "title": "Printer"}])
    desk.queue.submit([{"ticket_id": "c", "title": "VPN", "pinned_agent": "ada", "previous_agent": "ada"}])
    desk.queue.hold("a")
    assert desk.queue.remove_agent("ada") == {"a": None}
    assert list(desk.queue.state().agents) == ["bob"]
    assert desk.state_of("a") == ("held", None)
    assert desk.row("c").data["ticket"]["pinned_agent"] is None
    assert desk.queue.close("b") == {"c": "bob"}
    desk.queue.upsert_agents([{**ADA, "current_load": 1}])
    assert desk.loads() == {"bob": 1, "ada": 1}
    assert desk.queue.remove_agent("ada") == {}
    with pytest.raises(InvalidInputError, match="'ada' is not in the team"):
        desk.queue.remove_agent("ada")


def test_a_closed_ticket_of_an_agent_who_has_gone_opens_again(desk):
    desk.queue.submit([{"ticket_id": "a", "title": "VPN"}])
    desk.queue.reassign("a", "ada")
    desk.queue.close("a")
    desk.queue.remove_agent("ada")
    desk.queue.explain("a")
    assert desk.queue.reopen("a") == {"a": "bob"}


def test_a_load_edited_to_less_than_its_tickets_take_fails_no_close(tmp_path):
    path = tmp_path / "agent_state.json"
    desk = Desk(open_store(f"json:{path}"))
    desk.queue.submit([{"ticket_id": "a", "title": "VPN"}, {"ticket_id": "b", "title": "Printer"}])
    path.write_text(path.read_text().replace('"current_load": 1', '"current_load": 0'))
    assert desk.loads() == {"ada": 0, "bob": 0}
    desk.queue.close("a")
    desk.queue.remove_agent("bob")
    assert desk.loads()["ada"] in (0, 1)
    assert desk.queue.check() == ()


def test_shifts_that_are_over_or_turned_round_block_nobody(desk):
    desk.queue.upsert_agents([{"agent_id": "ada", "shift_start": NOW + 9e5, "shift_end": NOW - 9e5}])
    desk.queue.upsert_agents([{"agent_id": "bob", "shift_end": NOW - 1}])
    assert desk.queue.submit([{"ticket_id": "a", "title": "VPN"}]) == {"a": None}
    assert desk.queue.upsert_agents([{"agent_id": "bob", "shift_end": None}]) == {"a": "bob"}
    desk.queue.close("a")
