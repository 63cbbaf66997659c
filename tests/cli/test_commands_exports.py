"""An export of every product and a plain spreadsheet of the team make a plan, with nothing edited by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from support.helpdesk_cases import AGENTS
from support.helpdesk_exports import EXPORTS, expected, form_of, headings, realistic_export
from ticketopt.cli.commands import main
from ticketopt.intake.column import heading_key

TEAM = "Login;Name;E-Mail;Skills;Max Tickets\n" + "".join(
    f"{agent.login};{agent.name};{agent.email};VPN:{4 + k}, Printers:{8 - k};300\n" for k, agent in enumerate(AGENTS)
)


@pytest.mark.parametrize(("name", "form"), [(name, next(iter(forms))) for name, forms in EXPORTS.items()])
def test_every_product_is_planned_from_the_command_line(tmp_path: Path, name: str, form: str) -> None:
    data = realistic_export(name, form, n=200)
    export = tmp_path / ("export.json" if form_of(name, form).is_json else "export.csv")
    export.write_bytes(data)
    (tmp_path / "team.csv").write_text(TEAM, encoding="utf-8")
    run = CliRunner().invoke(main, ["assign", str(export), "--team", str(tmp_path / "team.csv"), "--json"])
    assert run.exit_code == 0, run.stderr
    plan = json.loads(run.stdout)
    planned = {str(one["ticket_id"]) for one in plan["assignments"]}
    stages = {str(one["ticket_id"]).replace("\u00a0", ""): one["stage"] for one in expected(name, form)}
    assert planned and not plan["unassigned"]
    assert planned <= {ticket for ticket, stage in stages.items() if stage != "done"}
    assert "set aside as" in run.stderr

    checked = CliRunner().invoke(main, ["check", str(export), "--team", str(tmp_path / "team.csv"), "--json"])
    read = json.dumps(json.loads(checked.stdout), ensure_ascii=False)
    there = {heading for heading in headings(data, name, form) if heading_key(heading)}
    assert [heading for heading in there if json.dumps(heading, ensure_ascii=False)[1:-1] not in read] == []
