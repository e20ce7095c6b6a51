"""The one Django app. It loads Celery's, so that a task called from anywhere finds its broker."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    label = "tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("tracker.config.celery")
        append_only = import_module("tracker.models.append_only")
        post_migrate.connect(append_only.lay_after_migrate, sender=self)
        search_index = import_module("tracker.models.search_index")
        post_migrate.connect(search_index.lay_after_migrate, sender=self)
        post_migrate.connect(fill_search, sender=self)


def fill_search(*, using: str, **_: Any) -> None:
    """What is searched is derived: where nothing is yet, it is after a migrate."""
    import_module("tracker.actions.passages").fill(using=using)
