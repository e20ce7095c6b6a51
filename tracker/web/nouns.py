"""What of each noun can be entered in the browser: its form, and the verb that enters a row.

The one table from which the addresses of entry pages are answered. Must not live here: what a
form asks for (forms/), what a verb means (actions/).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tracker.actions import (
    accounts,
    adoptions,
    clock_stops,
    comments,
    conditions,
    counts,
    deadlines,
    dependencies,
    extensions,
    incidents,
    instruments,
    moves,
    pledges,
    positions,
    readings,
    record,
    sources,
    suspensions,
    triggers,
    verifications,
    viewings,
)
from tracker.domain.errors import NotFound
from tracker.models import FACTS, Dossier, Fact, Pledge, Source, User
from tracker.web import new_instruments
from tracker.web.forms.accounts import AccountForm
from tracker.web.forms.adoptions import AdoptionForm
from tracker.web.forms.clock_stops import ClockStopForm
from tracker.web.forms.comments import CommentForm
from tracker.web.forms.conditions import ConditionForm
from tracker.web.forms.counts import CountForm
from tracker.web.forms.deadlines import DeadlineForm
from tracker.web.forms.dependencies import DependencyForm
from tracker.web.forms.extensions import ExtensionForm
from tracker.web.forms.facts import FactForm
from tracker.web.forms.fields import About, Reference, References
from tracker.web.forms.incidents import IncidentForm
from tracker.web.forms.instruments import InstrumentForm
from tracker.web.forms.moves import MoveAmendForm
from tracker.web.forms.pledges import PledgeForm
from tracker.web.forms.positions import PositionForm
from tracker.web.forms.readings import ReadingForm
from tracker.web.forms.sources import SourceForm
from tracker.web.forms.suspensions import SuspensionForm
from tracker.web.forms.triggers import TriggerForm
from tracker.web.forms.verifications import VerificationForm
from tracker.web.forms.viewings import ViewingForm
from tracker.web.new_parties import NewParties

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """What a verb is handed: where, under which key, by whom, and when."""

    dossier: Dossier
    key: str
    by: User | None
    at: datetime

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}


Enter = Callable[[Entered, Columns], Fact]


@dataclass(frozen=True, slots=True)
class Noun:
    """``enter`` None: rows come about by deeds on others (a judgement, an adoption).

    ``titled``: the column from which a key is made where none was typed; blank: the verb makes one.
    ``is_fixed``: nobody amends a row; it is withdrawn, and another one entered.
    """

    form: type[FactForm]
    verbs: Any
    enter: Enter | None
    titled: str = ""
    is_fixed: bool = False


def _with_new_rows(enter: Enter) -> Enter:
    """The same, after the parties and the instrument that the form names anew."""

    def settled(made: Entered, columns: Columns) -> Fact:
        with record.batch(at=made.at):
            found = NewParties(by=made.by, at=made.at).settled(columns)
            return enter(made, new_instruments.settled(found, dossier=made.dossier, **made.who))

    return settled


def _standing(verb: Callable[..., Fact], *, keyed_by: str = "key") -> Enter:
    """A verb for what stands by itself in the dossier, under a key or reference."""

    def enter(made: Entered, columns: Columns) -> Fact:
        return verb(dossier=made.dossier, **{keyed_by: made.key}, **columns, **made.who)

    return _with_new_rows(enter)


def _on_pledge(verb: Callable[..., Fact]) -> Enter:
    """A verb for what hangs on one pledge."""

    def enter(made: Entered, columns: Columns) -> Fact:
        pledge = row(made.dossier, "pledge", str(columns.pop("pledge")))
        return verb(pledge=pledge, key=made.key, **columns, **made.who)

    return _with_new_rows(enter)


def _about(verb: Callable[..., Any], word: str, nouns: tuple[str, ...]) -> Enter:
    """A verb for what is about one of several things."""

    def enter(made: Entered, columns: Columns) -> Fact:
        named = {noun: columns.pop(noun) for noun in nouns}
        noun, key = next((noun, key) for noun, key in named.items() if key)
        found = verb(**{word: row(made.dossier, noun, key)}, key=made.key, **columns, **made.who)
        first: Fact = found[0] if isinstance(found, list) else found
        return first

    return _with_new_rows(enter)


def _count(made: Entered, columns: Columns) -> Fact:
    key = columns.pop("pledge")
    pledge = row(made.dossier, "pledge", key) if key else None
    assert pledge is None or isinstance(pledge, Pledge)
    return counts.record(dossier=made.dossier, pledge=pledge, key=made.key, **columns, **made.who)


def _dependency(made: Entered, columns: Columns) -> Fact:
    pledge, other = (row(made.dossier, "pledge", columns.pop(n)) for n in ("pledge", "on_pledge"))
    assert isinstance(pledge, Pledge)
    assert isinstance(other, Pledge)
    return dependencies.add(pledge=pledge, on_pledge=other, key=made.key, **columns, **made.who)


def _viewing(made: Entered, columns: Columns) -> Fact:
    source = row(made.dossier, Source.NOUN, str(columns.pop("source")))
    assert isinstance(source, Source)
    return viewings.record(source=source, key=made.key, **columns, **made.who)


TABLE: Mapping[str, Noun] = {
    "source": Noun(SourceForm, sources, _standing(sources.add), "title"),
    "instrument": Noun(InstrumentForm, instruments, _standing(instruments.conclude), "title"),
    "pledge": Noun(PledgeForm, pledges, _standing(pledges.register, keyed_by="ref")),
    "position": Noun(PositionForm, positions, _standing(positions.record, keyed_by="ref")),
    "account": Noun(
        AccountForm, accounts, _about(accounts.record, "of", AccountForm.about_nouns())
    ),
    "reading": Noun(ReadingForm, readings, _about(readings.add, "of", ReadingForm.about_nouns())),
    "adoption": Noun(AdoptionForm, adoptions, None),
    "extension": Noun(ExtensionForm, extensions, _on_pledge(extensions.propose)),
    "clock_stop": Noun(ClockStopForm, clock_stops, _on_pledge(clock_stops.stop)),
    "suspension": Noun(SuspensionForm, suspensions, _on_pledge(suspensions.suspend)),
    "condition": Noun(
        ConditionForm, conditions, _about(conditions.add, "on", ConditionForm.about_nouns())
    ),
    "trigger": Noun(TriggerForm, triggers, _standing(triggers.add), "title"),
    "deadline": Noun(DeadlineForm, deadlines, _on_pledge(deadlines.add)),
    "verification": Noun(VerificationForm, verifications, _on_pledge(verifications.record)),
    "incident": Noun(IncidentForm, incidents, _standing(incidents.report), "description"),
    "count": Noun(CountForm, counts, _with_new_rows(_count)),
    "dependency": Noun(DependencyForm, dependencies, _dependency),
    "comment": Noun(CommentForm, comments, _about(comments.write, "on", CommentForm.about_nouns())),
    "viewing": Noun(ViewingForm, viewings, _viewing, is_fixed=True),
    "move": Noun(MoveAmendForm, moves, None),
}


def entered_on(about: str, key: str) -> list[tuple[str, str]]:
    """The nouns that can be entered about a row, each with what its address then fills in."""
    found = []
    for name, one in TABLE.items():
        for field_name, field in one.form.base_fields.items() if one.enter else ():
            if isinstance(field, About) and about in field.nouns:
                found.append((name, urlencode({field_name: f"{about}:{key}"})))
            elif isinstance(field, (Reference, References)) and field_name in (about, f"{about}s"):
                found.append((name, urlencode({field_name: key})))
    return found


def noun(name: str) -> Noun:
    """Raises NotFound for what is not entered in a dossier."""
    if name not in TABLE:
        raise NotFound(f"There is nothing called “{name}”.")
    return TABLE[name]


def row(dossier: Dossier, name: str, key: str) -> Fact:
    """The row of that key. Raises NotFound."""
    noun(name)
    model = FACTS[name]
    found = model._default_manager.filter(dossier=dossier, **{model.KEY: key}).first()
    if found is None:
        raise NotFound(f"There is no {name} “{key}” in this dossier.")
    return found
