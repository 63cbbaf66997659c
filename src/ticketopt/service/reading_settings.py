"""What an operator decides about the reading of texts and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.cells import Mistake
from ticketopt.intake.zone_names import zone_of
from ticketopt.problem.fields import Report, kind, reader, text
from ticketopt.problem.reading import Triage
from ticketopt.problem.record_fields import record_field

if TYPE_CHECKING:
    from ticketopt.history.matcher_fit import Learned
    from ticketopt.triage.encoders.base import Encoder
    from ticketopt.triage.lexicon import Lexicon

__all__ = ["ReadingSettings"]


def _of_place(load: Callable[[str], Any], value: Any, path: str, report: Report) -> Any:
    """What `load` finds at a place; anything else is the thing itself."""
    if not isinstance(value, str):
        return value
    try:
        return load(value)
    except InvalidInputError as error:
        report.issues += [replace(issue, path=path) for issue in error.issues]
        return None


@reader({"type": "object"}, takes_null=True)
def _lexicon(value: Any, path: str, report: Report) -> Lexicon | None:
    """A lexicon, or the content of one that is added to ours; null is ours alone."""
    from ticketopt.triage import Lexicon, load_lexicon  # slow: not for `ticketopt --help`

    if value is None or isinstance(value, Lexicon):
        return value
    if not isinstance(value, Mapping):
        report.error(path, f"is {kind(value)}, not an object", "load it: ticketopt.triage.load_lexicon")
        return None
    try:
        return load_lexicon(value)
    except InvalidInputError as error:
        report.issues += error.issues
        return None


@reader({"type": "string"}, takes_null=True)
def _encoder(value: Any, path: str, report: Report) -> Any:
    """An encoder, or the place of one such as `onnx:FOLDER`; null is ours."""
    from ticketopt.triage import load_encoder

    return _of_place(load_encoder, value, path, report)


@reader({"type": "string"}, takes_null=True)
def _texts(value: Any, path: str, report: Report) -> Any:
    """What past texts taught, or the file of it; null is nothing."""
    from ticketopt.history.matcher_file import load_learned

    return _of_place(load_learned, value, path, report)


@reader({"type": "string"}, "text")
def _zone(value: Any, path: str, report: Report) -> str:
    clean: str = text(value, path, report)
    found = zone_of(clean)
    if isinstance(found, Mistake):
        report.error(path, found.problem, found.repair)
        return "UTC"
    return clean


@dataclass(frozen=True, kw_only=True)
class ReadingSettings:
    """Settings about the reading of texts and times, valid from birth.

    Attributes
    ----------
    lexicon : by which tickets are read; a `ticketopt.triage.Lexicon` or a mapping that extends ours.
    encoder : what gives texts their vectors in place of ours: a `ticketopt.triage.Encoder` or the place of one.
    texts : what the texts of past tickets taught: the file that `SkillMatcher.save` or `ticketopt learn --texts` wrote.
    zone : of times in bodies and events that state none, but for those that a helpdesk always writes in UTC.
    """

    lexicon: Lexicon | Mapping[str, Any] | None = record_field(
        _lexicon, default=None, words="JSON file with concepts and phrases of your own, added to ours.", is_shown=False
    )
    encoder: Encoder | str | None = record_field(
        _encoder, default=None, words="What gives texts their vectors in place of ours: KIND:PATH, such as onnx:FOLDER."
    )
    texts: Learned | str | None = record_field(
        _texts, default=None, words="What the texts of past tickets taught: learn --texts wrote it."
    )

    zone: str = record_field(
        _zone, default="UTC", words="Of times in bodies and events without one, such as Europe/Berlin."
    )

    @property
    def time_zone(self) -> tzinfo:
        """The zone of times that state none."""
        found = zone_of(self.zone)
        assert isinstance(found, tzinfo)  # the reader has seen to it
        return found

    @property
    def triage(self) -> Triage:
        """What reads tickets.

        Raises
        ------
        InvalidInputError
            Where `texts` were learned with the vectors of another encoder.
        """
        from ticketopt.history.skill_matcher import SkillMatcher
        from ticketopt.triage import Lexicon, Reader

        # the readers of the settings have seen to all three
        assert self.lexicon is None or isinstance(self.lexicon, Lexicon)
        assert not isinstance(self.encoder, str)
        assert not isinstance(self.texts, str)
        plain = Reader(lexicon=self.lexicon, encoder=self.encoder)
        return plain if self.texts is None else SkillMatcher(self.texts, plain)
