"""Hundreds of attempts at passwords: few are hashed, the rest are told when to come back, and the
owner of the account gets in from elsewhere.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.test import Client, override_settings

from tests.web import house
from tracker.config import cache as steady
from tracker.models import User

# They are counted in the cache.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

WRONG = "wrong"
MANY = 300
NOW = "2026-03-04T10:00:00Z"


@pytest.fixture
def carol(db: None) -> User:
    return house.person("carol")


@pytest.fixture
def hashed(carol: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One item for each password that was hashed."""
    made: list[int] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(1)
        return encode(hasher, *args, **kwargs)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    with time_machine.travel(NOW, tick=False):
        yield made


def attempt(
    email: str, password: str = WRONG, *, place: str, client: Client | None = None
) -> tuple[int, str, str]:
    response = (client or Client()).post(
        "/sign-in/", {"login": email, "password": password}, REMOTE_ADDR=place
    )
    wait = response.headers.get("Retry-After", "")
    return response.status_code, response.content.decode(), wait


def place(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


def test_against_one_person_from_one_place(carol: User, hashed: list[int]) -> None:
    found = [attempt(carol.email, place="203.0.113.9") for _ in range(MANY)]
    assert [status for status, _, _ in found] == [422] * 5 + [429] * (MANY - 5)
    assert len(hashed) == 5
    _, shown, wait = found[-1]
    assert "Try again in 5 minutes." in shown
    assert f'value="{carol.email}"' in shown
    assert wait == "300"
    # The owner, from elsewhere and in the same minute.
    assert attempt(carol.email, house.PASSWORD, place="192.0.2.1")[0] == 302


def test_against_one_person_from_many_places(carol: User, hashed: list[int]) -> None:
    at_home = Client()
    assert attempt(carol.email, house.PASSWORD, place="192.0.2.1", client=at_home)[0] == 302
    at_home.post("/sign-out/")
    del hashed[:]
    found = [attempt(carol.email, place=place(n)) for n in range(MANY)]
    assert [status for status, _, _ in found] == [422] * 10 + [429] * (MANY - 10)
    assert len(hashed) == 10
    assert "Try again in a minute." in found[-1][1]
    # From a browser that is known, at once; from a strange one, when the minute is over.
    assert attempt(carol.email, house.PASSWORD, place="192.0.2.1", client=at_home)[0] == 302
    assert attempt(carol.email, house.PASSWORD, place="192.0.2.7")[0] == 429


@pytest.mark.parametrize(("after", "status"), [(59, 429), (60, 302)])
def test_nobody_is_locked_out_for_longer_than_a_minute(
    carol: User, after: int, status: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for n in range(20):
            attempt(carol.email, place=place(n))
        clock.shift(after)
        assert attempt(carol.email, house.PASSWORD, place="192.0.2.7")[0] == status


def test_against_many_people_from_one_place(carol: User, hashed: list[int]) -> None:
    found = [attempt(f"p{n}@example.org", place="203.0.113.9") for n in range(MANY)]
    assert [status for status, _, _ in found] == [422] * 10 + [429] * (MANY - 10)
    assert len(hashed) == 10
    assert attempt(carol.email, house.PASSWORD, place="192.0.2.1")[0] == 302


def test_a_neighbour_in_the_same_network_counts_as_the_same_place(
    carol: User, hashed: list[int]
) -> None:
    found = [attempt(carol.email, place=f"2001:db8::{n:x}")[0] for n in range(1, 100)]
    assert found == [422] * 5 + [429] * 94


def test_successes_cost_nothing(carol: User, hashed: list[int]) -> None:
    for _ in range(30):
        assert attempt(carol.email, house.PASSWORD, place="192.0.2.1")[0] == 302


def test_a_known_browser_has_a_limit_too(carol: User, hashed: list[int]) -> None:
    client = Client()
    attempt(carol.email, house.PASSWORD, place="192.0.2.1", client=client)
    client.post("/sign-out/")
    found = [attempt(carol.email, place=place(n), client=client)[0] for n in range(12)]
    assert found == [422] * 10 + [429] * 2
    # It is known for one person only.
    assert attempt("dave@example.org", place="192.0.2.1", client=client)[0] == 422


def test_a_forged_mark_of_a_known_browser_is_none(carol: User, hashed: list[int]) -> None:
    client = Client()
    client.cookies["known"] = "W1wiYVwiLFwiYlwiXQ:1:forged"
    found = [attempt(carol.email, place="203.0.113.9", client=client)[0] for _ in range(7)]
    assert found == [422] * 5 + [429] * 2


@pytest.mark.parametrize(("proxies", "allowed"), [(0, 5), (1, 10)])
def test_a_proxys_word_is_taken_only_where_there_is_one(
    carol: User, hashed: list[int], proxies: int, allowed: int
) -> None:
    """Ten claimed places: ten by one's own word; with a proxy, what it appended counts."""
    found = []
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        for n in range(20):
            response = Client().post(
                "/sign-in/",
                {"login": carol.email, "password": "wrong"},
                REMOTE_ADDR="203.0.113.9",
                headers={"X-Forwarded-For": f"6.6.6.6, {place(n)}"},
            )
            found.append(response.status_code)
    assert found.count(422) == allowed


def test_of_two_claims_the_proxys_own_counts(carol: User, hashed: list[int]) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        found = [
            Client()
            .post(
                "/sign-in/",
                {"login": carol.email, "password": "wrong"},
                REMOTE_ADDR="10.0.0.1",
                headers={"X-Forwarded-For": f"{place(n)}, 203.0.113.9"},
            )
            .status_code
            for n in range(20)
        ]
    assert found == [422] * 5 + [429] * 15


def own() -> BaseCache:
    """What the process keeps itself."""
    cache = caches["default"]
    assert isinstance(cache, steady.SteadyCache)
    return cache._own


def redis_cache(url: str) -> dict[str, dict[str, str]]:
    return {
        "default": {
            "BACKEND": "tracker.config.cache.SteadyCache",
            "LOCATION": url,
            "KEY_PREFIX": "attempts-test",
        }
    }


@pytest.fixture
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady._Health, "away_until", 0.0)


@pytest.mark.usefixtures("_steady")
def test_the_count_is_shared_by_all_processes(carol: User) -> None:
    """Two processes: two caches with nothing in common but Redis."""
    of_its_own = os.environ["REDIS_URL"].replace("db=0", "db=5")
    with override_settings(CACHES=redis_cache(of_its_own)):
        first = [attempt(carol.email, place="203.0.113.77")[0] for _ in range(3)]
        del caches["default"]  # another process makes its own
        own().clear()
        second = [attempt(carol.email, place="203.0.113.77")[0] for _ in range(4)]
        assert steady._Health.away_until == 0.0
        caches["default"].clear()
    assert first + second == [422] * 5 + [429] * 2


@pytest.mark.usefixtures("_steady")
def test_without_redis_people_sign_in_and_a_limit_stays(carol: User) -> None:
    with override_settings(CACHES=redis_cache("redis://127.0.0.1:1/0")):
        found = [attempt(carol.email, place="203.0.113.78")[0] for _ in range(7)]
        assert found == [422] * 5 + [429] * 2
        assert attempt(carol.email, house.PASSWORD, place="192.0.2.1")[0] == 302
        assert steady._Health.away_until > 0
        own().clear()
