"""What the logs must not tell: a password that a form was sent, a token that was in an address."""

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from tracker.config import logs

SECRET = "correct horse battery staple"
ADDRESS = "/new-password/1-secret-token/"


@pytest.fixture(params=[True, False], ids=["json", "for eyes"])
def written(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """What the handler of this form writes."""
    config = logs.dict_config(as_json=request.param, level="info")
    configurator = logging.config.DictConfigurator(config)
    formatter = configurator.configure_formatter(config["formatters"]["structured"])
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    loggers = [logging.getLogger("django.request"), logging.getLogger("django.security")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def fails(request: HttpRequest, password: str) -> None:
    raise ValueError("the view is broken")


def test_a_failed_request_is_told_without_what_it_carried(
    written: StringIO, rf: RequestFactory
) -> None:
    request = rf.post(ADDRESS, {"password": SECRET})
    try:
        fails(request, SECRET)
    except ValueError:
        logging.getLogger("django.request").exception(
            "Internal Server Error: %s", ADDRESS, extra={"status_code": 500, "request": request}
        )
    told = written.getvalue()
    assert "Internal Server Error" in told
    assert "the view is broken" in told
    assert "test_logs.py" in told
    assert SECRET not in told
    assert "secret-token" not in told
    if told.startswith("{"):
        assert json.loads(told)["status_code"] == 500


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_one_line(written: StringIO, client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    told = written.getvalue()
    assert "evil.example" in told
    assert "Traceback" not in told
    assert "DisallowedHost" in told
    assert "warning" in told
    assert "error" not in told.lower().replace("disallowedhost", "")
    assert len(told.splitlines()) == 1
