"""The queue of reviews: what failed, what rests on it, and what somebody found who looked."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import reviews
from tracker.domain.errors import DomainError, NotFound
from tracker.selectors import access, proposals
from tracker.selectors import reviews as reading
from tracker.selectors.reviews import Review
from tracker.web.forms.reviews import ReviewForm
from tracker.web.pages import SignedIn, writes
from tracker.web.queues import ways

AT_ONCE = 25
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Asked:
    """An open review with the form that finishes it."""

    review: Review
    form: ReviewForm


@writes
def review_queue(request: SignedIn) -> HttpResponse:
    """A POST finishes the review that it names, with a note."""
    viewer, at = access.viewer(request.user), clock.now()
    refused: ReviewForm | None = None
    if request.method == "POST":
        task = reading.task(viewer, request.POST.get("task", ""))
        if task is None:
            raise NotFound(gettext("There is no such review."))
        refused = ReviewForm(request.POST, prefix=str(task.pk))
        if refused.is_valid():
            try:
                note = refused.cleaned_data["note"]
                reviews.finish(row=task, note=note, by=request.user, at=at)
            except DomainError as error:
                refused.add_refusal(error)
            else:
                messages.success(request, gettext("The review is finished, with your note."))
                return redirect(request.get_full_path())
    open_ones = Paginator(reading.asked(viewer, is_done=False), AT_ONCE)
    done = Paginator(reading.asked(viewer, is_done=True), AT_ONCE)
    pages = open_ones.get_page(request.GET.get("page"))
    done_pages = done.get_page(request.GET.get("done"))
    context = {
        "page": "reviews",
        "pages": pages,
        "asked": [Asked(one, _form(one, refused)) for one in reading.told(pages, at=at)],
        "done_pages": done_pages,
        "done": reading.told(done_pages, at=at),
        "form": refused,
        "now": at,
        "proposals": proposals.waiting(viewer),
        "ways": ways(viewer, at=at, here="review_queue"),
    }
    status = UNPROCESSABLE if refused is not None and refused.errors else 200
    return render(request, "queues/review_queue.html", context, status=status)


def _form(one: Review, refused: ReviewForm | None) -> ReviewForm:
    """What was typed stays in the form of its own review."""
    if refused is not None and refused.prefix == str(one.task.pk):
        return refused
    return ReviewForm(prefix=str(one.task.pk))
