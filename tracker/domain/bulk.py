"""One change of many pledges: what it makes of each. Must not live here: who may, or saving."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from . import tags
from .errors import Invalid
from .sentences import _

MOST = 500  # pledges that are changed together


@dataclass(frozen=True, slots=True)
class Change:
    """None: it stays as it is. ``analyst``: by opaque id, blank: nobody. ``cadence``: blank: by the
    length of the term. ``watch``: whether whoever changes them watches each pledge itself.
    """

    analyst: str | None = None
    cadence: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    watch: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == Change()

    def check_analyst(self, analysts: Collection[str]) -> None:
        """``analysts``: who may watch pledges of a dossier. Raises Invalid for anybody else."""
        if self.analyst and self.analyst not in analysts:
            raise Invalid(
                _("This person is no analyst of its dossier."),
                field="analyst",
                mend=_("Choose another, or invite the person first."),
            )

    def columns(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a pledge that come out otherwise. Raises Invalid for too many tags."""
        wanted: dict[str, Any] = {}
        if self.analyst is not None:
            wanted["analyst"] = self.analyst or None
        if self.cadence is not None:
            wanted["cadence"] = self.cadence
        if self.add or self.remove:
            wanted["tags"] = tags.changed(state["tags"], add=self.add, remove=self.remove)
        return {name: value for name, value in wanted.items() if value != state[name]}
