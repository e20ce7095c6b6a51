"""What holds for every answer, whatever made it: refusals as pages, headers, redirects of partials.

Nothing here knows a page.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from tracker.domain.errors import DomainError

from . import partials, refusals

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# What no page of ours asks a browser for. Passkeys are for our own pages alone.
PERMISSIONS_POLICY = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "autoplay",
                "camera",
                "display-capture",
                "encrypted-media",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class HeadersMiddleware:
    """Headers that Django has no setting for, also on files and on what is turned away early."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusalsMiddleware:
    """A refusal that a view lets through becomes the page that says why, and the remedy.

    What says nothing of how long it may be kept is not kept at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path:  # names nothing, and PostgreSQL cannot even be asked
            return refusals.page(request, 404)
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b""):
            allowed = response.headers["Allow"]
            response = refusals.page(request, 405)
            response.headers["Allow"] = allowed
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if isinstance(response, HttpResponseRedirectBase) and partials.is_wanted(request):
            return _whole_page(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusals.refusal(request, error) if isinstance(error, DomainError) else None


def _whole_page(response: HttpResponseRedirectBase) -> HttpResponse:
    """A redirect that htmx leaves to the browser: followed by htmx, a page would land in a part."""
    found = HttpResponse(status=204, headers={"HX-Redirect": response.url})
    found.cookies = response.cookies
    add_never_cache_headers(found)
    patch_vary_headers(found, ["Cookie", *partials.VARY])
    return found
