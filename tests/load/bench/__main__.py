"""`make bench`: how fast it is, as tables and as JSON. Exit status 1: a limit was not held."""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.load.instance import instance, prepare
from tests.load.mail_process import mail_process
from tracker.config import environment, processes

from . import BENCHES, Asked, Line

DATABASES = ("postgresql", "sqlite")


def alone(asked: argparse.Namespace) -> Iterator[Line]:
    """One bench, in this process, on a copy of the ready register; a line when it is measured."""
    with (
        mail_process() as mail,
        instance(asked.database, mail.port, ready=asked.ready) as run,
    ):
        module = import_module(f"{__package__}.{asked.alone}")
        sizes = tuple(int(size) for size in asked.sizes.split(","))
        yield from module.run(Asked(run, mail, sizes, asked.due, asked.messages))


def apart(name: str, database: str, ready: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """One bench in a process of its own, and what it measured."""
    began = time.monotonic()
    made = subprocess.run(
        processes.python(
            *(__package__, "--alone", name, "--ready", str(ready), "--database", database),
            *("--sizes", asked.sizes, "--due", str(asked.due), "--messages", str(asked.messages)),
        ),
        cwd=environment.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=processes.tie_to_parent(),
    )
    lines = [json.loads(line) for line in made.stdout.splitlines()]
    return {
        "bench": name,
        "database": database,
        "seconds": round(time.monotonic() - began, 1),
        "is_whole": made.returncode == 0,
        "is_held": not any(line.get("over the limit") for line in lines),
        "lines": lines,
    }


def table(found: dict[str, Any]) -> str:
    head = f"{found['bench']} on {found['database']} ({found['seconds']} s)"
    lines = [
        "    " + "  ".join(f"{name} {value}" for name, value in line.items())
        for line in found["lines"]
    ]
    return "\n".join([head, *lines, *([] if found["is_whole"] else ["    and no further"])])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(BENCHES), metavar="NAME")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--sizes", default="1000,100000,1000000", help="pledges, growing")
    parser.add_argument(
        "--due",
        type=int,
        default=10_000,
        help="pledges that are due at once, and rows that are imported",
    )
    parser.add_argument("--messages", type=int, default=3_000)
    parser.add_argument("--json", default="", help="also write the figures to this file")
    parser.add_argument("--alone", choices=tuple(BENCHES), help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # all that was started is ended
    if asked.alone:
        for line in alone(asked):
            print(json.dumps(line), flush=True)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="trk-ready-"))
    folder.chmod(0o711)
    found = []
    try:
        for database in DATABASES if asked.database == "both" else (asked.database,):
            ready = prepare(database, folder)
            for name in asked.only or BENCHES:
                found.append(apart(name, database, ready, asked))
                print(table(found[-1]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, indent=2) + "\n")
    return 0 if all(one["is_held"] and one["is_whole"] for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
