"""Leaving: access ended with a handover, given back, and a person's data erased.

Must not live here: ending one membership (memberships.py).
"""

from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.domain.members import check_admin_remains
from tracker.domain.sentences import _
from tracker.models import (
    AlertSettings,
    Delivery,
    Draft,
    Invitation,
    Membership,
    Pledge,
    Proposal,
    Subscription,
    User,
    Webhook,
)
from tracker.selectors import memberships
from tracker.selectors.memberships import Duty
from tracker.selectors.people import admins

from . import invitations, ledger, pledges, record, saved_views, sessions, source_files
from .memberships import escalate_to
from .users import lock


def deactivate(
    *,
    user: User,
    successors: Mapping[str, User],
    by: User | None,
    at: datetime,
    reason: str,
    unassigned: int | None = None,
) -> User:
    """Ends somebody's access, and hands the pledges that they watch to others.

    ``successors`` by slug of the dossier; the pledges of other dossiers lose their analyst.
    ``unassigned``: how many of those the caller was shown. Raises Conflict when there are others by
    now, NotAllowed of the last owner or administrator, Invalid on ``successor`` for somebody who
    cannot take over.
    """
    with record.batch(at=at):
        lock(user)
        if not user.is_active:
            raise Conflict(_("This account is deactivated already."))
        check_admin_remains(admins(), str(user.uid))
        _lock_dossiers(user)
        found = memberships.duties(user)
        _check_owned(found)
        chosen = {slug: str(one.uid) for slug, one in successors.items()}
        left = len(list(memberships.unassigned(found, chosen)))
        if unassigned is not None and unassigned != left:
            raise Conflict(
                _("What this person watches has changed since you looked."),
                mend=_("Look at the pledges again, then confirm."),
            )
        for duty in found:
            _hand_over(duty, user, successors.get(duty.dossier.slug), by, at)
        user.is_active = False
        user.save(update_fields=["is_active"])
        sessions.end(user=user)
        ledger.enter_user(user, "user.deactivate", by, at, reason)
    return user


def _lock_dossiers(user: User) -> None:
    slugs = set(Membership.objects.filter(user=user).values_list("dossier__slug", flat=True))
    slugs |= set(Pledge.objects.filter(analyst=user).values_list("dossier__slug", flat=True))
    for slug in sorted(slugs):
        ledger.lock(slug)


def _check_owned(found: list[Duty]) -> None:
    last = [duty.dossier.title for duty in found if duty.is_last_owner]
    if last:
        raise NotAllowed(
            _("This is the last owner of: {last}.", last=", ".join(last)),
            mend=_("Make another active member an owner there first."),
        )


def _hand_over(
    duty: Duty, user: User, successor: User | None, by: User | None, at: datetime
) -> None:
    """The reason for leaving stays with the people."""
    if successor is not None and str(successor.uid) not in duty.successors:
        raise Invalid(
            _(
                "{successor} cannot take over in “{dossier}”.",
                successor=successor,
                dossier=duty.dossier.title,
            ),
            field="successor",
            mend=_("Choose an active member who is at least an analyst there."),
        )
    pledges.hand_over(rows=duty.pledges, to=successor, by=by, at=at)
    escalate_to(successor, instead_of=user, dossier=duty.dossier, by=by, at=at)


@transaction.atomic
def reactivate(*, user: User, by: User | None, at: datetime, reason: str = "") -> User:
    """Lets somebody sign in again, in the roles that they had. Pledges handed over stay so."""
    lock(user)
    _refuse_erased(user)
    if user.is_active:
        raise Conflict(_("This account is active."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    ledger.enter_user(user, "user.reactivate", by, at, reason)
    return user


@transaction.atomic
def ask_erasure(*, user: User, is_asked: bool, by: User | None, at: datetime) -> User:
    """The person asks to be erased, or takes that back. A site administrator does it."""
    lock(user)
    if (user.erasure_asked_at is not None) == is_asked:
        return user
    user.erasure_asked_at = at if is_asked else None
    user.save(update_fields=["erasure_asked_at"])
    ledger.enter_user(user, "user.ask_erasure" if is_asked else "user.keep", by, at)
    return user


def erase(*, user: User, by: User | None, at: datetime, reason: str) -> User:
    """Forgets the person: who it was is nowhere any more. The row, its id and the ledger stay.

    Raises Conflict while the account is active: deactivating it hands over what hangs on it.
    """
    with record.batch(at=at):
        lock(user)
        _refuse_erased(user)
        if user.is_active:
            raise Conflict(
                _("This account is active."),
                mend=_("Deactivate it first, and hand its pledges over."),
            )
        _lock_dossiers(user)
        emails = {user.email, *_addresses(user)}
        for duty in memberships.duties(user):
            _hand_over(duty, user, None, by, at)
        for member in Membership.objects.filter(user=user).select_related("dossier", "user"):
            record.remove(member, by=by, at=at, reason=reason)
        for invitation in Invitation.objects.filter(email__in=emails).order_by(
            "dossier__slug", "pk"
        ):
            invitations.revoke(row=invitation, by=by, at=at, reason=reason)
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        # What a mail server answered may quote the address.
        Delivery.objects.filter(message__recipient=user).update(detail="")
        AlertSettings.objects.filter(user=user).delete()
        Webhook.objects.filter(user=user).delete()
        Draft.objects.filter(by=user).delete()
        source_files.forget_of(user=user)
        Proposal.objects.filter(by=user).update(address="", typed="")
        Subscription.objects.filter(user=user, ended_at=None).update(ended_at=at)
        saved_views.forget(owner=user, at=at)
        sessions.end(user=user)
        user.email, user.name = f"{user.uid}@erased.invalid", ""
        user.is_site_admin, user.last_login = False, None
        user.erased_at, user.erasure_asked_at = at, None
        user.set_unusable_password()
        user.save()
        ledger.enter_user(user, "user.erase", by, at, reason)
    return user


def _addresses(user: User) -> set[str]:
    """Those that the account has, one that it has not confirmed yet among them."""
    found = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {email.lower() for email in found}


def _refuse_erased(user: User) -> None:
    if user.erased_at is not None:
        raise Conflict(_("The data of this person were erased."))
