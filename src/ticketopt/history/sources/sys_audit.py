"""ServiceNow's `sys_audit`: a row is one changed field of a record."""

from dataclasses import replace

from ticketopt.history.sources.field_changes import FIELD_CHANGES
from ticketopt.intake.helpdesks.servicenow import SERVICENOW

SYS_AUDIT = replace(
    FIELD_CHANGES,
    label="ServiceNow sys_audit",
    signs=(("documentkey", "fieldname", "oldvalue", "newvalue"),),
    statuses={"8": "withdrawn", "closed skipped": "withdrawn"},
    words=SERVICENOW.statuses,
)
