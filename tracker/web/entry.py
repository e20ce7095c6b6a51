"""How entry pages go: a form is shown, sent, refused by a rule, or overtaken by somebody else.

Nothing here knows a noun. Must not live here: what a form asks for (forms/), rules (actions).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext

from tracker.domain.errors import Conflict, DomainError
from tracker.selectors import histories, ledger
from tracker.selectors.histories import Change
from tracker.web.forms.facts import EntryForm, FactForm
from tracker.web.states import differences
from tracker.words import label

CONFLICT, UNPROCESSABLE = 409, 422
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a form. ``trail``: links to where it belongs, as (address, words)."""

    heading: Any
    button: Any
    back: str
    trail: tuple[tuple[str, str], ...] = ()
    lead: Any = ""
    key: str = ""
    is_grave: bool = False


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


def this_minute(at: datetime) -> str:
    """An instant as a form proposes it: to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"


def show(
    request: HttpRequest, form: EntryForm, frame: Frame, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form; 422 once something in it is wrong."""
    if form.errors and status == 200:
        status = UNPROCESSABLE
    return render(
        request,
        "entry/form.html",
        {"form": form, "page": "entry", "frame": frame, **more},
        status=status,
    )


def attempt(form: EntryForm, write: Callable[[], Written]) -> Written | None:
    """What was written; None when the form or a rule refuses, which the form then says.

    Raises Conflict when somebody else changed the row meanwhile: that is no field's fault.
    """
    if not form.is_valid():
        return None
    try:
        return write()
    except DomainError as error:
        if isinstance(error, Conflict) and not error.field:
            raise
        form.add_refusal(error)
        return None


def amended(
    request: HttpRequest,
    form: FactForm,
    frame: Frame,
    write: Callable[[], object],
    *,
    chain: str,
    noun: str,
    key: str,
) -> HttpResponse | None:
    """None once it is saved, and said so; else the page that says why it is not."""
    before = ledger.last_seq(chain, noun, key)
    try:
        if attempt(form, write) is None:
            return show(request, form, frame)
    except Conflict:
        return overtaken(request, form, frame, chain=chain, noun=noun, key=key)
    said = _saved(form, noun, key)
    if ledger.last_seq(chain, noun, key) == before:
        said = gettext("Nothing was changed.")
    messages.success(request, said)
    return None


def _saved(form: FactForm, noun: str, key: str) -> str:
    title = form.offered.titled(noun, {**form.initial, **form.columns()}) or key
    return gettext("%(noun)s “%(title)s” is saved.") % {
        "noun": label("noun", noun),
        "title": title,
    }


@dataclass(frozen=True, slots=True)
class Newer:
    """The last change that was made since a form was; ``is_own``: all such were by its sender."""

    change: Change
    is_own: bool


def newer(request: HttpRequest, seen: int, *, chain: str, noun: str, key: str) -> Newer | None:
    """What was changed since the row's ledger entry ``seen``; somebody else's before one's own."""
    changes = histories.of_row(chain=chain, noun=noun, key=key)
    since = [change for change in changes if change.seq > seen]
    own = str(getattr(request.user, "uid", ""))
    others = [change for change in since if change.author != own]
    if not since:
        return None
    return Newer((others or since)[0], is_own=not others)


def told(error: Conflict, newer: Newer | None) -> DomainError:
    """A conflict in words that name who changed the row meanwhile, and when."""
    if newer is None:
        return error
    at = newer.change.recorded_at.astimezone(UTC)
    when = gettext("%(time)s UTC") % {"time": date_format(at, "D j M Y, H:i")}
    if newer.is_own:
        said = gettext("You changed this at %(when)s (in another window).") % {"when": when}
    else:
        said = gettext("%(who)s changed this at %(when)s, since you read it.") % {
            "who": newer.change.by,
            "when": when,
        }
    return Conflict(said, mend=gettext("Look at it as it stands now, then do this again."))


def overtaken(
    request: HttpRequest, form: FactForm, frame: Frame, *, chain: str, noun: str, key: str
) -> HttpResponse:
    """409 with both versions, field by field. Saving once more is then on top of the newer one."""
    seen = form.cleaned_data["seen"] or 0
    changed = newer(request, seen, chain=chain, noun=noun, key=key)
    last = histories.of_row(chain=chain, noun=noun, key=key)[0]
    before = ledger.state_at(chain, noun, key, seen)
    now = ledger.state_at(chain, noun, key, last.seq)
    compared = differences(
        noun, before=before, now=now, typed=form.columns(), form=type(form), choices=form.offered
    )
    form.merge(before, now, seq=last.seq)
    return show(request, form, frame, status=CONFLICT, compared=compared, newer=changed)
