"""What the documentation shows. The answers to these bodies are not written down: the app makes them as it starts."""

from typing import Any

__all__ = ["EXAMPLE_QUEUE", "MISTAKEN_QUEUE"]

EXAMPLE_QUEUE: dict[str, Any] = {
    "agents": [
        {
            "agent_id": "a-101",
            "name": "Amira Haddad",
            "skills": {"Networking": 9, "VPN_Troubleshooting": 8, "Linux_Administration": 6},
            "current_load": 3,
            "availability_status": "Available",
            "experience_level": 8,
        },
        {
            "agent_id": "a-102",
            "name": "Jonas Weber",
            "skills": {"Hardware_Diagnostics": 8, "Printer_Troubleshooting": 7, "Microsoft_365": 5},
            "current_load": 1,
            "availability_status": "Available",
            "experience_level": 4,
        },
        {
            "agent_id": "a-103",
            "name": "Priya Nair",
            "skills": {"Microsoft_365": 9, "Active_Directory": 8},
            "current_load": 0,
            "availability_status": "On break",
            "experience_level": 6,
        },
    ],
    "tickets": [
        {
            "ticket_id": "T-5001",
            "title": "VPN drops every few minutes for the whole sales team",
            "description": "Since 08:00 nobody in sales can stay connected to the VPN. A customer demo starts at noon.",
            "creation_timestamp": "2026-03-02T08:20:00Z",
            "priority": "high",
        },
        {
            "ticket_id": "T-5002",
            "title": "Printer on floor 2 prints blank pages",
            "description": "New toner is in, pages are still blank. No rush, the one on floor 3 works.",
            "creation_timestamp": "2026-03-02T07:45:00Z",
        },
        {
            "ticket_id": "T-5003",
            "title": "Shared mailbox missing in Outlook",
            "description": "The invoices mailbox is gone since the update this morning.",
            "creation_timestamp": "2026-03-02T08:05:00Z",
            "previous_agent": "a-102",
        },
        {
            "ticket_id": "T-5004",
            "title": "Account locked after password change",
            "description": "I need somebody who may unlock accounts in the directory.",
            "creation_timestamp": "2026-03-02T08:15:00Z",
            "requires": {"Active_Directory": 5},
        },
    ],
    "now": "2026-03-02T08:30:00Z",
}

MISTAKEN_QUEUE: dict[str, Any] = {
    "agents": [{"agent_id": "a-101", "availability_status": "Available"}],
    "tickets": [{"ticket_id": "T-5001", "priority": "hihg"}],
}
