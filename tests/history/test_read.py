"""`read_history`: what bites in real logs, one small log each; and the doors that a log comes in by."""

from __future__ import annotations

import gzip
import itertools
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import ticketopt
from support.read_logs import notes, read, stints
from support.spreadsheet import write_xlsx
from ticketopt.history.history import History

AUDIT = """ticket,time,agent,status,group,category
1,2026-01-19 09:00,,New,IT,VPN
1,2026-01-19 09:10,Ada,In Progress,IT,VPN
1,2026-01-19 10:00,Ben,In Progress,IT,Mail
1,2026-01-19 11:00,Ben,Resolved,IT,Mail
2,2026-01-19 09:05,Ada,Open,HR,Mail
2,2026-01-20 09:05,Ada,Resolved,HR,Mail
"""


def names(history: History, field: str) -> list[str]:
    values = {"kind": history.kinds, "group": history.groups, "priority": history.priorities}[field]
    return [values[k] if k >= 0 else "" for k in getattr(history.tickets, field)]


class TestOrder:
    def test_the_number_of_the_change_counts_where_minutes_tie(self) -> None:
        rows = [
            "INC1,New,0,19/01/2026 09:00,?",
            "INC1,Active,1,19/01/2026 09:00,7",
            "INC1,Active,2,19/01/2026 09:00,8",
            "INC1,Resolved,3,19/01/2026 09:30,8",
        ]
        for order in itertools.permutations(rows):
            text = "\n".join(("number,incident_state,sys_mod_count,sys_updated_at,assigned_to", *order))
            history = read(text, dispatch_seconds=0)
            assert stints(history) == [("INC1", "7", 0, 0, 0, "PASSED"), ("INC1", "8", 1, 0, 30, "RESOLVED")]

    def test_numbers_that_contradict_the_clock_count_and_are_said(self) -> None:
        text = "ticket,time,agent,status,seq\n1,2026-01-19 09:10,Ada,Open,0\n1,2026-01-19 09:00,Ada,Resolved,1\n"
        history = read(text)
        assert stints(history) == [("1", "Ada", 0, 0, 0, "RESOLVED")]
        assert notes(history)["order"] == 1

    def test_rows_may_stand_in_any_order(self) -> None:
        head, *rows = AUDIT.splitlines()
        random.Random(1).shuffle(rows)
        assert stints(read("\n".join((head, *rows)))) == stints(read(AUDIT))

    def test_a_log_with_the_latest_row_first_is_read_from_the_last_row_up_where_times_tie(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 10:00,Ben,Resolved\n1,2026-01-19 09:00,Ben,Open\n"
            "1,2026-01-19 09:00,Ada,Open\n1,2026-01-19 08:00,,New\n"
        )
        assert stints(read(text, dispatch_seconds=0)) == [
            ("1", "Ada", 0, 60, 60, "PASSED"),
            ("1", "Ben", 1, 60, 120, "RESOLVED"),
        ]


