"""Memory of a worker after some work, its pool child apart, and of beat: proportional set size."""

import re
import time
from pathlib import Path

from tests.load import rows
from tests.load.instance import pid_of, until
from tracker.actions import sweeps
from tracker.clock import now

from . import Asked, Line

FEW = 200


def run(asked: Asked) -> list[Line]:
    readers = rows.people(10)
    rows.pledges(rows.dossier("few", readers), FEW, analysts=readers, due=FEW, at=now())
    sweeps.run(at=now())
    worker, beat = asked.run.worker(), asked.run.beat()
    until(lambda: asked.mail.taken().number >= FEW, within=180, why=asked.run.said)
    time.sleep(2)
    child = asked.run.pool_of(worker)[0]
    return [
        {"process": "worker", "MB": _mb(pid_of(worker))},
        {"process": "its pool child", "MB": _mb(child)},
        {"process": "beat", "MB": _mb(pid_of(beat))},
    ]


def _mb(pid: int) -> float:
    """What is shared is counted by halves; 0 where the system does not say."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    if not path.exists():
        return 0.0
    told = re.search(r"^Pss: +(\d+) kB$", path.read_text(), re.MULTILINE)
    return round(int(told[1]) / 1024, 1) if told else 0.0
