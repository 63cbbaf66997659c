"""What-ifs as they are written on the command line."""

from __future__ import annotations

from typing import Any

import click

from ticketopt.history.backtest.policies import WhatIf

__all__ = ["what_ifs"]

EXAMPLE = "best_available; arrivals=1.2; at_most=5; more=new:VPN; trained=ada:VPN; since=2026-05-04"


def what_ifs(written: tuple[str, ...]) -> dict[str, WhatIf]:
    """What was written -> a policy, and what would be different: `EXAMPLE`. `more` and `trained` may come again."""
    return {text: _one(text) for text in written}


def _one(text: str) -> WhatIf:
    policy, *changes = (part.strip() for part in text.split(";"))
    found: dict[str, Any] = {"policy": policy}
    for change in changes:
        name, _, value = (part.strip() for part in change.partition("="))
        if name in ("more", "trained"):
            who, separator, group = value.partition(":")
            if not separator:
                raise _wrong(change)
            found.setdefault(name, {}).setdefault(who.strip(), []).append(group.strip())
        elif name in ("arrivals", "at_most"):
            found[name] = _number(value, change)
        elif name == "since" and value:
            found[name] = value
        else:
            raise _wrong(change)
    return WhatIf(**found)


def _wrong(change: str) -> click.BadParameter:
    return click.BadParameter(f'{change!r} is no change; write as in "{EXAMPLE}"')


def _number(value: str, change: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise click.BadParameter(f"{change!r} has no number") from None
