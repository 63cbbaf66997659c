"""Read tickets: the skills they want and how urgent they are, with the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ticketopt.problem import fields as f
from ticketopt.problem.collector import collector_paused
from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence, Reading
from ticketopt.problem.records import PRIORITY_URGENCY, Ticket
from ticketopt.triage.automatic import Automatic, automatic_of
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.linking import NOTHING, PhraseIndex, link
from ticketopt.triage.mail import MAX_CHARACTERS
from ticketopt.triage.matching import (
    Found,
    distribution,
    evidence_for,
    find_phrases,
    queue_rarity,
    score_of,
    score_skills,
)
from ticketopt.triage.stance import Stance
from ticketopt.triage.text import Text, read_fields
from ticketopt.triage.urgency import UrgencyReader, due_urgency


def read_tickets(
    tickets: Sequence[Ticket], *, skills: Sequence[str], now: float, lexicon: Lexicon | None = None
) -> tuple[Reading, ...]:
    """What every ticket wants.

    A ticket's own fields decide where they are given: `skills`, then `urgency` or `priority`. Else the text does, and
    a near `due` raises the urgency that the text gives (`ticketopt.triage.urgency.DUE_URGENCY`). What a machine wrote
    (`ticketopt.triage.automatic`) has a low urgency by its text.

    Parameters
    ----------
    tickets : any number of them, none included.
    skills : the names that the team's agents carry.
    now : Unix seconds.
    lexicon : None is ours; see `load_lexicon` for others.

    Returns
    -------
    One reading per ticket, in order.
    """
    lexicon = default_lexicon() if lexicon is None else lexicon
    names = f.first_spellings(skills)
    with collector_paused():
        stance, urgency = _readers(lexicon)
        texts = [_texts(ticket) for ticket in tickets]
        index = _index(tuple(names.values()), lexicon) if _has_words(tickets, texts) else NOTHING
        queue = [
            find_phrases([(text, stance.factors(text)) for text in fields], index) if ticket.skills is None else []
            for ticket, fields in zip(tickets, texts, strict=True)
        ]
        rarity = queue_rarity(queue)
        readings = []
        for ticket, fields, found in zip(tickets, texts, queue, strict=True):
            wanted, evidence = _wanted(ticket, fields, found, index, rarity, names)
            machine = automatic_of(*(text.new() for text in fields)) if fields else None
            level, reasons = _urgency(ticket, fields, machine, urgency, now)
            everything = sorted([*evidence, *reasons], key=lambda item: -abs(item.weight))
            readings.append(Reading(wanted, level, (*everything, *_remarks(fields, machine))))
        return tuple(readings)


@lru_cache(maxsize=8)
def _index(skills: tuple[str, ...], lexicon: Lexicon) -> PhraseIndex:
    return link(skills, lexicon)


@lru_cache(maxsize=8)
def _readers(lexicon: Lexicon) -> tuple[Stance, UrgencyReader]:
    return Stance(lexicon), UrgencyReader(lexicon)


def _has_words(tickets: Sequence[Ticket], texts: Sequence[Sequence[Text]]) -> bool:
    """Whether the skills of any ticket must be read: only then are the skills' names worth linking, which is slow."""
    return any(
        ticket.skills is None and any(text.words for text in fields)
        for ticket, fields in zip(tickets, texts, strict=True)
    )


def _texts(ticket: Ticket) -> list[Text]:
    if ticket.skills is not None and ticket.stated_urgency is not None:
        return []
    return read_fields(ticket.title, ticket.description)


def _wanted(
    ticket: Ticket,
    texts: Sequence[Text],
    found: Sequence[Found],
    index: PhraseIndex,
    rarity: dict[int, float],
    names: Mapping[str, str],
) -> tuple[dict[str, float], list[Evidence]]:
    if ticket.skills is not None:
        return _stated(ticket.skills, names)
    accepted = score_skills(found, index, rarity)
    shares = distribution({skill: score_of(reasons) for skill, reasons in accepted.items()})
    shown = list(names.values())
    evidence = [item for skill in shares for item in evidence_for(shown[skill], accepted[skill], texts)]
    return {shown[skill]: share for skill, share in shares.items()}, evidence


def _stated(skills: Mapping[str, float], names: Mapping[str, str]) -> tuple[dict[str, float], list[Evidence]]:
    """The skills that a ticket names itself, spelled as the agents spell them."""
    given = {names.get(f.spelled(name), name): weight for name, weight in skills.items() if weight > 0}
    largest = max(given.values(), default=1.0)
    total = sum(weight / largest for weight in given.values())
    wanted = {name: weight / largest / total for name, weight in given.items()}
    wanted = {name: share for name, share in wanted.items() if share > 0}
    return wanted, [Evidence(name, name, "skills", share) for name, share in wanted.items()]


def _urgency(
    ticket: Ticket, texts: Sequence[Text], machine: Automatic | None, reader: UrgencyReader, now: float
) -> tuple[float, list[Evidence]]:
    stated = ticket.stated_urgency
    if stated is not None:
        field = "priority" if ticket.urgency is None else "urgency"
        words = str(ticket.priority) if field == "priority" else f"{stated:g}"
        return stated, [Evidence("urgency", words, field, stated)]
    value, evidence = reader.read(texts) if machine is None else _unhurried(machine)
    if ticket.due is not None and due_urgency(ticket.due, now) > value:
        raised = due_urgency(ticket.due, now)
        hours = (ticket.due - now) / 3600
        evidence.append(Evidence("urgency", f"due in {hours:.1f} h", "due", raised - value))
        value = raised
    return value, evidence


def _unhurried(machine: Automatic) -> tuple[float, list[Evidence]]:
    """The urgency of an automatic mail, whatever the words of the mail that it answers or returns."""
    low = PRIORITY_URGENCY["low"]
    shown = [(words, field) for words, field in ((machine.title, "title"), (machine.words, "description")) if words]
    return low, [Evidence("urgency", words, field, (low - DEFAULT_URGENCY) / len(shown)) for words, field in shown]


def _remarks(texts: Sequence[Text], machine: Automatic | None) -> list[Evidence]:
    """What to know of the texts, which moves nothing: that a machine wrote them, that more was there than was read."""
    remarks = (
        []
        if machine is None
        else [Evidence("automatic", machine.kind, "title" if machine.title else "description", 0.0)]
    )
    cut = f"only the first {MAX_CHARACTERS:,} characters were read"
    return remarks + [Evidence("length", cut, text.field, 0.0) for text in texts if text.is_cut]
