"""The CSV forms of helpdesks' exports."""

from __future__ import annotations

from collections.abc import Mapping

from support.helpdesk_forms import Form, columns
from support.helpdesk_forms_jira import JIRA_FORMS

__all__ = ["CSV_FORMS"]

_ZENDESK = Form(
    columns=columns("""
        Summation column='1; Id=id; Requester=customer; Requester id=customer_id; Requester external id;
        Requester email=customer_email; Requester domain='example.com; Submitter=customer; Assignee=agent;
        Group=group; Subject=title; Tags=tags; Status=status; Priority=priority; Via='Mail; Ticket type='Incident;
        Created at=created; Updated at=updated; Assigned at=assigned; Organization=company; Due date=due;
        Initially assigned at=assigned; Solved at=done; Resolution time=count; Satisfaction Score='Not Offered;
        Group stations=count; Assignee stations=count; Reopens='0; Replies=count;
        First reply time in minutes=count; First reply time in minutes within business hours=count;
        First resolution time in minutes; First resolution time in minutes within business hours;
        Full resolution time in minutes; Full resolution time in minutes within business hours;
        Agent wait time in minutes; Agent wait time in minutes within business hours;
        Requester wait time in minutes; On hold time in minutes; Product [list]='-; Root cause [txt]
    """),
    statuses=[*[("New", "new"), ("Open", "open"), ("Pending", "waiting"), ("On-hold", "waiting")],
              *[("Solved", "done"), ("Closed", "done"), ("Deleted", "done")]],
    priorities=[("Low", "low"), ("Normal", "medium"), ("High", "high"), ("Urgent", "critical")],
    dates="%Y-%m-%d %H:%M",
    nobody="-",
    between=" ",
)  # fmt: skip

_FRESH = [("Open", "new"), ("Pending", "waiting"), ("Resolved", "done"), ("Closed", "done")]
_FRESH_PRIORITIES = [("Low", "low"), ("Medium", "medium"), ("High", "high"), ("Urgent", "critical")]

_FRESHDESK = Form(
    columns=columns("""
        Ticket ID=id; Subject=title; Status=status; Priority=priority; Source='Email; Type='Incident; Agent=agent;
        Group=group; Created time=created; Due by Time=due; Resolved time=done; Closed time=done;
        Last update time=updated; Initial response time=assigned; Time tracked='00:15:00;
        First response time (in hrs)='01:02:03; Resolution time (in hrs)='26:00:00; Agent interactions=count;
        Customer interactions=count; Resolution status='Within SLA; First response status='SLA Violated; Tags=tags;
        Survey results; Skill; Product='No Product; Full name=customer; Title; Email=customer_email;
        Work phone; Mobile phone; Twitter ID; Time zone='Berlin; Language='English; Unique External ID;
        Contact ID=customer_id; Company Name=company; Company Domains
    """),
    statuses=[*_FRESH, ("Waiting on Customer", "waiting"), ("Waiting on Third Party", "waiting")],
    priorities=_FRESH_PRIORITIES,
    nobody="No Agent",
)

_FRESHSERVICE = Form(
    columns=columns("""
        Subject=title; Type='Incident; Status=status; Urgency='Low; Impact='Low; Priority=priority; Group=group;
        Agent=agent; Company=company; Description=text; Category='Network; Sub-Category; Item; Source='Portal;
        Resolution Note; Association type='None; Requester Location; Requester VIP='false; Ticket Id=id;
        Requester Name=customer; Requester Email=customer_email; Created Time=created; Due by Time=due;
        Resolved Time=done; Closed Time=done; Last Updated Time=updated; Initial Response Time=assigned;
        Time Tracked='00:00:00; First Response Time (in Hrs); Resolution Time (in Hrs); Agent interactions=count;
        Customer interactions=count; Resolution Status='Within SLA; First Response Status; Tags=tags; Survey Result;
        Approval Status='Not Requested; Others='x; Effort Required to Resolve (in mins)=count; Parent Ticket ID;
        Others='y
    """),
    statuses=_FRESH,
    priorities=_FRESH_PRIORITIES,
    dates="%d/%m/%Y %H:%M",
)

_SERVICENOW = Form(
    columns=columns("""
        number=id; opened_at=created; short_description=title; caller_id=customer; priority=priority; state=status;
        category='Network; subcategory; assignment_group=group; assigned_to=agent; sys_updated_on=updated;
        sys_updated_by='admin; description=text; resolved_at=done; closed_at=done; close_code; reassignment_count=count;
        reopen_count='0; made_sla='true; business_stc=count; calendar_stc=count; due_date=due; company=company;
        contact_type='Self-service; impact='3 - Low; urgency='3 - Low; sys_class_name='Incident
    """),
    statuses=[*[("New", "new"), ("In Progress", "open"), ("On Hold", "waiting"), ("Resolved", "done")],
              *[("Closed", "done"), ("Canceled", "done")]],
    priorities=[*[("1 - Critical", "critical"), ("2 - High", "high"), ("3 - Moderate", "medium"), ("4 - Low", "low")],
                ("5 - Planning", "low")],
    ids="INC00{}",
    written_ids="INC00{}",
    encoding="cp1252",
)  # fmt: skip

