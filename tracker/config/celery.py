"""Celery's app. Its schedule is in settings, its tasks in tracker.tasks."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging

from . import environment

environment.read_or_exit()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.config.settings")

# In somebody's container root is the only user; compose.yaml and the systemd page name another.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")

TASKS = ("sweep", "delivery", "heartbeat", "imports", "tidying")
app = Celery("tracker", include=[f"tracker.tasks.{name}" for name in TASKS])
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def leave_logging_alone(**_: Any) -> None:
    """Django has configured the logs; a receiver keeps Celery from doing it again."""


@beat_init.connect
def sweep_at_once(**_: Any) -> None:
    """A new start need not wait half a minute for the first sweep."""
    app.send_task("tracker.tasks.sweep.sweep", expires=60, retry=False)