class TestStints:
    def test_of_a_small_log(self) -> None:
        assert stints(read(AUDIT)) == [
            ("1", "Ada", 0, 10, 60, "PASSED"),
            ("1", "Ben", 1, 60, 120, "RESOLVED"),
            ("2", "Ada", 0, 5, 1445, "RESOLVED"),
        ]

    @pytest.mark.parametrize("nobody", ["?", "-", "Unassigned", "(blank)", "Support", "n/a"])
    def test_words_for_nobody_have_no_stint(self, nobody: str) -> None:
        text = f"ticket,time,agent,status\n1,2026-01-19 09:00,{nobody},Open\n1,2026-01-19 09:05,Ada,Open\n"
        history = read(text)
        assert history.agents == ("Ada",)
        assert stints(history) == [("1", "Ada", 0, 5, 5, "OPEN")]

    def test_a_desk_is_a_person_where_the_caller_says_so(self) -> None:
        text = "ticket,time,agent,status\n1,2026-01-19 09:00,Support,Open\n1,2026-01-19 09:05,Support,Resolved\n"
        assert notes(read(text))["no person"] == 2
        assert read(text, system_actors=[]).agents == ("Support",)

    def test_one_name_in_two_spellings_is_one_agent(self) -> None:
        text = "ticket,time,agent,status\n1,2026-01-19 09:00,Ada Ray,Open\n1,2026-01-19 10:00,ADA  ray,Resolved\n"
        assert stints(read(text)) == [("1", "Ada Ray", 0, 0, 60, "RESOLVED")]

    def test_an_agent_is_missing_for_a_row_within_a_stint(self) -> None:
        text = (
            "ticket,time,agent,status,group\n1,2026-01-19 09:00,Ada,Open,IT\n1,2026-01-19 09:10,,Open,IT\n"
            "1,2026-01-19 10:00,Ada,Resolved,IT\n"
        )
        history = read(text, empty_agent="nobody")
        assert stints(history) == [("1", "Ada", 0, 0, 60, "RESOLVED")]
        assert notes(history)["missing agent"] == 1

    def test_who_hands_a_ticket_to_another_group_has_passed_it_on(self) -> None:
        text = (
            "ticket,time,agent,status,group\n1,2026-01-19 09:00,Ada,Open,IT\n1,2026-01-19 09:10,,Open,HR\n"
            "1,2026-01-19 10:00,Ada,Open,IT\n1,2026-01-19 11:00,Ada,Resolved,IT\n"
        )
        assert stints(read(text, empty_agent="nobody")) == [
            ("1", "Ada", 0, 0, 10, "PASSED"),
            ("1", "Ada", 1, 60, 120, "RESOLVED"),
        ]

    def test_agents_may_be_written_only_where_they_change(self) -> None:
        rows = [f"{k},2026-01-19 09:{m:02},{a},{s}" for k in range(6) for m, a, s in ((0, "Ada", "Open"), (5, "", "Pending"), (9, "", "Resolved"))]  # fmt: skip  # noqa: E501
        text = "\n".join(("ticket,time,agent,status", *rows))
        history = read(text)
        assert stints(history) == [(str(k), "Ada", 0, 0, 9, "RESOLVED") for k in range(6)]
        assert "empty cells" in notes(history)
        assert {row[5] for row in stints(read(text, empty_agent="nobody"))} == {"PASSED"}

    def test_a_desk_that_gets_a_ticket_takes_it_from_its_agent_where_only_changes_are_written(self) -> None:
        steps = (
            (0, "Ada", "Open"),
            (5, "", "Pending"),
            (6, "Support", "Open"),
            (7, "", "Open"),
            (9, "Ben", "Resolved"),
        )
        rows = [f"{k},2026-01-19 09:{m:02},{a},{s}" for k in range(3) for m, a, s in steps]
        found = stints(read("\n".join(("ticket,time,agent,status", *rows))))
        assert found[:2] == [("0", "Ada", 0, 0, 6, "PASSED"), ("0", "Ben", 1, 9, 9, "RESOLVED")]

    def test_who_passes_on_within_the_first_minute_dispatched(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 09:00:00,Disp,Open\n1,2026-01-19 09:00:40,Ada,Open\n"
            "1,2026-01-19 09:30:00,Ada,Resolved\n"
        )
        history = read(text)
        assert [row[:3] for row in stints(history)] == [("1", "Ada", 0)]
        assert notes(history)["dispatch"] == 1
        assert [row[1] for row in stints(read(text, dispatch_seconds=40))] == ["Disp", "Ada"]

    def test_who_first_appears_in_the_resolution_has_a_stint_of_no_length(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 09:00,,New\n1,2026-01-19 09:30,Ada,Resolved\n"
            "2,2026-01-19 09:00,Ben,Open\n2,2026-01-19 09:30,Ada,Resolved\n"
        )
        history = read(text, empty_agent="nobody")
        assert stints(history) == [
            ("1", "Ada", 0, 30, 30, "RESOLVED"),
            ("2", "Ben", 0, 0, 30, "PASSED"),
            ("2", "Ada", 1, 30, 30, "RESOLVED"),
        ]
        assert notes(history)["unseen start"] == 2
        assert [row[1] for row in stints(read(text, resolved_at_once=False))] == ["Ben"]

    def test_a_ticket_may_be_opened_again(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 09:00,Ada,Open\n1,2026-01-19 09:30,Ada,Resolved\n"
            "1,2026-01-19 09:40,Ada,Reopened\n1,2026-01-19 10:00,Ada,Closed\n1,2026-01-19 10:30,Ada,Closed\n"
        )
        history = read(text)
        assert stints(history) == [("1", "Ada", 0, 0, 30, "RESOLVED"), ("1", "Ada", 1, 40, 60, "RESOLVED")]
        assert history.tickets.reopened.tolist() == [1]
        assert history.tickets.resolved[0] == history.begin + 3600

    def test_pending_from_the_first_minute_and_until_the_end(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 09:00,Ada,Pending\n1,2026-01-19 09:30,Ada,Open\n"
            "1,2026-01-19 09:40,Ada,On Hold\n1,2026-01-19 09:45,Ada,Pending\n1,2026-01-19 10:00,Ada,Resolved\n"
            "2,2026-01-19 09:00,Ben,Pending\n"
        )
        history = read(text)
        pauses = history.pauses
        assert pauses.stint.tolist() == [0, 0, 1]
        assert ((pauses.start - history.begin) / 60).tolist() == [0, 40, 0]
        assert ((pauses.end - history.begin) / 60).tolist() == [30, 60, 60]


