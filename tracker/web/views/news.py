"""What a page that stays open asks from time to time: whether it is still as things are."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker.selectors import access
from tracker.selectors import news as reading


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """304 while the stamp that the page was made with (If-None-Match) is the present one.

    Else how much has changed of what the visitor may see, and that in words.
    """
    found = reading.of(access.visible(access.viewer(request.user)))
    asked = request.headers.get("If-None-Match", "").strip().removeprefix("W/").strip('"')
    response: HttpResponse
    if asked == found.stamp:
        response = HttpResponseNotModified()
    else:
        seen = reading.read(asked)
        number = found.since(seen) if seen else 0
        words = ngettext("%(n)s update: show", "%(n)s updates: show", number) % {"n": number}
        response = JsonResponse({"number": number, "words": words if number else ""})
    response["ETag"] = f'"{found.stamp}"'
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
