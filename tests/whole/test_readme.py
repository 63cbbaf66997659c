"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_blocks_run(code):
    exec(compile(code, "README.md", "exec"), {})


def test_sessions_print_what_they_show():
    """All of them in one: later ones go on with the names of earlier ones."""
    test = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), {}, "README.md", str(README), 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_tables_name_every_setting_field_term_and_backend():
    from ticketopt.formulation.costs import COST_TERMS
    from ticketopt.problem.policy import POLICY_FIELDS
    from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS
    from ticketopt.solvers import BACKENDS

    cells = set(re.findall(r"`(\w+)`", "\n".join(line for line in TEXT.splitlines() if line.startswith("|"))))
    assert {*COST_TERMS, *AGENT_FIELDS, *POLICY_FIELDS, *TICKET_FIELDS, *BACKENDS} <= cells


def test_default_weights_are_the_stated_ones():
    from ticketopt.formulation.costs import COST_TERMS

    stated = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \| .*", TEXT, flags=re.MULTILINE))
    assert {name: float(stated[name]) for name in COST_TERMS} == {name: t.weight for name, t in COST_TERMS.items()}


def test_the_certificate_block_proves_the_example_in_a_fresh_process():
    (code,) = [code for code in blocks("python") if "not proven" in code]
    done = subprocess.run(
        [sys.executable, "-c", code + "\nprint(int(cost), result.status.value)"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    cost, status = done.stdout.split()
    assert status == "optimal"
    assert int(cost) > 0
