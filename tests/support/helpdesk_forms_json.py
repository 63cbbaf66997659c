"""The JSON forms of helpdesks' exports, as their web services answer."""

from __future__ import annotations

from collections.abc import Mapping

from support.helpdesk_forms import Form, columns

__all__ = ["JSON_FORMS"]

_ISO = "%Y-%m-%dT%H:%M:%SZ"
_FRESH = [(2, "new"), (3, "waiting"), (4, "done"), (5, "done")]
_FRESH_PRIORITIES = [(1, "low"), (2, "medium"), (3, "high"), (4, "critical")]

_ZENDESK = Form(
    columns=columns("""
        url=url; id=number; external_id==null; via.channel='email; created_at=created; updated_at=updated;
        type='incident; subject=title; raw_subject=title; description=text; priority=priority; status=status;
        recipient==null; requester_id=customer_id; submitter_id=customer_id; assignee_id=agent_id;
        organization_id==null; group_id=group_id; collaborator_ids==[]; forum_topic_id==null; problem_id==null;
        has_incidents==false; is_public==true; due_at=due; tags=tag_list; custom_fields==[]; satisfaction_rating==null;
        ticket_form_id==360; brand_id==9; allow_channelback==false
    """),
    statuses=[*[("new", "new"), ("open", "open"), ("pending", "waiting"), ("hold", "waiting"), ("solved", "done")],
              *[("closed", "done"), ("deleted", "done")]],
    priorities=[("low", "low"), ("normal", "medium"), ("high", "high"), ("urgent", "critical")],
    **{"dates": _ISO, "within": ("tickets",), "is_json": True},
)  # fmt: skip

_FRESHDESK = Form(
    columns=columns("""
        cc_emails==[]; fwd_emails==[]; reply_cc_emails==[]; ticket_cc_emails==[]; fr_escalated==false; spam==false;
        email_config_id==null; group_id=group_id; priority=priority; requester_id=customer_id; responder_id=agent_id;
        source==1; company_id==null; status=status; subject=title; association_type==null; support_email==null;
        to_emails==null; product_id==null; id=number; type==null; due_by=due; fr_due_by=due; is_escalated==false;
        description=text; description_text=title; custom_fields.cf_floor==null; created_at=created; updated_at=updated;
        tags=tag_list; nr_due_by==null; nr_escalated==false
    """),
    statuses=[*_FRESH, (6, "waiting"), (7, "waiting")],
    priorities=_FRESH_PRIORITIES,
    **{"dates": _ISO, "is_json": True, "is_html": True},
)

_FRESHSERVICE = Form(
    columns=columns("""
        subject=title; group_id=group_id; department_id==null; category='Network; sub_category==null;
        item_category==null; requester_id=customer_id; responder_id=agent_id; due_by=due; fr_escalated==false;
        deleted==false; spam==false; email_config_id==null; fwd_emails==[]; reply_cc_emails==[]; cc_emails==[];
        is_escalated==false; fr_due_by=due; id=number; priority=priority; status=status; source==2; created_at=created;
        updated_at=updated; workspace_id==2; requested_for_id=customer_id; to_emails==null; type='Incident;
        description=text; description_text=title; urgency==1; impact==1; custom_fields.msf==null
    """),
    statuses=_FRESH,
    priorities=_FRESH_PRIORITIES,
    **{"dates": _ISO, "within": ("tickets",), "is_json": True, "is_html": True},
)

_JIRA = Form(
    columns=columns("""
        expand='renderedFields; id=number; self=url; key=id; fields.summary=title; fields.issuetype.name='Sub-task;
        fields.issuetype.subtask==true; fields.status.name=status; fields.status.statusCategory.key='indeterminate;
        fields.priority.name=priority; fields.priority.id='3; fields.project.key='SUP; fields.created=created;
        fields.updated=updated; fields.resolutiondate=done; fields.duedate=due; fields.description=text;
        fields.labels=tag_list; fields.components==[]; fields.assignee.accountId=agent_login;
        fields.assignee.displayName=agent; fields.reporter.accountId=customer_login; fields.reporter.active==true;
        fields.customfield_10010==null; fields.votes.votes==0
    """),
    statuses=[*[("To Do", "new"), ("In Progress", "open"), ("Waiting for customer", "waiting"), ("Done", "done")],
              ("Won't Do", "done")],
    priorities=[("Lowest", "low"), ("Low", "low"), ("Medium", "medium"), ("High", "high"), ("Highest", "critical")],
    **{"dates": "%Y-%m-%dT%H:%M:%S.000+0000", "ids": "SUP-{}", "written_ids": "SUP-{}", "nobody": None},
    **{"within": ("issues",), "is_json": True},
)  # fmt: skip