class TestEdges:
    def test_open_stints_end_where_the_log_ends(self) -> None:
        text = (
            "ticket,time,agent,status\n1,2026-01-19 09:00,Ada,Open\n"
            "2,2026-01-19 09:00,Ben,Open\n2,2026-01-19 10:00,Ben,Closed\n"
        )
        assert stints(read(text))[0] == ("1", "Ada", 0, 0, 60, "OPEN")
        assert stints(read(text, now="2026-01-19T12:00:00Z"))[0] == ("1", "Ada", 0, 0, 180, "OPEN")

    def test_rows_after_now_are_set_aside(self) -> None:
        history = read(AUDIT, now=datetime(2026, 1, 19, 10, 30, tzinfo=UTC))
        assert stints(history) == [
            ("1", "Ada", 0, 10, 60, "PASSED"),
            ("1", "Ben", 1, 60, 90, "OPEN"),
            ("2", "Ada", 0, 5, 90, "OPEN"),
        ]
        assert notes(history)["set aside"] == 2
        assert np.isnan(history.tickets.resolved).all()

    def test_what_was_open_when_the_log_began_is_said_to_be_missing(self) -> None:
        rows = [f"{k},2026-01-{d:02} 09:00,Ada,{s}" for k in range(20) for d, s in ((k + 1, "Open"), (k + 4, "Done"))]
        text = "\n".join(("ticket,time,agent,status", *rows))
        edge = [note for note in read(text).notes if note.topic == "left edge"]
        assert "is missing" in edge[0].text
        older = "\n".join(["ticket,time,agent,status,created", *(f"{row},2026-01-01 08:00" for row in rows[:20])])
        edge = [note for note in read(older).notes if note.topic == "left edge"]
        assert edge[0].count == 10

    def test_tickets_that_were_closed_in_bulk_are_counted(self) -> None:
        rows = [f"{k},2026-01-19 {t},Ada,{s}" for k in range(12) for t, s in (("09:00", "Open"), ("23:00", "Done"))]
        assert notes(read("\n".join(("ticket,time,agent,status", *rows))))["bulk closing"] == 12
        assert "bulk closing" not in notes(read("\n".join(("ticket,time,agent,status", *rows[:18]))))


class TestFuture:
    def test_the_kind_is_what_was_known_first(self) -> None:
        assert names(read(AUDIT), "kind") == ["VPN", "Mail"]

    def test_a_kind_that_is_filled_in_later_is_the_first_that_is(self) -> None:
        text = (
            "ticket,time,agent,status,category\n1,2026-01-19 09:00,Ada,Open,\n1,2026-01-19 09:10,Ada,Open,VPN\n"
            "1,2026-01-19 09:20,Ada,Done,Mail\n2,2026-01-19 09:00,Ada,Open,\n2,2026-01-19 09:10,Ada,Done,\n"
        )
        history = read(text)
        assert names(history, "kind") == ["VPN", ""]
        assert notes(history)["late"] == 1

    def test_what_servicenow_writes_into_every_row_at_the_end_is_no_column(self) -> None:
        head = "number,incident_state,sys_mod_count,sys_updated_at,assigned_to"
        rows = [
            f"{k},{s},{m},19/01/2026 09:0{m},7,20/01/2026 10:00,{k % 2},{k % 2},{('Phone', 'Mail')[k % 2]}"
            for k in range(8)
            for m, s in enumerate(("Active", "Resolved"))
        ]
        head += ",resolved_at,closed_code,made_sla,contact_type"
        history = read("\n".join((head, *rows)))
        assert list(history.tickets.columns) == ["contact_type"]
        assert history.mapped["resolved_at"] == ""
        assert (history.tickets.resolved == history.begin + 60).all()


