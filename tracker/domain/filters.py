"""Which pledges a view lists: a filter as a pure predicate over what is loaded of a pledge.

``selectors/filters.py`` says the same in SQL; a test proves that they agree. Must not live here:
how a filter is typed or shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import starmap
from typing import Any
from uuid import UUID

from . import searching, tags
from .bands import Band
from .errors import Invalid
from .facts import Act, Subject
from .flags import KINDS
from .merging import Merged
from .sentences import _
from .transitions import Stage

MOST_VALUES = 100
LONGEST_VALUE = 100
LONGEST_TEXT = 200
PLEDGOR, BENEFICIARY = ROLES = ("pledgor", "beneficiary")
# What can be listed here is known in advance; the others name rows, or are words.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "role": ROLES,
    "act": tuple(map(str, Act)),
    "subject": tuple(map(str, Subject)),
    "stage": tuple(map(str, Stage)),
    "flag": tuple(KINDS),
    "band": tuple(map(str, Band)),
}
# What the clock moves; all else is as somebody entered it.
MOVING = ("stage", "flag", "band")


@dataclass(frozen=True)
class Filter:
    """Each field lists the values of which one must hold; empty: any. ``text``: every word of it.

    ``party`` is matched in the ``role`` pledgor, beneficiary, or either where none is named.
    ``is_void``: it asks for something that this release does not know, and lists nothing.
    ``called``: of each of the ``words`` the parties that are called by it; None until it is known.
    """

    dossier: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    band: tuple[str, ...] = ()
    analyst: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    is_void: bool = False
    called: tuple[tuple[str, ...], ...] | None = field(default=None, compare=False)

    @property
    def is_empty(self) -> bool:
        return not self.is_void and not self.given

    @property
    def given(self) -> dict[str, list[str]]:
        """What it asks for, as lists of texts by name: the query of an address."""
        return {name: list(getattr(self, name)) for name in NAMES if getattr(self, name)}

    @property
    def is_moving(self) -> bool:
        """Whether what it lists changes with the clock."""
        return any(getattr(self, name) for name in MOVING)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return searching.words(*self.text)

    @cached_property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """Of each word what a pledge's text holds one of that has it, or a party called so."""
        called = self.called or ((),) * len(self.words)
        return tuple(starmap(searching.ways, zip(self.words, called, strict=True)))

    @cached_property
    def tags(self) -> frozenset[str]:
        return frozenset(map(tags.fold, self.tag))


NAMES = tuple(one.name for one in fields(Filter) if one.name not in ("is_void", "called"))


@dataclass(frozen=True, slots=True)
class Watched:
    """What of a pledge a filter looks at. Parties by slug, the analyst by opaque id, tags folded.

    ``stage``: blank while it is not listed. ``text``: ``searchable``.
    """

    dossier: str
    pledgor: str
    act: str
    subject: str
    stage: str
    text: str
    beneficiaries: frozenset[str] = field(default_factory=frozenset)
    flags: frozenset[str] = field(default_factory=frozenset)
    band: str = ""
    analyst: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)


def searchable(*, title: str, scope: str, area: str, ref: str, parties: Iterable[str] = ()) -> str:
    """What a pledge is found by, as it is kept. ``parties``: those that it concerns, by slug."""
    return searching.kept(searching.fold(f"{title} {scope} {area} {ref}"), parties)


def parse(given: Mapping[str, Sequence[str]]) -> Filter:
    """A filter from lists of texts by name. Raises the first of its ``refusals``."""
    for refusal in refusals(given):
        raise refusal
    kept = _kept(given)
    if set(kept.get("role", ())) == set(ROLES):
        del kept["role"]  # both are either
    return _filter(kept)


def refusals(given: Mapping[str, Sequence[str]]) -> Iterator[Invalid]:
    """What there is none of, or what is too much, each by its name."""
    for name, values in given.items():
        if name not in NAMES:
            yield Invalid(
                _("There is no filter “{name}”.", name=name[:LONGEST_VALUE]),
                field=name,
                mend=_("Use: {names}.", names=", ".join(NAMES)),
            )
            continue
        try:
            _check_size(name, values)
            _check_known(name, [value for value in values if value])
        except Invalid as error:
            yield error
    if any(given.get("role", ())) and not any(given.get("party", ())):
        yield Invalid(
            _("A role is that of a party, and none is named."),
            field="role",
            mend=_("Choose a party as well, or no role."),
        )


