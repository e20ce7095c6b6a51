"""How entry pages go: a form is shown, sent, refused by a rule, or overtaken by somebody else.

Nothing here knows a noun. Must not live here: what a form asks for (forms/), rules (actions).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import sent_forms
from tracker.domain.errors import Conflict, DomainError
from tracker.models import Entered, Proposal
from tracker.selectors import histories, ledger
from tracker.selectors.histories import Change
from tracker.web import drafts, proposing, read_back, undo
from tracker.web.choices import Choices
from tracker.web.forms.facts import EntryForm, FactForm
from tracker.web.pages import SignedIn
from tracker.web.states import differences, is_same
from tracker.words import isolated, label

CONFLICT, UNPROCESSABLE = 409, 422
UNREADY = 400  # from this status on a page says that something was refused
Since = Callable[[EntryForm], dict[str, Any]]
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a form. ``trail``: links to where it belongs, as (address, words).

    ``beside``: something to look at while the form is filled in, with the template that draws it.
    ``action``: where it is sent, if not to where it is shown. ``proposes``: somebody else has to
    confirm it first.
    """

    heading: Any
    button: Any
    back: str
    trail: tuple[tuple[str, str], ...] = ()
    lead: Any = ""
    key: str = ""
    is_grave: bool = False
    beside: Any = None
    action: str = ""
    proposes: bool = False


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


class Sent(Protocol):
    """What is asked of a form, or of several that are sent as one, on the way to what it writes."""

    @property
    def parts(self) -> Sequence[EntryForm]: ...

    @property
    def cleaned_data(self) -> dict[str, Any]: ...

    offered: Choices

    def is_valid(self) -> bool: ...

    def add_refusal(self, error: DomainError) -> None: ...


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
    request: HttpRequest,
    form: EntryForm,
    frame: Frame,
    *,
    status: int = 200,
    since: Since | None = None,
    **more: Any,
) -> HttpResponse:
    """The form, filled in by one's draft of it; 422 once something in it is wrong.

    ``since``: what to say beside a draft of what was changed since it was begun.
    """
    if form.errors and status == 200:
        status = UNPROCESSABLE
    opened = drafts.opened(request, str(frame.heading))
    if opened.shown is not None:
        form.fill_in(drafts.data_of(opened.shown))
        more |= since(form) if since is not None else {}
    context = {
        "form": form,
        "page": "entry",
        "frame": frame,
        "opened": opened,
        "is_refused": status >= UNREADY,
        **more,
    }
    return render(request, "entry/form.html", context, status=status)


def attempt(request: HttpRequest, form: Sent, write: Callable[[], Written]) -> Written | None:
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
    drafts.taken(request)
    if told := read_back.told(form.parts):
        messages.info(request, told)
    return written


def entered(
    request: SignedIn,
    form: Sent,
    write: Callable[[], Entered],
    *,
    chain: str,
    said: Callable[[str], str],
) -> str | None:
    """The key of the row, of which ``said`` is then told; None when the form or a rule refuses.

    Sent twice it is entered once. ``chain``: of the ledger, blank for what cannot be undone.
    Raises Proposed where somebody else has to confirm it first.
    """

    def once() -> tuple[str, bool]:
        token = form.cleaned_data["once"]
        either = proposing.instead(request, write, form.offered)
        return sent_forms.once(token=token, write=either, by=request.user, at=clock.now())

    before = undo.head(chain)
    done = attempt(request, form, once)
    if done is None:
        return None
    key, is_first = done
    proposing.follow(request, key, is_first=is_first)
    if is_first:
        undo.offer(request, said(key), chain=chain, before=before)
    else:
        messages.info(request, twice())
    return key


def was_sent(request: SignedIn, form: EntryForm) -> bool:
    """Whether this very form was taken before, which is then said: a double click, a reload."""
    token = str(form.data.get("once") or "")
    key = sent_forms.sent_key(token=token, by=request.user) if form.is_bound else None
    if key is None:
        return False
    proposing.follow(request, key, is_first=False)
    messages.info(request, twice())
    return True


