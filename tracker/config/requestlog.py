"""One log line for each request: method, path, status, time taken, and an id to find it by.

The query is left out, and so is a token in the path: whoever has one can use it.
"""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger("tracker.request")


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.method,
                path=_told(request),
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        response.headers["X-Request-ID"] = request_id
        return response


def _told(request: HttpRequest) -> str:
    found = request.resolver_match
    is_secret = found is not None and bool({"token", "uidb36"} & found.kwargs.keys())
    return f"/{found.route}" if found is not None and is_secret else request.path
