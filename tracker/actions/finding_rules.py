"""The rules of findings that look at others: what a correction may correct."""

from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
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
            _("“{cited}” is a finding on another pledge.", cited=cited.key),
            field="cites",
            mend=_("Name an earlier finding on this pledge."),
        )
    if row.pk and row.pk in _cited_by(cited.pk):
        raise Invalid(
            _(
                "“{cited}” corrects this finding itself, at once or by another one.",
                cited=cited.key,
            ),
            field="cites",
            mend=_("Leave it out: the later one stands."),
        )
    others = Verification.objects.filter(cites=cited, withdrawn_at="").exclude(pk=row.pk)
    for other in others.order_by("pk"):
        raise Invalid(
            _("“{cited}” was corrected already, by “{other}”.", cited=cited.key, other=other.key),
            field="cites",
            mend=_("Correct “{other}”, which is the last word so far.", other=other.key),
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
