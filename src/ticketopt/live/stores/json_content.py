"""What `json_file.py` has in its file: agents and their loads first, then everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.live.stores.durable_file import failed
from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import Batch, Event, StoredAgent
from ticketopt.problem.fields import Report, clean_record, kind
from ticketopt.problem.records import AGENT_FIELDS

__all__ = ["check_folder", "queues_in", "rendered"]

FIELDS = ("agent_id", "name", "current_load")
DEFAULT = ""
"""The tenant whose loads stand first, under "agents"."""

REPAIR = "repair it, or move it away to start anew"


def check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"the folder of {path} does not exist; create it")


def _content(path: Path) -> bytes | None:
    """The bytes of the file; None where there is no file."""
    check_folder(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed("read", path, error) from error


def queues_in(path: Path) -> dict[str, PlainQueue]:
    """What a file holds; anything but the exact format is an error, as writing would lose the rest."""
    content = _content(path)
    if content is None:
        return {}
    try:
        data = parse_json(decode(content))
        if not isinstance(data, dict) or not {"agents"} <= set(data) <= {"agents", "queues"}:
            raise InvalidInputError.single("", "is not an object with the key agents", REPAIR)
        if not isinstance(data["agents"], list):
            raise InvalidInputError.single("agents", f"is {kind(data['agents'])}, not a list", REPAIR)
        rows = [_agent(row, f"agents[{k}]") for k, row in enumerate(data["agents"])]
        try:
            queues = {tenant: PlainQueue.from_dict(item) for tenant, item in data.get("queues", {}).items()}
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            raise InvalidInputError.single("queues", "are not as they were written", REPAIR) from None
    except InvalidInputError as error:
        issue = error.issues[0]
        problem = f"{issue.path}: {issue.problem}" if issue.path else issue.problem
        raise StoreError(f"{path} holds no queue ({problem}), so it is left as it is; {REPAIR}") from None
    if len({str(row["agent_id"]) for row in rows}) < len(rows):
        raise StoreError(f"{path} holds an agent_id twice, so it is left as it is; {REPAIR}")
    _take_over(queues.setdefault(DEFAULT, PlainQueue()), rows)
    return queues


def _take_over(queue: PlainQueue, rows: list[dict[str, Any]]) -> None:
    """Have the loads of a file count, whoever wrote them: what differs from the queue's own is one more version."""
    loads = {str(row["agent_id"]): row["current_load"] for row in rows}
    old = {name: agent.load for name, agent in queue.agents.items()}
    events = [
        Event("edited", None, name, loads.get(name, 0) - old.get(name, 0))
        for name in (*old, *(name for name in loads if name not in old))
        if name not in old or loads.get(name, 0) != old[name]
    ]
    new = {str(row["agent_id"]): {k: v for k, v in row.items() if k != "current_load"} for row in rows}
    records = {name: data for name, data in new.items() if name not in queue.agents}
    if events or records:
        queue.commit(queue.version, Batch(None, tuple(events), records), None, "")


def _agent(row: Any, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise InvalidInputError.single(where, f"is {kind(row)}, not an object", REPAIR)
    if not {"agent_id", "current_load"} <= set(row) <= set(FIELDS):
        raise InvalidInputError.single(where, f"does not have exactly the keys {', '.join(FIELDS)}", REPAIR)
    report = Report()
    clean = clean_record(AGENT_FIELDS, row, where, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return {"name": "", **clean}


def rendered(queues: dict[str, PlainQueue]) -> bytes:
    rows = [_row(name, agent) for name, agent in queues.get(DEFAULT, PlainQueue()).agents.items()]
    kept = {tenant: queue.to_dict() for tenant, queue in queues.items()}
    agents = json.dumps({"agents": rows}, indent=2).removesuffix("\n}")
    return f'{agents},\n  "queues": {json.dumps(kept)}\n}}'.encode("ascii")


def _row(name: str, agent: StoredAgent) -> dict[str, Any]:
    return {
        "agent_id": agent.data.get("agent_id", name),
        "name": agent.data.get("name", ""),
        "current_load": agent.load,
    }
