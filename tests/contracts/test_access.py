"""Every address × method × visitor × dossier against access_table.py. An unlisted one fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import kept
from tests.web import house
from tracker.models import LedgerEntry, User

from .access_table import DOSSIERS, TABLE, VISITORS, Row

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
TAKEN = (200, 302, 409, 422)


def names(patterns: list[URLPattern | URLResolver], within: str = "") -> Iterator[str]:
    """The names of all patterns, with their namespaces; a pattern without one by its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{within}{pattern.namespace}:" if pattern.namespace else within
            yield from names(pattern.url_patterns, space)
        else:
            yield within + (pattern.name or f"unnamed: {pattern.pattern}")


def test_every_address_is_listed_and_every_row_has_an_address() -> None:
    found = set(names(get_resolver().url_patterns))
    assert sorted(found - set(TABLE)) == [], "not in access_table.py"
    assert sorted(set(TABLE) - found) == [], "in access_table.py and no address"


def three_dossiers() -> None:
    house.load(house.PARTIES)
    for dossier in DOSSIERS:
        house.dossier(dossier, public=dossier == "open")


@pytest.fixture
def cookies(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The house with everybody in it: who → the cookies that say so."""
    monkeypatch.setattr("tracker.clock.now", lambda: house.AT)
    monkeypatch.setattr("tracker.web.health._broker", lambda: "ok")
    kept.begin_with("three dossiers", three_dossiers)
    found = {"anonymous": Client().cookies}
    for who in VISITORS[1:]:
        roles = {} if who in ("stranger", "admin") else {"shut": who}
        person = house.person(who, **roles)
        if who == "admin":
            User.objects.filter(pk=person.pk).update(is_site_admin=True)
        client = Client()
        client.force_login(person)
        found[who] = client.cookies
    return found


def cases(row: Row, method: str = "GET") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each dossier with its Door; one without a dossier is asked for once."""
    who = row.posts if row.posts and method == "POST" else row.who
    if isinstance(who, tuple):
        yield "", who
    else:
        yield from who.items()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever was written within is taken back, so that the next visitor finds the same house."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sent(
    method: str, row: Row, dossier: str, address: str, cookies: Any, **options: Any
) -> HttpResponse:
    client = Client(**options)
    client.cookies = type(cookies)(cookies.output(header="", sep=";"))
    body = {"data": row.sends(dossier)} if method == "POST" else {}
    answer: HttpResponse = getattr(client, method.lower())(address, **body)
    return answer


def said(method: str, row: Row, answer: HttpResponse) -> str:
    """The answer in the words of the table."""
    to = answer.headers.get("Location", "")
    if answer.status_code == 302 and to.startswith(resolve_url(settings.LOGIN_URL)):
        return "in"
    if answer.status_code in (TAKEN if method == "POST" else row.ok):
        return "ok"
    return "go" if answer.status_code == 302 else str(answer.status_code)


def meant(method: str, row: Row, word: str) -> set[str]:
    if method not in row.takes:
        return {"405"}
    # Who is sent on from a form may send it all the same.
    return {word, "ok"} if method == "POST" and word == "go" else {word}


@pytest.mark.parametrize(
    "method",
    [m if m in ("GET", "POST") else pytest.param(m, marks=pytest.mark.once) for m in METHODS],
)
def test_each_address_answers_each_visitor_as_listed(cookies: dict[str, Any], method: str) -> None:
    """A POST that is refused leaves the ledger as it was."""
    wrong = []
    for name, row in TABLE.items():
        for dossier, door in cases(row, method):
            address = reverse(name, kwargs=row.where(dossier))
            for who, word in zip(VISITORS, door, strict=True):
                before = LedgerEntry.objects.count()
                with undone():
                    answer = said(method, row, sent(method, row, dossier, address, cookies[who]))
                    written = LedgerEntry.objects.count() - before
                expected = meant(method, row, word)
                if answer not in expected:
                    wrong.append(f"{name} {address}: {method} by {who}: {answer}, not {expected}")
                if written and not (method == "POST" and answer == "ok"):
                    wrong.append(f"{name} {address}: {method} by {who} wrote, and said {answer}")
    assert "\n".join(wrong) == ""


def test_no_form_is_taken_from_another_site(cookies: dict[str, Any]) -> None:
    """Not even from those who may do everything."""
    wrong = []
    for name, row in TABLE.items():
        if "POST" not in row.takes or row.is_one_click:
            continue
        for dossier, _ in cases(row):
            address = reverse(name, kwargs=row.where(dossier))
            for who in ("anonymous", "owner", "admin"):
                before = LedgerEntry.objects.count()
                with undone():
                    answer = sent(
                        "POST", row, dossier, address, cookies[who], enforce_csrf_checks=True
                    )
                    written = LedgerEntry.objects.count() - before
                if answer.status_code != 403 or written:
                    wrong.append(f"{name} {address}: by {who}: {answer.status_code}")
                elif "The form has expired" not in answer.content.decode():
                    wrong.append(f"{name} {address}: by {who}: 403 without the reason")
    assert "\n".join(wrong) == ""
