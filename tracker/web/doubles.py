"""Before a pledge is entered that looks like one that there is: which, and whether it is another.

The answer is a tick whose value names what was shown, so that what came meanwhile is asked about
too. Must not live here: what looks alike (domain/doubles.py), which there are (selectors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from tracker.domain.doubles import Promise, Span
from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.models import Account
from tracker.selectors import access
from tracker.selectors.doubles import Double, like
from tracker.selectors.facts import State, earliest_of
from tracker.web.forms.facts import EntryForm
from tracker.web.forms.fields import SAYS

ANOTHER = "another"  # the tick: it is another one than those that it names
CARRIED = "carried"  # the button: what was typed goes to the form of an account of one of them
COMPARED = ("pledgor", "act", "subject")
PARTS = ("account-", "account_", "")  # where a form of a pledge has what an account asks for
OF_ACCOUNT = (
    *("source", "quotation", "is_paraphrase", "credibility", "speaker", "party", "said"),
    *("place", "public", "note", *ACCOUNT_FIELDS, *(f"{SAYS}{name}" for name in ACCOUNT_FIELDS)),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks. ``answer``: the value of the tick; ``here``: the dossier of the form."""

    doubles: list[Double]
    answer: str
    is_ticked: bool
    here: str

    @property
    def said(self) -> str:
        return gettext("The register has a pledge like this one. Say below whether it is another.")


def asked(
    request: HttpRequest, columns: State, *, here: str, at: datetime, span: Span, but: str = ""
) -> Asked | None:
    """None where nothing is like it, or not all is known that is compared."""
    promise = promise_of(columns, span, at)
    if promise is None:
        return None
    doubles = like(promise, viewer=access.viewer(request.user), here=here, at=at, but=but)
    if not doubles:
        return None
    refs = [one.ref for one in doubles]
    ticked = {ref for value in request.POST.getlist(ANOTHER) for ref in value.split()}
    return Asked(doubles, " ".join(refs), ticked.issuperset(refs), here)


def promise_of(columns: State, span: Span, at: datetime) -> Promise | None:
    """What is compared of the columns so far; a party that is named anew promised nothing yet."""
    given = [columns.get(name) for name in COMPARED]
    if not all(isinstance(value, str) and value for value in given):
        return None
    made = earliest_of(str(columns.get("public") or "")) or at
    return Promise(str(given[0]), str(given[1]), str(given[2]), made, span)


def to_be_answered(
    request: HttpRequest,
    form: EntryForm,
    columns: State,
    *,
    here: str,
    at: datetime,
    span: Span | None = None,
    but: str = "",
) -> Asked | None:
    """What has to be answered before it is saved, which the form then says; None: nothing."""
    found = asked(request, columns, here=here, at=at, span=span or Span(), but=but)
    if found is None or found.is_ticked:
        return None
    form.add_error(None, found.said)
    return found


def is_changed(columns: State, before: State) -> bool:
    """Whether an amendment changes what is compared."""
    return any(columns.get(name) != before.get(name) for name in COMPARED)


def carried(request: HttpRequest, noun: str) -> Mapping[str, Any] | None:
    """What the form of a pledge that turned out to be known says of its source, for the form of an
    account; None where nothing is carried over.
    """
    if noun != Account.NOUN or CARRIED not in request.POST:
        return None
    found: dict[str, Any] = {}
    for prefix in reversed(PARTS):
        for name in OF_ACCOUNT:
            value = request.POST.get(f"{prefix}{name}", "")
            if value:
                found[name] = value
    found.setdefault("public", request.POST.get("pledge-public", ""))
    if found.get("existence", Stance.SILENT) == Stance.SILENT:
        found["existence"] = Stance.ASSERTS.value
    return {name: value for name, value in found.items() if value}
