"""Fields in which a party is chosen, or named anew: it is then entered with the row that names it.

Without scripts a select (or a list to tick in) with two lines below it for a new party; parties.js
makes it a list that is searched as one types. Nothing here writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from tracker.domain import likeness
from tracker.domain.errors import Answer, Unclear
from tracker.domain.merging import NOTHING, Merged
from tracker.models.party import KINDS
from tracker.words import LABELS

from .fields import Many, Reference, References

NAME, KIND, ANSWER = "_new_name", "_new_kind", "_answer"
ANOTHER = "another"  # begins the answer that the party of that name is another one
LONGEST = 300


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party that is to be entered with the row. ``beside``: what was chosen at the same time."""

    name: str
    kind: str = ""
    beside: str = ""
    answer: str = ""


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("Choose one")), *((kind, LABELS["party_kind"][kind]) for kind in KINDS)]


def named_in(query: Mapping[str, Any], field: str) -> NewParty | None:
    """The new party that an address names for a field, if any: ``?party_new_name=``."""
    name = str(query.get(f"{field}{NAME}") or "").strip()
    return NewParty(name, str(query.get(f"{field}{KIND}") or "")) if name else None


class _WithNew:
    """What both widgets add: what is typed of a new party, and the aliases to search in."""

    aliases: Mapping[str, Iterable[str]] = {}
    may_create = True
    called: Any = ""

    def given(self, data: Any, name: str) -> tuple[str, str, str]:
        return (
            str(data.get(f"{name}{NAME}") or "").strip(),
            str(data.get(f"{name}{KIND}") or ""),
            str(data.get(f"{name}{ANSWER}") or ""),
        )

    def beside(self, name: str, value: Any, identity: str) -> dict[str, Any]:
        """What the template draws below the list."""
        new = value if isinstance(value, NewParty) else NewParty("")
        return {
            "may_create": self.may_create,
            "called": self.called,
            "new": new,
            "new_name": f"{name}{NAME}",
            "new_kind": f"{name}{KIND}",
            "new_id": f"{identity}{NAME}",
            "kind_id": f"{identity}{KIND}",
            "kinds": _kinds(),
        }


class PartySelect(_WithNew, forms.Select):
    template_name = "components/party_select.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        new, kind, answer = self.given(data, name)
        return NewParty(new, kind, str(chosen or ""), answer) if new else chosen

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        chosen = value.beside if isinstance(value, NewParty) else value
        context: dict[str, Any] = super().get_context(name, chosen, attrs)
        widget = context["widget"]
        return context | self.beside(name, value, str(widget["attrs"].get("id", name)))

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().create_option(name, value, *args, **options)
        also = self.aliases.get(str(value), ())
        if also:
            made["attrs"]["data-also"] = " · ".join(also)
        return made


class PartyMany(_WithNew, Many):
    template_name = "components/party_many.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        new, kind, answer = self.given(data, name)
        return [*chosen, NewParty(new, kind, answer=answer)] if new else chosen

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        every = value or []
        new = next((one for one in every if isinstance(one, NewParty)), None)
        chosen = [one for one in every if not isinstance(one, NewParty)]
        context = super().get_context(name, chosen, attrs)
        context["widget"]["is_open"] = context["widget"]["is_open"] or new is not None
        return context | self.beside(name, new, str(context["widget"]["attrs"].get("id", name)))

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().create_option(name, value, *args, **options)
        also = self.aliases.get(str(value), ())
        if also:
            made["attrs"]["data-also"] = " · ".join(also)
        return made


class _Named:
    """What both fields ask of a new party."""

    asked: Unclear | None = None
    answered = ""
    known: Mapping[str, tuple[str, ...]] = {}  # the names of each party by slug
    merged: Merged = NOTHING

    def meant(self, slug: str) -> str:
        """The party that is offered in the place of one that was merged since it was chosen."""
        offered: Any = self
        return slug if slug and offered.valid_value(slug) else self.merged.of(slug)

    def new(self, given: NewParty) -> str | NewParty:
        """The party to be entered, or the slug of the one that was meant instead.

        Raises ValidationError; of a name that is like a known one it is asked first.
        """
        self.asked, self.answered = None, ""
        if len(given.name) > LONGEST:
            said = gettext("The name has %(n)s characters, at most %(most)s fit.")
            raise forms.ValidationError(said % {"n": len(given.name), "most": LONGEST})
        like = likeness.like(given.name, self.known)
        if given.answer in like:
            self.answered = given.answer
            return given.answer
        if given.kind not in KINDS:
            raise forms.ValidationError(
                gettext("Of which kind “%(name)s” is, is missing. Choose one.")
                % {"name": given.name}
            )
        another = f"{ANOTHER}:{given.name}"
        if like and given.answer != another:
            said = gettext("A party of a name like “%(name)s” is known already.")
            self.asked = Unclear(
                said % {"name": given.name},
                answers=[
                    *(Answer(slug, "; ".join(self.known[slug])) for slug in like),
                    Answer(another, gettext("another party: enter it")),
                ],
            )
            raise forms.ValidationError(self.asked.message, code="unclear")
        self.answered = another if like else ""
        return NewParty(given.name, given.kind)

    def know(
        self, names: Mapping[str, str], aliases: Mapping[str, Iterable[str]], merged: Merged
    ) -> None:
        """``names``: of the parties that are offered, so of none that was merged."""
        self.merged = merged
        self.known = {slug: (name, *aliases.get(slug, ())) for slug, name in names.items()}
        widget: Any = getattr(self, "widget")  # noqa: B009 - of the field that this is mixed into
        widget.aliases = aliases


class PartyReference(_Named, Reference):
    """One party: chosen, or named anew."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, "party", widget=PartySelect(), **options)
        self.widget.called = label

    def clean(self, value: Any) -> Any:
        if not isinstance(value, NewParty):
            self.asked = None
            return super().clean(self.meant(str(value or "")))
        if value.beside:
            raise forms.ValidationError(
                gettext("A party is chosen and a new one is named. Leave out one of them.")
            )
        return self.new(value)


class PartyReferences(_Named, References):
    """Several parties; one of them may be named anew."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, "party", widget=PartyMany(label), **options)
        self.widget.called = label

    def clean(self, value: Any) -> Any:
        given = value or []
        named = [self.meant(str(one)) for one in given if not isinstance(one, NewParty)]
        chosen = super().clean(list(dict.fromkeys(named)))
        for one in given:
            if isinstance(one, NewParty):
                made = self.new(one)
                chosen = [*chosen, made] if made not in chosen else chosen
        return chosen


PARTY_FIELDS = (PartyReference, PartyReferences)
