"""Who belongs to a dossier: the list, roles, leaving, and invitations as owners see them.

Accepting an invitation is in invitations.py.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import invitations as inviting
from tracker.actions import memberships as writing
from tracker.actions.invitations import Invited
from tracker.domain import access as rules
from tracker.domain.access import Viewer
from tracker.domain.errors import DomainError, NotFound
from tracker.mail import letters, links
from tracker.models import Dossier, Invitation, Membership
from tracker.selectors import access, invitations, memberships
from tracker.web.forms.people import InviteForm, LeaveForm, RoleForm, WhyForm
from tracker.web.pages import SignedIn, site, writes
from tracker.words import isolated, label

UNPROCESSABLE = 422


@writes
def members(request: SignedIn, slug: str) -> HttpResponse:
    """The list; owners invite here. Where the letter could not be sent, the page shows the link."""
    viewer, one = _seen(request, slug)
    if request.method != "POST":
        return _list(request, viewer, one)
    rules.check_own(viewer, access.door(one))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _list(request, viewer, one, form=form, status=UNPROCESSABLE)
    try:
        made = inviting.invite(
            dossier=one,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            by=request.user,
            at=clock.now(),
        )
    except DomainError as error:
        form.add_refusal(error)
        return _list(request, viewer, one, form=form, status=UNPROCESSABLE)
    return _sent(request, viewer, made)


@writes
def dossier_invitation(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """Send an invitation again, with a new link, or revoke it. Looking leads to the list."""
    viewer, one = _seen(request, slug)
    rules.check_own(viewer, access.door(one))
    row = Invitation.objects.filter(dossier=one, uid=uid).first()
    if row is None:
        raise NotFound("There is no such invitation.")
    deed = request.POST.get("deed", "")
    if deed == "resend":
        return _sent(request, viewer, inviting.resend(row=row, by=request.user, at=clock.now()))
    if deed == "revoke":
        inviting.revoke(row=row, by=request.user, at=clock.now())
        messages.success(request, gettext("The invitation is revoked. Its link has ended."))
    return _back(one)


@writes
def member(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """Give a member another role."""
    viewer, one = _seen(request, slug)
    rules.check_own(viewer, access.door(one))
    row = _row(one, uid)
    form = RoleForm(request.POST or None, initial={"role": row.role})
    if request.method != "POST":
        return _form(request, "dossiers/member.html", one, row, form)
    if not form.is_valid():
        return _form(request, "dossiers/member.html", one, row, form, UNPROCESSABLE)
    before = row.role
    try:
        changed = writing.change(row=row, by=request.user, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        form.add_refusal(error)
        return _form(request, "dossiers/member.html", one, row, form, UNPROCESSABLE)
    if changed.role == before:
        messages.success(request, gettext("Nothing was changed."))
    else:
        said = gettext("%(person)s is %(role)s now.")
        messages.success(
            request, said % {"person": changed.user, "role": label("role", changed.role)}
        )
    return _back(one)


@writes
def member_end(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """End a membership. Members end their own, and need no reason."""
    viewer, one = _seen(request, slug)
    is_own = viewer.uid == str(uid)
    if not is_own:
        rules.check_own(viewer, access.door(one))
    row = _row(one, uid)
    kind = LeaveForm if is_own else WhyForm
    if request.method != "POST":
        return _form(request, "dossiers/member_end.html", one, row, kind(), is_own=is_own)
    form = kind(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            writing.revoke(row=row, by=request.user, at=clock.now(), reason=reason)
        except DomainError as error:
            form.add_refusal(error)
    if form.errors:
        return _form(
            request, "dossiers/member_end.html", one, row, form, UNPROCESSABLE, is_own=is_own
        )
    if is_own and not viewer.is_site_admin:
        messages.success(request, gettext("You have left “%s”.") % isolated(one.title))
        return HttpResponseRedirect(reverse("board"))
    messages.success(request, gettext("The membership has ended."))
    return _back(one)


def _seen(request: HttpRequest, slug: str) -> tuple[Viewer, Dossier]:
    viewer = access.viewer(request.user)
    one = access.dossier(viewer, slug)
    rules.check_see_members(viewer, access.door(one))
    return viewer, one


def _row(one: Dossier, uid: UUID) -> Membership:
    found = memberships.member(one, str(uid))
    if found is None:
        raise NotFound("There is no such member.")
    return found


def _back(one: Dossier) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("members", args=(one.slug,)))


def _sent(request: SignedIn, viewer: Viewer, made: Invited) -> HttpResponse:
    """Sends the letter, now that the invitation is written; a failure is shown with the link."""
    row = made.row
    link = request.build_absolute_uri(links.invitation(made.token))
    is_sent = letters.send(
        "invitation",
        to=row.email,
        context={
            "inviter": request.user.name,
            # A private dossier's title is for its members.
            "where": row.dossier.title if row.dossier.is_public else row.dossier.slug,
            "role": row.role,
            "link": link,
            "site": site(request),
            "expires_at": row.expires_at,
        },
    )
    if is_sent:
        messages.success(request, gettext("The invitation is sent to %s.") % row.email)
        return _back(row.dossier)
    return _list(request, viewer, row.dossier, unsent=row, link=link)


def _list(
    request: HttpRequest,
    viewer: Viewer,
    one: Dossier,
    *,
    form: InviteForm | None = None,
    status: int = 200,
    unsent: Invitation | None = None,
    link: str = "",
) -> HttpResponse:
    may_own = rules.own(viewer, access.door(one))
    context = {
        "page": "members",
        "dossier": one,
        "members": memberships.members(one),
        "me": viewer.uid,
        "may_own": may_own,
        "invitations": invitations.open_to(one) if may_own else [],
        "form": (form or InviteForm()) if may_own else None,
        "at": clock.now(),
        "unsent": unsent,
        "link": link,
    }
    return render(request, "dossiers/members.html", context, status=status)


def _form(
    request: HttpRequest,
    template: str,
    one: Dossier,
    row: Membership,
    form: RoleForm | WhyForm | LeaveForm,
    status: int = 200,
    *,
    is_own: bool = False,
) -> HttpResponse:
    context = {"page": "member", "dossier": one, "row": row, "form": form, "is_own": is_own}
    return render(request, template, context, status=status)
