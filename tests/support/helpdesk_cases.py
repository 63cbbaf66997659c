"""Made-up tickets as people write them, before any helpdesk has put them into its columns and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

__all__ = ["AGENTS", "Case", "Person", "cases"]

FIRST = datetime(2024, 1, 3, 7, 0, tzinfo=UTC)

TITLES = (
    "VPN drops every 10 minutes",
    'Printer says "PC LOAD LETTER", again',
    "Re: AW: Fwd: invoice 4711; wrong amount",
    "Passwort vergessen \u2013 Konto gesperrt",
    "L'écran reste noir après la mise à jour",
    "No puedo iniciar sesión (¿otra vez?)",
    "Notebook não liga; urgência máxima",
    'Outlook: "Can\'t connect", error 0x8004010F',
    "New starter, needs laptop, phone & badge",
    "=SUM(A1:A3) shows #NAME? in Excel",
    "10,5 GB quota exceeded",
    "Müller & Söhne: Straße fehlt in Adresse",
)
WIDE_TITLES = ("プリンターが動かない", "메일이 안 옵니다", "Wi-Fi 😡 on floor 3")
"""Titles that no code page of one byte has."""

TEXTS = (
    'Hello,\n\nit does not work since Monday.\n\nRegards, "Pat"',
    "Steps:\r\n1; open it\r\n2, wait",
    "See the picture.\n\n> On Monday, Support wrote:\n> Please restart.\n\nI did, twice.",
    "",
    'One line, with commas; and semicolons, "quotes" and a\ttab.',
)
HTML = '<div dir="ltr">{}<br><br><blockquote>From: "Support" &lt;help@example.com&gt;</blockquote></div>'


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    login: str
    group: str

    @property
    def email(self) -> str:
        return f"{self.login}@example.com"


AGENTS = (
    Person(31, "Ana García", "ana.garcia", "Network"),
    Person(32, "Ben O'Neil", "ben.oneil", "Hardware"),
    Person(33, "Chloé Martin", "chloe.martin", "Network"),
    Person(34, "Dieter Groß", "dieter.gross", "Accounts & Access"),
    Person(35, "Müller, Eva", "eva.mueller", "Hardware"),
)
CUSTOMERS = tuple(
    Person(901 + k, name, name.lower().replace(" ", "."), company)
    for k, (name, company) in enumerate([("Pat Doe", "ACME, Inc."), ("Kim Lee", "Contoso"), ("Sam Roe", "ACME, Inc.")])
)
TAGS = ("vpn", "printer", "vip customer", "how-to", "billing")


@dataclass(frozen=True)
class Case:
    """One ticket. `status` and `priority` are places in a form's lists of words; `agents` are empty for nobody."""

    number: int
    title: str
    text: str
    created: datetime
    hours: int
    status: int
    priority: int | None
    customer: Person
    agents: tuple[Person, ...]
    group: str
    tags: Sequence[str]
    is_no_ticket: bool


def cases(n: int, seed: int, *, n_statuses: int, n_priorities: int, is_wide: bool) -> list[Case]:
    """`n` tickets, numbers and times rising together, every status and priority met early."""
    random = Random(f"{seed}:tickets")
    titles = TITLES + WIDE_TITLES if is_wide else TITLES
    made, now, number = [], FIRST.timestamp(), 5_732_900
    for i in range(n):
        now += 60 * random.randint(5, 600)
        number += random.randint(1, 3)
        agents = tuple(random.sample(AGENTS, random.choice((0, 1, 1, 1, 2))))
        made.append(
            Case(
                number=number,
                title=titles[i % len(titles)],
                text=TEXTS[i % len(TEXTS)],
                created=datetime.fromtimestamp(now, tz=UTC),
                hours=random.randint(1, 90),
                status=i % n_statuses if i < n_statuses else random.randrange(n_statuses),
                priority=i % n_priorities if i < n_priorities else random.choice((None, *range(n_priorities))),
                customer=random.choice(CUSTOMERS),
                agents=agents,
                group=agents[0].group if agents else random.choice(AGENTS).group,
                tags=random.sample(TAGS, random.randint(0, 2)),
                is_no_ticket=i % 7 == 5,
            )
        )
    return made
