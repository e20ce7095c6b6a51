"""The offer to undo that stands beside what a page says was done. What can be undone: actions."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from tracker import clock
from tracker.actions import undoing
from tracker.models import User
from tracker.selectors import last_changes, ledger

UNDO = "undo"
# What a message's extra tags begin with; the address follows that undoes what the message tells of.
MARK = "undo:"


def head(chain: str) -> int:
    """Where the ledger stands before something is done; 0 for what cannot be undone."""
    return last_changes.head(chain) if chain else 0


def offer(request: HttpRequest, said: str, *, chain: str, before: int) -> None:
    """Says what was done, and offers to undo it, if it was written after the entry ``before``."""
    tag = ""
    assert isinstance(request.user, User)
    found = last_changes.deed(chain, request.user, after=before) if chain else None
    if found is not None:
        steps = last_changes.steps(chain, *found)
        if all(undoing.can_be_undone(one, by=request.user, at=clock.now()) for one in steps):
            tag = marked(address(chain, *found))
    messages.success(request, said, extra_tags=tag)


def address(chain: str, first: int, last: int) -> str:
    return reverse("undo", args=(chain, first, last))


def marked(url: str) -> str:
    return f"{MARK}{url}"


def of_row(request: HttpRequest, chain: str, noun: str, key: str) -> str:
    """The address that undoes the last change of a row; blank where it cannot be undone by this
    person any more.
    """
    assert isinstance(request.user, User)
    seq = ledger.last_seq(chain, noun, key)
    steps = last_changes.steps(chain, seq, seq)
    can = all(undoing.can_be_undone(one, by=request.user, at=clock.now()) for one in steps)
    return address(chain, seq, seq) if steps and can else ""
