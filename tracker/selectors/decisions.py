"""What people have decided of a thing so far, as the number of the ledger's last entry about it.

A form that decides carries that number; the verb compares it under the chain's lock, so that of two
decisions made from one state the second is shown the first.
"""

from collections.abc import Iterable

from tracker.models import Adoption, Fact, Move, Reading

from .ledger import last_seq, last_seq_of


def adopted(reading: Reading) -> int:
    """The last entry about the reading, or about an adoption of a reading of the same thing."""
    about = {n: getattr(reading, n) for n in ("pledge", "trigger", "deadline")}
    others = Adoption.objects.filter(**{f"reading__{n}": row for n, row in about.items()})
    return _last(reading, Adoption.NOUN, others.values_list("key", flat=True))


def judged(row: Fact) -> int:
    """The last entry about the row, or about a judgement of it."""
    moves = Move.objects.filter(**{row.NOUN: row})
    return _last(row, Move.NOUN, moves.values_list("key", flat=True))


def _last(row: Fact, noun: str, keys: Iterable[str]) -> int:
    chain = row.dossier.slug
    key = str(getattr(row, row.KEY))
    return max(last_seq(chain, row.NOUN, key), last_seq_of(chain, noun, keys))
