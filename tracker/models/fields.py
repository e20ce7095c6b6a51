"""Columns of kinds that Django does not have: what a text or a JSON value stands for.

The kind is what ``actions/columns.py`` goes by when it checks what was entered. Nothing is parsed
here: a column holds the canonical text that the actions put there.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
    _Json = models.JSONField[Any, Any]
else:
    _Text = models.CharField
    _Json = models.JSONField


class StatedField(_Text):
    """A time as it was stated: the canonical text of ``domain/stated.py``; blank: not given.

    Beside it stands ``<name>_instant``, its first instant in UTC, which the actions derive.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 80, **options})


class SpanField(_Text):
    """A duration as an agreement states it (ISO 8601); blank: not given."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 60, **options})


class ZoneField(_Text):
    """An IANA zone name; blank: not stated."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 64, **options})


class LinesField(_Json):
    """A list of texts, in the order in which they were entered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": list, "blank": True, **options})


class TagsField(_Json):
    """A list of short words, each once, as they were typed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": list, "blank": True, **options})


class SpansField(_Json):
    """A list of durations; null: not given."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, **options})


class CurveField(_Json):
    """What each grade of evidence covers of a cadence, as ``domain/freshness.py`` keeps it; null:
    the register's own.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, **options})


class PlaceField(_Json):
    """Where a quotation stands in a snapshot: start, end (code points), prefix, suffix; or null."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, **options})


class SaidField(_Json):
    """What an account says, by the field that it speaks of."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": dict, "blank": True, **options})
