"""How fast the product is, as tables: one subject to a module, whose ``run`` yields lines.

Each runs in a process of its own, on a register of its own. Ratios within one run are what counts:
machines differ, and so does what else they do meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.load.instance import Instance
from tests.load.mail_process import MailProcess

# name: what is measured. In the order of the table.
BENCHES = {
    "sweep": "the sweep: nothing due at growing sizes; many due, beside bare SQL",
    "board": "the board at growing sizes, whole, filtered and sorted, beside a bare view",
    "edits": "edits and pages of a pledge among ever more incidents that are not its own",
    "queues": "the queues at growing sizes, and by which index they are read",
    "compliance": "compliance over time of pledges with ever more incidents",
    "delivery": "delivery to a mail server on this machine",
    "search": "the search page over many pledges and long texts",
    "matching": "a table of incidents imported and matched with pledges at growing sizes",
    "memory": "memory of a worker and of beat",
    "suggestions": "suggestions against their corpus, and on a long text",
}
Line = dict[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bench is given. ``sizes``: pledges, growing."""

    run: Instance
    mail: MailProcess
    sizes: tuple[int, ...]
    due: int
    messages: int


@contextmanager
def counting() -> Iterator[list[str]]:
    """Each query's text as it is asked; transactions apart."""
    from django.db import connection  # there is one once Django is set up

    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield asked
