"""Databases of a test's own, on either vendor, and what makes one of them the register at hand."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg.conninfo import conninfo_to_dict

from tests.actions import house
from tests.documents.pictures import picture
from tests.plugins import ready
from tracker.actions import memberships, users
from tracker.domain.access import Role
from tracker.models import (
    Alert,
    AlertSettings,
    Delivery,
    Flag,
    Membership,
    Message,
    Phase,
    ReviewTask,
    SavedView,
    Snooze,
    SourceFile,
    StalePledge,
    Subscription,
    SweepRun,
    User,
    Webhook,
)
from tracker.selectors import tables

AT = datetime(2025, 4, 16, 21, 0, 0, 123456, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
# Quotes, marks that join, right to left, outside the first plane, and what JSON and CSV stumble on.
NASTY = 'a"b\\c\td\r\ne\u2028f\u0301 Запоріжжя קריאה هدنة 🕊\U0010ffff \u200f{}[];--%s'

Database = dict[str, Any]
Members = dict[str, bytes]


@dataclass
class Registers:
    """``vendor`` is the one that the run asked for."""

    folder: Path
    vendor: str
    server: Callable[[], str]
    made: list[str] = field(default_factory=list)

    def empty(self, vendor: str = "") -> Database:
        """A database without tables."""
        return self._new(vendor or self.vendor)

    def migrated(self, vendor: str = "") -> Database:
        """A database with today's tables and no row."""
        return self._new(vendor or self.vendor, is_ready=True)

    def _new(self, vendor: str, *, is_ready: bool = False) -> Database:
        name = f"register_{len(self.made)}"
        self.made.append(name)
        if vendor == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            if is_ready:
                ready.copy_file(path)
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(path),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
                },
            }
        found = conninfo_to_dict(server := self.server())
        if is_ready:
            ready.copy_database(server, self._on_server(name))
        else:
            with psycopg.connect(server, autocommit=True) as session:
                session.execute(f'CREATE DATABASE "{self._on_server(name)}"'.encode())
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self._on_server(name),
            "HOST": found["host"],
            "USER": found["user"],
        }

    def _on_server(self, name: str) -> str:
        return f"{self.folder.name}_{name}"

    @contextmanager
    def on(self, database: Database) -> Iterator[None]:
        """Makes it the default database, for threads begun within as well."""
        handler: Any = connections
        was, settings = connections[DEFAULT_DB_ALIAS], handler.settings[DEFAULT_DB_ALIAS]
        told = handler.configure_settings({DEFAULT_DB_ALIAS: {**database}})[DEFAULT_DB_ALIAS]
        handler.settings[DEFAULT_DB_ALIAS] = told
        connections[DEFAULT_DB_ALIAS] = handler.create_connection(DEFAULT_DB_ALIAS)
        ContentType.objects.clear_cache()
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS].close()
            handler.settings[DEFAULT_DB_ALIAS] = settings
            connections[DEFAULT_DB_ALIAS] = was
            ContentType.objects.clear_cache()


def fill() -> User:
    """A register with a row or more in every table that a backup holds, and some that it leaves."""
    ada = users.register(email="ada@example.org", name=NASTY, password=PASSWORD, by=None, at=AT)
    bob = users.register(email="bob@example.org", name="Bob", password=PASSWORD, by=None, at=AT)
    made = house.full("case", by=ada)
    memberships.grant(dossier=made.dossier, user=ada, role=Role.OWNER, by=None, at=AT)
    memberships.grant(dossier=made.dossier, user=bob, role=Role.READER, by=ada, at=AT)
    memberships.revoke(row=Membership.objects.get(user=bob), by=ada, at=AT)
    Authenticator.objects.create(
        user=ada, type="totp", data={"secret": NASTY, "n": [1, None, {"b": True, "a": -2}]}
    )
    Flag.objects.create(
        pledge=made.pledge,
        kind="expired",
        since=AT,
        noticed_at=AT + timedelta(microseconds=1),
        cleared_at=None,
    )
    message = Message.objects.create(
        recipient=ada, pledge=made.pledge, channel="mail", made_at=AT, next_try_at=AT
    )
    Alert.objects.create(
        pledge=made.pledge,
        recipient=ada,
        channel="mail",
        kind="expired",
        true_at=AT,
        owed_at=AT,
        due_at=AT,
        because=[{"by": "analyst", "of": NASTY}],
        message=message,
    )
    Delivery.objects.create(
        message=message, attempt=1, at=AT, outcome="deferred", code=451, detail=NASTY * 5000
    )
    AlertSettings.objects.create(user=ada, quiet_from=time(22), quiet_until=time(7, 30))
    Snooze.objects.create(user=ada, pledge=made.pledge, until=AT)
    Webhook.objects.create(
        user=ada, address="https://example.org/", sealed_secret=NASTY, made_at=AT
    )
    view = SavedView.objects.create(
        owner=ada, name=NASTY, filters={"text": [NASTY]}, made_at=AT, changed_at=AT
    )
    Subscription.objects.create(user=ada, view=view, kinds=["expired"], made_at=AT)
    kinds = ("pdf", b"%PDF-1.7\x00\xff"), ("pdf", bytes(range(256)) * 4000), ("png", picture())
    for number, (kind, content) in enumerate(kinds):
        SourceFile.objects.create(
            dossier=made.dossier,
            sha256=hashlib.sha256(content).hexdigest(),
            kind=kind,
            size=len(content),
            content=content,
            by=ada,
            kept_at=AT,
            entered_at=AT if number else None,
        )
    ReviewTask.objects.create(pledge=made.pledge, subject="C", since=AT, raised_at=AT)
    StalePledge.objects.create(pledge=made.pledge, asked_at=AT)
    Phase.objects.filter(pledge=made.pledge).update(noticed_at=AT)
    SweepRun.objects.create(started_at=AT, finished_at=AT)
    Session.objects.create(session_key="k" * 32, session_data="d", expire_date=AT)
    return ada


def dump() -> dict[str, list[list[Any]]]:
    """Every row that a backup should hold, by table."""
    found = tables.at(tables.applied(connection))
    return {name: list(table.rows(using=DEFAULT_DB_ALIAS)) for name, table in found.items()}


def tables_there() -> list[str]:
    return sorted(connection.introspection.table_names())


def save(path: Path) -> str:
    """`manage.py backup`; what it said."""
    return _said("backup", str(path))


def check(path: Path) -> str:
    return _said("backup", str(path), check=True)


def restore(path: Path) -> str:
    return _said("restore", str(path))


def _said(command: str, *given: str, **options: Any) -> str:
    said = StringIO()
    call_command(command, *given, stdout=said, **options)
    return said.getvalue()


def members(path: Path) -> Members:
    """What is in a backup, by name."""
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
