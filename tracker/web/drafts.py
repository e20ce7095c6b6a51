"""Drafts of forms: which page of which form it is, what was typed in it, and what a page shows.

Each form carries a stamp, signed here when the form is made: whose it is, its address, its draft.
It proves that a form came from us and for whom, also when that person is not signed in any more.
Must not live here: what a stamp is worth while nobody is signed in (stale_forms.py).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict

from tracker import clock
from tracker.actions import drafts as keeping
from tracker.actions.drafts import Origin
from tracker.domain.errors import DomainError
from tracker.models import Draft, User
from tracker.selectors import drafts
from tracker.selectors.drafts import Typed

STAMP = "draft_of"  # the hidden field
SALT = "tracker.web.drafts"
ASKED, NONE = "draft", "none"  # ?draft=UID shows that one, ?draft=none an empty form
NOT_TYPED = (STAMP, "csrfmiddlewaretoken")
TITLE = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form's page knows of drafts. ``shown``: the one that fills the form in; ``others``: of
    the same form; ``kept``: that which a refused form is kept as; ``trouble``: why it is not.
    """

    stamp: str
    address: str
    person: str
    shown: Draft | None = None
    others: Sequence[Draft] = ()
    kept: Draft | None = None
    trouble: DomainError | None = None

    @property
    def saved(self) -> Draft | None:
        return self.kept or self.shown

    @property
    def empty(self) -> str:
        """The form without what was typed."""
        return with_draft(self.address, NONE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form that was sent says of itself. ``person``: for whom it was made."""

    person: str
    origin: Origin


def address_of(request: HttpRequest) -> str:
    """Which form it is: its path, with what fills it in."""
    query = request.GET.copy()
    query.pop(ASKED, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def with_draft(address: str, uid: Any) -> str:
    """The address of a form that shows that draft."""
    return f"{address}{'&' if '?' in address else '?'}{ASKED}={uid}"


def link(draft: Draft) -> str:
    return with_draft(draft.address, draft.uid)


def seal(person: str, origin: Origin) -> str:
    told = [person, str(origin.uid), origin.address, origin.title, origin.window, origin.turn]
    return signing.dumps(told, salt=SALT, compress=True)


def read(request: HttpRequest) -> Stamp | None:
    """The stamp of the form that was sent; None: it has none of ours, or too old a one."""
    try:
        person, uid, address, title, window, turn = signing.loads(
            request.POST.get(STAMP, ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE
        )
    except (signing.BadSignature, ValueError):
        return None
    return Stamp(person, Origin(UUID(uid), address, title, window, turn))


def own(request: HttpRequest) -> Origin | None:
    """Of a form that was sent by the person for whom it was made."""
    stamp = read(request) if request.method == "POST" else None
    is_own = stamp is not None and stamp.person == str(getattr(request.user, "uid", ""))
    return stamp.origin if stamp is not None and is_own else None


def is_script(request: HttpRequest) -> bool:
    """Whether the script of a form asks, and no person waits for a page."""
    return request.headers.get("Accept") == "application/json"


def typed(request: HttpRequest) -> Typed:
    """What was sent, field by field."""
    return {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED}


def data_of(draft: Draft) -> QueryDict:
    """What was typed, as a form is given it."""
    found = QueryDict(mutable=True)
    for name, values in drafts.typed(draft).items():
        found.setlist(name, values)
    return found


def opened(request: HttpRequest, title: str) -> Opened:
    """For a form that is shown to somebody: its stamp, and its draft. One that was sent and comes
    back to be mended is kept.
    """
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        return _sent_back(request, user, title)
    address = address_of(request)
    asked = request.GET.get(ASKED, "")
    found = drafts.at_address(user, address)
    shown = None
    if asked != NONE:
        shown = next((one for one in found if str(one.uid) == asked), next(iter(found), None))
    uid, turn = (shown.uid, shown.turn) if shown is not None else (uuid4(), 0)
    origin = Origin(uid, address, title[:TITLE], secrets.token_urlsafe(12), turn)
    person = str(user.uid)
    others = [one for one in found if one is not shown]
    return Opened(seal(person, origin), address, person, shown, others)


def _sent_back(request: HttpRequest, user: User, title: str) -> Opened:
    origin, person = own(request), str(user.uid)
    if origin is None:
        made = Origin(uuid4(), address_of(request), title[:TITLE], secrets.token_urlsafe(12), 0)
        return Opened(seal(person, made), made.address, person)
    stamp = request.POST[STAMP]
    if urlsplit(origin.address).path != request.path:
        return _carried_over(request, user, title, origin)
    try:
        kept = keeping.keep(of=origin, typed=typed(request), by=user, at=clock.now())
    except DomainError as error:
        return Opened(stamp, origin.address, person, trouble=error)
    return Opened(stamp, origin.address, person, kept=kept)


def _carried_over(request: HttpRequest, user: User, title: str, origin: Origin) -> Opened:
    """What was typed in another form fills this one in: that is kept as the other's draft."""
    made = Origin(uuid4(), address_of(request), title[:TITLE], secrets.token_urlsafe(12), 0)
    person, trouble = str(user.uid), None
    try:
        keeping.keep(of=origin, typed=typed(request), by=user, at=clock.now())
    except DomainError as error:
        trouble = error
    return Opened(seal(person, made), made.address, person, trouble=trouble)


def taken(request: HttpRequest) -> None:
    """The form was entered: its draft is gone."""
    origin = own(request)
    if origin is not None and isinstance(request.user, User):
        keeping.sent(of=origin, by=request.user, at=clock.now())