def twice() -> str:
    """What is said of a form that was sent before."""
    return gettext("This form was sent before: it is entered already, once.")


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
    """None once it is saved, and said so; else the page that says why it is not, or the way to what
    was proposed instead.
    """
    before = ledger.last_seq(chain, noun, key)
    head = undo.head(chain)
    try:
        done = attempt(request, form, proposing.instead(request, write, form.offered))
        if isinstance(done, Proposal):
            return proposing.told(request, str(done.uid))
        if done is None:
            return show(
                request,
                form,
                frame,
                since=lambda form: _begun_before(
                    request, form, before, chain=chain, noun=noun, key=key
                ),
            )
    except Conflict:
        if not _is_so_already(form, chain=chain, noun=noun, key=key, seq=before):
            return overtaken(request, form, frame, chain=chain, noun=noun, key=key)
        drafts.taken(request)
    said = _saved(form, noun, key)
    if ledger.last_seq(chain, noun, key) == before:
        said = gettext("It says so already: nothing was changed.")
    undo.offer(request, said, chain=chain, before=head)
    return None


def _is_so_already(form: FactForm, *, chain: str, noun: str, key: str, seq: int) -> bool:
    """Whether the row says all that was typed: the form was sent twice, say."""
    now = ledger.state_at(chain, noun, key, seq)
    return all(is_same(value, now.get(name)) for name, value in form.columns().items())


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
    more = decided(request, form, chain=chain, seq=seq)
    return show(request, form, frame, status=CONFLICT, **more)


def decided(request: HttpRequest, form: EntryForm, *, chain: str, seq: int) -> dict[str, Any]:
    """What was recorded, as a page says it. From now on the form was made on top of that."""
    form.see(seq)
    change = histories.of_entry(chain=chain, seq=seq)
    own = str(getattr(request.user, "uid", ""))
    return {"newer": Newer(change, is_own=change.author == own)}


def too_late(
    request: HttpRequest, form: EntryForm, frame: Frame, error: Conflict, *, chain: str, seq: int
) -> HttpResponse:
    """409: it cannot be done any more. What happened instead, and as text what was typed, if any.

    Raises the error where nothing was.
    """
    opened = drafts.opened(request, str(frame.heading))
    if opened.shown is not None:
        form.fill_in(drafts.data_of(opened.shown))
    if not form.is_bound:
        raise error
    typed = [(one.label, _texts(one)) for one in form.visible_fields()]
    context = {
        "page": "entry",
        "frame": frame,
        "error": error,
        "newer": decided(request, form, chain=chain, seq=seq)["newer"],
        "typed": [(name, texts) for name, texts in typed if texts],
        "saved": opened.saved,
    }
    return render(request, "entry/too_late.html", context, status=CONFLICT)


def _texts(field: BoundField) -> list[str]:
    """What was typed into a field, as text."""
    value = field.value()
    values = value if isinstance(value, (list, tuple)) else [value]
    return [str(one) for one in values if one not in (None, "", False)]


def overtaken(
    request: HttpRequest, form: FactForm, frame: Frame, *, chain: str, noun: str, key: str
) -> HttpResponse:
    """409 with both versions, field by field. Saving once more is then on top of the newer one."""
    more = _compared(request, form, chain=chain, noun=noun, key=key)
    return show(request, form, frame, status=CONFLICT, **more)


def _begun_before(
    request: HttpRequest, form: EntryForm, seq: int, *, chain: str, noun: str, key: str
) -> dict[str, Any]:
    """What is said beside a draft whose row was changed since it was begun."""
    if form.saw(seq) or not isinstance(form, FactForm):
        return {}
    return _compared(request, form, chain=chain, noun=noun, key=key)


def _compared(
    request: HttpRequest, form: FactForm, *, chain: str, noun: str, key: str
) -> dict[str, Any]:
    """Both versions, field by field. The form takes over what only the other one changed."""
    seen = form.seen_seq()
    changed = newer(request, seen, chain=chain, noun=noun, key=key)
    last = histories.of_row(chain=chain, noun=noun, key=key)[0]
    before = ledger.state_at(chain, noun, key, seen)
    now = ledger.state_at(chain, noun, key, last.seq)
    typed, unread = form.read_leniently(before)
    compared = differences(
        noun,
        before=before,
        now=now,
        typed=typed,
        unread=unread,
        form=type(form),
        choices=form.offered,
    )
    form.merge(before, now, seq=last.seq)
    return {"compared": compared, "newer": changed}
