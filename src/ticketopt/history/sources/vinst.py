"""Volvo IT's VINST, as of the BPI Challenge 2013: one row per status, with who set it.

A first name is not one person, but with a country it nearly is. Who queues a ticket does not have it any more.
"""

from ticketopt.history.sources.base import Source

VINST = Source(
    label="VINST incident log",
    shape="events",
    names={
        "ticket": ("case", "SR Number", "case:concept:name"),
        "time": ("time", "Change Date+Time", "time:timestamp"),
        "status": ("status", "concept:name"),
        "substatus": ("sub_status", "sub status", "lifecycle:transition"),
        "agent": ("owner", "owner first name", "org:resource"),
        "agent_more": ("owner_country", "owner country", "resource country"),
        "group": ("support_team", "involved st", "org:group"),
        "kind": ("product",),
        "priority": ("impact",),
    },
    signs=(
        ("case", "time", "status", "sub_status", "owner", "support_team"),
        ("SR Number", "Change Date+Time", "status", "sub status"),
        ("case:concept:name", "concept:name", "lifecycle:transition", "org:group", "resource country"),
    ),
    statuses={
        "accepted": "open",
        "queued": "new",
        "completed": "done",
        "awaiting assignment": "new",
        "in progress": "open",
        "assigned": "open",
        "in call": "done",
        "cancelled": "withdrawn",
        "wait": "waiting",
        "unmatched": "ignored",
    },
)