class TestPeople:
    def rows(self, n: int = 600, own: float = 0.4, seed: int = 0) -> str:
        """A log in which every column has names of its own, and a program changes much."""
        draw = random.Random(seed)
        updated, resolved = (draw.sample(range(1000, 2000), 12) for _ in range(2))
        opened = draw.sample(range(1000, 2000), 12)
        lines = [
            "number,incident_state,sys_mod_count,sys_updated_at,sys_updated_by,assigned_to,opened_by,resolved_by,opened_at"
        ]
        for k in range(n):
            agent = draw.randrange(12)
            opener = opened[agent] if draw.random() < own else draw.randrange(5000, 5050)
            day = f"{k // 48 + 1:02}/01/2026 {k % 24:02}"
            by = (5000, updated[agent], updated[agent], 900)
            for m, (state, who) in enumerate(zip(("New", "Active", "Resolved", "Closed"), by, strict=True)):
                holder = agent if m else "?"
                lines.append(f"{k},{state},{m},{day}:1{m},{who},{holder},{opener},{resolved[agent]},{day}:00")
        return "\n".join(lines)

    def test_pseudonyms_that_differ_by_column_are_linked_by_counting(self) -> None:
        history = read(self.rows())
        assert len(history.agents) == 12
        counts = np.bincount(history.actions.agent, minlength=12)
        assert counts.sum() == 1200, "who made the change, as the agent"
        assert (history.actions.agent == history.stints.agent[history.actions.ticket]).all()
        assert 0.35 < history.tickets.own.mean() < 0.45
        assert sorted(note.text[:10] for note in history.notes if note.topic == "pseudonyms") == [
            "opened_by ",
            "resolved_b",
            "sys_update",
        ]

    def test_a_program_is_found_by_its_share_and_by_meeting_nobody_in_particular(self) -> None:
        assert notes(read(self.rows()))["system actor"] == 600

    def test_nothing_is_linked_where_names_know_nothing_of_each_other(self) -> None:
        draw = random.Random(3)
        lines = ["ticket,time,agent,status,opened by"]
        lines += [
            f"{k},2026-01-19 0{m}:00,{agent},{state},{opener}"
            for k in range(300)
            for agent, opener in [(draw.randrange(10), draw.randrange(500, 510))]
            for m, state in ((1, "Open"), (2, "Done"))
        ]
        history = read("\n".join(lines))
        assert not history.tickets.own.any()
        assert "pseudonyms" not in notes(history)

    def test_tickets_that_their_opener_kept_begin_with_their_opening(self) -> None:
        text = (
            "ticket,time,agent,status,created,created by\n1,2026-01-19 09:00,Ada,Open,2026-01-19 08:30,Ada\n"
            "1,2026-01-19 09:30,Ada,Done,2026-01-19 08:30,Ada\n2,2026-01-19 09:00,Ada,Open,2026-01-19 08:40,Ben\n"
        )
        history = read(text)
        assert history.tickets.own.tolist() == [True, False]
        assert [row[3] for row in stints(history)] == [-30, 0]
        assert history.routed.tolist() == [False, True]
        assert not read(text, own_tickets="none").tickets.own.any()
        assert read(text, own_tickets=["2"]).tickets.own.tolist() == [False, True]

    def test_people_of_one_name_are_told_apart_by_their_country(self) -> None:
        text = (
            "case,time,status,sub_status,owner,owner_country,support_team\n"
            "1,2026-01-19 09:00,Accepted,In Progress,Eva,France,V1\n"
            "1,2026-01-19 10:00,Accepted,In Progress,Eva,Sweden,V1\n"
            "1,2026-01-19 11:00,Completed,Resolved,Eva,Sweden,V1\n"
        )
        assert [row[1] for row in stints(read(text))] == ["Eva (France)", "Eva (Sweden)"]


