"""Filters of views over rows: what ``domain/filters.py`` looks at, loaded; and the same as SQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from tracker.domain import tags
from tracker.domain.access import Viewer, see_members
from tracker.domain.bands import LIMITS, Band, Shelf, band_of
from tracker.domain.filters import BENEFICIARY, KNOWN, PLEDGOR, Filter, Watched, in_roles, widened
from tracker.domain.merging import NOTHING, Merged
from tracker.domain.naming import Names
from tracker.domain.transitions import CLOSED, Stage
from tracker.models import BoardLine, Dossier, Party, Phase, Pledge, User, search_index

from . import access, merges, party_names


def holding(at: datetime) -> Q:
    """Of phases: the one of each pledge that holds at an instant; none before it was public."""
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


RUNNING = (Band.DAY, Band.THREE_DAYS, Band.WEEK, Band.LATER)


@dataclass(frozen=True, slots=True)
class Sight:
    """A pledge as entered, and the phases through which the clock moves it."""

    row: Pledge
    beneficiaries: frozenset[str]
    phases: Sequence[Phase]

    def at(self, at: datetime) -> Watched:
        """Without a phase that holds then, or with a blank stage, it is not listed then."""
        held = (p for p in self.phases if p.from_at <= at and (not p.until_at or p.until_at > at))
        phase = next(held, Phase())
        return Watched(
            dossier=self.row.dossier.slug,
            pledgor=self.row.pledgor.slug,
            act=self.row.act,
            subject=self.row.subject,
            stage=phase.stage,
            text=self.row.search,
            beneficiaries=self.beneficiaries,
            flags=frozenset(flag[0] for flag in phase.flags),
            band=str(band_of(phase.stage, ends_at=phase.ends_at, warns_at=phase.warns_at, at=at)),
            analyst=str(self.row.analyst.uid) if self.row.analyst else "",
            tags=frozenset(map(tags.fold, self.row.tags)),
        )


def sights(pledges: Iterable[int], *, at: datetime, until: datetime) -> dict[int, Sight]:
    """What a filter looks at of each of these, from one instant to another. Three queries."""
    rows = Pledge.objects.filter(pk__in=list(pledges)).select_related(
        "dossier", "pledgor", "analyst"
    )
    phases: dict[int, list[Phase]] = {}
    span = Q(from_at__lte=until) & (Q(until_at=None) | Q(until_at__gt=at))
    for phase in Phase.objects.filter(span, pledge__in=rows).only(
        "pledge_id", "from_at", "until_at", "stage", "flags", "ends_at", "warns_at"
    ):
        phases.setdefault(phase.pledge_id, []).append(phase)
    parties: dict[int, set[str]] = {}
    through = Pledge.beneficiaries.through.objects.filter(pledge__in=rows)
    for pledge, slug in through.values_list("pledge_id", "party__slug"):
        parties.setdefault(pledge, set()).add(slug)
    return {
        row.pk: Sight(row, frozenset(parties.get(row.pk, ())), phases.get(row.pk, ()))
        for row in rows
    }


def watched(pledges: Iterable[int], *, at: datetime) -> dict[int, Watched]:
    """What a filter looks at of each of these pledges at an instant. Three queries."""
    return {pk: sight.at(at) for pk, sight in sights(pledges, at=at, until=at).items()}


def matching(
    wanted: Filter,
    *,
    viewer: Viewer,
    at: datetime,
    visible: Iterable[Dossier] | None = None,
    merged: Merged | None = None,
) -> "QuerySet[Phase]":
    """The pledges that a view lists for somebody at an instant: of each the phase that holds then.

    Who watches a pledge is for those who may see the members of its dossier: to others no pledge
    is found by its analyst. ``visible``, ``merged``: where they are known already.
    """
    visible = access.visible(viewer) if visible is None else visible
    where, wanted = _asked(wanted, viewer, at, visible, merged)
    if not where:
        return Phase.objects.none()
    return (
        Phase.objects.alias(raised=Cast("flags", TextField()))
        .filter(holding(at) & Q(pledge__dossier__in=where) & ~Q(stage=""))
        .filter(_entered(wanted, "pledge__"))
        # Each flag is a list that begins with its kind; within a text a quote is escaped.
        .filter(_moving(wanted, at, lambda kind: Q(raised__contains=f'["{kind}"'), _in_band))
    )


def lines(
    wanted: Filter,
    *,
    viewer: Viewer,
    at: datetime,
    visible: Iterable[Dossier],
    merged: Merged | None = None,
    by_index: bool = True,
) -> "QuerySet[BoardLine]":
    """The same for an ``at`` that is now, from the lines of the board: much faster. ``visible``:
    the dossiers that the viewer may see. ``merged``: which parties are one, where that is known.
    ``by_index``: words are found by the index that knows them, where there is one.

    A line whose time is over by ``at`` is listed as it stood: see ``stale``.
    """
    where, wanted = _asked(wanted, viewer, at, visible, merged)
    if not where:
        return BoardLine.objects.none()
    moving = _moving(wanted, at, lambda kind: Q(kinds__contains=f" {kind} "), of_band)
    return BoardLine.objects.filter(
        Q(dossier__in=where) & ~Q(shelf="") & _entered(wanted, "", by_index=by_index) & moving
    )


def stale(at: datetime) -> Q:
    """Of lines: those that no longer hold, or not yet."""
    return Q(until_at__lte=at) | Q(from_at__gt=at)


def of_band(band: Band, at: datetime) -> Q:
    """Of lines: those in a band, as ``domain/bands.py`` has it."""
    if band not in RUNNING:
        return Q(shelf=str(band))
    found = Q(shelf=Shelf.RUNS)
    for name, limit in LIMITS:
        last = _later(at, limit)
        if name is band:
            return found & Q(sorts_at__lte=last)
        found &= Q(sorts_at__gt=last)
    return found


def _asked(
    wanted: Filter,
    viewer: Viewer,
    at: datetime,
    visible: Iterable[Dossier],
    merged: Merged | None,
) -> tuple[list[int], Filter]:
    """In which dossiers it is looked for, and for what; none where nothing can be listed."""
    doors = {one.pk: access.door(one) for one in visible}
    if wanted.dossier:
        doors = {pk: door for pk, door in doors.items() if door.slug in wanted.dossier}
    if wanted.analyst:
        doors = {pk: door for pk, door in doors.items() if see_members(viewer, door)}
    if wanted.is_void:
        return [], wanted
    if doors and merged is None and (wanted.party or party_names.are_asked([wanted])):
        merged = merges.parties(at=at)
    if doors and merged is not None:
        wanted = party_names.known_to(widened(wanted, merged), merged=merged)
    return list(doors), wanted


@dataclass(frozen=True, slots=True)
class Nameable:
    """What a filter may name for somebody: words by slug, analysts by opaque id, tags folded.

    ``merged``: which of those parties are one. ``names``: what all parties are called, where words
    are asked for.
    """

    dossier: Mapping[str, str]
    party: Mapping[str, str]
    analyst: Mapping[str, str]
    tag: Mapping[str, str]
    merged: Merged = NOTHING
    names: Names | None = None

    def known_to(self, wanted: Filter) -> Filter:
        """The same filter, which knows whom its words call, where that is known here."""
        return wanted if self.names is None else party_names.called(wanted, self.names)


def nameable(
    *,
    viewer: Viewer,
    at: datetime,
    parties: Iterable[str] = (),
    visible: list[Dossier],
    is_now: bool = False,
    is_by_words: bool = False,
) -> Nameable:
    """The dossiers that are ``visible``, and what is named in what is public of them. Three
    queries, and one more where parties were merged and ``at`` is not the present (``is_now``).

    Parties are in no dossier and known to all: any of ``parties`` that there is has its name.
    ``is_by_words``: what all of them are called is wanted besides.
    Analysts are for those who may see the members of a dossier.
    """
    shown = [one.pk for one in visible]
    inside = [one.pk for one in visible if see_members(viewer, access.door(one))]
    public = Q(public_instant__lte=at, dossier__in=shown)
    to = Pledge.beneficiaries.through.objects.filter(
        party=OuterRef("pk"), pledge__public_instant__lte=at, pledge__dossier__in=shown
    )
    is_named = (
        Exists(Pledge.objects.filter(public, pledgor=OuterRef("pk")))
        | Exists(to)
        | Q(slug__in=list(parties))
    )
    asked = Party.objects if is_by_words else Party.objects.filter(is_named)
    rows = list(
        asked.annotate(
            is_named=Case(When(is_named, then=Value(1)), default=Value(0))
            if is_by_words
            else Value(1)
        ).values_list(
            *("slug", "name", "merged_into__slug", "merged_into__name", "aliases", "is_named")
        )
    )
    merged = merges.party_merges(
        {slug: root for slug, _, root, *_ in rows if root}, at=None if is_now else at
    )
    analysts = User.objects.filter(
        Exists(Pledge.objects.filter(analyst=OuterRef("pk"), dossier__in=inside))
    )
    return Nameable(
        dossier={one.slug: one.title for one in visible},
        party=_party_names([row[:4] for row in rows if row[-1]], set(parties), merged),
        analyst={str(one.uid): str(one) for one in analysts.order_by("name", "pk")}
        if inside
        else {},
        tag=tags.offered(
            Pledge.objects.filter(public, merged_into=None)
            .exclude(tag_search="")
            .values_list("tags", flat=True)
            .distinct()
        ),
        merged=merged,
        names=Names({slug: (name, *aliases) for slug, name, _, _, aliases, _ in rows}, merged)
        if is_by_words
        else None,
    )


def _party_names(
    rows: Iterable[tuple[str, str, str | None, str | None]], asked: set[str], merged: Merged
) -> dict[str, str]:
    """By slug, in the order of the names. One that was merged is offered as the one that it is;
    under its own slug it is known to whoever asks for it by that.
    """
    found: dict[str, str] = {}
    for slug, name, _root, its_name in rows:
        root = merged.of(slug)
        found[root] = name if root == slug else str(its_name)
        if root != slug and slug in asked:
            found[slug] = f"{name} → {its_name}"
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _entered(wanted: Filter, path: str, *, by_index: bool = True) -> Q:
    """The part of a filter that rests on what somebody entered. ``path``: to the columns of the
    pledge that lines have themselves.
    """
    found = Q()
    if wanted.act:
        found &= Q(**{f"{path}act__in": wanted.act})
    if wanted.subject:
        found &= Q(**{f"{path}subject__in": wanted.subject})
    if wanted.analyst:
        known = [one for one in wanted.analyst if _is_uid(one)]
        found &= Q(**{f"{path}analyst__in": User.objects.filter(uid__in=known)})
    if wanted.party:
        found &= _concerning(wanted, in_line=not path)
    if wanted.tag:
        found &= _tagged(wanted)
    return found & search_index.of_pledges(wanted.ways, by_index=by_index)


def _tagged(wanted: Filter) -> Q:
    """One list of pledges, as below: few have tags, and those have an index of their own."""
    found = Q(pk__in=[])
    for tag in wanted.tags:
        found |= Q(tag_search__contains=tags.sought(tag))
    return Q(pledge__in=Pledge.objects.exclude(tag_search="").filter(found).values("pk"))


def _concerning(wanted: Filter, *, in_line: bool) -> Q:
    """``in_line``: rows have their pledgor themselves. Else one list of pledges, which an index
    finds, where an OR over two tables would look at all.
    """
    roles = in_roles(wanted)
    if not roles:
        return Q(pk__in=[])
    parties = Party.objects.filter(slug__in=wanted.party).values("pk")
    through = Pledge.beneficiaries.through.objects
    to: QuerySet[Any] = through.filter(party__in=parties).values("pledge")
    if in_line:
        ways = {PLEDGOR: Q(pledgor__in=parties), BENEFICIARY: Q(pledge__in=to)}
        return reduce(or_, (ways[role] for role in roles))
    lists = {PLEDGOR: Pledge.objects.filter(pledgor__in=parties).values("pk"), BENEFICIARY: to}
    first, *rest = (lists[role] for role in roles)
    return Q(pledge__in=first.union(*rest))


def _moving(
    wanted: Filter,
    at: datetime,
    has_flag: Callable[[str], Q],
    in_band: Callable[[Band, datetime], Q],
) -> Q:
    """The part that the clock moves. ``has_flag``, ``in_band``: how that is asked of the rows."""
    found = Q()
    if wanted.stage:
        found &= Q(stage__in=wanted.stage)
    if wanted.flag:
        raised = Q(pk__in=[])
        for kind in set(wanted.flag) & set(KNOWN["flag"]):
            raised |= has_flag(kind)
        found &= raised
    if wanted.band:
        banded = Q(pk__in=[])
        for name in wanted.band:
            if name in KNOWN["band"]:
                banded |= in_band(Band(name), at)
        found &= banded
    return found


def _in_band(band: Band, at: datetime) -> Q:
    """As ``domain/bands.py`` has it."""
    ended = Q(stage__in=CLOSED)
    over = Q(stage=Stage.EXPIRED) | Q(ends_at__isnull=False, ends_at__lte=at)
    if band is Band.ENDED:
        return ended
    if band is Band.EXPIRED:
        return over & ~ended
    running = ~ended & ~Q(stage=Stage.EXPIRED) & (Q(ends_at=None) | Q(ends_at__gt=at))
    if band is Band.NONE:
        return running & Q(warns_at=None)
    found = running & Q(warns_at__isnull=False)
    for name, limit in LIMITS:
        last = _later(at, limit)
        if name is band:
            return found & Q(warns_at__lte=last)
        found &= Q(warns_at__gt=last)
    return found


def _later(at: datetime, by: timedelta) -> datetime:
    """No instant lies beyond the last that there is."""
    last = datetime.max.replace(tzinfo=at.tzinfo)
    return at + by if by <= last - at else last


def _is_uid(text: str) -> bool:
    """Whether it is an opaque id, written as they are here: a database reads others as well."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
