"""What is sent in a dossier with four eyes: it becomes a proposal, and its sender is told so.

Must not live here: what a proposal is (actions/proposals.py), its pages (views/proposals.py).
"""

import secrets
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import four_eyes, proposals
from tracker.actions.sent_forms import PROPOSED
from tracker.models import Dossier, Proposal, User
from tracker.web import drafts
from tracker.web.choices import Choices
from tracker.words import label

Written = TypeVar("Written")
ONCE = "once"


class Proposed(Exception):
    """Ends a form page: ``pages.writes`` leads on to the proposal."""

    def __init__(self, uid: str) -> None:
        super().__init__(uid)
        self.uid = uid


def instead(
    request: HttpRequest, write: Callable[[], Written], choices: Choices, *, is_typed: bool = True
) -> Callable[[], Written | Proposal]:
    """What writes, or, where what it writes has to be confirmed, proposes it.

    ``is_typed``: it was typed in a form that its author may want to have back.
    """
    dossier = choices.dossier
    if dossier is None or not dossier.four_eyes:
        return write
    return lambda: _proposed(request, write, choices, dossier, is_typed=is_typed)


def _proposed(
    request: HttpRequest,
    write: Callable[[], Written],
    choices: Choices,
    dossier: Dossier,
    *,
    is_typed: bool,
) -> Written | Proposal:
    steps = proposals.rehearsed(write)
    if not any(step.is_bound for step in steps):
        return write()
    origin = drafts.own(request)
    assert isinstance(request.user, User)
    return proposals.propose(
        dossier=dossier,
        steps=steps,
        title=title_of(steps, choices),
        address=origin.address if origin is not None else drafts.address_of(request),
        typed=_typed(request) if is_typed else None,
        by=request.user,
        at=clock.now(),
    )


def title_of(steps: Sequence[four_eyes.Step], choices: Choices) -> str:
    """What the first of the steps is about that has to be confirmed, in a line."""
    first = next(step for step in steps if step.is_bound)
    said = choices.titled(first.noun, first.state) or first.key
    about = "".join(f" · {ref}" for ref in first.pledges if ref != first.key)
    return f"{label('noun', first.noun)}: {said}{about}"


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """As it was sent; a form that is filled in with it is another one than that which was sent."""
    return {
        name: [secrets.token_urlsafe(16)] if name.rpartition("-")[2] == ONCE else values
        for name, values in drafts.typed(request).items()
    }


def told(request: HttpRequest, uid: str, *, is_first: bool = True) -> HttpResponseRedirect:
    """To the proposal, saying that it is one."""
    said = (
        gettext("Proposed; it counts once somebody else confirms it.")
        if is_first
        else gettext("This form was sent before: it is proposed already, once.")
    )
    url = reverse("proposal", args=(uid,))
    messages.success(
        request, format_html('{} <a href="{}">{}</a>', said, url, gettext("The proposal"))
    )
    return HttpResponseRedirect(url)


def follow(request: HttpRequest, key: str, *, is_first: bool) -> None:
    """Raises Proposed, saying so, where a form that was sent was proposed and not entered."""
    if key.startswith(PROPOSED):
        uid = key.removeprefix(PROPOSED)
        told(request, uid, is_first=is_first)
        raise Proposed(uid)
