"""The rules of findings that look at others: what a correction may correct."""

from typing import Any

from tracker.domain.errors import Invalid
from tracker.models import Entered, Verification

State = dict[str, Any]


def correction(row: Entered, state: State) -> None:
    """It corrects the last word on the same pledge, and no finding corrects itself on a detour.

    Asked where what is cited changes: a row that stands so may be withdrawn or amended elsewhere.
    """
    assert isinstance(row, Verification)
    cited = row.cites
    if cited is None or (row.pk and _cites(row.pk) == cited.pk):
        return
    if cited.pledge_id != row.pledge_id:
        raise Invalid(
            f"“{cited.key}” is a finding on another pledge.",
            field="cites",
            mend="Name an earlier finding on this pledge.",
        )
    if row.pk and row.pk in _cited_by(cited.pk):
        raise Invalid(
            f"“{cited.key}” corrects this finding itself, at once or by another one.",
            field="cites",
            mend="Leave it out: the later one stands.",
        )
    others = Verification.objects.filter(cites=cited, withdrawn_at="").exclude(pk=row.pk)
    for other in others.order_by("pk"):
        raise Invalid(
            f"“{cited.key}” was corrected already, by “{other.key}”.",
            field="cites",
            mend=f"Correct “{other.key}”, which is the last word so far.",
        )


def _cites(pk: int) -> int | None:
    found: int | None = Verification.objects.values_list("cites_id", flat=True).get(pk=pk)
    return found


def _cited_by(pk: int) -> set[int]:
    """All that a finding corrects, one after the other. A chain in which one comes twice ends."""
    found: set[int] = set()
    cited = _cites(pk)
    while cited is not None and cited not in found:
        found.add(cited)
        cited = _cites(cited)
    return found