class TestWhatCannotBeRead:
    def test_is_set_aside_counted_and_shown(self) -> None:
        text = (
            AUDIT
            + "3,yesterday,Ada,Open,IT,VPN\n,2026-01-19 09:00,Ada,Open,IT,VPN\n4,2026-01-19 09:00,Ada,Dancing,IT,VPN\n"
        )
        history = read(text)
        assert history.tickets.ids == ("1", "4", "2")
        aside = [note for note in history.notes if note.topic == "set aside"]
        assert [note.count for note in aside] == [1, 1]
        assert "row 7" in aside[1].text and "row 8" in aside[0].text
        assert notes(history)["unknown status"] == 1

    def test_rows_wider_than_the_headings_are_set_aside(self) -> None:
        text = AUDIT + '3,2026-01-19 09:00,Ada,Open,IT,VPN,"too, much"\n'
        history = read(text)
        assert history.tickets.ids == ("1", "2")
        assert notes(history)["set aside"] == 1

    def test_every_mistake_in_the_arguments_is_one_error(self) -> None:
        with pytest.raises(ticketopt.InvalidInputError) as caught:
            read(
                AUDIT,
                kind_of_log="x",
                zone="Mars",
                statuses={"a": "b"},
                own_tickets="y",  # type: ignore[arg-type]
                dispatch_seconds=-1,
                empty_agent="z",
            )
        paths = {issue.path for issue in caught.value.issues}
        assert paths == {"kind_of_log", "zone", "statuses['a']", "own_tickets", "dispatch_seconds", "empty_agent"}

    def test_every_mistake_about_columns_is_one_error(self) -> None:
        with pytest.raises(ticketopt.InvalidInputError) as caught:
            read(AUDIT, columns={"no such": "agent", "status": "colour", "group": "kind", "category": "kind"})
        assert len(caught.value.issues) == 3

    def test_a_log_without_ids_names_its_headings(self) -> None:
        with pytest.raises(ticketopt.InvalidInputError, match=r"'when', 'who'; say which it is: columns="):
            read("when,who\n2026-01-19 09:00,Ada\n")

    def test_days_and_months_that_cannot_be_told_apart_are_asked_for(self) -> None:
        text = "ticket,time,agent,status\n1,03/05/2026 09:00,Ada,Open\n1,03/05/2026 10:00,Ada,Done\n"
        with pytest.raises(ticketopt.InvalidInputError, match="day_first"):
            read(text)
        assert stints(read(text, day_first=True)) == [("1", "Ada", 0, 0, 60, "RESOLVED")]

    @pytest.mark.parametrize("source", [5, [5], {"a": 5}, b"[1, 2]", b"\x1f\x8bnot packed"])
    def test_what_is_no_log_is_an_error(self, source: object) -> None:
        with pytest.raises(ticketopt.InvalidInputError):
            ticketopt.read_history(source)

    @pytest.mark.parametrize("source", [b"", b"\n\n", AUDIT.splitlines()[0].encode(), [], b"[]"])
    def test_an_empty_log_is_an_empty_history(self, source: object) -> None:
        history = ticketopt.read_history(source)
        assert (len(history.tickets), len(history.stints), history.agents) == (0, 0, ())
        assert "0 tickets, 0 stints of 0 agents" in repr(history)


