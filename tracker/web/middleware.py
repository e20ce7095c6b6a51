"""What holds for every answer, whatever made it: refusals of the domain as pages.

Nothing here knows a page.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tracker.domain.errors import DomainError

from . import refusals

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RefusalsMiddleware:
    """A domain error that a view lets through becomes the page that says why, and the remedy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusals.refusal(request, error) if isinstance(error, DomainError) else None