_SERVICENOW = Form(
    columns=columns("""
        parent='; made_sla='true; number=id; sys_id=sys_id; opened_at=created; sys_created_on=created;
        sys_updated_on=updated; short_description=title; description=text; state=status; incident_state=status;
        priority=priority; impact='3; urgency='3; caller_id.value=customer_login; caller_id.link=url;
        assigned_to.value=agent_login; assigned_to.link=url; assignment_group.value=group; assignment_group.link=url;
        category='network; resolved_at=done; closed_at=done; due_date=due; reopen_count='0; sys_class_name='incident;
        active='true; company='
    """),
    statuses=[*[("1", "new"), ("2", "open"), ("3", "waiting"), ("6", "done"), ("7", "done"), ("8", "done")]],
    priorities=[("1", "critical"), ("2", "high"), ("3", "medium"), ("4", "low"), ("5", "low")],
    **{"ids": "{:032x}", "written_ids": "INC00{}", "within": ("result",), "is_json": True},
)

_GITHUB = Form(
    columns=columns("""
        url=api_url; repository_url=url; labels_url=url; comments_url=url; html_url=html_url; id==9; node_id='I_kw;
        number=number; title=title; user.login=customer_login; user.id=customer_id; user.type='User; labels=tag_objects;
        state=status; locked==false; assignee=agent_object; assignees=agent_objects; milestone==null; comments=count;
        created_at=created; updated_at=updated; closed_at=done; author_association='NONE; pull_request=pull; body=text;
        state_reason==null; reactions.total_count==0
    """),
    statuses=[("open", "new"), ("closed", "done")],
    priorities=[("", "low")],
    **{"dates": _ISO, "is_json": True, "has_others": True, "ids": "acme/desk#{}"},
)

_GITLAB = Form(
    columns=columns("""
        id==77; iid=number; project_id==4; title=title; description=text; state=status; created_at=created;
        updated_at=updated; closed_at=done; labels=tag_list; milestone==null; assignees=agent_users;
        author.username=customer_login; author.id=customer_id; author.name=customer; type='ISSUE; assignee=agent_object;
        user_notes_count=count; due_date=due; confidential==false; issue_type='issue; web_url=url;
        time_stats.time_estimate==0; references.full='group/project#1; severity='UNKNOWN
    """),
    statuses=[("opened", "new"), ("closed", "done")],
    priorities=[("", "low")],
    **{"dates": "%Y-%m-%dT%H:%M:%S.000Z", "is_json": True},
)

_ZAMMAD_COLUMNS = """
    id=id; group_id=group_id; priority_id{ids}; state_id{ids}; organization_id==null; number='31001; title=title;
    owner_id=agent_id; customer_id=customer_id; note==null; first_response_at=assigned;
    first_response_escalation_at==null; first_response_in_min==null; close_at=done; close_escalation_at==null;
    last_contact_at=updated; create_article_type_id==1; create_article_sender_id==2; article_count=count;
    escalation_at=due; pending_time==null; type==null; time_unit==null; preferences.channel_id==3;
    updated_by_id==3; created_by_id==3; created_at=created; updated_at=updated
"""
_ZAMMAD_DATES = "%Y-%m-%dT%H:%M:%S.000Z"
_ZAMMAD_STATES = [*[("new", "new"), ("open", "open"), ("pending reminder", "waiting"), ("pending close", "waiting")],
                  *[("closed", "done"), ("merged", "done")]]  # fmt: skip
