"""The heartbeat: each sweep that ended tells an address elsewhere, and never waits for it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import OperationalError

from tests.plugins.http import HANG, Endpoint, answer, serving
from tracker.actions import heartbeats, sweeps
from tracker.domain.addresses import networks, parse
from tracker.models import SweepRun
from tracker.tasks import heartbeat
from tracker.tasks.sweep import sweep


@pytest.fixture
def endpoint(settings: Any) -> Iterator[Endpoint]:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    with serving(Endpoint()) as found:
        settings.HEARTBEAT = parse(f"{found.address}/ping/secret")
        yield found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the sweep asked of Celery, and how."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(heartbeat.beat, "apply_async", lambda **how: found.append(how))
    return found


def test_the_address_is_called(endpoint: Endpoint) -> None:
    assert heartbeats.beat()
    assert [(one.method, one.target) for one in endpoint.seen] == [("GET", "/ping/secret")]


def test_without_an_address_nothing_is_called(settings: Any) -> None:
    assert settings.HEARTBEAT is None
    assert not heartbeats.beat()


@pytest.mark.parametrize("steps", [answer(500), answer(404), [], answer(302, Location="file:///x")])
def test_what_fails_is_logged_without_what_may_be_secret(
    endpoint: Endpoint, steps: Any, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.reply = lambda n: steps
    assert not heartbeats.beat()
    assert "heartbeat not taken" in caplog.text
    assert "secret" not in caplog.text


def test_it_is_not_waited_for_long(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heartbeats.SECONDS < heartbeat.EXPIRES
    monkeypatch.setattr(heartbeats, "SECONDS", 0.5)
    endpoint.reply = lambda n: [HANG]
    began = time.monotonic()
    assert not heartbeats.beat()
    assert time.monotonic() - began < 2


@pytest.mark.django_db
def test_each_sweep_that_ended_asks_for_it_and_a_stale_one_is_dropped(
    endpoint: Endpoint, asked: list[dict[str, Any]]
) -> None:
    """It is worth nothing once the next sweep has asked: it expires with the sweep's period."""
    sweep()
    assert asked == [{"expires": 30, "retry": False}]
    assert endpoint.seen == []  # not by the sweep itself
    sweep(is_helper=True)
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_sweep_that_failed_asks_for_none(
    endpoint: Endpoint, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: Any) -> SweepRun:
        raise RuntimeError("no")

    monkeypatch.setattr(sweeps, "run", fails)
    with pytest.raises(RuntimeError):
        sweep()
    assert asked == []


@pytest.mark.django_db
def test_a_sweep_does_not_fail_with_it(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(**_: Any) -> None:
        raise OperationalError("the broker is away")

    monkeypatch.setattr(heartbeat.beat, "apply_async", gone)
    sweep()
    assert SweepRun.objects.count() == 1
    assert "heartbeat not asked for" in caplog.text


@pytest.mark.django_db
def test_without_an_address_nothing_is_asked_for(asked: list[dict[str, Any]]) -> None:
    sweep()
    assert asked == []
