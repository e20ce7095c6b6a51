"""From what was entered to column values: each column checked by itself.

States are in the ledger's shape: references as keys, stated times and durations as text. Every
refusal names its column.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from tracker.domain import durations, stated, zones
from tracker.domain.errors import Invalid
from tracker.models import Dossier, Entered, Fact
from tracker.models.fields import SpanField, StatedField, ZoneField
from tracker.selectors.rows import key_path


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
                raise Invalid("This is required.", mend="Name one.")
            return None
        if isinstance(column, StatedField) and value:
            return str(stated.parse(_text(value)))
        if isinstance(column, SpanField) and value:
            return str(durations.parse(_text(value)))
        return _plain(column, name, value)
    except Invalid as error:
        raise Invalid(error.message, field=name, mend=error.mend) from error


def _model(column: Any) -> type[models.Model]:
    related: type[models.Model] = column.related_model
    return related


def _text(value: Any) -> str:
    text = str(value)
    if "\x00" in text:
        raise Invalid("The text holds a NUL character.", mend="Remove it.")
    return text


def _texts(value: Any) -> Iterable[str]:
    if not isinstance(value, (list, tuple)):
        raise Invalid("This takes a list.", mend="Write each one as an item of the list.")
    return sorted({str(v) for v in value})


def _row(model: type[models.Model], key: str, dossier: Dossier | None) -> models.Model:
    path = key_path(model)
    rows = model._default_manager.filter(**{path: key})
    if issubclass(model, Fact):
        rows = rows.filter(dossier=dossier)
    try:
        found = rows.first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        name = model._meta.verbose_name
        where = " in this dossier" if issubclass(model, Fact) else ""
        raise Invalid(
            f"There is no {name} “{key}”{where}.", mend="Enter it first, or check its key."
        )
    return found


def _plain(column: Any, name: str, value: Any) -> Any:
    if isinstance(column, models.BooleanField):
        if not isinstance(value, bool):
            raise Invalid("This is yes or no.", mend="Write yes or no.")
        return value
    if isinstance(column, models.IntegerField):
        return _number(value)
    if isinstance(column, models.JSONField):
        return value
    if isinstance(column, models.DateTimeField):
        return datetime.fromisoformat(value) if value else None
    text = _text("" if value is None else value)
    if isinstance(column, ZoneField) and text:
        zones.zone(text)
    if column.choices and text not in ({v for v, _ in column.choices} | _blank(column)):
        known = ", ".join(str(v) for v, _ in column.choices)
        raise Invalid(f"“{text}” is not known here.", mend=f"Use one of: {known}.")
    if not text and not column.blank:
        raise Invalid("This is required.", mend="Fill it in.")
    if column.max_length and len(text) > column.max_length:
        raise Invalid(
            f"The text has {len(text)} characters, at most {column.max_length} fit.",
            mend="Shorten it.",
        )
    return text


def _blank(column: Any) -> set[str]:
    return {""} if column.blank else set()


def _number(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise Invalid(f"“{value}” is not a whole number.", mend="Write digits only.") from error
    if not 0 <= number <= 2_147_483_647:
        raise Invalid(f"{number} is out of range.", mend="Write a number from 0 up.")
    return number
