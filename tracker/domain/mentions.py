"""Mentions in a comment: ``@Name`` read against the members of a dossier. Pure.

A name is the longest that fits: whole, or a first name that only one member has. An ``@`` within a
word (an address) or before a blank names nobody. Must not live here: who is told (actions).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .errors import Invalid
from .sentences import _

MOST = 50  # mentions in one comment
_AT = re.compile(r"(?<![\w.+\-@])@(?=\w)")
_WORD = re.compile(r"[\w'’\-]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where in a text somebody is named, with the @, and who may be meant, by opaque id."""

    start: int
    end: int
    uids: tuple[str, ...]


def found(text: str, people: Mapping[str, str]) -> Iterator[Mention]:
    """Each ``@Name`` in its order; nobody is meant by one that fits no name. ``people``: by id."""
    folded = text.casefold()
    # Where letters fold to several, places in the folded text are not those in the text.
    same = folded if len(folded) == len(text) else text
    for at in _AT.finditer(text):
        start = at.end()
        yield Mention(at.start(), *_longest(text, same, start, people))


def resolved(text: str, people: Mapping[str, str], *, ticked: Collection[str] = ()) -> set[str]:
    """Whom a comment tells: those named in the text, and those who are ticked beside it.

    Raises Invalid on ``text`` for a name that nobody has, or that several have of whom none is
    ticked; on ``mentions`` for somebody who is no member.
    """
    strangers = [uid for uid in ticked if uid not in people]
    if strangers:
        raise Invalid(
            _("Somebody who is ticked is no active member of this dossier."),
            field="mentions",
            mend=_("Tick members only."),
        )
    told = set(ticked)
    for mention in found(text, people):
        name = text[mention.start + 1 : mention.end]
        if not mention.uids:
            raise Invalid(
                _("No member of this dossier is called “{name}”.", name=name),
                field="text",
                mend=_("Write a member's name as the list beneath has it, or leave out the @."),
            )
        meant = set(mention.uids)
        if len(meant) > 1:
            if not meant & set(ticked):
                raise Invalid(
                    _("{meant} members are called “{name}”.", meant=len(meant), name=name),
                    field="text",
                    mend=_("Tick whom you mean in the list beneath, or write more of the name."),
                )
            meant &= set(ticked)
        told |= meant
    if len(told) > MOST:
        raise Invalid(
            _("A comment tells at most {most} people.", most=MOST),
            field="mentions",
            mend=_("Tell fewer."),
        )
    return told


def _longest(
    text: str, same: str, start: int, people: Mapping[str, str]
) -> tuple[int, tuple[str, ...]]:
    """Where the name ends that begins at ``start``, and who has it."""
    end, meant = start, set[str]()
    for uid, name in people.items():
        for called in _names(name):
            stop = start + len(called)
            if not _fits(same[start:stop], called) or _goes_on(text, stop):
                continue
            if stop > end:
                end, meant = stop, {uid}
            elif stop == end:
                meant.add(uid)
    if meant:
        return end, tuple(sorted(meant))
    word = _WORD.match(text, start)
    return (word.end() if word else start), ()


def _names(name: str) -> Iterator[str]:
    """What somebody may be called: the whole name, or the first part of it."""
    whole = " ".join(name.split())
    first = whole.partition(" ")[0]
    yield whole
    if first != whole:
        yield first


def _fits(typed: str, name: str) -> bool:
    return bool(name) and typed.casefold() == name.casefold()


def _goes_on(text: str, stop: int) -> bool:
    """Whether the word goes on there: ``@Ann`` is not in ``@Annabel``."""
    return stop < len(text) and bool(re.match(r"\w", text[stop]))
