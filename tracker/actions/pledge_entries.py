"""A pledge entered with its first account and reading: the same verbs, one after another.

Called within one transaction (``record.batch``, ``sent_forms.once``): where a later one is
refused, none was entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import Account, Dossier, Pledge, Reading, User

from . import accounts, adoptions, pledges, readings


@dataclass(slots=True)
class Step:
    """What was entered so far, for what comes next. ``public``: blank, as the pledge is."""

    ADOPTION: ClassVar[tuple[str, ...]] = ("reason", "rule", "public", "note")

    dossier: Dossier
    by: User | None
    at: datetime
    made: Pledge | None = None
    said: Account | None = None
    read: list[Reading] = field(default_factory=list)

    @property
    def _who(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}

    def pledge(self, *, ref: str, columns: Mapping[str, Any]) -> Pledge:
        self.made = pledges.register(dossier=self.dossier, ref=ref, **columns, **self._who)
        return self.made

    def account(self, columns: Mapping[str, Any]) -> Account:
        assert self.made is not None
        given = _public(columns, self.made.public)
        self.said = accounts.record(of=self.made, **given, **self._who)
        return self.said

    def readings(self, columns: Mapping[str, Any], *, stated: Iterable[str] = ()) -> list[Reading]:
        """``stated``: the columns for where a part is from that name the account."""
        assert self.made is not None
        given = _public(columns, self.made.public) | dict.fromkeys(stated, self.said)
        self.read = readings.add(of=self.made, **given, **self._who)
        return self.read

    def adoption(self, columns: Mapping[str, Any]) -> None:
        """``rule`` says which of two readings, where the reading stated none."""
        given = dict(columns)
        rule = given.pop("rule")
        fitting = [one for one in self.read if len(self.read) == 1 or one.rule == rule]
        if not fitting:
            raise Invalid(
                _("Two readings stand, since how days are counted is not stated."),
                field="rule",
                mend=_("Choose which of them is adopted."),
            )
        given = _public(given, fitting[0].public)
        adoptions.adopt(reading=fitting[0], **given, **self._who)


def _public(columns: Mapping[str, Any], otherwise: str) -> dict[str, Any]:
    return {**columns, "public": columns.get("public") or otherwise}
