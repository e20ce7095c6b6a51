"""What was found, as its page shows it: what it is, where it stands and where its link leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from tracker.documents import names
from tracker.models import Account, Comment, Fact, Source
from tracker.selectors.passages import ENTRY, SHOWN, TEXT
from tracker.selectors.searches import Hit, Marked, Part, about
from tracker.web import nouns
from tracker.web.forms.dossiers import DossierForm
from tracker.web.forms.facts import FactForm
from tracker.web.forms.parties import PartyForm
from tracker.web.moments import Moment
from tracker.web.places import SECTIONS
from tracker.web.states import label_of
from tracker.words import isolated, label

FOUND = "found"  # the place in a source's text that a link leads to
_FORMS: Mapping[str, type[FactForm]] = {"party": PartyForm, "dossier": DossierForm}


@dataclass(frozen=True)
class Shown:
    """One row that was found."""

    hit: Hit
    moment: Moment

    @property
    def word(self) -> str:
        """What it is."""
        if self.hit.kind == TEXT:
            is_picture = isinstance(row := self.hit.row, Source) and names.is_picture(row.file_name)
            words = gettext("Description of a picture"), gettext("Text of a source")
            return words[0] if is_picture else words[1]
        if self.hit.kind == "account":
            return gettext("Quotation")
        return label("noun", self.hit.noun)

    @property
    def title(self) -> tuple[Marked, ...]:
        """Its own, marked; of what has none, whose it is."""
        return self.hit.title or (Marked(self._whose),)

    @property
    def _whose(self) -> str:
        row: Any = self.hit.row
        if isinstance(row, Account):
            who = row.speaker or (row.party.name if row.party else "")
            words = {"who": isolated(who), "source": isolated(row.source.title)}
            return gettext("%(who)s, in %(source)s") % words if who else row.source.title
        if isinstance(row, Comment) or self.hit.kind == ENTRY:
            _, key = about(row)
            on = self.hit.pledge.title if self.hit.pledge is not None else key
            named = {"noun": self.word, "title": isolated(on or self.hit.key)}
            return gettext("%(noun)s: %(title)s") % named
        if self.hit.pledge is not None:
            return self.hit.pledge.title
        return self.word

    @property
    def parts(self) -> list[tuple[str, Part]]:
        """Each with what its column is called, where the row has several."""
        return [(self._called(part.column), part) for part in self.hit.parts]

    def _called(self, column: str) -> str:
        if column == "ref":
            return gettext("Reference")
        if self.hit.kind != ENTRY and column == SHOWN[self.hit.kind][0]:
            return ""
        noun = self.hit.noun
        form = _FORMS[noun] if noun in _FORMS else nouns.TABLE[noun].form
        return label_of(column, form)

    @property
    def public(self) -> str:
        """When it was said or happened, as stated; blank of what has no such time."""
        return self.hit.row.public if isinstance(self.hit.row, Fact) else ""

    @property
    def merged_into(self) -> str:
        """What a party turned out to be."""
        other = getattr(self.hit.row, "merged_into", None)
        return str(other.name) if other is not None and self.hit.noun == "party" else ""

    @cached_property
    def url(self) -> str:
        return self._address(*self._place)

    @property
    def _place(self) -> tuple[str, str, dict[str, int]]:
        """Path, fragment, and what else the address asks for."""
        hit, row = self.hit, self.hit.row
        slug = hit.dossier.slug if hit.dossier is not None else ""
        if hit.kind in ("pledge", "party", "dossier"):
            return reverse(hit.kind, args=(hit.key,)), "", {}
        if hit.kind == "source":
            return reverse("source", args=(slug, hit.key)), "", {}
        if hit.kind == TEXT:
            start, end = hit.parts[0].place if hit.parts else (0, 0)
            asked = {"start": start, "end": end} if end else {}
            return reverse("source", args=(slug, hit.key)), FOUND if end else "h-text", asked
        if hit.kind == "account":
            return reverse("source", args=(slug, row.source.key)), f"quotation-{hit.key}", {}
        if hit.kind == "position":
            return reverse("dossier", args=(slug,)), f"position-{hit.key}", {}
        if hit.kind == "instrument":
            return reverse("dossier", args=(slug,)), "instruments", {}
        if hit.kind == "comment":
            return self._of_comment(slug)
        if hit.kind != ENTRY and hit.pledge is not None:
            return reverse("pledge", args=(hit.pledge.ref,)), SECTIONS.get(hit.noun, ""), {}
        if hit.kind == "condition" and row.position is not None:
            return reverse("dossier", args=(slug,)), f"position-{row.position.ref}", {}
        return reverse("fact", args=(slug, hit.noun, hit.key)), "", {}

    def _of_comment(self, slug: str) -> tuple[str, str, dict[str, int]]:
        noun, key = about(self.hit.row)
        if self.hit.pledge is not None:
            return reverse("pledge", args=(self.hit.pledge.ref,)), "comments", {}
        if noun == "source":
            return reverse("source", args=(slug, key)), "comments", {}
        return reverse("fact", args=(slug, noun, key)), "comments", {}

    def _address(self, path: str, fragment: str, asked: dict[str, int]) -> str:
        given: dict[str, Any] = dict(asked)
        if self.moment.at_text:
            given["at"] = self.moment.at_text
        query = f"?{urlencode(given)}" if given else ""
        return f"{path}{query}#{fragment}" if fragment else f"{path}{query}"
