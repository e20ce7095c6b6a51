"""Structured logs: one line per event, JSON in production and for reading elsewhere.

Every process configures them here, Django's or not. Loads no Django.
"""

import logging.config
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _without_address(_: Any, __: str, event: EventDict) -> EventDict:
    """Django's own line on a failed request names its path, which may hold a token.

    The request log has the line with the same request id, and says as much of the path as it may.
    """
    if event.get("logger") == "django.security.DisallowedHost":  # anybody can send any host
        event.pop("exc_info", None)
        event["level"] = "warning"
    if event.get("logger") == "django.request":
        event["event"] = str(event["event"]).partition(":")[0]
        event.pop("request", None)
    return event


def dict_config(*, as_json: bool, level: str) -> dict[str, Any]:
    """What logging.config.dictConfig takes: everything to standard error, in one form.

    For eyes the servers' own comings and goings are left out: the supervisor tells what matters.
    """
    servers = "INFO" if as_json else "WARNING"
    # No traceback shows local variables: what a form was sent may be a password.
    last: list[Processor] = (
        [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _without_address,
                    *last,
                ],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "structured",
            }
        },
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Beat and worker tell of each poke; what a task did, it says itself.
            "celery": {"level": servers},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # The request log says it once.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"level": servers, "handlers": ["stderr"], "propagate": False},
            # It complains of each answer to HEAD, whose body it rightly drops.
            "gunicorn.http": {"level": "ERROR"},
            "gunicorn.access": {"level": "WARNING"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Apply a dict_config, and send structlog's own loggers through it."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
