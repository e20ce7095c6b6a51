"""Parts of a page that a script asks for by themselves. Every page works without.

A partial stands in its page's template between ``partialdef`` tags. Its name is the id of the
element that it replaces, and so what htmx sends as HX-Target.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers

VARY = ("HX-Request", "HX-Target")
MESSAGES = "messages"


def is_wanted(request: HttpRequest) -> bool:
    """Whether htmx asks for something to put into the page that is open.

    Not when it restores a page from its history: then it wants the whole of it.
    """
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def asked(request: HttpRequest, names: Collection[str]) -> str:
    """Which of those partials the request is for; blank for the whole page.

    The target decides, from a fixed set: that htmx asks says nothing of what it will replace.
    """
    target = request.headers.get("HX-Target", "")
    return target if is_wanted(request) and target in names else ""


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    names: Collection[str],
    status: int = 200,
) -> HttpResponse:
    """The page, or the one of its partials that was asked for, from one template and context.

    ``partial`` in the context is the partial's name. All variants say by what they differ, or a
    browser that goes back would show a part as if it were the page.
    """
    name = asked(request, names)
    response = render_template(
        request,
        f"{template}#{name}" if name else template,
        {**context, "partial": name},
        status=status,
    )
    patch_vary_headers(response, VARY)
    return response


def redirect_into(response: HttpResponse, target: str) -> None:
    """Have htmx put the answer into that element instead of the one it had in mind."""
    response.headers["HX-Retarget"] = f"#{target}"
    response.headers["HX-Reswap"] = "innerHTML show:none"
    # What the element that asked would pick from the answer it hoped for is not in this one.
    response.headers["HX-Reselect"] = "unset"
