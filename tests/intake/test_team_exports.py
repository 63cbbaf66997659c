"""Lists of agents as the products export them: who is an agent, in which groups, and who works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, read_queue
from ticketopt.intake.helpdesks import HELPDESKS

NOW = "2026-11-23T14:00:00Z"

Facts = tuple[str, str, bool, tuple[str, ...]]
"""Id, name, whether the agent works, and its groups (the team among them)."""


def read(folder: Path, data: object, tickets: str = "ticket_id\n") -> Queue:
    path = folder / ("team.csv" if isinstance(data, str) else "team.json")
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    (folder / "tickets.csv").write_text(tickets, encoding="utf-8")
    return read_queue(folder / "tickets.csv", agents=path, now=NOW)


def facts(queue: Queue) -> list[Facts]:
    return [(str(a.agent_id), a.name, a.is_available, tuple(dict.fromkeys(a.all_groups))) for a in queue.agents]


def zendesk(number: int, name: str, role: str, **more: Any) -> dict[str, Any]:
    common = {
        "time_zone": "Berlin",
        "iana_time_zone": "Europe/Berlin",
        "locale_id": 1,
        "locale": "en-US",
        "active": True,
    }
    flags = {"verified": True, "moderator": True, "ticket_restriction": None, "restricted_agent": False}
    own = {"id": number, "name": name, "email": f"{number}@acme.com", "role": role, "suspended": False}
    return {**common, **flags, **own, "default_group_id": 360001, "user_fields": {"skills": "VPN:9"}, **more}


def freshdesk(number: int, name: str, **more: Any) -> dict[str, Any]:
    contact = {"active": True, "email": f"{number}@acme.com", "language": "en", "name": name, "time_zone": "Berlin"}
    own = {"id": number, "available": True, "occasional": False, "ticket_scope": 1, "type": "support_agent"}
    return {**own, "contact": contact, "group_ids": [12, 13], "skill_ids": [1], "deactivated": False, **more}


def jira(account: str, name: str, **more: Any) -> dict[str, Any]:
    groups = {"size": 2, "items": [{"name": "desk", "groupId": "g1"}, {"name": "tier2", "groupId": "g2"}]}
    own = {"accountId": account, "accountType": "atlassian", "displayName": name, "active": True}
    return {**own, "avatarUrls": {"48x48": "x"}, "timeZone": "Europe/Berlin", "groups": groups, **more}


def sys_user(key: str, name: str, **more: Any) -> dict[str, Any]:
    first, last = name.split()
    own = {"sys_id": key, "user_name": f"{first}.{last}".lower(), "name": name, "first_name": first, "last_name": last}
    return {**own, "email": f"{key}@acme.com", "active": "true", "locked_out": "false", "state": "CA", **more}


def member(user: str, group: str) -> dict[str, Any]:
    return {
        "sys_id": {"display_value": user + group, "value": user + group},
        "user": {"display_value": user, "link": "https://x", "value": user[:1]},
        "group": {"display_value": group, "link": "https://x", "value": group[:1]},
    }


def github(login: str, **more: Any) -> dict[str, Any]:
    return {"login": login, "id": 7, "node_id": "x", "gists_url": "g", "type": "User", "site_admin": False, **more}


def gitlab(name: str, **more: Any) -> dict[str, Any]:
    own = {"id": 7, "username": name.split()[0].lower(), "name": name, "state": "active", "locked": False}
    return {**own, "avatar_url": "a", "web_url": "w", "access_level": 30, "membership_state": "active", **more}


def zammad(first: str, last: str, **more: Any) -> dict[str, Any]:
    own = {"id": 3, "login": first.lower(), "firstname": first, "lastname": last, "active": True, "vip": False}
    away = {"out_of_office": False, "out_of_office_start_at": None, "out_of_office_end_at": None}
    return {**own, **away, "last_login": None, "role_ids": [2], "roles": ["Agent"], "groups": {"Net": ["full"]}, **more}


def glpi(number: int, first: str, last: str, **more: Any) -> dict[str, Any]:
    own = {"id": number, "name": first.lower(), "realname": last, "firstname": first, "is_active": 1, "is_deleted": 0}
    return {**own, "entities_id": 0, "profiles_id": 6, **more}


def redmine(number: int, first: str, last: str, **more: Any) -> dict[str, Any]:
    own = {"id": number, "login": first.lower(), "admin": False, "firstname": first, "lastname": last}
    return {**own, "mail": f"{number}@x.com", "last_login_on": "2026-11-20T10:00:00Z", "status": 1, **more}


def membership(user: str | None, project: str) -> dict[str, Any]:
    who = {"group": {"id": 24, "name": "Staff"}} if user is None else {"user": {"id": len(user), "name": user}}
    return {"id": 99, "project": {"id": 1, "name": project}, **who, "roles": [{"id": 1, "name": "Manager"}]}


EXPORTS: dict[tuple[str, str], tuple[object, list[Facts]]] = {
    ("zendesk", "users"): (
        {
            "users": [
                zendesk(1, "Ana Holt", "agent"),
                zendesk(2, "Leo Novak", "admin", suspended=True),
                zendesk(3, "Eve End", "end-user", default_group_id=None),
                zendesk(4, "Old One", "agent", active=False),
            ],
            "next_page": None,
        },
        [
            ("1", "Ana Holt", True, ("360001",)),
            ("2", "Leo Novak", False, ("360001",)),
            ("4", "Old One", False, ("360001",)),
        ],
    ),
    ("freshdesk", "agents"): (
        [
            freshdesk(1, "Ana Holt"),
            freshdesk(2, "Leo Novak", available=False),
            freshdesk(3, "Col", type="collaborator"),
            freshdesk(4, "Dee", deactivated=True),
        ],
        [
            ("1", "Ana Holt", True, ("12", "13")),
            ("2", "Leo Novak", False, ("12", "13")),
            ("4", "Dee", False, ("12", "13")),
        ],
    ),
    ("freshdesk", "csv"): (
        "Agent ID,Name,Email,Groups,Language,Time zone,Availability,Ticket scope,Agent type\n"
        '1,Ana Holt,a@x.com,"Billing, VPN",en,Berlin,Available,Global,Full time\n'
        "2,Leo Novak,l@x.com,VPN,de,Berlin,Not available,Group,Occasional\n",
        [("1", "Ana Holt", True, ("Billing", "VPN")), ("2", "Leo Novak", False, ("VPN",))],
    ),
    ("jira", "users"): (
        [
            jira("5b10", "Ana Holt"),
            jira("5b11", "Leo Novak", active=False),
            jira("557058", "Automation", accountType="app"),
            jira("qm", "Cus Tomer", accountType="customer"),
        ],
        [("5b10", "Ana Holt", True, ("desk", "tier2")), ("5b11", "Leo Novak", False, ("desk", "tier2"))],
    ),
    ("jira", "csv"): (
        "User id,User name,email,User status,Added to org\n5b1,Ana Holt,a@x.c,Active,1\n5b2,Leo,l@x.c,Suspended,1\n",
        [("5b1", "Ana Holt", True, ()), ("5b2", "Leo", False, ())],
    ),
    ("servicenow", "sys_user"): (
        {"result": [sys_user("a1", "Ana Holt"), sys_user("b2", "Leo Novak", locked_out="true")]},
        [("a1", "Ana Holt", True, ()), ("b2", "Leo Novak", False, ())],
    ),
    ("servicenow", "sys_user_grmember"): (
        {"result": [member("Ana", "Network"), member("Ana", "Desk"), member("Leo", "Desk")]},
        [("A", "Ana", True, ("Network", "Desk")), ("L", "Leo", True, ("Desk",))],
    ),
    ("servicenow", "sys_user_grmember by names of fields"): (
        "user.user_name,user.name,user.active,group.name\n"
        "ana,Ana Holt,true,Network\nana,Ana Holt,true,Desk\nleo,Leo,false,Desk\n",
        [("ana", "Ana Holt", True, ("Network", "Desk")), ("leo", "Leo", False, ("Desk",))],
    ),
    ("plain", "memberships"): (
        "user,group\nAna,Network\nAna,Desk\nLeo,Desk\n",
        [("Ana", "Ana", True, ("Network", "Desk")), ("Leo", "Leo", True, ("Desk",))],
    ),
    ("github", "members"): (
        [github("ana"), github("dependabot[bot]", type="Bot")],
        [("ana", "ana", True, ())],
    ),
    ("gitlab", "members"): (
        [
            gitlab("Ana Holt"),
            gitlab("Leo Novak", state="blocked"),
            gitlab("Robot", bot=True),
            gitlab("Ivy Ash", membership_state="awaiting"),
        ],
        [("ana", "Ana Holt", True, ()), ("leo", "Leo Novak", False, ()), ("ivy", "Ivy Ash", False, ())],
    ),
    ("zammad", "users"): (
        [
            zammad("Ana", "Holt", groups={"Net": ["full"], "Desk": ["read"]}),
            zammad("Leo", "Novak", out_of_office=True, out_of_office_end_at="2026-11-30"),
            zammad("Ivy", "Ash", out_of_office=True, out_of_office_start_at="2026-12-20"),
            zammad("Cus", "Tomer", roles=["Customer"], role_ids=[3], groups={}),
            zammad("Old", "One", active=False),
        ],
        [
            ("ana", "Ana Holt", True, ("Net", "Desk")),
            ("leo", "Leo Novak", False, ("Net",)),
            ("ivy", "Ivy Ash", True, ("Net",)),
            ("old", "Old One", False, ("Net",)),
        ],
    ),
    ("osticket", "csv"): (
        "Name,Username,Email,Status,Primary Department,Permissions\n"
        "Ana Holt,ana,a@x.com,Active,Support,x\nLeo,leo,l@x.com,Locked,Billing,x\nIvy,ivy,i@x.com,Vacation,Billing,x\n",
        [
            ("ana", "Ana Holt", True, ("Support",)),
            ("leo", "Leo", False, ("Billing",)),
            ("ivy", "Ivy", False, ("Billing",)),
        ],
    ),
    ("osticket", "staff"): (
        [
            {"staff_id": 1, "username": "ana", "firstname": "Ana", "lastname": "Holt", "isactive": 1, "onvacation": 0},
            {"staff_id": 2, "username": "leo", "firstname": "Leo", "lastname": "N", "isactive": 1, "onvacation": 1},
        ],
        [("ana", "Ana Holt", True, ()), ("leo", "Leo N", False, ())],
    ),
    ("glpi", "users"): (
        [glpi(2, "Ana", "Holt"), glpi(3, "Leo", "Novak", is_active=0), glpi(5, "Del", "Eted", is_deleted=1)],
        [("2", "Ana Holt", True, ()), ("3", "Leo Novak", False, ()), ("5", "Del Eted", False, ())],
    ),
    ("glpi", "csv fr"): (
        "Identifiant;Nom de famille;Pr\u00e9nom;Adresses de messagerie;Actif;Groupes\n"
        'ana;Holt;Ana;a@x.com;Oui;"R\u00e9seau\nSupport"\nleo;Novak;L\u00e9o;l@x.com;Non;Support\n',
        [("ana", "Ana Holt", True, ("R\u00e9seau", "Support")), ("leo", "L\u00e9o Novak", False, ("Support",))],
    ),
    ("otrs", "users"): (
        "UserLogin;UserFirstname;UserLastname;UserEmail;ValidID\nana;Ana;Holt;a@x.com;1\nleo;Leo;N;l@x.com;2\n",
        [("ana", "Ana Holt", True, ()), ("leo", "Leo N", False, ())],
    ),
    ("redmine", "users"): (
        {"users": [redmine(1, "Ana", "Holt"), redmine(2, "Leo", "Novak", status=3)], "total_count": 2},
        [("1", "Ana Holt", True, ()), ("2", "Leo Novak", False, ())],
    ),
    ("redmine", "memberships"): (
        {"memberships": [membership("Ana", "Net"), membership("Ana", "Desk"), membership(None, "Net")]},
        [("3", "Ana", True, ("Net", "Desk"))],
    ),
}


@pytest.mark.parametrize(("helpdesk", "form"), EXPORTS)
def test_agents_and_their_groups(tmp_path: Path, helpdesk: str, form: str) -> None:
    data, right = EXPORTS[helpdesk, form]
    found = read(tmp_path, data)
    assert facts(found) == right
    assert found.about.agents_from == HELPDESKS[helpdesk].label


def test_measures_of_an_export_are_no_skills(tmp_path: Path) -> None:
    for key, (data, _) in EXPORTS.items():
        skills = {skill for agent in read(tmp_path, data).agents for skill in agent.skills}
        assert skills == ({"VPN"} if key == ("zendesk", "users") else set()), key


def test_rows_that_are_no_agents_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, EXPORTS["jira", "users"][0])
    assert "set aside as no agents: 1 'app', 1 'customer'" in " ".join(map(str, found.warnings))


@pytest.mark.parametrize("name", ["1@acme.com", "Ana Holt", "Holt, Ana", "1"])
def test_an_assignee_by_name_address_or_id(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, EXPORTS["zendesk", "users"][0], f'ticket_id,status,assignee\n9,open,"{name}"\n')
    assert found.about.in_work == {"1": 1} and found.tickets == ()


def test_addresses_serve_as_ids_where_there_are_no_others(tmp_path: Path) -> None:
    assert facts(read(tmp_path, "Mail,Name\na@x.com,Ana\n")) == [("a@x.com", "Ana", True, ())]


@pytest.mark.parametrize("rows", ["a,Net\na,Net\n", "a,\na,Net\n"])
def test_a_doubled_row_is_no_membership(tmp_path: Path, rows: str) -> None:
    with pytest.raises(InvalidInputError, match="is 'a', like "):
        read(tmp_path, f"agent_id,team\n{rows}")


def test_rows_of_one_agent_that_differ_in_more_than_the_team_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="is 'a', like "):
        read(tmp_path, "agent_id,team,capacity\na,Net,3\na,Desk,4\n")
