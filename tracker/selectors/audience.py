"""Who is told of what: subscriptions, the analyst of a pledge, access, and how each wants it.

Loaded once for a batch of pledges, with a number of queries that does not depend on how many there
are. Must not live here: writing an alert (actions/alerts.py).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q

from tracker.domain import durations
from tracker.domain.access import Role, ranks
from tracker.domain.causes import CORRECTED, REVIEW_DUE, Cause
from tracker.domain.filters import Filter, Watched, matches, stored, suits
from tracker.domain.flags import STANDARD_LEADS
from tracker.domain.naming import Names
from tracker.domain.timing import Rhythm, Timing, leaves_at
from tracker.models import (
    AlertSettings,
    Dossier,
    Membership,
    Pledge,
    Snooze,
    Subscription,
    User,
    Webhook,
)

from . import filters, merges, party_names

MAIL, WEBHOOK = "mail", "webhook"
WITH_LEADS = frozenset({"due_soon", "deadline_due"})
Because = dict[str, str]
# Why somebody is told whom a cause names, whatever that person has subscribed to.
NAMED_BY = {CORRECTED: "told_before", REVIEW_DUE: "asked"}


@dataclass(frozen=True, slots=True)
class Told:
    """One alert to be owed: to whom, on which channel, why, and from when on it may leave."""

    user: int
    channel: str
    because: tuple[Because, ...]
    due_at: datetime
    escalates_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody is told."""

    timing: Timing = field(default_factory=Timing)
    channels: tuple[str, ...] = (MAIL,)


@dataclass(frozen=True, slots=True)
class Watch:
    """One subscription that concerns a pledge.

    ``asks_who``: a view found it by its analyst. ``lists``: whether a view will list it at an
    instant to come; None: that is settled.
    """

    user: int
    because: Because
    kinds: frozenset[str]
    leads: frozenset[str]
    is_mute: bool
    asks_who: bool = False
    lists: Callable[[datetime], bool] | None = None

    def wants(self, cause: Cause) -> bool:
        if self.lists is not None and not self.lists(cause.true_at):
            return False
        if self.kinds and cause.kind not in self.kinds:
            return False
        return cause.kind not in WITH_LEADS or wants_lead(self.leads, cause.lead)


def wants_lead(chosen: Collection[str], lead: str) -> bool:
    """Whether a choice of leads has this one. A lead that a pledge sets itself is in every choice:
    nobody could have chosen it, and it must not be dropped in silence.
    """
    return not chosen or lead in chosen or lead not in STANDARD_LEADS


@dataclass(frozen=True)
class Audience:
    """``watches`` by pledge; ``seers``: who may see it (None: anybody who is active).

    ``insiders``: members and administrators, who may know the analyst of a public one as well.
    """

    at: datetime
    watches: dict[int, list[Watch]]
    seers: dict[int, frozenset[int] | None]
    insiders: dict[int, frozenset[int]]
    readers: dict[int, Reader]
    snoozes: dict[tuple[int, int], datetime]
    reviewers: dict[int, frozenset[int]]
    analysts: dict[int, int]
    escalations: dict[int, tuple[int, timedelta]]

    def of(
        self, cause: Cause, *, only: Iterable[int] | None = None, at: datetime | None = None
    ) -> Iterator[Told]:
        """Who is told of a cause, owed at ``at`` (None: when this was loaded).

        ``only``: these people, whatever they have subscribed to.
        """
        owed_at = at or self.at
        because = self._direct(only, cause) if only is not None else self._subscribed(cause)
        escalation = self.escalations.get(cause.pledge)
        for user, why in sorted(because.items()):
            if not self.sees(user, cause.pledge):
                continue
            reader = self.readers[user]
            snoozed = self.snoozes.get((user, cause.pledge))
            later = owed_at + escalation[1] if escalation else None
            for channel in reader.channels:
                timing = timing_on(channel, reader.timing)
                due = leaves_at(timing, owed_at, snoozed_until=snoozed)
                yield Told(user, channel, tuple(why), due, later)

    def asked_to_review(self, pledge: int) -> frozenset[int]:
        """Who is to look when what a pledge rests on has failed: its analyst, else reviewers."""
        analyst = self.analysts.get(pledge)
        if analyst is not None and analyst in self.readers:
            return frozenset({analyst})
        return self.reviewers.get(pledge, frozenset())

    def sees(self, user: int, pledge: int) -> bool:
        """Whether somebody is active and may see the pledge now."""
        seers = self.seers.get(pledge, frozenset())
        return user in self.readers and (seers is None or user in seers)

    def _subscribed(self, cause: Cause) -> dict[int, list[Because]]:
        found: dict[int, list[Because]] = {}
        muted = set()
        for watch in self.watches.get(cause.pledge, ()):
            if watch.is_mute:
                muted.add(watch.user)
            elif watch.asks_who and watch.user not in self.insiders.get(cause.pledge, ()):
                continue
            elif watch.wants(cause):
                found.setdefault(watch.user, []).append(watch.because)
        return {user: why for user, why in found.items() if user not in muted}

    def _direct(self, only: Iterable[int], cause: Cause) -> dict[int, list[Because]]:
        return {user: [{"by": NAMED_BY.get(cause.kind, "named")}] for user in only}


