"""The instant of an evaluation, and the next instant at which it could come out otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from .facts import Fact, Move

F = TypeVar("F", bound=Fact)


@dataclass(slots=True)
class Now:
    """The evaluation's instant, asked by ``reached`` only.

    Each instant that was asked about and still lies ahead is remembered. An evaluation that reads
    the time in no other way takes the same path until ``next``, the earliest of these: that is
    what makes an assessment constant until then.
    """

    at: datetime
    next: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.at = self.at.astimezone(UTC)

    def reached(self, instant: datetime) -> bool:
        """Whether the instant has come; one that has not is remembered."""
        if instant <= self.at:
            return True
        if self.next is None or instant < self.next:
            self.next = instant
        return False

    def stands(self, fact: Fact) -> bool:
        """Whether a fact is public and not withdrawn."""
        if not self.reached(fact.public):
            return False
        return fact.withdrawn is None or not self.reached(fact.withdrawn)

    def standing(self, facts: Iterable[F]) -> list[F]:
        """The facts that stand, in an order of their own: by public time, then key."""
        return sorted((f for f in facts if self.stands(f)), key=lambda f: (f.public, f.key))

    def effective(self, moves: Iterable[Move], machine: str) -> list[Move]:
        """A machine's moves that stand and have taken effect, the latest last."""
        found = [m for m in moves if m.machine == machine and self.stands(m)]
        return sorted(
            (m for m in found if self.reached(m.effective)),
            key=lambda m: (m.effective, m.public, m.key),
        )

    def state(self, moves: Iterable[Move], machine: str, initial: str) -> str:
        """The state that the latest effective move of a machine has brought about."""
        found = self.effective(moves, machine)
        return found[-1].to if found else initial
