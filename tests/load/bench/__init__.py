"""How fast the product is, as tables: one subject to a module, whose ``run`` yields lines.

Each runs in a process of its own, on a register of its own. Ratios within one run are what counts:
machines differ, and so does what else they do meanwhile.
"""

from dataclasses import dataclass

from tests.load.instance import Instance
from tests.load.mail_process import MailProcess

# name: what is measured. In the order of the table.
BENCHES = {
    "sweep": "the sweep: nothing due at growing sizes; many due, beside bare SQL",
    "delivery": "delivery to a mail server on this machine",
    "search": "the search page over many pledges and long texts",
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
