"""What every read page does alike: its moment, its refusals, its headers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.domain.errors import Invalid, NotFound

from .moments import Moment, asked

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Moment, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


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
            try:
                response = view(request, moment, *args, **kwargs)
            except NotFound as error:
                raise Http404 from error
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            return response

        return cast("Page[P]", require_safe(page))

    return decorate


def _refused(request: HttpRequest, error: Invalid) -> HttpResponse:
    typed = {name: request.GET.get(name, "") for name in ("at", "known")}
    context: dict[str, Any] = {"error": error, "typed": typed, "page": "moment"}
    return render(request, "errors/moment.html", context, status=422)
