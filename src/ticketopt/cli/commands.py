"""The command line. Every command is a few library calls and a table.

Exit codes: 0 done (a plan that leaves tickets out is done: it says which and why); 2 wrong usage; 3 invalid input;
4 a file cannot be read or written; 5 no backend could solve it, or loads could not be kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import click
except ImportError:  # the extra is not there: say so instead of a traceback
    sys.exit('ticketopt: the command line needs the extra "cli": pip install "ticketopt[cli]"')

from ticketopt.cli import tables
from ticketopt.cli.problem_of_file import problem_of_file, reader_of, taught, zone_of
from ticketopt.cli.reported import EXIT_FILE, fail, reported

if TYPE_CHECKING:
    from ticketopt.errors import Issue
    from ticketopt.problem.problem import Problem

INPUT = click.argument("file", metavar="FILE")
AGENTS = click.option(
    "--agents", "--team", metavar="FILE", help="File with the team (.csv, .xlsx, .json), where FILE has only tickets."
)
READING = (
    click.option("--from", "helpdesk", metavar="NAME", help="Whose export FILE is, where that is not recognized."),
    click.option(
        "--map", "columns", multiple=True, metavar="HEADING=FIELD", help="What a column means; or a TOML file of such."
    ),
    click.option("--zone", metavar="ZONE", help="Of times without one, such as Europe/Berlin.  [default: UTC]"),
    click.option("--day-first/--month-first", default=None, help="How 3/5/2026 is meant, where no column shows it."),
    click.option(
        "--levels", type=float, metavar="N", help="The highest skill level in the team's own scale, such as 5."
    ),
    click.option("--skip-invalid", is_flag=True, help="Plan without wrong rows; they go to FILE.skipped.json."),
)
"""How FILE is to be read; what is not said is found in it."""
READER = "ticketopt.reader"
"""What of a command's context has the reader of texts."""
_READING_NAMES = ("helpdesk", "columns", "zone", "day_first", "levels", "skip_invalid")
POLICY = click.option(
    "--policy",
    metavar="FILE|GOAL",
    help='Settings as .toml or JSON, or a goal: "urgent first", "keep it even", "best match".',
)
CAPACITY = click.option(
    "--capacity", metavar="N", help='Units per agent without a capacity of its own: a number, "fair_share" or "off".'
)
NOW = click.option("--now", metavar="TIME", help="The time to plan for (ISO 8601 or Unix seconds).")
LEXICON = click.option(
    "--lexicon", metavar="FILE", help="JSON file with concepts and phrases of your own, added to ours."
)
ENCODER = click.option(
    "--encoder", metavar="KIND:PATH", help="What gives texts their vectors in place of ours, such as onnx:FOLDER."
)
TEXTS = click.option("--texts", metavar="FILE", help="What the texts of past tickets taught: learn --texts wrote it.")
TIME_LIMIT = click.option("--time-limit", type=float, default=10.0, show_default=True, help="Seconds to solve in.")
SEED = click.option("--seed", type=int, default=0, show_default=True, help="Seed for everything random.")


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_ELSEWHERE = {
    **dict.fromkeys(("serve", "key"), "ticketopt.cli.service_commands"),
    **dict.fromkeys(("backup", "copy-team", "prune", "restore"), "ticketopt.cli.store_commands"),
    "init": "ticketopt.cli.init_command",
    "backtest": "ticketopt.cli.backtest_command",
    "compare": "ticketopt.cli.compare_command",
    "history": "ticketopt.cli.history_commands",
    "learn": "ticketopt.cli.learn_command",
}
"""Commands of which others need know nothing, and the modules they come from when they are asked for."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(_ELSEWHERE[cmd_name]), cmd_name.replace("-", "_"))
        return command


COMPLETION = """\
Completion of commands and options by the tab key: put this line into ~/.bashrc, and into ~/.zshrc with zsh_source.

\b
  eval "$(_TICKETOPT_COMPLETE=bash_source ticketopt)"

Tables are as wide as the terminal, or as COLUMNS says. NO_COLOR=1 switches colors off."""


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{__doc__.partition(chr(10) * 2)[2]}\n\n{COMPLETION}",
)
@click.version_option(package_name="ticketopt")
def main() -> None:
    """Decide which support agent should take which ticket: the whole queue at once, with proof and reasons."""


def on_problem(*options: Callable[[Any], Any]) -> Callable[[Callable[..., None]], click.Command]:
    """A command about FILE: it is called with the problem that FILE and these options describe."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def command(
            file: str,
            agents: str | None,
            now: str | None,
            lexicon: str | None,
            encoder: str | None,
            texts: str | None,
            policy: str | None = None,
            capacity: str | None = None,
            **rest: Any,
        ) -> None:
            reading = {name: rest.pop(name) for name in _READING_NAMES}
            with reported():
                reader = click.get_current_context().meta[READER] = reader_of(lexicon, encoder)
                problem, click.get_current_context().obj = problem_of_file(
                    file, agents, policy, capacity, now, taught(reader, texts), reading
                )
                _warn(problem.warnings)
                function(problem, **rest)

        return main.command()(_options(INPUT, AGENTS, *READING, NOW, LEXICON, ENCODER, TEXTS, *options)(command))

    return decorate


