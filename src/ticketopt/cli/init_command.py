"""`ticketopt init`: files to begin with, which `assign` reads as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ticketopt.cli.reported import EXIT_FILE, fail, reported

__all__ = ["init"]

TEAM = """\
agent_id,name,skills,capacity,current_load,availability_status,languages,team
ada,Ada Example,VPN:8;Wi-Fi:6,8,0,available,English;German,Service Desk
ben,Ben Example,Printers:7;Laptops:9,8,2,available,English,Devices
cleo,Cleo Example,SAP:9;Reporting:5,6,0,on leave,English;French,Business Systems
"""
"""Three people who are not there, one of them away: levels go from 0 to 10."""

POLICY_HEAD = """\
# What matters, and which rules hold. Every setting stands here with what it means; those with a # in front
# are off, or say what could stand there. Use it by: ticketopt assign FILE --team team.csv --policy policy.toml
# A goal can stand in its place: --policy "urgent first", "keep it even" or "best match". What each would change,
# and what this file does: ticketopt compare FILE --team team.csv --policies --also policy.toml
"""

WEIGHTS_HEAD = """\
[weights]
# How much each reason counts when agents are compared: 0 switches it off, twice as much counts twice.
"""

EXAMPLES: dict[str, Any] = {
    "max_urgent_per_agent": 3,
    "max_new_per_agent": 10,
    "max_new_per_team": 40,
    "separate": [["T-1", "T-2"]],
    "together": [["T-3", "T-4"]],
    "tiers": ["urgent_unassigned", "unassigned", "cost"],
    "customer_weights": {"Example Ltd": 0.5},
    "customer_agents": {"Example Ltd": "ada"},
    "skill_notes": {"Tier 2": "looks at crashes of the API and the database"},
}
"""What could stand where a setting's default is nothing."""


@click.command()
@click.argument("folder", metavar="[FOLDER]", default=".")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def init(folder: str, force: bool) -> None:
    """Write a team to fill in (team.csv) and a policy with comments (policy.toml) into FOLDER, by default this one."""
    with reported():
        texts = {"team.csv": TEAM, "policy.toml": policy_text()}
        place = Path(folder)
        there = [name for name in texts if (place / name).exists()]
        if there and not force:
            fail(EXIT_FILE, f"{' and '.join(there)} in {folder} would be written over; --force does that")
        place.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8")
        click.echo(
            f"{place / 'team.csv'} and {place / 'policy.toml'} are written. Put your team and your wishes in, then:"
        )
        click.echo(f"  ticketopt assign EXPORT --team {place / 'team.csv'} --policy {place / 'policy.toml'}")


def policy_text() -> str:
    """All settings of a policy at their defaults, each with what it means, as TOML."""
    from ticketopt.formulation.costs import COST_TERMS
    from ticketopt.problem.policy import Policy
    from ticketopt.problem.record_fields import table_of

    table = table_of(Policy)
    defaults = table.defaults()
    parts, tables = [POLICY_HEAD], []
    for name, entry in table.entries.items():
        if name == "weights":
            continue
        default = defaults[name]
        is_nothing = default is None or default in ((), {})
        value = EXAMPLES[name] if is_nothing else default
        if isinstance(value, dict):
            lines = [f"# {entry.words}", f"# [{name}]", *(f"# {_toml(k)} = {_toml(v)}" for k, v in value.items())]
            tables.append("\n".join(lines) + "\n")
        else:
            parts.append(f"# {entry.words}\n{'# ' if is_nothing else ''}{name} = {_toml(value)}\n")
    weights = [f"# {term.summary}\n{name} = {term.weight:g}\n" for name, term in COST_TERMS.items()]
    return "\n".join([*parts, WEIGHTS_HEAD + "".join(weights), *tables])


def _toml(value: Any) -> str:
    """A text, a number, a truth or a list of them; these are written as JSON writes them."""
    return json.dumps(value, ensure_ascii=False)
