"""What every page does alike: who may send what, its moment, its headers.

A page is decorated with ``reads()`` or ``writes``; a refusal that it lets through becomes a page in
tracker.web.middleware.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.domain.errors import Invalid
from tracker.models import User

from . import partials, refusals, stale_forms
from .moments import Moment, asked
from .proposing import Proposed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Moment, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def site(request: HttpRequest) -> str:
    """The address of this instance, without a slash at its end."""
    return request.build_absolute_uri("/").rstrip("/")


class SignedIn(HttpRequest):
    """The request that a page which writes is given: somebody has signed in."""

    user: User


def reads(*, known: bool = False) -> Callable[[View[P]], Page[P]]:
    """A read page: GET and HEAD only, shown for a moment; strangers get 404, a bad moment 422.

    What is not there and what is not for the visitor look the same.
    """

    def decorate(view: View[P]) -> Page[P]:
        @wraps(view)
        def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                moment = asked(request, now=clock.now(), takes_known=known)
            except Invalid as error:
                return _refused(request, error)
            response = view(request, moment, *args, **kwargs)
            if request.user.is_authenticated:
                # After signing out, "Back" must not show what only members may see.
                patch_cache_control(response, private=True, no_store=True)
            else:
                patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            return response

        return cast("Page[P]", require_safe(page))

    return decorate


def writes(view: Callable[Concatenate[SignedIn, P], HttpResponse]) -> Page[P]:
    """A form page: GET, HEAD and POST, for whoever has signed in; others are asked to, and return.

    Nothing of it is kept by browsers or proxies. What somebody typed whose session ended is. What
    was proposed instead of written leads to the proposal.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return stale_forms.of_nobody(request)
        response: HttpResponse
        try:
            response = view(cast("SignedIn", request), *args, **kwargs)
        except Proposed as proposed:
            response = redirect("proposal", proposed.uid)
        add_never_cache_headers(response)
        patch_vary_headers(response, ["Cookie"])
        return response

    return cast("Page[P]", require_http_methods(["GET", "HEAD", "POST"])(page))


def _refused(request: HttpRequest, error: Invalid) -> HttpResponse:
    if partials.is_wanted(request):
        return refusals.refusal(request, error)
    typed = {name: request.GET.get(name, "") for name in ("at", "known")}
    kept = [(name, one) for name, ones in request.GET.lists() if name not in typed for one in ones]
    context: dict[str, Any] = {
        "error": error,
        "typed": typed,
        "kept": kept,
        "kept_query": f"?{urlencode(kept)}" if kept else "",
        "page": "moment",
    }
    return render(request, "errors/moment.html", context, status=422)
