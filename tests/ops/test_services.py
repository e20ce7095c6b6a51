"""The tests run on what they were asked to run on: neither setting is ignored in silence."""

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests.plugins import network
from tracker.config.celery import app


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for(request: pytest.FixtureRequest) -> None:
    asked = request.config.getoption("--database")
    assert connection.vendor == asked
    with connection.cursor() as cursor:
        if asked == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone()[0] == "wal"
        else:
            cursor.execute("SHOW server_version_num")
            assert int(cursor.fetchone()[0]) >= 180000


def test_the_broker_is_the_one_started_for_the_tests() -> None:
    socket = f"{settings.DATA_DIR}/run/broker.sock"
    assert f"unix://{socket}?db=0" == settings.REDIS_URL
    assert app.conf.broker_url == f"redis+socket://{socket}?virtual_host=0"
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping()


def test_no_test_reaches_another_machine() -> None:
    import socket

    with socket.socket() as sock, pytest.raises(network.NetworkBlocked):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(network.NetworkBlocked):
        socket.getaddrinfo("example.org", 80)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("x.localhost", True),
        ("10.0.0.1", False),
        ("a.b", False),
    ],
)
def test_which_addresses_are_this_machine(host: str, *, expected: bool) -> None:
    assert network.is_here(host) is expected
