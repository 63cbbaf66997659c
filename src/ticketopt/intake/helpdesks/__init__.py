"""Somebody else's columns and words, one file per helpdesk. A new helpdesk is one file and one entry here."""

from collections.abc import Mapping

from ticketopt.intake.helpdesks.base import Helpdesk
from ticketopt.intake.helpdesks.plain import PLAIN

HELPDESKS: Mapping[str, Helpdesk] = {
    "plain": PLAIN,
}
"""All helpdesks, by the name that `--from` takes."""

__all__ = ["HELPDESKS", "Helpdesk"]
