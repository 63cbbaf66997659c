"""A table in which a row is one changed field: ticket, time, field, value before, value after, and who changed it.

So are the histories of OTRS, Redmine, Zammad and GLPI in their databases, and ServiceNow's `sys_audit`.
"""

from ticketopt.history.sources.audit import AUDIT
from ticketopt.history.sources.base import Source

FIELD_CHANGES = Source(
    label="a table of changed fields",
    shape="updates",
    names={
        **{name: AUDIT.names[name] for name in ("status", "agent", "group", "kind", "priority", "title")},
        "ticket": (*AUDIT.names["ticket"], "documentkey", "document key", "o_id", "customized_id", "object id"),
        "time": (*AUDIT.names["time"], "sys_created_on", "created at", "created on", "created", "create time"),
        "actor": (*AUDIT.names["actor"], "user", "user name", "sys_created_by", "created by"),
        "order": ("change",),
        "field": (
            *("field", "fieldname", "field name", "attribute", "property", "changed field", "prop_key", "feld"),
            *("champ", "campo"),
        ),
        "before": (
            *("old value", "oldvalue", "old", "from", "before", "previous value", "value_from", "from value"),
            *("alter wert", "ancienne valeur", "valor anterior"),
        ),
        "after": (
            *("new value", "newvalue", "new", "to", "after", "value_to", "to value", "value", "neuer wert"),
            *("nouvelle valeur", "valor nuevo"),
        ),
    },
    signs=(("ticket", "time", "field", "old value", "new value"),),
)
