"""What a field of a seed file can be: kinds of values, and words to write the nouns in.

Must not live here: which noun has which field (seed_nouns.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tracker.domain import facts


class Kind(StrEnum):
    """What a field's value is."""

    LINE = "one line of text"
    TEXT = "text"
    URL = "an http or https address"
    CHOICE = "one of a few words"
    STATED = "a time as stated"
    DURATION = "a duration"
    ZONE = "a zone name"
    YES_NO = "yes or no"
    NUMBER = "a whole number"
    LINES = "a list of texts"
    DURATIONS = "a list of durations"
    REF = "the key of one entry"
    REFS = "a list of keys"
    EMAIL = "the e-mail address of a user"
    PLACE = "where a quotation stands in the snapshot"
    START = "a time as stated, or a trigger or deadline with an offset"
    END = "a time as stated, or a trigger"
    STANCES = "a list of fields, or each field with what is said of it"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a noun. ``noun`` is what a key refers to; ``column`` where it is stored."""

    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    noun: str = ""
    column: str = ""
    default: object = None

    @property
    def blank(self) -> object:
        """What the column holds when the field is left out."""
        if self.default is not None:
            return self.default
        match self.kind:
            case Kind.YES_NO:
                return False
            case Kind.NUMBER | Kind.REF | Kind.EMAIL | Kind.DURATIONS | Kind.PLACE:
                return None
            case Kind.LINES | Kind.REFS:
                return []
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun as a seed file writes it. ``numbered``: a list; ``ref``: its key is register-wide."""

    name: str
    fields: dict[str, Field]
    nested: dict[str, str] = field(default_factory=dict)
    numbered: bool = False
    ref: bool = False


def choice(*choices: str, required: bool = False, default: str | None = None) -> Field:
    return Field(Kind.CHOICE, required=required, choices=choices, default=default)


def ref(noun: str, *, required: bool = False) -> Field:
    return Field(Kind.REF, required=required, noun=noun)


def refs(noun: str) -> Field:
    return Field(Kind.REFS, noun=noun)


LINE, TEXT = Field(Kind.LINE), Field(Kind.TEXT)
NEEDED_LINE, NEEDED_TEXT = Field(Kind.LINE, required=True), Field(Kind.TEXT, required=True)
STATED, NEEDED_STATED = Field(Kind.STATED), Field(Kind.STATED, required=True)
DURATION, ZONE, YES_NO = Field(Kind.DURATION), Field(Kind.ZONE), Field(Kind.YES_NO)
NUMBER, LINES = Field(Kind.NUMBER), Field(Kind.LINES)
RULE = choice(*facts.Rule)

# What every fact of a dossier may carry.
COMMON = {
    "public": STATED,
    "withdrawn_at": STATED,
    "withdrawn_reason": TEXT,
    "note": TEXT,
}
