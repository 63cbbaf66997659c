"""A process log: case, activity, who did it, and when, as process mining tools write it; XES too."""

from ticketopt.history.sources.audit import AUDIT
from ticketopt.history.sources.base import Source

EVENTS = Source(
    label="a process log",
    shape="events",
    names={
        **{name: words for name, words in AUDIT.names.items() if name not in ("actor", "opened_by", "resolved_by")},
        "ticket": ("case:concept:name", "case id", "caseid", "case", "trace", "case key", *AUDIT.names["ticket"]),
        "time": ("time:timestamp", "complete timestamp", "timestamp", "end timestamp", *AUDIT.names["time"]),
        "status": ("concept:name", "activity", "activity name", "event", "task", "action"),
        "agent": ("org:resource", "resource", "user", "performer", "employee", "agent", "who"),
        "group": ("org:group", "org:role", "workgroup", "support section", *AUDIT.names["group"]),
        "kind": ("case:category", "product", "case:product", "service type", *AUDIT.names["kind"]),
        "priority": ("seriousness", "impact", "case:priority", *AUDIT.names["priority"]),
        "requester": ("customer", "case:customer", *AUDIT.names["requester"]),
    },
    signs=(
        ("case:concept:name", "concept:name", "time:timestamp"),
        ("case id", "activity", "resource", "complete timestamp"),
        ("case id", "activity", "resource", "timestamp"),
        ("case id", "activity", "org:resource", "time:timestamp"),
        ("case", "activity", "resource", "timestamp"),
        ("caseid", "activity", "resource", "timestamp"),
    ),
    statuses={"schedule intervention": "open", "create sw anomaly": "ignored", "resolve sw anomaly": "ignored"},
)
