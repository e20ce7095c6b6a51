"""How long a finding stays fresh: the share of a cadence that its grade covers.

A curve gives each Admiralty grade (reliability A to F, credibility 1 to 6) a share in percent. A
worse grade never covers more than a better one. Must not live here: the next check (checks.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .errors import Invalid
from .sentences import _

RELIABILITY = "ABCDEF"
CREDIBILITY = (1, 2, 3, 4, 5, 6)
LEAST, WHOLE = 1, 100
Stored = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Curve:
    """``shares``: in percent, a row for each of RELIABILITY, in it one for each of CREDIBILITY."""

    shares: tuple[tuple[int, ...], ...]

    def share(self, reliability: str, credibility: int) -> int:
        """What a grade covers, in percent. What was never graded covers a whole cadence."""
        if not reliability or not credibility:
            return WHOLE
        return self.shares[RELIABILITY.index(reliability)][credibility - 1]

    @property
    def rows(self) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """By reliability the pairs of credibility and share: a table."""
        for letter, row in zip(RELIABILITY, self.shares, strict=True):
            yield letter, list(zip(CREDIBILITY, row, strict=True))

    @property
    def stored(self) -> Stored:
        """As a dossier keeps it."""
        return {letter: list(row) for letter, row in zip(RELIABILITY, self.shares, strict=True)}


# B2 and better cover a whole cadence; E4 two fifths; what cannot be judged at all a quarter.
DEFAULT = Curve(
    (
        (100, 100, 90, 75, 50, 50),
        (100, 100, 85, 70, 50, 50),
        (90, 85, 75, 60, 40, 40),
        (75, 70, 60, 50, 35, 30),
        (60, 55, 50, 40, 30, 25),
        (50, 45, 40, 35, 25, 25),
    )
)


def covered(cadence: timedelta, share: int) -> timedelta:
    """How long after the verified period the next check is due."""
    return cadence * share / WHOLE


def curve(stored: Mapping[str, Sequence[int]] | None) -> Curve:
    """The curve of a dossier; the register's own where it has none."""
    if not stored:
        return DEFAULT
    return Curve(tuple(tuple(stored[letter]) for letter in RELIABILITY))


def kept(given: Any) -> Stored | None:
    """A curve as it is kept; None for the register's own. Raises Invalid with the grade."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != set(RELIABILITY):
        raise Invalid(_("A curve has a row for each of A to F."), mend=_("Give all six."))
    found = {letter: _row(letter, given[letter]) for letter in RELIABILITY}
    for grade, share, better, most in _steps(found):
        if share > most:
            raise Invalid(
                _(
                    "{grade} would cover more ({share} %) than {better}, the better "
                    "grade ({most} %).",
                    grade=grade,
                    share=share,
                    better=better,
                    most=most,
                ),
                mend=_("A worse grade covers as much as the better one beside it, or less."),
            )
    return None if found == DEFAULT.stored else found


def _row(letter: str, given: Any) -> list[int]:
    if not isinstance(given, (list, tuple)) or len(given) != len(CREDIBILITY):
        raise Invalid(
            _("The row {letter} has a share for each of 1 to 6.", letter=letter),
            mend=_("Give all six."),
        )
    for number, share in zip(CREDIBILITY, given, strict=True):
        is_whole = isinstance(share, int) and not isinstance(share, bool)
        if not is_whole or not LEAST <= share <= WHOLE:
            raise Invalid(
                _(
                    "{letter}{number} covers {share}, and that is no share.",
                    letter=letter,
                    number=number,
                    share=share,
                ),
                mend=_(
                    "Write a whole number of percent from {least} to {whole}.",
                    least=LEAST,
                    whole=WHOLE,
                ),
            )
    return list(given)


def _steps(found: Stored) -> Iterator[tuple[str, int, str, int]]:
    """Each grade with its share, and the same of the grades that are better by one step."""
    for place, letter in enumerate(RELIABILITY):
        for number in CREDIBILITY:
            share = found[letter][number - 1]
            if number > 1:
                yield f"{letter}{number}", share, f"{letter}{number - 1}", found[letter][number - 2]
            if place:
                above = RELIABILITY[place - 1]
                yield f"{letter}{number}", share, f"{above}{number}", found[above][number - 1]
