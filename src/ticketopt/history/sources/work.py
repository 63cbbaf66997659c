"""Who worked how long on which ticket or task: one row per task and person."""

from ticketopt.history.sources.base import Source
from ticketopt.history.sources.tickets import TICKETS

WORK = Source(
    label="a table of work",
    shape="work",
    names={
        **TICKETS.names,
        "ticket": ("TaskNumber", "task number", "task id", "task", *TICKETS.names["ticket"]),
        "agent": ("DeveloperID", "developer id", "developer", "employee", "worker", *TICKETS.names["agent"]),
        "hours": ("DeveloperHoursActual", "developer hours actual", "developer hours", *TICKETS.names["hours"]),
        "total_hours": ("HoursActual", "total hours", "task hours"),
        "estimate": ("HoursEstimate", *TICKETS.names["estimate"]),
        "status": ("StatusCode", *TICKETS.names["status"]),
        "created": ("EstimateOn", "estimated on", *TICKETS.names["created"]),
        "started": ("StartedOn", *TICKETS.names["started"]),
        "resolved": ("CompletedOn", *TICKETS.names["resolved"]),
        "kind": ("SubCategory", "sub category", "subcategory", *TICKETS.names["kind"]),
        "group": ("ProjectCode", "project code", "project", *TICKETS.names["group"]),
        "requester": ("RaisedByID", "raised by", *TICKETS.names["requester"]),
    },
    signs=(("TaskNumber", "DeveloperID", "DeveloperHoursActual"),),
    statuses={
        "chronicle": "done",
        "released": "done",
        "finished": "done",
        "completed": "done",
        "estimated": "new",
        "authorise": "new",
        "template": "withdrawn",
    },
    future=("TaskPerformance", "DeveloperPerformance", "HoursActual"),
)
