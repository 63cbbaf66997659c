"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.backend_contract import DEAR, is_exact, is_general, proves
from ticketopt.formulation.costs import COST_TERMS
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket
from ticketopt.solvers import BACKENDS

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


def rows_of(head: str) -> dict[str, str]:
    """The names in the first column of the table with this head, each with what stands in the second."""
    lines = TEXT.partition(f"| {head} | default | meaning |\n|---|---|---|\n")[2].partition("\n\n")[0].splitlines()
    cells = [line.split(" | ") for line in lines]
    return {name: default for first, default, *_ in cells for name in re.findall(r"`(\w+)`", first)}


@pytest.mark.parametrize(("head", "kind"), [("ticket", Ticket), ("agent", Agent), ("setting", Policy)])
def test_tables_name_every_field_with_its_default(head, kind):
    rows, table = rows_of(head), table_of(kind)
    assert set(rows) == set(table.entries)
    for name, default in table.defaults().items():
        words = rows[name].strip("` ").strip('"')
        if isinstance(default, bool):
            assert words == str(default).lower(), name
        elif isinstance(default, (int, float)) or re.fullmatch(r"[\d.]+", words):
            assert float(words) == default, name
        elif default in (None, (), {}):
            assert words.startswith(("none", "from the text", "the policy's", "just now", "see")), name
        else:
            assert words == (default or {"name": "the id"}.get(name, "empty")), name


def test_tables_name_every_term_and_backend():
    cells = set(re.findall(r"`(\w+)`", "\n".join(line for line in TEXT.splitlines() if line.startswith("|"))))
    assert {*COST_TERMS, *BACKENDS} <= cells


@pytest.mark.parametrize("name", BACKENDS)
def test_the_table_says_what_each_backend_solves_and_proves(name):
    (solves, proof) = re.findall(rf"^\| `{name}` \| (.*) \| (.*) \|$", TEXT, flags=re.MULTILINE)[0]
    backend = BACKENDS[name]
    assert solves == ("everything" if is_general(backend) else "unit effort, no rows")
    assert proof.startswith("none;") != is_exact(backend)
    if is_exact(backend):
        assert ("double precision" in proof) != proves(backend, DEAR)


def test_default_weights_are_the_stated_ones():
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
