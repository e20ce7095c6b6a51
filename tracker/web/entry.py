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
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import sent_forms
from tracker.domain.errors import Conflict, DomainError
from tracker.models import Entered
from tracker.selectors import histories, ledger
from tracker.selectors.histories import Change
from tracker.web import read_back
from tracker.web.forms.facts import EntryForm, FactForm
from tracker.web.pages import SignedIn
from tracker.web.states import differences
from tracker.words import isolated, label

CONFLICT, UNPROCESSABLE = 409, 422
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a form. ``trail``: links to where it belongs, as (address, words).

    ``action``: where it is sent, if not to where it is shown.
    """

    heading: Any
    button: Any
    back: str
    trail: tuple[tuple[str, str], ...] = ()
    lead: Any = ""
    key: str = ""
    is_grave: bool = False
    action: str = ""


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


Form = TypeVar("Form", bound=EntryForm)


def as_typed(form: Form, **options: Any) -> Form:
    """A form that shows what was typed in another and finds nothing wrong with it yet."""
    shown = type(form)(initial=typed_in(form), prefix=form.prefix, **options)
    keep_answers(form, shown)
    return shown


def typed_in(form: EntryForm) -> dict[str, Any]:
    """What was typed in a form, by field, as it came."""
    return {
        name: field.widget.value_from_datadict(form.data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def keep_answers(form: EntryForm, shown: EntryForm) -> None:
    """What was answered in one form goes with the same texts in another."""
    for name, field in shown.fields.items():
        answer = form.data.get(f"{form.add_prefix(name)}_answer")
        if answer and hasattr(field, "answered"):
            field.answered = str(answer)


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


def attempt(request: HttpRequest, form: EntryForm, write: Callable[[], Written]) -> Written | None:
    """What was written; None when the form or a rule refuses, which the form then says.

    Of times it is told how they were read. Raises Conflict when somebody else changed the row
    meanwhile: that is no field's fault.
    """
    if not form.is_valid():
        return None
    try:
        written = write()
    except DomainError as error:
        if isinstance(error, Conflict) and not error.field:
            raise
        form.add_refusal(error)
        return None
    if told := read_back.told(form):
        messages.info(request, told)
    return written


def entered(
    request: SignedIn, form: FactForm, write: Callable[[], Entered], *, said: Callable[[str], str]
) -> str | None:
    """The key of the row, of which ``said`` is then told; None when the form or a rule refuses."""

    def once() -> tuple[str, bool]:
        token = form.cleaned_data["once"]
        return sent_forms.once(token=token, write=write, by=request.user, at=clock.now())

    done = attempt(request, form, once)
    if done is None:
        return None
    key, is_first = done
    if is_first:
        messages.success(request, said(key))
    else:
        messages.info(request, gettext("This form was sent before: it is entered already, once."))
    return key


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
        if attempt(request, form, write) is None:
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
        "title": isolated(title),
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


def decided_meanwhile(
    request: HttpRequest, form: EntryForm, frame: Frame, *, chain: str, seq: int
) -> HttpResponse:
    """409 with what was recorded since, the ledger's entry ``seq``. Sent again it comes after."""
    form.see(seq)
    change = histories.of_entry(chain=chain, seq=seq)
    own = str(getattr(request.user, "uid", ""))
    newest = Newer(change, is_own=change.author == own)
    return show(request, form, frame, status=CONFLICT, newer=newest)


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
