"""From what was entered to column values: each column checked by itself.

States are in the ledger's shape: references as keys, stated times and durations as text. Every
refusal names its column.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from tracker.domain import durations, freshness, quotations, stated, tags, zones
from tracker.domain.errors import Invalid
from tracker.domain.facts import ACCOUNT_FIELDS
from tracker.domain.sentences import _
from tracker.models import Dossier, Entered, Fact, Source
from tracker.models.fields import (
    CurveField,
    LinesField,
    PlaceField,
    SpanField,
    SpansField,
    StatedField,
    TagsField,
    ZoneField,
)
from tracker.selectors.rows import key_path

_MOST = 2**63 - 1


def clean(model: type[Entered], name: str, value: Any, dossier: Dossier | None) -> Any:
    """The column's value: a row for a reference, rows for many. Raises Invalid with the column."""
    column = model._meta.get_field(name)
    try:
        if isinstance(column, models.ManyToManyField):
            return [_row(_model(column), key, dossier) for key in _texts(value)]
        if isinstance(column, models.ForeignKey):
            if value not in (None, ""):
                return _row(_model(column), str(value), dossier)
            if not column.null:
                raise Invalid(_("This is required."), mend=_("Name one."))
            return None
        if isinstance(column, StatedField) and value:
            return str(stated.parse(_text(value)))
        if isinstance(column, SpanField) and value:
            return _span(value)
        if issubclass(model, Source) and name == "snapshot" and value:
            return quotations.kept(_text(value))  # quotations are placed in it by counting
        return _plain(column, name, value)
    except Invalid as error:
        raise Invalid(error.message, field=name, mend=error.mend) from error


def _model(column: Any) -> type[models.Model]:
    related: type[models.Model] = column.related_model
    return related


def _text(value: Any) -> str:
    """A text as every database keeps it. Raises Invalid for NUL and for halves of a character."""
    text = str(value)
    if "\x00" in text:
        raise Invalid(_("The text holds a NUL character."), mend=_("Remove it."))
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        raise Invalid(_("The text holds half of a character."), mend=_("Remove or retype it."))
    return text


def _span(value: Any) -> str:
    """A duration as it was typed. Raises Invalid when it has no length, or too great a one."""
    text = _text(value).strip()
    durations.check_length(durations.parse(text), text)
    return text


def _json(column: Any, value: Any) -> Any:
    """The value of a column of JSON, in the one form that its kind has."""
    if isinstance(column, LinesField):
        return [_line(item) for item in _list(value)]
    if isinstance(column, TagsField):
        return tags.kept(_line(item) for item in _list(value))
    if isinstance(column, SpansField):
        return None if value is None else [_span(item) for item in _list(value)]
    if isinstance(column, CurveField):
        return freshness.kept(value)
    if isinstance(column, PlaceField):
        return None if value is None else _place(value)
    if not isinstance(value, dict) or not set(value) <= set(ACCOUNT_FIELDS):
        raise Invalid(
            _("This takes what is said by the field that it is said of."),
            mend=_("The fields are: {account_fields}.", account_fields=", ".join(ACCOUNT_FIELDS)),
        )
    return {name: _text(value[name]) for name in sorted(value)}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise Invalid(_("This takes a list."), mend=_("Write each one as an item of the list."))
    return list(value)


def _line(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Invalid(_("An item of the list is blank."), mend=_("Remove it, or fill it in."))
    return _text(value)


def _place(value: Any) -> dict[str, Any]:
    """Start and end in code points of the snapshot, with the text before and after."""
    known = {"start", "end", "prefix", "suffix"}
    if not isinstance(value, dict) or not {"start", "end"} <= set(value) <= known:
        raise Invalid(_("A place has a start and an end."), mend=_("Give them, counted from 0."))
    start, end = _number(value["start"], _MOST), _number(value["end"], _MOST)
    if end <= start:
        raise Invalid(
            _("A quotation ends after it starts."), mend=_("Exchange or correct the two.")
        )
    around = {name: _text(value.get(name, "")) for name in ("prefix", "suffix")}
    return {"start": start, "end": end, **around}


def _texts(value: Any) -> Iterable[str]:
    if not isinstance(value, (list, tuple)):
        raise Invalid(_("This takes a list."), mend=_("Write each one as an item of the list."))
    return sorted({str(v) for v in value})


def _row(model: type[models.Model], key: str, dossier: Dossier | None) -> models.Model:
    path = key_path(model)
    of_dossier = {"dossier": dossier} if issubclass(model, Fact) else {}
    try:
        found = model._default_manager.filter(**{path: _text(key)}, **of_dossier).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        name = model._meta.verbose_name
        where = " in this dossier" if issubclass(model, Fact) else ""
        raise Invalid(
            _("There is no {name} “{key}”{where}.", name=name, key=key, where=where),
            mend=_("Enter it first, or check its key."),
        )
    return found


def _plain(column: Any, name: str, value: Any) -> Any:
    if isinstance(column, models.BooleanField):
        if not isinstance(value, bool):
            raise Invalid(_("This is yes or no."), mend=_("Write yes or no."))
        return value
    if isinstance(column, models.IntegerField):
        return _number(value, _MOST if isinstance(column, models.BigIntegerField) else _MOST >> 32)
    if isinstance(column, models.JSONField):
        return _json(column, value)
    if isinstance(column, models.DateTimeField):
        return datetime.fromisoformat(value) if value else None
    text = _text("" if value is None else value)
    if isinstance(column, ZoneField) and text:
        zones.zone(text)
    if column.choices and text not in ({v for v, _label in column.choices} | _blank(column)):
        known = ", ".join(str(v) for v, _label in column.choices)
        raise Invalid(
            _("“{text}” is not known here.", text=text), mend=_("Use one of: {known}.", known=known)
        )
    if not text and not column.blank:
        raise Invalid(_("This is required."), mend=_("Fill it in."))
    if column.max_length and len(text) > column.max_length:
        raise Invalid(
            _(
                "The text has {text} characters, at most {max_length} fit.",
                text=len(text),
                max_length=column.max_length,
            ),
            mend=_("Shorten it."),
        )
    return text


def _blank(column: Any) -> set[str]:
    return {""} if column.blank else set()


def _number(value: Any, most: int) -> int:
    try:
        number = int(str(value))
    except ValueError as error:
        raise Invalid(
            _("“{value}” is not a whole number.", value=value), mend=_("Write digits only.")
        ) from error
    if not 0 <= number <= most:
        raise Invalid(
            _("{number} is out of range.", number=number), mend=_("Write a number from 0 up.")
        )
    return number