def audience(pledges: set[int], *, at: datetime, until: datetime | None = None) -> Audience:
    """Everybody who may be told of these pledges.

    Views are asked about them as they are at ``at``; with ``until``, of each cause up to then as
    they will be when it becomes true.
    """
    rows = {
        row.pk: row
        for row in Pledge.objects.filter(pk__in=pledges).only(
            "ref", "dossier_id", "pledgor_id", "analyst_id", "merged_into_id"
        )
    }
    concerned: dict[int, set[int]] = {pk: {row.pledgor_id} for pk, row in rows.items()}
    merged = merges.into(pledges)
    concerned |= {pk: {row.pledgor_id} for pk, row in merged.items()}
    through = Pledge.beneficiaries.through.objects.filter(pledge__in=concerned)
    for pledge, party in through.values_list("pledge_id", "party_id"):
        concerned[pledge].add(party)
    return audience_of(rows, concerned, at=at, until=until, merged=merged)


def audience_of(
    rows: dict[int, Pledge],
    concerned: dict[int, set[int]],
    *,
    at: datetime,
    until: datetime | None = None,
    seen: Mapping[int, Watched] | None = None,
    merged: Mapping[int, Pledge] | None = None,
) -> Audience:
    """The same of loaded pledges and the parties that each concerns.

    ``seen``: what filters look at, of pledges that are not saved. ``merged``: those that turned out
    to be one of these; who was told of such a one is told of the other.
    """
    watches = _with_merged(
        merged or {}, _watches({**rows, **(merged or {})}, concerned, at, until, seen)
    )
    dossiers = {row.dossier_id for row in rows.values()}
    users = {watch.user for found in watches.values() for watch in found}
    doors = {
        d.pk: d
        for d in Dossier.objects.filter(pk__in=dossiers).only(
            "is_public", "escalates_to_id", "escalates_after"
        )
    }
    users |= {d.escalates_to_id for d in doors.values() if d.escalates_to_id is not None}
    members: dict[int, set[int]] = {pk: set() for pk in dossiers}
    reviewers: dict[int, set[int]] = {pk: set() for pk in dossiers}
    for dossier, user, role in Membership.objects.filter(dossier__in=dossiers).values_list(
        "dossier_id", "user_id", "role"
    ):
        members[dossier].add(user)
        if Role(role) in ranks(Role.REVIEWER):
            reviewers[dossier].add(user)
    users |= {user for found in reviewers.values() for user in found}
    readers, admins = readers_of(users | {u for found in members.values() for u in found})
    inside = {pk: frozenset(found) | admins for pk, found in members.items()}
    insiders = {pk: inside[row.dossier_id] for pk, row in rows.items()}
    seers: dict[int, frozenset[int] | None] = {
        pk: None if doors[row.dossier_id].is_public else insiders[pk] for pk, row in rows.items()
    }
    return Audience(
        at=at,
        watches=watches,
        seers=seers,
        insiders=insiders,
        readers=readers,
        snoozes={
            (user, pledge): until
            for user, pledge, until in Snooze.objects.filter(
                pledge__in=rows, until__gt=at
            ).values_list("user_id", "pledge_id", "until")
        },
        reviewers={pk: frozenset(reviewers[row.dossier_id]) for pk, row in rows.items()},
        analysts={pk: row.analyst_id for pk, row in rows.items() if row.analyst_id is not None},
        escalations=_escalations(rows, doors),
    )


def _with_merged(
    merged: Mapping[int, Pledge], watches: dict[int, list[Watch]]
) -> dict[int, list[Watch]]:
    """A mute of one that was merged silences what else says so of that one, and no more."""
    for pk, row in merged.items():
        assert row.merged_into_id is not None
        theirs, held = watches.pop(pk), watches[row.merged_into_id]
        muted = {watch.user for watch in theirs if watch.is_mute}
        known = [(watch.user, watch.because) for watch in held]
        held += [
            watch
            for watch in theirs
            if watch.user not in muted and (watch.user, watch.because) not in known
        ]
    return watches


