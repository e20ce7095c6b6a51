"""The place of a quotation in its source's text: held to where one is given, else looked for.

Must not live here: what counts as the same words (domain/quotations.py).
"""

from collections.abc import Mapping
from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.quotations import Searched, fits, of_state, placed
from tracker.domain.sentences import _
from tracker.models import Account, Dossier, Source

from .columns import clean

OF_IT = ("source", "quotation", "is_paraphrase", "place")  # what a place follows from


def located(
    given: Mapping[str, Any], *, dossier: Dossier, before: Account | None = None
) -> dict[str, Any]:
    """The columns of an account with the place of its quotation; None where it is not one place.

    ``given`` is in the ledger's shape. A place that is given must be one: raises Invalid. What is
    quoted word for word stands there; of a paraphrase it is the passage that was put in words.
    """
    found = dict(given)
    if not any(name in found for name in OF_IT):
        return found
    text = _text(found, dossier, before)
    quotation = str(_of("quotation", found, before) or "")
    is_paraphrase = bool(_of("is_paraphrase", found, before))
    if found.get("place") is not None:
        found["place"] = _held(found["place"], text, "" if is_paraphrase else quotation)
    elif "place" not in found and not is_paraphrase:
        spots = Searched(text).find(quotation) if text and quotation else []
        found["place"] = spots[0].state if len(spots) == 1 else None
    elif "place" not in found and "source" in found:
        found["place"] = None
    return found


def _of(name: str, given: Mapping[str, Any], before: Account | None) -> Any:
    return given[name] if name in given else getattr(before, name, None)


def _text(given: Mapping[str, Any], dossier: Dossier, before: Account | None) -> str:
    """The source's text; blank also where there is no such source, which is told elsewhere."""
    if "source" in given:
        rows = Source.objects.filter(dossier=dossier, key=str(given["source"]).replace("\0", ""))
        return rows.values_list("snapshot", flat=True).first() or ""
    return before.source.snapshot if before is not None else ""


def _held(place: Any, text: str, quotation: str) -> dict[str, Any]:
    """That place with what stands around it in the text."""
    one = of_state(clean(Account, "place", place, None))
    if one.end > len(text) or not fits(text, one):
        raise Invalid(
            _("The source’s text has no such passage."),
            field="place",
            mend=_("Leave the place out: it is found by the quotation."),
        )
    there = placed(text, one.start, one.end)
    if quotation and Searched(text).find(quotation, there) != [there]:
        raise Invalid(
            _("The source’s text does not say that there."),
            field="quotation",
            mend=_("Quote what stands there, or mark it a paraphrase."),
        )
    return there.state