_ZAMMAD_EXPANDED = Form(
    columns=columns(
        _ZAMMAD_COLUMNS.replace("{ids}", "==2")
        + "; group=group; priority=priority; state=status; owner=agent_login; customer=customer_email; organization="
    ),
    statuses=_ZAMMAD_STATES,
    priorities=[("1 low", "low"), ("2 normal", "medium"), ("3 high", "high")],
    **{"dates": _ZAMMAD_DATES, "nobody": "-", "nobody_id": 1, "is_json": True},
)
_ZAMMAD = Form(
    columns=columns(_ZAMMAD_COLUMNS.replace("priority_id{ids}", "priority_id=priority").replace("{ids}", "=status")),
    statuses=[(1, "new"), (2, "open"), (3, "waiting"), (4, "done"), (5, "done")],
    priorities=[(1, "low"), (2, "medium"), (3, "high")],
    **{"dates": _ZAMMAD_DATES, "nobody_id": 1, "is_json": True},
)

_GLPI = Form(
    columns=columns("""
        id=number; entities_id==0; name=title; date=created; closedate=done; solvedate=done; date_mod=updated;
        users_id_lastupdater==2; status=status; users_id_recipient=customer_id; requesttypes_id==1; content=text;
        urgency==3; impact==3; priority=priority; itilcategories_id==5; type==1; global_validation==1;
        slas_id_ttr==0; time_to_resolve=due; time_to_own==null; waiting_duration==0; actiontime==0; is_deleted==0;
        locations_id==0; date_creation=created
    """),
    statuses=[(1, "new"), (2, "open"), (3, "open"), (4, "waiting"), (5, "done"), (6, "done")],
    priorities=[(1, "low"), (2, "low"), (3, "medium"), (4, "high"), (5, "critical"), (6, "critical")],
    **{"is_json": True, "is_html": True},
)
_GLPI_SEARCH = Form(
    columns=columns(
        "1=title; 2=number; 80=company; 12=status; 19=updated; 15=created; 3=priority; 4=customer_id; 5=agent_id;"
        "7='Network; 18=due"
    ),
    statuses=_GLPI.statuses,
    priorities=_GLPI.priorities,
    **{"within": ("data",), "is_json": True},
)

_OTRS = Form(
    columns=columns("""
        Age==7200; Created=created; CreateBy='1; Changed=updated; CustomerID=company; CustomerUserID=customer_login;
        Lock='unlock; LockID='1; Owner=agent_login; OwnerID='3; Priority=priority; PriorityID='3; Queue=group;
        QueueID='5; Responsible='root@localhost; SLA=; SLAID=; Service=; State=status; StateID='4; StateType='open;
        TicketID=number; TicketNumber=id; Title=title; Type='Unclassified; TypeID='1; UnlockTimeout='0; UntilTime==0;
        EscalationTime='0; DynamicField==[]
    """),
    statuses=[("new", "new"), ("open", "open"), ("pending reminder", "waiting"), ("closed successful", "done")],
    priorities=[("1 very low", "low"), ("3 normal", "medium"), ("4 high", "high"), ("5 very high", "critical")],
    **{"nobody": "root@localhost", "within": ("Ticket",), "is_json": True},
)

_REDMINE = Form(
    columns=columns("""
        id=number; project.id==1; project.name=company; tracker.id==3; tracker.name='Support; status.id==1;
        status.name=status; status.is_closed=is_done; priority.id==2; priority.name=priority; author.id=customer_id;
        author.name=customer; assigned_to.id=agent_id; assigned_to.name=agent; subject=title; description=text;
        start_date==null; due_date=due; done_ratio==0; is_private==false; estimated_hours==null; custom_fields==[];
        created_on=created; updated_on=updated; closed_on=done
    """),
    statuses=[("New", "new"), ("In Progress", "open"), ("Feedback", "waiting"), ("Closed", "done")],
    priorities=[("Low", "low"), ("Normal", "medium"), ("High", "high"), ("Immediate", "critical")],
    **{"dates": _ISO, "nobody": None, "within": ("issues",), "is_json": True},
)

JSON_FORMS: Mapping[str, Mapping[str, Form]] = {
    "zendesk": {"json": _ZENDESK},
    "freshdesk": {"json": _FRESHDESK},
    "freshservice": {"json": _FRESHSERVICE},
    "jira": {"json": _JIRA},
    "servicenow": {"json": _SERVICENOW},
    "github": {"json": _GITHUB},
    "gitlab": {"json": _GITLAB},
    "zammad": {"json": _ZAMMAD_EXPANDED, "json plain": _ZAMMAD},
    "glpi": {"json": _GLPI, "json search": _GLPI_SEARCH},
    "otrs": {"json": _OTRS},
    "redmine": {"json": _REDMINE},
}
