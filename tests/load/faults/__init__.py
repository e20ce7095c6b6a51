"""What the watch promises, while something is killed, cut, refused or set wrong.

One scenario to a module, whose ``run`` counts what was left; each in a process of its own, since
Django is set up but once. The modules are loaded after that.
"""

from dataclasses import dataclass, field
from random import Random

from tests.load.instance import Instance
from tests.load.mail_server import MailServer

# name: what happens. In the order of the table.
SCENARIOS = {
    "kills": "workers are killed at random moments",
    "at_once": "many sweeps at once",
    "broker_gone": "the broker is killed, and stands still, for a while",
    "database_gone": "the database crashes, or is held by another, during edits",
    "outage": "72 hours without beat",
    "mail_refused": "a mail server that refuses, hangs and hangs up",
    "webhooks_refused": "webhooks that refuse, hang and hang up",
    "clock": "the clock is set back an hour and forth",
    "injection": "header lines in titles, names and addresses",
    "silence": "the watch stands still",
}
Value = int | float | str


@dataclass(frozen=True, slots=True)
class Given:
    """What a scenario works with. ``is_small``: few rows and few faults, for the ordinary tests."""

    run: Instance
    mail: MailServer
    chance: Random
    is_small: bool


@dataclass(slots=True)
class Found:
    """What was counted, and which counts are not as promised."""

    counted: dict[str, Value] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def count(self, name: str, value: Value, *, wanted: Value | None = None) -> None:
        self.counted[name] = value
        if wanted is not None and value != wanted:
            self.broken.append(f"{name}: {value}, not {wanted}")

    def time(self, name: str, seconds: float, *, within: float) -> None:
        self.counted[name] = round(seconds, 1)
        if seconds > within:
            self.broken.append(f"{name}: {seconds:.1f} s, more than {within:g}")
