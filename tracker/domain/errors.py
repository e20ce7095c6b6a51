"""Refusals: what is wrong, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from .sentences import _


class DomainError(ValueError):
    """A refusal by a rule. ``message`` says what is wrong, ``field`` where, ``mend`` what to do."""

    def __init__(self, message: str, *, field: str | None = None, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class Invalid(DomainError):
    """What was entered cannot be understood or breaks a rule."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that an unclear text may mean: as it is to be written, and in words.

    ``zone``: by whose clocks it was told, where the text does not say so any more.
    """

    text: str
    words: str
    zone: str = ""


class Unclear(Invalid):
    """What was entered can be meant in several ways: a question, with its answers."""

    NAMED = 6  # so many answers are named in the sentence

    def __init__(
        self, message: str, *, field: str | None = None, answers: Iterable[Answer]
    ) -> None:
        self.answers = tuple(answers)
        ways = "; ".join(f"{one.text} ({one.words})" for one in self.answers[: self.NAMED])
        more = "; …" if len(self.answers) > self.NAMED else ""
        mend = _("Write one of: {ways}.", ways=f"{ways}{more}")
        super().__init__(message, field=field, mend=mend)


class Conflict(DomainError):
    """Somebody else changed the record since it was read."""


class NotAllowed(DomainError):
    """The person may see the record but may not do this to it."""


class Unconfirmed(NotAllowed):
    """A change that counts only once somebody else has confirmed it."""


class NotFound(DomainError):
    """There is no such record, or the person may not know of it."""
