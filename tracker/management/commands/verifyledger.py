"""``manage.py verifyledger``: proves that no entry of the ledger was altered, removed or moved."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from tracker.models import Dossier, append_only
from tracker.selectors import ledger

Heads = Mapping[str, Mapping[str, Any]]


class Command(BaseCommand):
    help = (
        "Prove each chain of the ledger, and that the rows are what it says. Ends with code 1 and"
        " the first entry that was altered, removed or moved."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", metavar="NAME", help="only this chain: a dossier or parties")
        parser.add_argument(
            "--head-out", metavar="FILE", help="write each chain's head there, to be kept elsewhere"
        )
        parser.add_argument(
            "--head",
            metavar="FILE",
            help="heads kept elsewhere: shows a tail cut off and a chain rewritten",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        saved = read_heads(options["head"]) if options["head"] else {}
        with transaction.atomic():  # one state of the database, whoever writes meanwhile
            chains = self._chains(options["chain"], saved)
            problems = [f"Nothing refuses to {deed} an entry." for deed in lacking()]
            for chain in chains:
                problems += self._of_chain(chain, saved.get(chain))
            heads = {name: head for name, head in ledger.heads().items() if name in chains}
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError("The ledger does not hold.", returncode=1)
        if options["head_out"]:
            write_heads(options["head_out"], heads)
        self.stdout.write(f"{sum(h['seq'] for h in heads.values())} entries hold.")

    def _chains(self, only: str | None, saved: Heads) -> list[str]:
        # A dossier whose whole chain is gone has rows all the same.
        known = sorted({*ledger.chains(), *Dossier.objects.values_list("slug", flat=True)})
        if only is None:
            return sorted({*known, *saved})
        if only not in known and only not in saved:
            raise CommandError(
                f"There is no chain “{only}”. There are: {', '.join(known) or 'none'}."
            )
        return [only]

    def _of_chain(self, chain: str, saved: Mapping[str, Any] | None) -> list[str]:
        broken = ledger.problem(chain, saved=saved)
        if broken is not None:
            return [str(broken)]
        found = list(ledger.differences(chain))
        if not found:
            head = ledger.heads().get(chain, {"seq": 0, "hash": ""})
            self.stdout.write(f"{chain}: {head['seq']} entries, head {head['hash'][:12]}, hold.")
        return found


def lacking() -> list[str]:
    return append_only.missing(connection)


def read_heads(path: str) -> Heads:
    """Heads as ``--head-out`` writes them. Raises CommandError, which says what is wrong."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict) or not all(
        isinstance(head, dict)
        and isinstance(head.get("seq"), int)
        and isinstance(head.get("hash"), str)
        for head in found.values()
    ):
        raise CommandError(f"{path} holds no heads of chains; --head-out writes them.")
    return found


def write_heads(path: str, heads: Heads) -> None:
    text = json.dumps(heads, indent=2, sort_keys=True) + "\n"
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}") from error
