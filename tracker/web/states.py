"""Rows as entered, in words: one of them column by column, or two versions beside each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from tracker.domain.facts import ACCOUNT_FIELDS
from tracker.models import NOUNS, Fact, Party, User
from tracker.models.fields import CurveField, PlaceField, SpanField, StatedField
from tracker.selectors.facts import State
from tracker.web.choices import PARTY, Choices, group_of
from tracker.web.forms.facts import FactForm
from tracker.web.forms.fields import Choice
from tracker.words import FORMER_MEMBER, label

# What columns are called that no form of their noun asks for.
ELSEWHERE = {
    "withdrawn_at": gettext_lazy("Withdrawn from"),
    "withdrawn_reason": gettext_lazy("Why it was withdrawn"),
    "set_aside_at": gettext_lazy("Set aside from"),
    "set_aside_reason": gettext_lazy("Why it was set aside"),
    "became": gettext_lazy("Became the pledge"),
    "merged_into": gettext_lazy("Merged into"),
    "laid_at": gettext_lazy("Dates lie around"),
    "coalition": gettext_lazy("Coalition"),
    "freshness": gettext_lazy("How long findings last"),
    "text_sha256": gettext_lazy("SHA-256 of the text"),
    "file_sha256": gettext_lazy("SHA-256 of the file"),
}
NOTHING: tuple[Any, ...] = ("", None, [], {}, False)


@dataclass(frozen=True, slots=True)
class Item:
    """One value in words; ``url`` where it has a page of its own."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: stated or span, which the template puts in words; else blank."""

    label: str
    kind: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of which two people saw or wrote different things."""

    label: str
    kind: str
    before: list[Item]
    now: list[Item]
    typed: list[Item]
    is_theirs: bool
    is_mine: bool
    is_contested: bool


def columns_of(noun: str, state: State, form: type[FactForm], choices: Choices) -> list[Column]:
    """The columns that say something, in the order in which they are entered."""
    return [
        _column(noun, name, state, form, choices)
        for name in NOUNS[noun].ENTERED
        if state.get(name) not in NOTHING and not _is_silent(noun, name, state)
    ]


def differences(
    noun: str,
    *,
    before: State,
    now: State,
    typed: Mapping[str, Any],
    form: type[FactForm],
    choices: Choices,
    unread: Mapping[str, str] = MappingProxyType({}),
) -> list[Difference]:
    """The columns that changed since they were read, or that were typed anew. ``unread``: what was
    typed and cannot be read as a value yet.

    ``is_theirs``, ``is_mine``: who changed it; ``is_contested``: both, and not to the same.
    """
    found = []
    for name in NOUNS[noun].ENTERED:
        mine = dict(typed) if name in typed else dict(before)
        is_theirs = not is_same(before.get(name), now.get(name))
        is_mine = name in unread or not is_same(before.get(name), mine.get(name))
        if not (is_theirs or is_mine):
            continue
        column = _column(noun, name, now, form, choices)
        found.append(
            Difference(
                column.label,
                column.kind,
                _column(noun, name, before, form, choices).items,
                column.items,
                [Item(unread[name])]
                if name in unread
                else _column(noun, name, mine, form, choices).items,
                is_theirs,
                is_mine,
                is_theirs
                and is_mine
                and (name in unread or not is_same(now.get(name), mine.get(name))),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Changed:
    """One column of a row, before and after somebody changed it."""

    label: str
    kind: str
    before: list[Item]
    after: list[Item]


def changed(
    noun: str, *, before: State, after: State, form: type[FactForm], choices: Choices
) -> list[Changed]:
    """The columns that say something else than before, in the order in which they are entered."""
    found = []
    for name in NOUNS[noun].ENTERED:
        if is_same(before.get(name), after.get(name)):
            continue
        was = _column(noun, name, before, form, choices)
        is_now = _column(noun, name, after, form, choices)
        found.append(Changed(is_now.label, is_now.kind, was.items, is_now.items))
    return found


def is_same(one: Any, other: Any) -> bool:
    """Whether two values of a column say the same; lists in any order, nothing in any form."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other or (one in NOTHING and other in NOTHING)


def _is_silent(noun: str, name: str, state: State) -> bool:
    return noun == "account" and name in ACCOUNT_FIELDS and state[name] == "silent"


def _column(
    noun: str, name: str, state: Mapping[str, Any], form: type[FactForm], choices: Choices
) -> Column:
    column = NOUNS[noun]._meta.get_field(name)
    kind = "stated" if isinstance(column, StatedField) else ""
    kind = "span" if isinstance(column, SpanField) else kind
    value = state.get(name)
    items = [] if value in NOTHING else list(_items(noun, name, value, state, form, choices))
    return Column(label_of(name, form), kind, items)


def label_of(name: str, form: type[FactForm]) -> str:
    """What a column is called: by the form that asks for it, or, where none does, here."""
    words = form.labels().get(name) or ELSEWHERE.get(name)
    return str(words) if words else name.replace("_", " ")


def _items(
    noun: str,
    name: str,
    value: Any,
    state: Mapping[str, Any],
    form: type[FactForm],
    choices: Choices,
) -> Iterator[Item]:
    column: Any = NOUNS[noun]._meta.get_field(name)
    if isinstance(column, (models.ForeignKey, models.ManyToManyField)):
        for key in value if isinstance(value, list) else [value]:
            yield _named(column.related_model, str(key), choices)
    elif name == "values":
        for field, text in value.items():
            yield Item(f"{label('field', field)}: {text}")
    elif isinstance(column, CurveField):
        for letter, shares in value.items():
            yield Item(f"{letter}: {', '.join(f'{share} %' for share in shares)}")
    elif isinstance(column, PlaceField):
        yield Item(
            gettext("characters %(start)s to %(end)s")
            % {"start": value.get("start"), "end": value.get("end")}
        )
    elif isinstance(value, bool):
        yield Item(gettext("yes"))
    elif isinstance(value, list):
        yield from (Item(str(one)) for one in value)
    else:
        yield Item(_word(noun, name, value, state, form))


def _word(noun: str, name: str, value: Any, state: Mapping[str, Any], form: type[FactForm]) -> str:
    field = form.base_fields.get(name)
    if isinstance(field, Choice):
        return label(field.words, value)
    if noun == "account" and name in ACCOUNT_FIELDS:
        return label("stance", value)
    if noun == "move" and name == "machine":
        return label("machine", value)
    if noun == "move" and name == "to":
        return label(group_of(state.get("machine")), value)
    return str(value)


def _named(model: type[models.Model], key: str, choices: Choices) -> Item:
    if model is User:
        return Item(choices.members.get(key, str(FORMER_MEMBER)))
    if model is Party:
        names = dict(choices.of(PARTY, keep=(key,)))
        return Item(names.get(key, key), reverse("party", args=(key,)))
    if not issubclass(model, Fact):
        return Item(key)
    of = choices.dossier
    url = reverse("fact", args=(of.slug, model.NOUN, key)) if of is not None else ""
    return Item(choices.words(model.NOUN, key), url)
