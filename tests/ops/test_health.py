"""/healthz and /readyz: green, and red with the part named."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from tracker.actions import sweeps
from tracker.clock import now
from tracker.selectors import sweeps as sweeps_selector
from tracker.web import health


def test_healthz_asks_nothing_of_the_database_nor_of_the_host(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_readyz_is_green_after_a_sweep(client: Client) -> None:
    sweeps.run(at=now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "red": [],
        "parts": {"database": "ok", "broker": "ok", "sweep": "ok", "outbox": "ok"},
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(119, 200), (121, 503)])
def test_readyz_reddens_two_minutes_after_the_last_sweep(
    client: Client, seconds: int, status: int
) -> None:
    sweeps.run(at=now() - timedelta(seconds=seconds))
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json()["red"] == ([] if status == 200 else ["sweep"])


@pytest.mark.django_db
def test_readyz_is_red_before_the_first_sweep(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["sweep"] == "has never run"


@pytest.mark.django_db
def test_readyz_names_the_broker(client: Client, settings: Settings) -> None:
    sweeps.run(at=now())
    settings.REDIS_URL = "redis://:hush@127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["red"] == ["broker"]
    assert "hush" not in answer.text


@pytest.mark.django_db
def test_readyz_names_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("hush")

    monkeypatch.setattr(sweeps_selector, "last_finished", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["red"] == ["database", "sweep", "outbox"]
    assert "hush" not in answer.text


@pytest.mark.django_db
def test_every_page_carries_the_strict_policy(client: Client) -> None:
    answer = client.get("/readyz")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_stale_means_four_missed_sweeps() -> None:
    assert timedelta(seconds=4 * 30) == health.SWEEP_IS_STALE_AFTER