_SERVICENOW_DE = Form(
    columns=columns("""
        Nummer=id; Geöffnet=created; Kurzbeschreibung=title; Anrufer=customer; Priorität=priority; Status=status;
        Kategorie='Netzwerk; Zuweisungsgruppe=group; Zugewiesen an=agent; Aktualisiert=updated
    """),
    statuses=[("Neu", "new"), ("In Bearbeitung", "open"), ("Angehalten", "waiting"), ("Gelöst", "done")],
    priorities=[("1 - Kritisch", "critical"), ("2 - Hoch", "high"), ("3 - Mittel", "medium"), ("4 - Niedrig", "low")],
    **{"dates": "%d.%m.%Y %H:%M:%S", "ids": "INC00{}", "written_ids": "INC00{}", "delimiter": ";"},
)

_GITLAB = Form(
    columns=columns("""
        Title=title; Description=text; Issue ID=id; URL=url; State=status; Author=customer;
        Author Username=customer_login; Assignee=agent; Assignee Username=agent_login; Confidential='No; Locked='No;
        Due Date=due; Created At (UTC)=created; Updated At (UTC)=updated; Closed At (UTC)=done; Milestone; Weight;
        Labels=tags; Time Estimate='0; Time Spent='0; Epic ID; Epic Title
    """),
    statuses=[("Open", "new"), ("Closed", "done")],
    priorities=[("", "low")],
    between=",",
    newline="\n",
)

_OSTICKET = Form(
    columns=columns("""
        Ticket Number=id; Date Created=created; Subject=title; From=customer; From Email=customer_email;
        Priority=priority; Department=group; Help Topic='General Inquiry; Source='Email; Current Status=status;
        Last Updated=updated; SLA Due Date=due; Due Date=due; Closed Date=done; Overdue='0; Merged='0; Linked='0;
        Answered='1; Agent Assigned=agent; Team Assigned; Thread Count=count; Reopen Count='0; Attachment Count='0;
        Task Count='0
    """),
    statuses=[("Open", "new"), ("Resolved", "done"), ("Closed", "done"), ("Archived", "done"), ("Deleted", "done")],
    priorities=[("Low", "low"), ("Normal", "medium"), ("High", "high"), ("Emergency", "critical")],
    dates="%m/%d/%y %I:%M %p",
    encoding="utf-8-sig",
    newline="\n",
)

_OSTICKET_DE = Form(
    columns=columns("""
        Ticketnummer=id; Erstellungsdatum=created; Betreff=title; Von=customer; Priorität=priority; Abteilung=group;
        Hilfethema='Allgemein; Aktueller Status=status; Zugewiesener Agent=agent; Zugewiesenes Team
    """),
    statuses=[("Offen", "new"), ("Gelöst", "done"), ("Geschlossen", "done")],
    priorities=[("Niedrig", "low"), ("Normal", "medium"), ("Hoch", "high"), ("Notfall", "critical")],
    **{"dates": "%d.%m.%y %H:%M", "encoding": "utf-8-sig", "delimiter": ";", "newline": "\n"},
)

_GLPI = Form(
    columns=columns("""
        ID=id; Titre=title; Entité=company; Statut=status; Type='Incident; Dernière modification=updated;
        Date d'ouverture=created; Priorité=priority; Demandeur - Demandeur=customer;
        Attribué à - Technicien=agent_lines; Attribué à - Groupe de techniciens=group; Catégorie='Réseau > VPN; TTR=due;
        Date de clôture=done; Description=text; Suivis - Description; Solution - Solution; Plugins - Note
    """),
    statuses=[*[("Nouveau", "new"), ("En cours (Attribué)", "open"), ("En cours (Planifié)", "open")],
              *[("En attente", "waiting"), ("Résolu", "done"), ("Clos", "done")]],
    priorities=[*[("Très basse", "low"), ("Basse", "low"), ("Moyenne", "medium"), ("Haute", "high")],
                *[("Très haute", "critical"), ("Majeure", "critical")]],
    dates="%d-%m-%Y %H:%M",
    written_ids="{:,}",
    encoding="utf-8-sig",
    delimiter=";",
)  # fmt: skip