@on_problem(POLICY, CAPACITY, TIME_LIMIT, SEED)
@click.option("--solver", default="auto", show_default=True, help="auto, or a backend by name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the assignments first, then everything else.")
@click.option("-o", "--output", metavar="FILE", help="Write the plan to a .csv or .xlsx, the whole record to a .json.")
def assign(problem: Problem, *, time_limit: float, seed: int, solver: str, as_json: bool, output: str | None) -> None:
    """Assign the tickets of FILE (.json, .jsonl; .csv, .xlsx or an export with --team; - for standard input)."""
    from ticketopt.planning.solve import solve

    form = None if output is None else tables.form_of(output)
    with tables.shown_progress() as progress:
        result = solve(problem, solver=solver, time_limit=time_limit, seed=seed, progress=progress)
    text = result.to_json() if as_json or form == ".json" else ""
    if output is not None and form == ".json":
        Path(output).write_text(text + "\n", encoding="utf-8")
    elif output is not None:
        from ticketopt.report.table_file import PLAN_HEAD, plan_rows, write_table

        write_table(output, PLAN_HEAD, plan_rows(result))
    if as_json:
        click.echo(text)
        click.echo(f"{result.summary()} in {result.runtime:.2f} s", err=True)
    else:
        tables.print_result(result, zone_of(click.get_current_context().params["zone"]))
        click.echo(f"Solved in {result.runtime:.2f} s.", err=True)


@on_problem(POLICY, CAPACITY)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--suggest-map", is_flag=True, help="Print a TOML file for --map: what every column became.")
def check(problem: Problem, *, as_json: bool, suggest_map: bool) -> None:
    """Validate FILE without solving: how it was read, what is set aside, and every issue with its path."""
    queue = click.get_current_context().obj
    if suggest_map:
        click.echo(tables.suggested_map(queue), nl=False)
        return
    about = tables.reading_of(problem, queue, click.get_current_context().meta[READER])
    show = tables.print_json if as_json else tables.print_reading
    show(about)


@on_problem(POLICY, CAPACITY, TIME_LIMIT, SEED)
@click.option("--ticket", required=True, metavar="ID", help="The ticket to explain.")
@click.option("--agent", metavar="ID", help="Ask why this agent does not have it; else the best alternatives.")
@click.option("--resolve", is_flag=True, help="Where only a bound is known, solve again.")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
def explain(
    problem: Problem,
    *,
    time_limit: float,
    seed: int,
    ticket: str,
    agent: str | None,
    resolve: bool,
    as_json: bool,
) -> None:
    """Say why a ticket of FILE is where it is, and what another agent would change."""
    from ticketopt.planning.solve import solve

    result = solve(problem, time_limit=time_limit, seed=seed)
    if agent is None:
        asked = result.alternatives(ticket, resolve=resolve, time_limit=time_limit)
    else:
        asked = (result.why_not(ticket, agent, resolve=resolve, time_limit=time_limit),)
    found = result.bottleneck_of(ticket)
    if as_json:
        answer = {
            "rationale": result[ticket].rationale,
            "bottleneck": None if found is None else found.to_dict(),
            "answers": [item.to_dict() for item in asked],
        }
        tables.print_json(answer)
        return
    click.echo(result[ticket].rationale)
    if found is not None:
        click.echo(found.words)
    for line in asked or ("No other agent may take it.",):
        click.echo(f"- {line}")


@on_problem(POLICY, CAPACITY, TIME_LIMIT, SEED)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the page goes.")
@click.option("--title", default="Ticket plan", show_default=True)
@click.option("--link", metavar="URL", help="A ticket's address, such as https://helpdesk.example/tickets/{ticket_id}.")
def report(problem: Problem, *, time_limit: float, seed: int, output: str, title: str, link: str | None) -> None:
    """Write a page about the plan of FILE for a team lead: who does what, what waits and why, what would help.

    One HTML file with nothing outside it: to read, to mail, to print.
    """
    if find_spec("jinja2") is None:
        fail(EXIT_FILE, 'the report needs the extra "report": pip install "ticketopt[report]"')
    from ticketopt.planning.solve import solve
    from ticketopt.problem.links import ticket_links
    from ticketopt.report.page import report_html

    ticket_links(link)
    zone = zone_of(click.get_current_context().params["zone"])
    with tables.shown_progress() as progress:
        result = solve(problem, time_limit=time_limit, seed=seed, progress=progress)
    page = report_html(result, title=title, link=link, zone=zone, made=time.time())
    Path(output).write_text(page, encoding="utf-8")
    click.echo(f"{output}: {result.summary()}", err=True)


@on_problem()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def triage(problem: Problem, *, as_json: bool) -> None:
    """Show what is read in every ticket of FILE: skills and urgency, each with the words that decided."""
    if as_json:
        tables.print_json({"readings": tables.readings(problem)})
    else:
        tables.print_readings(problem)


@main.command()
@click.option("--output", metavar="FILE", help="Write there instead of to standard output.")
def example(output: str | None) -> None:
    """Write the shipped example queue (JSON)."""
    with reported():
        text = files("ticketopt").joinpath("data/example.json").read_text(encoding="utf-8")
        if output is None:
            click.echo(text, nl=False)
        else:
            Path(output).write_text(text, encoding="utf-8")


def _warn(warnings: tuple[Issue, ...], most: int = 20) -> None:
    from ticketopt.problem.report import NOTHING_TO_DO

    for warning in warnings[:most]:
        words = f"note: {warning}".removesuffix(f"; {NOTHING_TO_DO}")
        click.echo(words if warning.repair == NOTHING_TO_DO else f"warning: {warning}", err=True)
    if len(warnings) > most:
        click.echo(f"warning: ... and {len(warnings) - most} more", err=True)
