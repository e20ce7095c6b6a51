"""Parties that a form names anew, entered with the row that names them.

Called within that row's transaction: where the row is refused, no party was entered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.actions import parties, verbs
from tracker.models import Party, User
from tracker.web.forms.party_fields import NewParty


class NewParties:
    """Enters each named party once, however many columns name it."""

    def __init__(self, *, by: User | None, at: datetime) -> None:
        self.by, self.at = by, at
        self._made: dict[str, str] = {}

    def settled(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns with the slug of each party that was named anew."""
        return {name: self._value(value) for name, value in columns.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, NewParty):
            return self._slug(value)
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return value

    def _slug(self, new: NewParty) -> str:
        name = new.name.casefold()
        if name not in self._made:
            slug = verbs.free_key(Party, None, new.name)
            parties.register(slug=slug, name=new.name, kind=new.kind, by=self.by, at=self.at)
            self._made[name] = slug
        return self._made[name]
