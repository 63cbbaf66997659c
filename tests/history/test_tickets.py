"""Tables with one row per ticket, or per ticket and person."""

from __future__ import annotations

import numpy as np
import pytest

from support.read_logs import notes, read, stints

SHEET = """id,subject,created,assigned,resolved,agent,status,category,reassignments,opened by,hours
1,VPN down,2026-01-19 08:00,2026-01-19 09:00,2026-01-19 10:00,Ada,Resolved,VPN,2,Cyd,1:30
2,No mail,2026-01-19 08:10,2026-01-19 08:10,2026-01-19 08:30,Ben,Closed,Mail,0,Ben,15 min
3,Spam,2026-01-19 08:20,2026-01-19 08:30,2026-01-19 09:00,Ada,Spam,Mail,0,Cyd,
4,Printer,2026-01-19 08:25,2026-01-19 09:30,,Ben,Pending,Printer,1,Cyd,
5,Nobody's,2026-01-19 08:26,,,,New,VPN,0,Cyd,
"""


class TestOneRowPerTicket:
    def test_the_last_agent_has_a_stint(self) -> None:
        history = read(SHEET)
        assert stints(history) == [
            ("1", "Ada", 2, 60, 120, "RESOLVED"),
            ("2", "Ben", 0, 10, 30, "RESOLVED"),
            ("3", "Ada", 0, 30, 60, "WITHDRAWN"),
            ("4", "Ben", 1, 90, 120, "OPEN"),
        ]
        assert "first owners" in history.missing
        assert "passes" not in history.missing
        assert notes(history)["no agent"] == 1

    def test_the_rest_of_a_row_is_its_tickets(self) -> None:
        history = read(SHEET)
        tickets = history.tickets
        assert tickets.texts[0] == "VPN down"
        assert tickets.own.tolist() == [False, True, False, False, False]
        assert np.allclose(tickets.hours[:2], [1.5, 0.25]) and np.isnan(tickets.hours[2:]).all()
        assert np.isnan(tickets.resolved).tolist() == [False, False, True, True, True]
        assert [history.kinds[k] for k in tickets.kind] == ["VPN", "Mail", "Mail", "Printer", "VPN"]
        assert np.allclose(history.stint_hours[:2], [1.5, 0.25])

    def test_the_log_ends_when_it_was_written(self) -> None:
        assert stints(read(SHEET, now="2026-01-19T12:00:00Z"))[3][4] == 240
        early = read(SHEET, now="2026-01-19T08:22:00Z")
        assert early.tickets.ids == ("1", "2", "3")
        assert stints(early) == [("2", "Ben", 0, 10, 22, "OPEN")], "the others were assigned later"

    def test_without_a_column_of_assignments_stints_begin_with_the_ticket(self) -> None:
        history = read(SHEET, columns={"assigned": ""})
        assert [row[3] for row in stints(history)] == [0, 10, 20, 25]
        assert notes(history)["unseen start"] == 4

    def test_without_a_status_what_has_an_end_is_resolved(self) -> None:
        history = read(SHEET, columns={"status": ""})
        assert [row[5] for row in stints(history)] == ["RESOLVED", "RESOLVED", "RESOLVED", "OPEN"]

    def test_a_ticket_that_is_over_nobody_knows_since_when_has_no_stint(self) -> None:
        text = "id,created,agent,status\n1,2026-01-19 08:00,Ada,Closed\n2,2026-01-19 09:00,Ada,Open\n"
        history = read(text)
        assert [row[0] for row in stints(history)] == ["2"]
        assert notes(history)["no end"] == 1

    def test_of_several_rows_of_a_ticket_the_latest_counts(self) -> None:
        text = "id,subject,raw_subject,requester_id,assignee_id,ticket_form_id,status,created_at,updated_at,solved_at\n"
        text += "1,a,a,9,5,1,open,2026-01-19T08:00:00Z,2026-01-19T08:30:00Z,\n"
        text += "1,a,a,9,6,1,solved,2026-01-19T08:00:00Z,2026-01-19T09:30:00Z,\n"
        text += "1,a,a,9,7,1,open,2026-01-19T08:00:00Z,2026-01-19T08:40:00Z,\n"
        history = read(text, columns={"solved_at": "resolved"})
        assert history.source.startswith("Zendesk")
        assert history.agents == ("6",)
        assert notes(history)["set aside"] == 2

    def test_a_cell_may_name_several_agents(self) -> None:
        text = 'id,created,resolved,agent,status\n1,2026-01-19 08:00,2026-01-19 09:00,"Ada\nBen",Resolved\n'
        assert stints(read(text)) == [("1", "Ada", 0, 0, 60, "RESOLVED"), ("1", "Ben", 1, 0, 60, "RESOLVED")]

    def test_rows_without_ids_are_numbered(self) -> None:
        history = read("Short description,Assignment group\nlogin issue,GRP_0\nlogin issue,GRP_0\nvpn,GRP_1\n")
        assert history.tickets.ids == ("1", "2", "3")
        assert history.tickets.texts == ("login issue", "login issue", "vpn")
        assert [history.groups[k] for k in history.tickets.group] == ["GRP_0", "GRP_0", "GRP_1"]
        assert notes(history)["no ids"] == 3

    def test_what_grows_until_the_end_is_no_column(self) -> None:
        head, *rows = SHEET.splitlines()
        extra = [",replies,resolution time in hours,site", ",1,2,A", ",1,2,A", ",3,4,B", ",3,4,B", ",3,4,A"]
        text = "\n".join(row + more for row, more in zip([head, *rows], extra, strict=True))
        assert list(read(text).tickets.columns) == ["site"]


