"""Merging two parties, or two pledges of a dossier, that turned out to be one; and taking it back.

Nothing is deleted: the one that goes keeps its address and its history. What it names goes on being
named as it was; of a pledge, what hangs on it is hung on the other by ordinary entries.
"""

from datetime import datetime
from typing import Any

from django.db.models import F

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import FACTS, PARTIES, LedgerEntry, Party, Pledge, Reading, User
from tracker.selectors import ledger as reading
from tracker.selectors import merges, rows
from tracker.selectors.merges import ACTION, COLUMN, UNMERGE, Change, Deed, How, Plan

from . import ledger, record
from .verbs import Verbs

_parties = Verbs(Party, "parties")


def merge_parties(
    *, row: Party, into: Party, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> Party:
    """``row`` is taken for ``into`` wherever it is read. Raises Invalid; Conflict when it is so.

    Rows that name it are left alone: they may lie in dossiers that this person does not see.
    """
    _give_reason(reason)
    with record.batch(at=at):
        ledger.lock(PARTIES)
        if Party.objects.filter(pk=row.pk, merged_into__isnull=False).exists():
            raise Conflict(
                _("It is merged already."), mend=_("Look at the party that it was merged into.")
            )
        given = {COLUMN: into}
        return _parties.change("merge", row, given, by=by, at=at, reason=reason, seen=seen)


def part_parties(
    *, row: Party, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> Party:
    """The merge is taken back: it is a party of its own again, with all that names it."""
    _give_reason(reason)
    with record.batch(at=at):
        ledger.lock(PARTIES)
        if not Party.objects.filter(pk=row.pk, merged_into__isnull=False).exists():
            raise Conflict(_("It is not merged."), mend=_("Look at it as it stands now."))
        return _parties.change(UNMERGE, row, {COLUMN: None}, by=by, at=at, reason=reason, seen=seen)


def check_pledges(goes: Pledge, stays: Pledge) -> None:
    """Raises Invalid on ``into`` or Conflict for two pledges that cannot be merged."""
    if goes.pk == stays.pk:
        raise Invalid(_("It is this very pledge."), field="into", mend=_("Choose another."))
    if goes.dossier_id != stays.dossier_id:
        raise Invalid(
            _("They are pledges of two dossiers."),
            field="into",
            mend=_("Choose one of this dossier."),
        )
    if goes.merged_into_id is not None:
        raise Conflict(
            _("It is merged already."), mend=_("Look at the pledge that it was merged into.")
        )
    if stays.merged_into is not None:
        raise Invalid(
            _(
                "“{stays}” is itself merged into “{merged_into}”.",
                stays=stays.ref,
                merged_into=stays.merged_into.ref,
            ),
            field="into",
            mend=_("Choose “{merged_into}”.", merged_into=stays.merged_into.ref),
        )
    if stays.withdrawn_at:
        raise Invalid(
            _("“{stays}” is withdrawn.", stays=stays.ref),
            field="into",
            mend=_("Let the other one stay, or take the withdrawal back first."),
        )
    others = Pledge.objects.filter(merged_into=goes).order_by("ref")
    for other in others:
        raise Invalid(
            _("“{other}” is merged into it.", other=other.ref),
            field="into",
            mend=_(
                "Let “{goes}” be the one that stays, or take that merge back first.", goes=goes.ref
            ),
        )


def merge_pledges(
    *,
    goes: Pledge,
    stays: Pledge,
    reason: str,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> Pledge:
    """``goes`` was ``stays`` all along: what hangs on it hangs on the other, and it is listed
    nowhere. Its adoptions and the moves of its stage stay with it.

    ``seen``: the number of the last entry of either that its author had read. Raises Invalid where
    a rule refuses what would result, Conflict when either was changed since.
    """
    _give_reason(reason)
    with record.batch(at=at):
        ledger.lock(goes.dossier.slug)
        goes = Pledge.objects.select_related("dossier", "merged_into").get(pk=goes.pk)
        stays = Pledge.objects.select_related("merged_into").get(pk=stays.pk)
        check_pledges(goes, stays)
        if seen is not None and seen_of(goes, stays) != seen:
            raise Conflict(
                _("One of them was changed since you read this."),
                mend=_("Look at what differs now."),
            )
        planned = merges.plan(rows.tables(goes.dossier), goes=goes.ref, stays=stays.ref)
        for change in planned.writes:
            _put(goes, change.noun, change.key, _columns(change, planned, reason), by, at, reason)
        marked = _put(goes, Pledge.NOUN, goes.ref, {COLUMN: stays.ref}, by, at, reason)
    found: Pledge = marked.row
    return found


def seen_of(goes: Pledge, stays: Pledge) -> int:
    """The number of the last entry of either pledge: which state of both somebody has read."""
    return reading.last_seq_of(goes.dossier.slug, Pledge.NOUN, (goes.ref, stays.ref))


def part_pledges(
    *, row: Pledge, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> Pledge:
    """The merge is taken back: what it moved is where it was, and both pledges stand.

    Raises Conflict, with what is in the way, when something that it moved was changed since.
    """
    _give_reason(reason)
    with record.batch(at=at):
        chain = row.dossier.slug
        ledger.lock(chain)
        row = Pledge.objects.select_related("dossier", "merged_into").get(pk=row.pk)
        deed = merges.of_pledge(chain, row.ref)
        if row.merged_into is None or deed is None:
            raise Conflict(_("It is not merged."), mend=_("Look at it as it stands now."))
        if seen is not None and reading.last_seq(chain, Pledge.NOUN, row.ref) != seen:
            raise Conflict(
                _("It was changed since you read this."), mend=_("Look at it as it is now.")
            )
        if row.merged_into.merged_into_id is not None:
            raise Conflict(
                _("“{merged_into}” was merged itself since.", merged_into=row.merged_into.ref),
                field=COLUMN,
                mend=_("Take that merge back first."),
            )
        for key, noun, columns in _way_back(deed, row):
            _put(row, noun, key, columns, by, at, reason, verb=UNMERGE)
        _check_own_deadlines(row)
    row.refresh_from_db()
    return row


def _way_back(deed: Deed, row: Pledge) -> list[tuple[str, str, dict[str, Any]]]:
    """Of each row that the merge changed, latest first, what its columns said before."""
    chain, found = row.dossier.slug, []
    for entry in deed.entries:
        after = reading.lift(entry) or {}
        seq = _entry_before(chain, entry.noun, entry.row_key, entry.seq)
        before = reading.state_at(chain, entry.noun, entry.row_key, seq)
        now = _now(row, entry.noun, entry.row_key)
        changed = [name for name in after if after[name] != before.get(name)]
        for name in changed:
            if now[name] != after[name]:
                raise Conflict(
                    _(
                        "The {noun} “{row_key}” was changed since: its “{name}” is another "
                        "one by now.",
                        noun=entry.noun.replace("_", " "),
                        row_key=entry.row_key,
                        name=name.replace("_", " "),
                    ),
                    field=COLUMN,
                    mend=_("Change that back first, or amend both pledges by hand."),
                )
        found.append((entry.row_key, entry.noun, {name: before[name] for name in changed}))
    return found


def _entry_before(chain: str, noun: str, key: str, seq: int) -> int:
    of_row = LedgerEntry.objects.filter(chain__name=chain, noun=noun, row_key=key, seq__lt=seq)
    return of_row.order_by("-seq").values_list("seq", flat=True).first() or 0


def _now(row: Pledge, noun: str, key: str) -> dict[str, Any]:
    model = FACTS[noun]
    found = model._default_manager.filter(dossier=row.dossier, **{model.KEY: key})
    return rows.states(model, found)[key]


def _check_own_deadlines(row: Pledge) -> None:
    """What was entered meanwhile may count from a step that went back to the other pledge."""
    astray = Reading.objects.filter(
        dossier=row.dossier, pledge__isnull=False, start_deadline__isnull=False
    ).exclude(start_deadline__pledge=F("pledge"))
    for one in astray:
        raise Conflict(
            _(
                "The reading “{one}” counts from a deadline that would go back to "
                "the other pledge.",
                one=one.key,
            ),
            field=COLUMN,
            mend=_("Amend that reading first."),
        )


def _columns(change: Change, planned: Plan, reason: str) -> dict[str, Any]:
    if change.how is How.ENDS:
        why = f"Merged into {planned.stays}: {reason}"
        return {**change.columns, "withdrawn_reason": why}
    return dict(change.columns)


def _put(
    of: Pledge,
    noun: str,
    key: str,
    columns: dict[str, Any],
    by: User | None,
    at: datetime,
    reason: str,
    *,
    verb: str = "",
) -> record.Put:
    action = f"pledges.{verb}" if verb else ACTION
    return record.put(
        noun, key, columns, dossier=of.dossier, by=by, at=at, action=action, reason=reason
    )


def _give_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Why they are one is missing."), field="reason", mend=_("Say why."))
