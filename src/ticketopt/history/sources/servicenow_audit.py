"""ServiceNow: every update of an incident, with all of its fields as they were then."""

from ticketopt.history.sources.base import Source
from ticketopt.intake.helpdesks.servicenow import SERVICENOW

SERVICENOW_AUDIT = Source(
    label="ServiceNow audit log",
    shape="updates",
    names={
        "ticket": ("number", "number.display_value"),
        "time": ("sys_updated_at", "sys_updated_on", "sys_updated_on.value", "updated"),
        "order": ("sys_mod_count", "sys_mod_count.value", "updates"),
        "status": ("incident_state", "state", "state.display_value"),
        "agent": ("assigned_to", "assigned_to.display_value", "assigned_to.value", "assigned to"),
        "group": ("assignment_group", "assignment_group.display_value", "assignment_group.value", "assignment group"),
        "actor": ("sys_updated_by", "updated by"),
        "opened_by": ("opened_by", "opened_by.display_value", "opened by"),
        "resolved_by": ("resolved_by", "resolved_by.display_value", "resolved by"),
        "requester": ("caller_id", "caller_id.display_value", "caller"),
        "kind": ("category", "category.display_value"),
        "priority": ("priority", "priority.display_value"),
        "created": ("opened_at", "sys_created_at", "sys_created_on", "opened"),
        "due": ("due_date", "sla_due"),
        "reopened": ("reopen_count", "reopen count"),
        "passes": ("reassignment_count", "reassignment count"),
        "title": ("short_description", "short description"),
        "description": ("description",),
    },
    signs=(
        ("number", "sys_mod_count", "sys_updated_at", "assigned_to"),
        ("number", "sys_mod_count", "sys_updated_on", "assigned_to"),
        ("number", "sys_mod_count", "sys_updated_on", "assigned_to.value"),
        ("number", "updates", "updated", "assigned to"),
    ),
    statuses={"8": "withdrawn", "closed skipped": "withdrawn"},
    words=SERVICENOW.statuses,
    future=(
        *("resolved_at", "closed_at", "closed_code", "close_code", "resolved_by", "closed_by", "made_sla"),
        *("caused_by", "close_notes", "knowledge", "rfc", "problem_id", "vendor", "active", "sys_created_at"),
        *("sys_created_by", "business_stc", "calendar_stc", "u_priority_confirmation"),
    ),
)
