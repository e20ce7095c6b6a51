"""What a text has left behind by the sentence that is read: who spoke, whom it is about."""

from dataclasses import dataclass

from .parties import Book
from .text import Sentence
from .values import Kind, Named


@dataclass(frozen=True, slots=True)
class Stem:
    """What the lead of a list says of its items: kind, whose. ``firm``: "the following:"."""

    kind: Kind | None = None
    who: tuple[Named, ...] = ()
    firm: bool = False


@dataclass(slots=True)
class Context:
    """What earlier sentences left behind: who spoke, who bound themselves, who was named last."""

    speaker: Named | None = None
    on_behalf: Named | None = None
    spoken_at: int = -99
    author: Named | None = None
    opening: Named | None = None  # whom the first sentences are about
    group: Named | None = None
    group_at: int = -99
    head: str = ""
    pledgors: tuple[Named, ...] = ()
    pledged_at: int = -99
    subject: tuple[Named, ...] = ()
    body: Named | None = None
    number: int = 0
    legal: bool = False
    quoted: bool = False  # a quotation is open, from an earlier sentence
    topical: bool = False  # a truce, a war has been spoken of
    book: Book | None = None  # the names of the text, for the stem of a list
    named: tuple[Named, ...] = ()  # whom the sentence before named
    stem: "tuple[Sentence, Stem] | None" = None  # the list's lead that was read last