_HEADINGS = "TaskNumber,Summary,StatusCode,SubCategory,HoursEstimate,HoursActual,DeveloperID,DeveloperHoursActual"

WORK = f"""{_HEADINGS},EstimateOn,StartedOn,CompletedOn
1,A,FINISHED,Bug,7.0,10.0,58,8.0,26-Feb-04,27-Feb-04,11-Mar-04
1,A,FINISHED,Bug,7.0,10.0,42,2.0,26-Feb-04,1-Mar-04,11-Mar-04
2,B,CHRONICLE,Bug,1.0,3.0,58,3.0,2-Mar-04,3-Mar-04,
3,C,CANCELLED,Task,1.0,0.5,58,0.5,4-Mar-04,,
4,D,COMPLETED,Task,2.0,2.5,42,2.5,13-Mar-04,30-May-05,14-Mar-04
"""


class TestWork:
    def test_everybody_who_worked_on_a_task_has_a_stint_with_hours(self) -> None:
        history = read(WORK)
        days = [(a, b, c, d / 1440, e / 1440, f) for a, b, c, d, e, f in stints(history)]
        assert days == [
            ("1", "58", 0, 1, 14, "RESOLVED"),
            ("1", "42", 1, 4, 14, "RESOLVED"),
            ("2", "58", 0, 6, 6, "RESOLVED"),
            ("3", "58", 0, 7, 7, "WITHDRAWN"),
            ("4", "42", 0, 16, 17, "RESOLVED"),
        ]
        assert history.stint_hours.tolist() == [8, 2, 3, 0.5, 2.5]
        assert history.tickets.hours.tolist() == [10, 3, 0.5, 2.5]
        assert history.tickets.estimate.tolist() == [7, 1, 1, 2]
        assert history.resolution == 86_400
        assert (notes(history)["no end"], notes(history)["order"]) == (2, 1)
        assert "estimate" not in history.missing and "hours" not in history.missing

    def test_without_the_tasks_own_hours_they_are_the_sum(self) -> None:
        assert read(WORK, columns={"HoursActual": ""}).tickets.hours.tolist() == [10, 3, 0.5, 2.5]

    def test_a_plain_timesheet_is_work(self) -> None:
        text = "ticket,agent,hours\n" + "".join(f"{k},{who},{k + 1}\n" for k in range(3) for who in ("Ada", "Ben"))
        history = read(text)
        assert history.source == "a table of work"
        assert history.tickets.hours.tolist() == [2, 4, 6]


@pytest.mark.parametrize(
    ("heading", "cell", "hours"),
    [("Time Spent", "5400", 1.5), ("Time Spent", "1d 1h", 9), ("Original Estimate", "1800", 0.5)],
)
def test_jira_counts_seconds(heading: str, cell: str, hours: float) -> None:
    text = f"Summary,Issue key,Issue id,Issue Type,Status,Assignee,Reporter,Created,Resolved,{heading}\n"
    text += f"a,A-1,1,Bug,Done,ada,bob,2026-01-19 08:00,2026-01-19 09:00,{cell}\n"
    history = read(text)
    tickets = history.tickets
    assert history.source.startswith("Jira")
    assert (tickets.estimate if "Estimate" in heading else tickets.hours).tolist() == [hours]