def _watches(
    rows: dict[int, Pledge],
    concerned: dict[int, set[int]],
    at: datetime,
    until: datetime | None,
    unsaved: Mapping[int, Watched] | None,
) -> dict[int, list[Watch]]:
    found: dict[int, list[Watch]] = {
        pk: [Watch(row.analyst_id, {"by": "analyst"}, frozenset(), frozenset(), is_mute=False)]
        if row.analyst_id is not None
        else []
        for pk, row in rows.items()
    }
    reached: dict[tuple[str, int], list[int]] = {}
    one_with = merges.one_with({party for those in concerned.values() for party in those})
    for pk, row in rows.items():
        reached[("pledge", pk)] = [pk]
        reached.setdefault(("dossier", row.dossier_id), []).append(pk)
        for party in {same for named in concerned[pk] for same in one_with[named]}:
            reached.setdefault(("party", party), []).append(pk)
    parties = {other for those in one_with.values() for other in those}
    standing = Subscription.objects.filter(ended_at=None).filter(
        Q(pledge__in=rows)
        | Q(party__in=parties)
        | Q(dossier__in={row.dossier_id for row in rows.values()})
        | Q(view__isnull=False, view__removed_at=None)
    )
    by_view: dict[int, tuple[Filter, list[Watch]]] = {}
    for one in standing.annotate(view_filters=F("view__filters")).order_by("pk"):
        target = next(n for n in ("pledge", "party", "dossier", "view") if getattr(one, f"{n}_id"))
        watch = Watch(
            one.user_id,
            {"by": target, "of": str(getattr(one, f"{target}_id")), "subscription": str(one.pk)},
            frozenset(one.kinds),
            frozenset(one.leads),
            one.is_mute,
        )
        if one.view_id is not None:
            if one.view_id not in by_view:
                by_view[one.view_id] = (stored(one.view_filters), [])
            wanted, watching = by_view[one.view_id]
            watching.append(replace(watch, asks_who=bool(wanted.analyst)))
            continue
        for pk in reached.get((target, getattr(one, f"{target}_id")), ()):
            found[pk].append(watch)
    if not by_view:
        return found
    every = [wanted for wanted, _ in by_view.values()]
    names = Names()
    if party_names.are_asked(every):
        names = party_names.every()
    elif any(wanted.party for wanted in every):
        names = Names(merged=merges.parties())
    by_view = {
        pk: (party_names.widened(wanted, names), those) for pk, (wanted, those) in by_view.items()
    }
    if unsaved is not None:
        for pk, as_typed in unsaved.items():
            for wanted, watching in by_view.values():
                found[pk] += watching if matches(wanted, as_typed) else []
        return found
    suiting: dict[tuple[str, str, str], list[tuple[Filter, list[Watch]]]] = {}
    sights = filters.sights(rows, at=at, until=until or at)
    for pk, sight in sights.items():
        root = sights.get(rows[pk].merged_into_id or pk, sight)  # the clock moves only that one
        moved = replace(sight, phases=root.phases)
        seen = moved.at(at)
        kind = seen.dossier, seen.act, seen.subject
        if kind not in suiting:
            suiting[kind] = [view for view in by_view.values() if suits(view[0], *kind)]
        for wanted, watching in suiting[kind]:
            if until is not None:
                lists = partial(_lists, wanted, moved)
                found[pk] += [replace(watch, lists=lists) for watch in watching]
            elif matches(wanted, seen):
                found[pk] += watching
    return found


def _lists(wanted: Filter, sight: filters.Sight, at: datetime) -> bool:
    return matches(wanted, sight.at(at))


def readers_of(users: set[int]) -> tuple[dict[int, Reader], frozenset[int]]:
    """How each active one of these is told, and who of them are site administrators."""
    active = dict(
        User.objects.filter(pk__in=users, is_active=True).values_list("pk", "is_site_admin")
    )
    chosen = {row.user_id: row for row in AlertSettings.objects.filter(user__in=active)}
    hooked = set(
        Webhook.objects.filter(user__in=active, refused_at=None).values_list("user_id", flat=True)
    )
    readers = {user: _reader(chosen.get(user), is_hooked=user in hooked) for user in active}
    return readers, frozenset(user for user, is_admin in active.items() if is_admin)


def _reader(row: AlertSettings | None, *, is_hooked: bool) -> Reader:
    hook = (WEBHOOK,) if is_hooked else ()
    if row is None:
        return Reader(channels=(MAIL, *hook))
    return Reader(
        timing_of(row), ((MAIL,) if row.by_mail and row.refused_at is None else ()) + hook
    )


def timing_on(channel: str, timing: Timing) -> Timing:
    """A digest is a letter: a program is told at once, but for quiet hours and snoozes."""
    return timing if channel == MAIL else replace(timing, rhythm=Rhythm.AT_ONCE)


def timing_of(row: AlertSettings) -> Timing:
    """Somebody's choice in the domain's shape."""
    return Timing(
        zone=row.zone or "UTC",
        rhythm=Rhythm(row.rhythm),
        hour=row.hour,
        weekday=row.weekday,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        snoozed_until=row.snoozed_until,
    )


def _escalations(
    rows: dict[int, Pledge], doors: dict[int, Dossier]
) -> dict[int, tuple[int, timedelta]]:
    """For each pledge whose dossier asks for it: to whom, and after how long."""
    found = {}
    for pk, row in rows.items():
        door = doors[row.dossier_id]
        if door.escalates_to_id is not None:
            wait = durations.parse(door.escalates_after).nominal
            found[pk] = (door.escalates_to_id, wait)
    return found
