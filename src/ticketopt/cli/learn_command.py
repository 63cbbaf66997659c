"""From a log of past tickets to a team."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ticketopt.cli.history_commands import log_options, read_log
from ticketopt.cli.reported import EXIT_FILE, fail, reported

if TYPE_CHECKING:
    from ticketopt.history.history import History
    from ticketopt.history.team import Team

__all__ = ["learn"]


@click.command()
@log_options
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the team goes (JSON), for --team.")
@click.option(
    "--skill", default="group", show_default=True, metavar="NAME", help="What a skill is: group, kind, or a column."
)
@click.option("--until", metavar="TIME", help="Look at nothing that happened from then on.")
@click.option("--keep", metavar="FILE", help="An older team; what people wrote into it is kept.")
@click.option("--without-estimates", is_flag=True, help="Do not count effort estimated before the work.")
@click.option("--texts", metavar="FILE", help="Write what texts teach about skills as well (.npz), for --texts.")
@click.option("--page", metavar="FILE", help="Write a page about it as well (HTML).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws that intervals are of.")
def learn(
    files: tuple[str, ...],
    *,
    output: str,
    skill: str,
    until: str | None,
    keep: str | None,
    without_estimates: bool,
    texts: str | None,
    page: str | None,
    seed: int,
    **reading: Any,
) -> None:
    """Learn skill levels, efforts and capacities from a log of past tickets, and how sure they are.

    FILE is what `ticketopt history` reads. The team goes to `assign`, `serve` and the others as --team. Levels that you
    change in it win, and survive the next `learn --keep`.
    """
    if page is not None and find_spec("jinja2") is None:
        fail(EXIT_FILE, 'the page needs the extra "report": pip install "ticketopt[report]"')
    with reported():
        from ticketopt.history.learn import learn as run
        from ticketopt.history.team import Team

        old = None if keep is None else Team.load(keep)
        history = read_log(files, **reading)
        team = run(
            history,
            skill=skill,
            learn_until=until,
            with_estimates=not without_estimates,
            keep=old,
            seed=seed,
        )
        team.save(output)
        if page is not None:
            from ticketopt.report.team_page import team_html

            Path(page).write_text(team_html(team), encoding="utf-8")
        click.echo(str(team.evidence))
        if texts is not None:
            click.echo(_taught(history, skill, team, texts), err=True)
        levels = sum(len(agent.skills) for agent in team.agents)
        click.echo(f"{output}: {len(team.agents)} agents, {levels} levels", err=True)


def _taught(history: History, skill: str, team: Team, path: str) -> str:
    """Write what texts teach to a file, and say of how many."""
    from ticketopt.history.skill_matcher import SkillMatcher

    matcher = SkillMatcher.fit_history(history, skill=skill, until=team.learned.until)
    matcher.save(path)
    return f"{path}: {sum(matcher.counts)} texts, {len(matcher.labels)} skills"
