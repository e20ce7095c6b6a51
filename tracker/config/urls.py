"""Every address: health here, pages in tracker.web.urls."""

from django.urls import include, path

from tracker.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("tracker.web.urls")),
]

handler429 = "tracker.web.attempts.too_many"
