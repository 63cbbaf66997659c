"""What-ifs are read from one line each."""

from __future__ import annotations

import click
import pytest

from ticketopt.cli.what_ifs import EXAMPLE, what_ifs
from ticketopt.history.backtest.policies import WhatIf


def test_every_change_is_read() -> None:
    assert what_ifs((EXAMPLE,)) == {
        EXAMPLE: WhatIf(
            "best_available", arrivals=1.2, at_most=5.0, more={"new": ["VPN"]}, trained={"ada": ["VPN"]},
            since="2026-05-04",
        )
    }  # fmt: skip


def test_groups_come_again_and_policies_may_stand_alone() -> None:
    text = "every 60 min; more=new:VPN; more=new:Mail: inbound"
    assert what_ifs((text, "random")) == {
        text: WhatIf("every 60 min", more={"new": ["VPN", "Mail: inbound"]}),
        "random": WhatIf("random"),
    }


@pytest.mark.parametrize("text", ["random; more", "random; faster=2", "random; arrivals=many", "random; since="])
def test_what_is_no_change_is_one_clear_error(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"no (change|number)"):
        what_ifs((text,))