_GLPI_EN = Form(
    columns=columns("""
        ID=id; Title=title; Entity=company; Status=status; Last update=updated; Opening date=created; Priority=priority;
        Requester - Requester=customer; Assigned to - Technician=agent_lines; Category='Network; Time to resolve=due
    """),
    statuses=[*[("New", "new"), ("Processing (assigned)", "open"), ("Pending", "waiting"), ("Solved", "done")],
              ("Closed", "done")],
    priorities=[("Very low", "low"), ("Medium", "medium"), ("High", "high"), ("Very high", "critical")],
    **{"dates": "%Y-%m-%d %H:%M", "encoding": "utf-8-sig", "delimiter": ";"},
)  # fmt: skip

_OTRS_STATES = [*[("new", "new"), ("open", "open"), ("pending reminder", "waiting"), ("closed successful", "done")],
                *[("closed unsuccessful", "done"), ("merged", "done"), ("removed", "done")]]  # fmt: skip
_OTRS_PRIORITIES = [*[("1 very low", "low"), ("2 low", "low"), ("3 normal", "medium"), ("4 high", "high")],
                    ("5 very high", "critical")]  # fmt: skip
_OTRS = Form(
    columns=columns("""
        Ticket Number=id; Age='2 d 3 h; Created=created; Closed=done; First Lock=assigned; First Response=assigned;
        State=status; Priority=priority; Queue=group; Lock='unlock; Owner=agent_login; UserFirstname; UserLastname;
        CustomerID=company; Customer Name=customer; From=customer_email; Subject=title; AccountedTime='0;
        ArticleTree=text; SolutionInMin; SolutionDiffInMin; FirstResponseInMin; FirstResponseDiffInMin
    """),
    statuses=_OTRS_STATES,
    priorities=_OTRS_PRIORITIES,
    nobody="root@localhost",
    delimiter=";",
    newline="\n",
)

_REDMINE_COLUMNS = """
    #=id; {Project}=company; {Tracker}='Support; {Parent task}; {Status}=status; {Priority}=priority; {Subject}=title;
    {Author}=customer; {Assignee}=agent; {Updated}=updated; {Category}=group; {Target version}; {Start date};
    {Due date}=due; {Estimated time}='1,50; {Spent time}='0,00; {% Done}='0; {Created}=created; {Closed}=done;
    {Related issues}; {Private}='No; {Description}=text
"""
_REDMINE_ENGLISH = (
    "Project, Tracker, Parent task, Status, Priority, Subject, Author, Assignee, Updated, Category, Target version,"
    "Start date, Due date, Estimated time, Spent time, % Done, Created, Closed, Related issues, Private, Description"
)


def _redmine(words: str) -> tuple[tuple[str, str], ...]:
    names = zip(_REDMINE_ENGLISH.split(","), words.split(","), strict=True)
    return columns(_REDMINE_COLUMNS.format_map({english.strip(): other.strip() for english, other in names}))


_REDMINE = Form(
    columns=_redmine(_REDMINE_ENGLISH),
    statuses=[*[("New", "new"), ("In Progress", "open"), ("Feedback", "waiting"), ("Resolved", "done")],
              *[("Closed", "done"), ("Rejected", "done")]],
    priorities=[*[("Low", "low"), ("Normal", "medium"), ("High", "high"), ("Urgent", "critical")],
                ("Immediate", "critical")],
    dates="%m/%d/%Y %I:%M %p",
    newline="\n",
)  # fmt: skip
_REDMINE_DE = Form(
    columns=_redmine(
        "Projekt, Tracker, Übergeordnete Aufgabe, Status, Priorität, Thema, Autor, Zugewiesen an, Aktualisiert,"
        "Kategorie, Zielversion, Beginn, Abgabedatum, Geschätzter Aufwand, Aufgewendete Zeit, % erledigt, Angelegt,"
        "Geschlossen, Zugehörige Tickets, Privat, Beschreibung"
    ),
    statuses=[("Neu", "new"), ("In Bearbeitung", "open"), ("Feedback", "waiting"), ("Gelöst", "done")],
    priorities=[("Niedrig", "low"), ("Normal", "medium"), ("Hoch", "high"), ("Dringend", "critical")],
    **{"dates": "%d.%m.%Y %H:%M", "encoding": "cp1252", "delimiter": ";", "newline": "\n"},
)

CSV_FORMS: Mapping[str, Mapping[str, Form]] = {
    "zendesk": {"csv": _ZENDESK},
    "freshdesk": {"csv": _FRESHDESK},
    "freshservice": {"csv": _FRESHSERVICE},
    "jira": JIRA_FORMS,
    "servicenow": {"csv": _SERVICENOW, "csv de": _SERVICENOW_DE},
    "gitlab": {"csv": _GITLAB},
    "osticket": {"csv": _OSTICKET, "csv de": _OSTICKET_DE},
    "glpi": {"csv": _GLPI_EN, "csv fr": _GLPI},
    "otrs": {"csv": _OTRS},
    "redmine": {"csv": _REDMINE, "csv de": _REDMINE_DE},
}
