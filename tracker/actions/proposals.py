"""Proposing a change, and deciding on one: in a dossier with four eyes nothing else changes a fact.

A proposal is what the verbs of the nouns would write, noted and taken back (``record.rehearsal``).
Confirming writes it through ``record.put`` in its author's name, so that every rule is asked again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.domain.proposals import Standing
from tracker.domain.sentences import _
from tracker.models import FACTS, PARTIES, Dossier, Proposal, ProposedStep, User
from tracker.selectors import ledger as entries
from tracker.selectors import proposed, steps
from tracker.selectors.steps import Settled

from . import four_eyes, ledger, proposal_alerts, record, source_files
from .four_eyes import Step

LARGEST = 10 * 2**20  # bytes of what was typed, which is kept for its author
TITLE = 400


def rehearsed(write: Callable[[], object]) -> list[Step]:
    """The steps that ``write`` takes, none of which stays. Raises what its rules refuse."""
    with record.rehearsal() as noted:
        write()
    return noted.steps


def propose(
    *,
    dossier: Dossier,
    steps: Sequence[Step],
    title: str,
    address: str = "",
    typed: Mapping[str, Sequence[str]] | None = None,
    by: User,
    at: datetime,
) -> Proposal:
    """What was rehearsed, for somebody else to confirm. The same once more is the same proposal.

    ``address``, ``typed``: the form that it was sent from, and what was typed in it.
    """
    with record.batch(at=at):
        ledger.lock(dossier.slug)
        again = _again(dossier, steps, by)
        if again is not None:
            return again
        text = json.dumps(typed, ensure_ascii=False) if typed else ""
        row = Proposal.objects.create(
            dossier=dossier,
            by=by,
            title=title[:TITLE],
            made_at=at,
            address=address,
            typed=text if len(text.encode()) <= LARGEST else "",
        )
        ProposedStep.objects.bulk_create(
            [_step(row, order, step) for order, step in enumerate(steps, 1)]
        )
        for digest in {str(step.columns.get("file_sha256") or "") for step in steps} - {""}:
            source_files.entered(dossier=dossier, digest=digest, at=at)  # it stays, as the steps do
        _enter(row, "proposals.propose", by, at)
        proposal_alerts.owe_waiting(row, at=at)
    return row


def confirm(*, row: Proposal, seen: str, by: User, at: datetime) -> Proposal:
    """Applies it, in its author's name. ``seen``: what the register had when this person looked
    (``steps.token``).

    Raises NotAllowed of its author, Conflict when it is decided, or when anything that it rests on
    was changed since, and what the rules refuse by now.
    """
    with record.batch(at=at):
        found = _open(row)
        _check_other(found, by)
        settled = steps.settled(found)
        if steps.token(settled) != seen:
            raise Conflict(
                _("Something that this rests on was changed since you looked."),
                mend=_("Compare both versions below, then confirm it once more, or decline it."),
            )
        with four_eyes.direct():
            for one in settled:
                _apply(found, one, at)
        found.typed = ""
        return _decide(found, Standing.CONFIRMED, by, at)


def decline(*, row: Proposal, why: str, by: User, at: datetime) -> Proposal:
    """It is not to be. Raises NotAllowed of its author, Invalid without a reason."""
    with record.batch(at=at):
        found = _open(row)
        _check_other(found, by)
        if not why.strip():
            raise Invalid(_("Why it is declined is missing."), field="why", mend=_("Say why."))
        return _decide(found, Standing.DECLINED, by, at, why=why)


def withdraw(*, row: Proposal, by: User, at: datetime, why: str = "") -> Proposal:
    """Its author no longer proposes it."""
    with record.batch(at=at):
        found = _open(row)
        if found.by_id != by.pk:
            raise NotAllowed(
                _("Only who proposed a change withdraws it."), mend=_("Decline it, with a reason.")
            )
        return _decide(found, Standing.WITHDRAWN, by, at, why=why)


def _open(row: Proposal) -> Proposal:
    """The proposal as it is now, under the locks. Raises Conflict when it is decided."""
    if row.steps.filter(chain=PARTIES).exists():
        ledger.lock(PARTIES)  # first, as where a row is entered with a party that it names anew
    ledger.lock(row.dossier.slug)
    rows: QuerySet[Proposal] = Proposal.objects.select_for_update(of=("self",))
    found = rows.select_related("dossier", "by").get(pk=row.pk)
    if found.standing != Standing.OPEN:
        raise Conflict(
            _("This proposal is {standing} already.", standing=found.standing),
            mend=_("Look at it as it is."),
        )
    return found


def _check_other(row: Proposal, by: User) -> None:
    if row.by_id == by.pk:
        raise NotAllowed(
            _("Whoever proposed a change can neither confirm nor decline it."),
            mend=_("Ask another reviewer, or withdraw it."),
        )


def _apply(row: Proposal, one: Settled, at: datetime) -> None:
    step = one.step
    done = record.put(
        step.noun,
        one.key,
        one.columns,
        dossier=row.dossier if step.noun in FACTS else None,
        by=row.by,
        at=at,
        action=step.action,
        reason=step.reason,
        seen=0 if step.is_new and not one.is_so else None,
    )
    if not done.changed:
        return
    step.key, step.columns = one.key, one.columns
    step.entry = entries.last_seq(step.chain, step.noun, one.key)
    step.save(update_fields=["key", "columns", "entry"])


def _decide(row: Proposal, standing: Standing, by: User, at: datetime, why: str = "") -> Proposal:
    row.standing, row.decided_by, row.decided_at, row.why = standing, by, at, why
    row.save(update_fields=["standing", "decided_by", "decided_at", "why", "typed"])
    verb = {
        Standing.CONFIRMED: "confirm",
        Standing.DECLINED: "decline",
        Standing.WITHDRAWN: "withdraw",
    }[standing]
    _enter(row, f"proposals.{verb}", by, at, why)
    proposal_alerts.owe_decided(row, at=at)
    return row


def _enter(row: Proposal, action: str, by: User, at: datetime, reason: str = "") -> None:
    ledger.append(
        chain=row.dossier.slug,
        noun=Proposal.NOUN,
        key=str(row.uid),
        row_id=row.pk,
        state=proposed.state(row),
        action=action,
        by=by,
        at=at,
        reason=reason,
    )


def _step(row: Proposal, order: int, step: Step) -> ProposedStep:
    return ProposedStep(
        proposal=row,
        order=order,
        chain=step.chain,
        noun=step.noun,
        key=step.key,
        is_new=step.is_new,
        action=step.action,
        reason=step.reason,
        columns=step.columns,
        seen=step.seen,
        pledges=list(step.pledges),
    )


def _again(dossier: Dossier, made: Sequence[Step], by: User) -> Proposal | None:
    """The open proposal of that person that says just this: a form that was sent twice."""
    first = made[0]
    others = Proposal.objects.filter(
        dossier=dossier,
        by=by,
        standing=Standing.OPEN,
        steps__order=1,
        steps__chain=first.chain,
        steps__noun=first.noun,
        steps__key=first.key,
    )
    wanted = [_compared(step) for step in made]
    for other in others.select_related("dossier", "by"):
        if [_compared(step) for step in other.steps.order_by("order")] == wanted:
            return other
    return None


def _compared(step: Step | ProposedStep) -> tuple[object, ...]:
    return (step.chain, step.noun, step.key, step.action, step.reason, step.columns, step.seen)
