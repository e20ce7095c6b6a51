"""A passage of a source's text, and the form that is filled in beside it.

Must not live here: how a passage is found (domain/quotations.py), forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from tracker.domain import quotations
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.quotations import Place
from tracker.models import Dossier, Pledge
from tracker.selectors.facts import Tables, earliest_of
from tracker.web.forms.facts import FactForm
from tracker.web.forms.quotations import MARKED_AS, QuotedForm, quoted

THEN, SUGGESTED = "then", "suggestions"  # where one goes afterwards
BESIDE = (*MARKED_AS, "extension", "incident", "count")  # the nouns whose forms quote a passage
UNQUOTED = ("incident", "count")  # of which there are no accounts: they name the source
TITLE = 140  # code points of a passage by which something is called
NEAR = 20_000  # code points of the text beside a form, before the passage and after it


@dataclass(frozen=True, slots=True)
class Passage:
    """What was selected, in which source. ``template`` draws it beside a form."""

    dossier: str
    key: str
    source: Mapping[str, Any]
    place: Place
    is_suggested: bool = False

    template = "entry/passage.html"

    @property
    def url(self) -> str:
        """Of the source's page, or of what is suggested of its text."""
        page = "source_suggestions" if self.is_suggested else "source"
        return reverse(page, args=(self.dossier, self.key))

    @property
    def next(self) -> str:
        """Where the next passage is chosen."""
        return f"{self.url}#{'h-open' if self.is_suggested else 'h-text'}"

    @property
    def text(self) -> str:
        return str(self.source["snapshot"])

    @property
    def words(self) -> str:
        return self.text[self.place.start : self.place.end]

    @property
    def before(self) -> str:
        return self.text[max(0, self.place.start - NEAR) : self.place.start]

    @property
    def after(self) -> str:
        return self.text[self.place.end : self.place.end + NEAR]

    @property
    def is_cut(self) -> bool:
        return self.place.start > NEAR or self.place.end + NEAR < len(self.text)

    def form(self, noun: str, form: type[FactForm]) -> type[FactForm]:
        """The form of that noun; of a thing, with the account in which it was read."""
        return form if noun == "account" or noun in UNQUOTED else quoted(form)

    def initial(self, noun: str) -> dict[str, Any]:
        """What the passage says of the form's fields."""
        if noun == "incident":
            return {"description": self.words, "sources": [self.key]} | self._public
        if noun == "count":
            return {"source": self.key} | self._public
        filled = {"quotation": self.words, "place": self.place.state}
        if noun == "account":
            return filled | {"source": self.key} | self._public
        found = {f"account_{n}": v for n, v in filled.items()} | self._public
        said = " ".join(self.words.split())
        if noun == "condition":
            found["text"] = said
        elif noun == "position":
            found["title"] = cut(said)
        return found

    def instrument(self, tables: Tables) -> str:
        """The one in which all pledges that were quoted from the source so far were made, or that
        names the source; blank where there are several, or none.
        """
        pledges, made = tables.get("pledge", {}), tables.get("instrument", {})
        quoted = {
            pledges[account["pledge"]]["instrument"]
            for account in tables.get("account", {}).values()
            if account["source"] == self.key and account.get("pledge") in pledges
        }
        naming = {key for key, state in made.items() if self.key in (state.get("sources") or ())}
        found = [key for key in quoted or naming if not made[key].get("withdrawn_at")]
        return found[0] if len(found) == 1 else ""

    @property
    def _public(self) -> dict[str, Any]:
        return {"public": self.source["public"]}

    def tell(self, form: FactForm) -> None:
        """A form that enters an account has to know of which source."""
        if isinstance(form, QuotedForm):
            form.source, form.source_key = self.source, self.key

    def said(self, words: Any) -> Any:
        """What was entered, and that the text has more."""
        if self.is_suggested:
            return words
        return format_html(
            '{} <a href="{}">{}</a>', words, self.next, gettext("Mark another passage")
        )

    def back(self, noun: str, key: str, tables: Tables, at: Any) -> HttpResponseRedirect | None:
        """To the mark of what was entered; None while its account is not public yet. Who came from
        suggestions goes on with them.
        """
        if self.is_suggested:
            return HttpResponseRedirect(self.next)
        accounts = tables.get("account", {})
        found = [
            name
            for name, state in accounts.items()
            if state["source"] == self.key
            and (name == key if noun == "account" else state.get(noun) == key)
        ]
        public = earliest_of(accounts[found[-1]]["public"]) if found else None
        if public is None or public > at:
            return None
        return HttpResponseRedirect(f"{self.url}#mark-{found[-1]}")


def cut(text: str, most: int = TITLE) -> str:
    """At a blank."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rpartition(' ')[0] or text[: most - 1]}…"


def address(dossier: str, noun: str, key: str, place: Place) -> str:
    """Where a passage is entered as that noun."""
    asked = {"source": key, "start": place.start, "end": place.end}
    if noun == Pledge.NOUN:
        asked = {"dossier": dossier} | asked
    return f"{entered_at(dossier, noun)}?{urlencode(asked)}"


def entered_at(dossier: str, noun: str) -> str:
    """The form of that noun, to which a passage is named. A pledge's asks for its reading too."""
    if noun == Pledge.NOUN:
        return reverse("pledge_new")
    return reverse("fact_new", args=(dossier, noun))


def asked(request: HttpRequest, dossier: Dossier, noun: str, tables: Tables) -> Passage | None:
    """The passage that an address names: ``?source=KEY&start=10&end=42``, in code points.

    None where it names none. Raises Invalid for a place that the text has not.
    """
    given = request.GET
    if noun not in BESIDE or not {"start", "end"} <= set(given):
        return None
    key = given.get("source", "")
    source = tables.get("source", {}).get(key)
    if source is None:
        raise NotFound(f"There is no source “{key}” in this dossier.")
    text = str(source.get("snapshot") or "")
    bounds = [given["start"], given["end"]]
    if not all(one.isdecimal() and len(one) < 20 for one in bounds):
        raise Invalid(
            gettext("This address names no passage of the text."),
            mend=gettext("Go back to the source and select the passage again."),
        )
    try:
        place = quotations.placed(text, *map(int, bounds))
    except Invalid as error:
        raise Invalid(
            gettext("The source’s text has no such passage."),
            mend=gettext("Go back to the source and select the passage again."),
        ) from error
    return Passage(dossier.slug, key, source, place, given.get(THEN) == SUGGESTED)