class TestDoors:
    def test_all_lead_to_the_same_history(self, tmp_path: Path) -> None:
        pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
        want = stints(read(AUDIT))
        (tmp_path / "log.csv").write_text(AUDIT)
        (tmp_path / "log.csv.gz").write_bytes(gzip.compress(AUDIT.encode()))
        (tmp_path / "log.tsv").write_text(AUDIT.replace(",", "\t"))
        frame = pandas.read_csv(tmp_path / "log.csv", parse_dates=["time"])
        frame.to_json(tmp_path / "log.json", orient="records", date_format="iso")
        frame.to_json(tmp_path / "log.jsonl", orient="records", lines=True, date_format="iso")
        for name in ("log.csv", "log.csv.gz", "log.tsv", "log.json", "log.jsonl"):
            assert stints(ticketopt.read_history(tmp_path / name)) == want, name
        for table in (frame, polars.read_csv(tmp_path / "log.csv"), frame.to_dict("records")):
            assert stints(ticketopt.read_history(table)) == want, type(table)

    def test_a_spreadsheet_is_a_log(self, tmp_path: Path) -> None:
        pytest.importorskip("python_calamine")
        rows = [line.split(",") for line in AUDIT.splitlines()]
        assert stints(ticketopt.read_history(write_xlsx(tmp_path / "log.xlsx", {"log": rows}))) == stints(read(AUDIT))

    def test_months_that_were_exported_one_by_one_are_one_log(self) -> None:
        head, *rows = AUDIT.splitlines()
        parts = ["\n".join((head, *part)).encode() for part in (rows[:2], rows[2:5], rows[5:])]
        assert stints(ticketopt.read_history(parts)) == stints(read(AUDIT))

    def test_a_table_of_tickets_says_what_its_log_of_changes_does_not(self) -> None:
        tickets = b"id,subject,priority,created,opened by,original estimate\n1,Help,High,2026-01-19 08:00,Cyd,2h\n2,Mail,Low,2026-01-19 09:00,Ada,30m\n9,Old,Low,2025-01-01 00:00,Cyd,1h\n"  # noqa: E501
        history = ticketopt.read_history({"changes": AUDIT.encode(), "tickets": tickets})
        assert [row[:3] for row in stints(history)] == [row[:3] for row in stints(read(AUDIT))]
        assert history.tickets.texts == ("Help", "Mail")
        assert history.tickets.estimate.tolist() == [2, 0.5]
        assert history.tickets.own.tolist() == [False, True]
        assert names(history, "priority") == ["High", "Low"]
        assert [note.count for note in history.notes if note.topic == "two tables"] == [1, 0]

    def test_logs_of_two_helpdesks_are_refused(self) -> None:
        other = (
            b"Case ID,Activity,Resource,Complete Timestamp\n1,Wait,Ada,2026-01-19 09:00\n1,Wait,Ada,2026-01-19 09:10\n"
        )
        with pytest.raises(ticketopt.InvalidInputError, match="different kinds"):
            ticketopt.read_history([AUDIT.encode(), other])

    def test_their_columns_and_words_may_be_said(self) -> None:
        text = "a,b,c,d\n1,2026-01-19 09:00,Ada,Xu\n1,2026-01-19 09:30,Ada,Yu\n1,2026-01-19 10:00,Ada,Zu\n"
        columns = {"a": "ticket", "b": "time", "c": "agent", "d": "status"}
        history = read(text, columns=columns, statuses={"xu": "open", "yu": "waiting", "zu": "done"})
        assert stints(history) == [("1", "Ada", 0, 0, 60, "RESOLVED")]
        assert len(history.pauses.stint) == 1
        assert not read(AUDIT, columns={"category": ""}).kinds

    def test_times_without_a_zone_are_of_the_zone_that_is_said(self) -> None:
        assert read(AUDIT, zone="Europe/Berlin").begin == read(AUDIT).begin - 3600
        assert read(AUDIT, zone="Europe/Berlin").zone == "Europe/Berlin"

    def test_texts_are_kept_unless_they_are_not_wanted(self) -> None:
        text = (
            "ticket,time,agent,status,subject\n1,2026-01-19 09:00,Ada,Open,My VPN\n1,2026-01-19 10:00,Ada,Done,My VPN\n"
        )
        assert read(text).tickets.texts == ("My VPN",)
        assert read(text, texts=False).tickets.texts == ("",)


class TestHeadings:
    def test_two_columns_of_one_name_are_two(self) -> None:
        text = (
            "ticket,time,agent,status,category,category\n1,2026-01-19 09:00,Ada,Open,VPN,Slow\n"
            "1,2026-01-19 10:00,Ada,Done,VPN,Slow\n"
        )
        history = read(text)
        assert names(history, "kind") == ["VPN"]
        assert "category 2" in history.mapped
