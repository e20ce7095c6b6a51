"""The environment: every name known, every value checked, no secret by default in production."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.config import broker, environment
from tracker.config.environment import SettingsError

PRODUCTION = {
    "TRACKER_MODE": "production",
    "SECRET_KEY": "kH7-ge93jsPq0vRt5ZyWxBnLc2MdFa8uE6oXi1QsTzYbNr4KpVw",
    "ALLOWED_HOSTS": "tracker.example.org",
    "DATABASE_URL": "postgresql://t:p%40ss@db.example.org:5433/tracker?sslmode=require",
    "REDIS_URL": "rediss://:secret@cache.example.org:6380/2",
    "EMAIL_URL": "smtp+tls://me%40example.org:pw@mail.example.org",
}


def read(tmp_path: Path, **env: str) -> environment.Environment:
    return environment.read({"TRACKER_DATA_DIR": str(tmp_path / "data")} | env)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("TRACKER_DATADIR", "TRACKER_DATA_DIR"),
        ("TRACKER_PORT", "PORT"),
        ("TRACKER_MODUS", "TRACKER_MODE"),
        ("TRACKER_", "TRACKER_"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(tmp_path: Path, name: str, near: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, **{name: "x"})
    assert str(refusal.value).startswith(f"{name} is not a setting. Did you mean ")
    assert near in str(refusal.value).split("Did you mean ")[1]


def test_names_without_the_prefix_are_somebody_elses(tmp_path: Path) -> None:
    assert read(tmp_path, TRACKING="x", LANG="C").is_local


@pytest.mark.parametrize("name", environment.PRODUCTION_NEEDS)
@pytest.mark.parametrize("left", ["", None])
def test_production_refuses_to_start_without(tmp_path: Path, name: str, left: str | None) -> None:
    env = {k: v for k, v in PRODUCTION.items() if k != name}
    if left is not None:
        env[name] = left
    with pytest.raises(SettingsError, match=f"needs {name}: not set"):
        read(tmp_path, **env)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TRACKER_MODE": "staging"}, "TRACKER_MODE is 'staging'"),
        ({"PORT": "0"}, "PORT is '0'"),
        ({"PORT": "70000"}, "from 1 to 65535"),
        ({"TRACKER_WEB_THREADS": "many"}, "TRACKER_WEB_THREADS is 'many'"),
        ({"TRACKER_BEHIND_PROXY": "maybe"}, "one of false, true"),
        ({"TRACKER_LOG_LEVEL": "loud"}, "TRACKER_LOG_LEVEL is 'loud'"),
        ({"TRACKER_TEST_CLOCK": "60"}, "in tests only"),
        ({"TRACKER_MODE": "test"}, "needs SECRET_KEY"),
        ({"DATABASE_URL": "sqlite://x.db"}, "must name a file"),
        ({"DATABASE_URL": "postgresql://h"}, "names no database"),
        ({"DATABASE_URL": "postgresql://h:x/n"}, "DATABASE_URL: its port"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL begins with memcached://"),
        ({"TRACKER_OUTBOUND_NETWORKS": "10.1.0.0/16, 10.1"}, "TRACKER_OUTBOUND_NETWORKS: '10.1'"),
        ({"TRACKER_OUTBOUND_NETWORKS": "10.1.2.3/16"}, "is no network. Write it as"),
        ({"TRACKER_OUTBOUND_NETWORKS": "0.0.0.0/0"}, "0.0.0.0/0 names too much"),
        ({"TRACKER_HEARTBEAT_URL": "hc.example.org/1"}, "TRACKER_HEARTBEAT_URL: The address does"),
        ({"TRACKER_HEARTBEAT_URL": "http://10.1.2.3/"}, "10.1.2.3 is a private network."),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must be smtp://"),
        ({"EMAIL_URL": "file://x/y"}, "must name a folder"),
        ({**PRODUCTION, "TRACKER_DEBUG": "true"}, "for local use only"),
        ({**PRODUCTION, "SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({**PRODUCTION, "SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak"),
    ],
)
def test_a_bad_value_is_said_in_one_line(tmp_path: Path, env: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, **env)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_local_use_needs_nothing(tmp_path: Path) -> None:
    env = read(tmp_path)
    data = tmp_path / "data"
    assert (env.mode, env.port, env.data_dir) == ("local", 8000, data)
    assert env.database == environment.Database("sqlite", str(data / "tracker.sqlite3"))
    assert env.email == environment.Email(mailbox=str(data / "mailbox"))
    assert "localhost" in env.allowed_hosts
    assert not env.debug


def test_a_heartbeat_within_a_network_that_may_be_called(tmp_path: Path) -> None:
    env = read(
        tmp_path,
        TRACKER_OUTBOUND_NETWORKS="10.1.0.0/16, fd00:1::/32,",
        TRACKER_HEARTBEAT_URL="http://10.1.2.3:8080/beat",
    )
    assert [str(one) for one in env.outbound_networks] == ["10.1.0.0/16", "fd00:1::/32"]
    assert str(env.heartbeat) == "http://10.1.2.3:8080/beat"
    assert (read(tmp_path).outbound_networks, read(tmp_path).heartbeat) == ((), None)


def test_the_local_secret_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert read(tmp_path / "other").secret_key != first.secret_key
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_production_as_given(tmp_path: Path) -> None:
    env = read(tmp_path, **PRODUCTION)
    assert env.database == environment.Database(
        "postgresql", "tracker", "db.example.org", "5433", "t", "p@ss", (("sslmode", "require"),)
    )
    assert str(env.database) == "postgresql://db.example.org:5433/tracker"
    assert env.email == environment.Email(
        "mail.example.org", 587, "me@example.org", "pw", starttls=True
    )
    assert env.mail_from == "tracker@tracker.example.org"
    assert env.former_keys == ()
    former = read(tmp_path, **PRODUCTION, SECRET_KEY_FALLBACKS="one, two,").former_keys
    assert former == ("one", "two")
    assert not (tmp_path / "data" / "secret-key").exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///run/b.sock?db=1", "redis+socket:///run/b.sock?virtual_host=1"),
        ("unix://:p%2Fw@/run/b.sock", "redis+socket://:p%2Fw@/run/b.sock?virtual_host=0"),
    ],
)
def test_the_brokers_address_as_celery_reads_it(given: str, expected: str) -> None:
    assert environment.kombu_url(given) == expected


def test_the_brokers_socket_has_a_path_that_the_kernel_takes(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    socket = broker.socket_path(deep)
    assert len(str(socket)) < broker.LONGEST_SOCKET_PATH
    assert socket == broker.socket_path(deep)
    assert socket != broker.socket_path(tmp_path / ("y" * 120))


def test_the_brokers_folder_is_refused_when_it_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(broker.BrokerError, match="belongs to somebody else"):
        broker.private_folder(tmp_path / "link")


def test_production_settings_are_strict(tmp_path: Path) -> None:
    """Read in a process of its own: this one has the settings of the tests."""
    code = (
        "from django.conf import settings as s; import json;"
        "print(json.dumps([s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.EMAIL_BACKEND, s.DATABASES['default']['OPTIONS'],"
        " s.CELERY_BROKER_URL, s.CONTENT_SECURITY_POLICY]))"
    )
    kept = {k: v for k, v in os.environ.items() if k not in environment.KNOWN}
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=environment.ROOT,
        env=kept
        | PRODUCTION
        | {
            "TRACKER_DATA_DIR": str(tmp_path / "data"),
            "DJANGO_SETTINGS_MODULE": "tracker.config.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.startswith("[false, true, true, true,")
    assert "smtp.EmailBackend" in said
    assert '"sslmode": "require"' in said
    assert '"pool": {' in said
    assert "unsafe" not in said


def test_manage_says_a_settings_error_in_one_line(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in environment.KNOWN}
    found = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=environment.ROOT,
        env=kept | {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_X": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert found.stderr.startswith("TRACKER_X is not a setting.")
    assert len(found.stderr.splitlines()) == 1


def test_the_documented_names_are_the_known_ones() -> None:
    page = (environment.ROOT / "docs" / "running.md").read_text()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", page, flags=re.MULTILINE))
    assert rows == dict(environment.KNOWN)
