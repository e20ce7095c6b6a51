"""Every address: health here, pages in tracker.web.urls."""

from django.urls import include, path

from tracker.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("tracker.web.urls")),
]
handler400 = "tracker.web.refusals.bad_request"
handler403 = "tracker.web.refusals.forbidden"
handler404 = "tracker.web.refusals.not_found"
handler429 = "tracker.web.attempts.too_many"
handler500 = "tracker.web.refusals.server_error"
