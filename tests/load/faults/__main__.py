"""`make faults`: a table of what the watch promises, and whether it was kept. Status 1: not."""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.load.instance import instance, prepare
from tests.load.mail_server import MailServer, serving
from tracker.config import environment, processes

from . import SCENARIOS, Found, Given

DATABASES = ("sqlite", "postgresql")
LONGEST = 1800  # seconds that one scenario may take
WIDTH = 100
MOST_SAID = 10_000  # characters of what went wrong


def alone(name: str, database: str, ready: Path, *, seed: int, is_small: bool) -> Found:
    """One scenario, in this process, on a copy of the ``ready`` register."""
    mail = MailServer()
    with serving(mail) as port, instance(database, port, ready=ready) as run:
        scenario = import_module(f"{__package__}.{name}")
        found: Found = scenario.run(Given(run, mail, random.Random(seed), is_small))  # noqa: S311
        if found.broken:
            print(run.said(), file=sys.stderr)
        return found


def apart(
    name: str, database: str, ready: Path, *, seed: int, is_small: bool = False
) -> dict[str, Any]:
    """One scenario in a process of its own; what it found. What cannot be run counts as broken."""
    began = time.monotonic()
    size = ["--small"] if is_small else []
    made = subprocess.Popen(
        processes.python(
            *(__package__, "--alone", name, "--ready", str(ready)),
            *("--database", database, "--seed", str(seed), *size),
        ),
        cwd=environment.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=processes.tie_to_parent(),  # noqa: PLW1509 (no thread runs here)
    )
    try:
        said, complaints = made.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        made.terminate()
        said, complaints = made.communicate()
    lines = said.strip().splitlines()
    try:
        found = json.loads(lines[-1])
    except (IndexError, ValueError):
        found = asdict(Found(broken=["it did not come to its end"]))
    if found["broken"]:
        print(complaints[-MOST_SAID:], file=sys.stderr)
    return {
        "scenario": name,
        "database": database,
        "seconds": round(time.monotonic() - began, 1),
        **found,
    }


def row(found: dict[str, Any]) -> str:
    """A scenario's lines of the table."""
    verdict = "BROKEN" if found["broken"] else "kept"
    head = f"{found['scenario']:14}{found['database']:12}{found['seconds']:7.1f} s  {verdict}"
    told = [f"{name} {value}" for name, value in found["counted"].items()]
    lines, line = [head], ""
    for one in told:
        if line and len(line) + len(one) > WIDTH:
            lines.append(f"    {line}")
            line = ""
        line += f"{', ' if line else ''}{one}"
    return "\n".join([*lines, f"    {line}", *(f"    BROKEN {one}" for one in found["broken"])])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(SCENARIOS), metavar="NAME")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--small", action="store_true", help="few rows and few faults")
    parser.add_argument("--json", default="", help="also write the counts to this file")
    parser.add_argument("--alone", choices=tuple(SCENARIOS), help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # all that was started is ended
    if asked.alone:
        found = alone(
            asked.alone, asked.database, asked.ready, seed=asked.seed, is_small=asked.small
        )
        print(json.dumps(asdict(found)), flush=True)
        return 1 if found.broken else 0
    print(f"seed {asked.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="trk-ready-"))
    folder.chmod(0o711)
    rows = []
    try:
        ready = {
            database: prepare(database, folder)
            for database in (DATABASES if asked.database == "both" else (asked.database,))
        }
        for name in asked.only or SCENARIOS:
            print(f"\n{SCENARIOS[name]}", flush=True)
            for database, made in ready.items():
                rows.append(apart(name, database, made, seed=asked.seed, is_small=asked.small))
                print(row(rows[-1]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    is_kept = not any(one["broken"] for one in rows)
    if asked.json:
        told = {"seed": asked.seed, "is_kept": is_kept, "rows": rows}
        Path(asked.json).write_text(json.dumps(told, indent=2) + "\n")
    print("\nkept" if is_kept else "\nBROKEN", flush=True)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
