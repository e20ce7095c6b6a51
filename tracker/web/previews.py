"""The term that a form describes, while it is typed: computed as for a saved one, never written.

What cannot be read yet is left out and named. Must not live here: rules (domain, actions), what a
form asks for (forms/).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tracker.actions import readings as reading_verbs
from tracker.domain.access import ANONYMOUS
from tracker.domain.errors import DomainError
from tracker.selectors.entries import Entry
from tracker.selectors.facts import State, Tables, stated_of
from tracker.selectors.forecasts import Forecast
from tracker.selectors.listed import of_entry
from tracker.selectors.previews import Rows, preview, public_by, with_rows
from tracker.web import terms
from tracker.web.choices import Choices
from tracker.web.clocks import Clock, clock
from tracker.web.doubles import Asked
from tracker.web.forms.facts import NOT_COLUMNS, EntryForm
from tracker.web.forms.instrument_fields import NewInstrument
from tracker.web.forms.party_fields import NewParty
from tracker.web.readings import ReadingView, readings_of
from tracker.words import refusal

TYPED = "typed-here"  # the last part of the key of what is not saved


@dataclass(frozen=True, slots=True)
class Shown:
    """The instant that the templates of a pledge's page speak from."""

    at: datetime
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class TermView:
    """What a form comes to so far. ``missing``: what is not there or not read yet, in sentences.

    ``typed``: the readings that it describes; ``others``: how many more stand. ``asked``: what
    looks like the pledge.
    """

    missing: list[str]
    entry: Entry | None = None
    clock: Clock | None = None
    zone: str = ""
    moment: Shown | None = None
    is_later: bool = False
    typed: list[ReadingView] = field(default_factory=list)
    others: int = 0
    picture: terms.Picture | None = None
    at_once: list[Forecast] = field(default_factory=list)
    coming: list[Forecast] = field(default_factory=list)
    asked: Asked | None = None


def columns_so_far(form: EntryForm) -> tuple[State, list[str]]:
    """The columns of what is readable in a bound form, and a sentence on each that is not.

    That something required is not there yet is no news while one types.
    """
    form.is_valid()
    unread = [
        gettext("%(field)s: %(why)s") % {"field": form[name].label, "why": error}
        for name, errors in form.errors.get_json_data().items()
        if name in form.fields
        for error in (one["message"] for one in errors if one["code"] != "required")
    ]
    found = {
        name: _plain(value)
        for name, value in form.cleaned_data.items()
        if name not in NOT_COLUMNS and name not in form.errors
    }
    return found, unread


def _plain(value: Any) -> Any:
    """A value in the ledger's shape; a party that is named anew by its name, an instrument not."""
    if isinstance(value, NewInstrument):
        return None
    if isinstance(value, NewParty):
        return value.name
    return [_plain(one) for one in value] if isinstance(value, list) else value


def term(
    choices: Choices,
    *,
    ref: str,
    reading: State,
    at: datetime,
    key: str = "",
    unsaved: Rows | None = None,
    adopts: str | None = None,
    unread: Iterable[str] = (),
) -> TermView:
    """The pledge ``ref`` with that reading of it: a new one, or the one of that key amended.

    ``unsaved``: rows beside it that are not saved either; ``adopts``: the rule under which the
    reading is adopted (blank: it is the only one), None where it is not.
    """
    missing = [*unread, *_not_given(reading)]
    tables = with_rows(choices.tables, unsaved or {}, at=at)
    given = {"pledge": ref, **reading}
    given["public"] = reading.get("public") or tables["pledge"][ref]["public"]
    try:
        made = _readings(tables, ref, key, given)
    except DomainError as error:
        return TermView([*missing, refusal(error)])
    rows: dict[str, Mapping[str, State]] = {"reading": made}
    chosen = _adopted(made, adopts)
    if chosen:
        adoption = {
            "reading": chosen,
            "public": given["public"],
            "reason": gettext("not saved yet"),
        }
        rows["adoption"] = {f"{ref}.{TYPED}": adoption}
    elif adopts is not None:
        missing.append(gettext("Which count is adopted is not chosen yet."))
    return _view(choices, with_rows(tables, rows, at=at), ref, rows, missing, at)


def _readings(tables: Tables, ref: str, key: str, given: State) -> dict[str, State]:
    """By key: two where the rule is not stated. Raises DomainError for what a rule refuses."""
    reading_verbs.check(dict(given))
    if key:
        return {key: {**tables["reading"][key], **given}}
    return dict(reading_verbs.expanded("pledge", f"{ref}.{TYPED}", dict(given)))


def _adopted(made: Mapping[str, State], adopts: str | None) -> str:
    if adopts is None:
        return ""
    fitting = [key for key, state in made.items() if len(made) == 1 or state["rule"] == adopts]
    return fitting[0] if len(fitting) == 1 else ""


def _not_given(reading: State) -> list[str]:
    found = []
    if not any(reading.get(name) for name in ("start", "start_trigger", "start_deadline")):
        found.append(gettext("No start is given yet."))
    if not any(reading.get(name) for name in ("duration", "end", "end_trigger", "open_end")):
        found.append(gettext("No duration and no end is given yet: as it stands, it has no end."))
    if not reading.get("zone") and any(_has_no_zone(reading.get(n)) for n in ("start", "end")):
        found.append(gettext("No zone is stated or assumed: name one, or nothing can be counted."))
    return found


def _has_no_zone(text: str | None) -> bool:
    found = stated_of(text)
    return found is not None and found.local is not None and found.zone is None


def _view(
    choices: Choices,
    tables: Tables,
    ref: str,
    rows: Rows,
    missing: list[str],
    at: datetime,
) -> TermView:
    assert choices.dossier is not None
    shown_at = public_by(tables, rows, ref, at=at)
    found = preview(
        dossier=choices.dossier,
        tables=tables,
        parties={slug: choices.party_name(slug) for slug in choices.parties},
        ref=ref,
        shown_at=shown_at,
        at=at,
    )
    views = readings_of(found.entry)
    typed = [one for one in views if one.key in rows["reading"]]
    listed = of_entry(found.entry, ANONYMOUS)
    return TermView(
        missing=missing,
        entry=found.entry,
        clock=clock(listed),
        zone=listed.zone,
        moment=Shown(shown_at),
        is_later=shown_at > at,
        typed=typed,
        others=sum(one.is_standing for one in views) - len(typed),
        picture=terms.picture(found.entry) if len(views) > 1 else None,
        at_once=found.at_once,
        coming=found.coming,
    )
