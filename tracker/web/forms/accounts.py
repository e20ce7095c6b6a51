"""An account: what one source says of one thing, field by field. Silent is not denies."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import ACCOUNT_FIELDS
from tracker.models import Account
from tracker.models.account import ABOUT
from tracker.words import LABELS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import SAYS, About, Grade, Reference, StatedTime, Text, Tick, stance_fields
from .party_fields import PartyReference
from .quotations import QUOTED, PassageField, locate


class AccountForm(FactForm):
    model = Account
    sections = (
        (_("Who said it, and when"), ("speaker", "party", "said"), False),
        (_("What it says"), ("quotation", "place", "is_paraphrase"), False),
        (
            _("Field by field"),
            tuple(n for name in ACCOUNT_FIELDS for n in (name, f"{SAYS}{name}")),
            False,
        ),
        (_("More"), ("key", "note"), True),
    )

    about = About(_("An account of"), *ABOUT)
    source = Reference(_("Source"), "source", required=True)
    credibility = Grade()
    public = public()
    speaker = Text(_("Speaker"), max_length=300)
    party = PartyReference(_("Party spoken for"))
    said = StatedTime(_("Said"))
    quotation = Text(_("Quotation"), long=True, help_text=_("Word for word, as the source has it."))
    is_paraphrase = Tick(_("This is a paraphrase and no quotation"))
    place = PassageField()
    key = key_field(SHORT_NAME)
    note = note()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields |= stance_fields()

    @classmethod
    def initial_of(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        found = super().initial_of(state)
        said = state.get("values") or {}
        return found | {f"{SAYS}{name}": said.get(name, "") for name in ACCOUNT_FIELDS}

    @classmethod
    def labels(cls) -> dict[str, Any]:
        stances = {name: LABELS["field"][name] for name in ACCOUNT_FIELDS}
        more = {"values": _("What it says, by field")}
        return super().labels() | stances | more

    def clean(self) -> dict[str, Any]:
        """A quotation is found in the source's text, unless nothing of that was touched."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_new or not set(self.changed_data).isdisjoint(QUOTED):
            source = str(found.get("source") or "")
            locate(self, self.offered.tables.get("source", {}).get(source, {}), QUOTED)
        else:
            found["place"] = self.initial.get("place")
        return found

    def columns(self) -> dict[str, Any]:
        found = super().columns()
        said = {name: found.pop(f"{SAYS}{name}").strip() for name in ACCOUNT_FIELDS}
        found["values"] = {name: text for name, text in said.items() if text}
        return found
