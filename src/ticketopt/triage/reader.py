"""Read tickets: the skills they want and how urgent they are, with the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import islice
from typing import Protocol, runtime_checkable

import numpy as np

from ticketopt.errors import Issue
from ticketopt.problem import fields as f
from ticketopt.problem.collector import collector_paused
from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence, LazyEvidence, Reading, Triage
from ticketopt.problem.records import PRIORITY_URGENCY, Ticket
from ticketopt.triage.alarm import default_alarm
from ticketopt.triage.automatic import Automatic, automatic_of
from ticketopt.triage.blend import Blend, blend_for
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.cache import Cached
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.mail import MAX_CHARACTERS
from ticketopt.triage.stance import Stance
from ticketopt.triage.stated import stated_reading, stated_readings, stated_shares, statements, urgency_evidence
from ticketopt.triage.stream import Stream, stream_of
from ticketopt.triage.team_skills import TeamSkills, team_skills
from ticketopt.triage.text import Text, read_fields
from ticketopt.triage.urgency import UrgencyReader, due_urgency
from ticketopt.triage.weighing import Weighing, evidence_of, shares_by_name, weigh

AT_ONCE = 512
"""Tickets whose words are looked at together: many take less time each, more would not stay near the processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads tickets: the skills they want and how urgent they are, each with its evidence. It is a `Triage`.

    A ticket's own fields decide where they are given: `skills`, then `urgency` or `priority`. Else the text does, and
    a near `due` raises the urgency that the text gives (`ticketopt.triage.urgency.DUE_URGENCY`). What a machine wrote
    (`ticketopt.triage.automatic`) has a low urgency by its text. Urgency is read by rules, and by our own vectors where
    a text sounds critical in words that no rule knows (`ticketopt.triage.alarm`).

    Skills are read twice: the lexicon's words name them, the encoder's vectors tell what the text sounds like. Both
    together give each skill its share (`ticketopt.triage.blend`).

    Attributes
    ----------
    lexicon : None is ours; see `load_lexicon` for others.
    encoder : None is ours, which is always there; see `load_encoder` for others.
    notes : skill -> a line on what its team does, in the words of tickets. Worth most where a name says little
        ("Tier 2", "Back office").
    blend : how words and vectors are weighed; None is as it was fitted for the encoder.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "Postgres is down", "description": "The API answers 500."}]
    >>> agents = [{"agent_id": "ada", "skills": {"Tier 2": 8}}, {"agent_id": "bob", "skills": {"Front desk": 8}}]
    >>> reader = ticketopt.Reader(notes={"Tier 2": "crashes of the API and the database"})
    >>> result = ticketopt.assign(tickets, agents, triage=reader)
    >>> result.assigned
    {1: 'ada'}
    >>> max(result[1].reading.evidence, key=lambda item: item.weight).words
    'API'
    """

    lexicon: Lexicon | None = None
    encoder: Encoder | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    blend: Blend | None = None

    def __call__(self, tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> tuple[Reading, ...]:
        """What every ticket wants.

        Parameters
        ----------
        tickets : any number of them, none included.
        skills : the names that the team's agents carry.
        now : Unix seconds.

        Returns
        -------
        One reading per ticket, in order.
        """
        names = f.first_spellings(skills)
        with collector_paused():
            if (readings := stated_readings(tickets, names)) is not None:
                return readings
            parts = (tickets[k : k + AT_ONCE] for k in range(0, len(tickets), AT_ONCE))
            return tuple([reading for part in parts for reading in self._read(part, names, now)])

    def _read(self, tickets: Sequence[Ticket], names: Mapping[str, str], now: float) -> Iterator[Reading]:
        """The readings of a few tickets, whose words are looked at together."""
        urgency = _readers(self._lexicon)[1]
        texts = [_texts(ticket) for ticket in tickets]
        stream = stream_of(texts)
        unread = [k for k, ticket in enumerate(tickets) if ticket.skills is None and _has_words(texts[k])]
        asked = stream if len(unread) == len(texts) else stream_of([texts[k] for k in unread])
        wanted = self._wanted(tickets, unread, self._weigh(asked, names) if unread and names else None, names)
        sounding = _sounding(stream)
        cues = iter(urgency.cues(stream))
        for k, (ticket, fields, (shares, evidence)) in enumerate(zip(tickets, texts, wanted, strict=True)):
            if shares and not fields:  # it states both
                yield stated_reading(shares, ticket.urgency, ticket.priority)
                continue
            machine = automatic_of(*(text.new() for text in fields)) if fields else None
            read = partial(urgency.read, fields, list(islice(cues, len(fields))), sounding.get(k))
            level, reasons = _urgency(ticket, machine, read, now)
            known = (*reasons, *_remarks(fields, machine))
            yield Reading(shares, level, LazyEvidence(known, evidence) if shares else known)

    def _wanted(
        self, tickets: Sequence[Ticket], unread: Sequence[int], weighing: Weighing | None, names: Mapping[str, str]
    ) -> Iterator[tuple[dict[str, float], Callable[[], list[Evidence]]]]:
        """For each ticket the shares of skills, and what makes the evidence for them."""
        shares = iter(()) if weighing is None else shares_by_name(weighing)
        is_unread = set(() if weighing is None else unread)
        said = iter(stated_shares([t.skills or {} for k, t in enumerate(tickets) if k not in is_unread], names))
        for k, ticket in enumerate(tickets):
            if k in is_unread:
                yield next(shares), partial(self._evidence, ticket, names)
            else:
                stated = next(said)
                yield stated, partial(statements, stated)

    def _evidence(self, ticket: Ticket, names: Mapping[str, str]) -> list[Evidence]:
        """What led to the shares of a ticket that was read."""
        with collector_paused():
            return evidence_of(self.weigh([_texts(ticket)], names))

    def noted(self, notes: Mapping[str, str]) -> Reader:
        """The same with more notes; its own win."""
        own = {f.spelled(skill) for skill in self.notes}
        return replace(self, notes={**{s: line for s, line in notes.items() if f.spelled(s) not in own}, **self.notes})

    @property
    def _lexicon(self) -> Lexicon:
        return default_lexicon() if self.lexicon is None else self.lexicon

    def team(self, names: Mapping[str, str]) -> TeamSkills:
        """What is known of the skills."""
        lines = {f.spelled(skill): line for skill, line in self.notes.items()}
        notes = tuple((shown, lines[name]) for name, shown in names.items() if name in lines)
        return team_skills(tuple(names.values()), notes, self._lexicon, _encoder(self.encoder))

    def weigh(self, queue: Sequence[Sequence[Text]], names: Mapping[str, str]) -> Weighing:
        """The texts of tickets weighed against the skills."""
        return self._weigh(stream_of(queue), names)

    def _weigh(self, stream: Stream, names: Mapping[str, str]) -> Weighing:
        team = self.team(names)
        blend = blend_for(team.likeness.encoder) if self.blend is None else self.blend
        return weigh(stream, _readers(self._lexicon)[0], team, blend)


@runtime_checkable
class TakesNotes(Protocol):
    """A triage that takes notes on skills."""

    def noted(self, notes: Mapping[str, str]) -> Triage:
        """The same with more notes; its own win."""
        ...


def noted(triage: Triage, notes: Mapping[str, str]) -> tuple[Triage, tuple[Issue, ...]]:
    """What reads tickets, with notes on skills; where it takes none, that is said."""
    if not notes:
        return triage, ()
    if isinstance(triage, TakesNotes):
        return triage.noted(notes), ()
    unread = Issue("skill_notes", "are not read: the triage that was given takes none", "pass a ticketopt Reader")
    return triage, (unread,)


@lru_cache(maxsize=8)
def _encoder(given: Encoder | None) -> Encoder:
    """Ours, or another that remembers what it has read."""
    return default_encoder() if given is None else given if isinstance(given, StaticEncoder) else Cached(given)


read_tickets = Reader()
"""Our reader as it is without any settings: what `assign` reads texts with."""


@lru_cache(maxsize=8)
def _readers(lexicon: Lexicon) -> tuple[Stance, UrgencyReader]:
    return Stance(lexicon), UrgencyReader(lexicon)


def _has_words(fields: Sequence[Text]) -> bool:
    """Whether there is anything to read: only then are the skills' names worth linking, which is slow."""
    return any(text.words for text in fields)


def _texts(ticket: Ticket) -> list[Text]:
    if ticket.skills is not None and ticket.stated_urgency is not None:
        return []
    return read_fields(ticket.title, ticket.description)


def _urgency(
    ticket: Ticket, machine: Automatic | None, read: Callable[[], tuple[float, list[Evidence]]], now: float
) -> tuple[float, list[Evidence]]:
    if ticket.stated_urgency is not None:
        return ticket.stated_urgency, list(urgency_evidence(ticket.urgency, ticket.priority))
    value, evidence = read() if machine is None else _unhurried(machine)
    if ticket.due is not None and due_urgency(ticket.due, now) > value:
        raised = due_urgency(ticket.due, now)
        hours = (ticket.due - now) / 3600
        evidence.append(Evidence("urgency", f"due in {hours:.1f} h", "due", raised - value))
        value = raised
    return value, evidence


def _sounding(stream: Stream) -> dict[int, Callable[[], list[Evidence]]]:
    """For each ticket that sounds like an alarm what tells by which words."""
    alarm = default_alarm() if len(stream.ids) else None
    if alarm is None:
        return {}
    heard = np.flatnonzero(alarm.is_heard(stream)).tolist()
    return {k: partial(alarm.evidence, stream.queue[k]) for k in heard}


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