def stored(kept: Mapping[str, Any]) -> Filter:
    """A filter as it was saved, under whatever release. Total: what is unknown lists nothing."""
    known = {name: values for name, values in kept.items() if _is_readable(name, values)}
    return _filter(_kept(known), is_void=len(known) < len(kept))


def _filter(kept: Mapping[str, Any], *, is_void: bool = False) -> Filter:
    return Filter(**kept, is_void=is_void)


def matches(wanted: Filter, pledge: Watched) -> bool:
    """Whether the view lists the pledge. One that is not listed at all is in no view."""
    return (
        bool(pledge.stage)
        and suits(wanted, pledge.dossier, pledge.act, pledge.subject)
        and (not wanted.stage or pledge.stage in wanted.stage)
        and (not wanted.band or pledge.band in wanted.band)
        and (not wanted.analyst or pledge.analyst in wanted.analyst)
        and (not wanted.flag or not pledge.flags.isdisjoint(wanted.flag))
        and (not wanted.party or _concerns(wanted, pledge))
        and (not wanted.tag or not pledge.tags.isdisjoint(wanted.tags))
        and all(any(way in pledge.text for way in ways) for ways in wanted.ways)
    )


def suits(wanted: Filter, dossier: str, act: str, subject: str) -> bool:
    """Whether it can list a pledge of that kind at all: many have these in common."""
    return (
        not wanted.is_void
        and (not wanted.dossier or dossier in wanted.dossier)
        and (not wanted.act or act in wanted.act)
        and (not wanted.subject or subject in wanted.subject)
    )


def widened(wanted: Filter, merged: Merged) -> Filter:
    """The same filter, which names with each party all that are one with it."""
    return replace(wanted, party=merged.widened(wanted.party)) if wanted.party else wanted


def in_roles(wanted: Filter) -> tuple[str, ...]:
    """The roles in which a party is looked for."""
    return tuple(role for role in ROLES if not wanted.role or role in wanted.role)


def _concerns(wanted: Filter, pledge: Watched) -> bool:
    roles = in_roles(wanted)
    return (PLEDGOR in roles and pledge.pledgor in wanted.party) or (
        BENEFICIARY in roles and not pledge.beneficiaries.isdisjoint(wanted.party)
    )


def _check_size(name: str, values: Sequence[str]) -> None:
    if len(values) > MOST_VALUES:
        raise Invalid(
            _("{values} values are too many.", values=len(values)),
            field=name,
            mend=_("Use {most_values} at most.", most_values=MOST_VALUES),
        )
    longest = LONGEST_TEXT if name == "text" else LONGEST_VALUE
    length = sum(map(len, values)) if name == "text" else max(map(len, values), default=0)
    if length > longest:
        raise Invalid(
            _("{length} characters are too many.", length=length),
            field=name,
            mend=_("Use {longest} at most.", longest=longest),
        )
    if any("\x00" in value for value in values):
        raise Invalid(_("A filter holds no NUL character."), field=name, mend=_("Leave it out."))


def _check_known(name: str, values: Sequence[str]) -> None:
    for value in values:
        if value not in KNOWN.get(name, (value,)) or (name == "analyst" and not _uid(value)):
            raise Invalid(
                _("“{value}” is none of them.", value=value),
                field=name,
                mend=_("Use: {names}.", names=", ".join(KNOWN[name]))
                if name in KNOWN
                else _("Choose from the list."),
            )


def _kept(given: Mapping[str, Iterable[Any]]) -> dict[str, tuple[str, ...]]:
    """Each value once; ids and tags as they are written here."""
    found = {}
    for name, values in given.items():
        texts = [str(value) for value in values if value]
        if name == "analyst":
            texts = [_uid(text) or text for text in texts]
        if name == "tag":
            texts = [tags.fold(text) for text in texts]
        if name == "text":
            texts = [" ".join(text.split()) for text in texts]
        found[name] = tuple(dict.fromkeys(filter(None, texts)))
    return found


def _is_readable(name: str, values: object) -> bool:
    if name not in NAMES or not isinstance(values, (list, tuple)):
        return False
    try:
        _check_size(name, [str(value) for value in values])
    except Invalid:
        return False
    return True


def _uid(text: str) -> str:
    """An opaque id as it is written here; blank where the text is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""
