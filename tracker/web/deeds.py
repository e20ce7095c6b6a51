"""What people do to a fact beside amending it: adopt, set aside, resume, judge, take back.

One table: to what a deed applies, which form it takes, which verb it is. The verbs are the
actions'; nothing is decided here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from tracker.actions import adoptions, clock_stops, merges, moves, positions, readings, suspensions
from tracker.actions.moves import Movable, machines_of
from tracker.domain import transitions
from tracker.domain.transitions import Machine
from tracker.models import ClockStop, Pledge, Position, Reading, Suspension, User
from tracker.selectors import decisions, ledger
from tracker.selectors.entries import FactView
from tracker.web.choices import Choices, group_of
from tracker.web.forms.clock_stops import EndForm
from tracker.web.forms.facts import EntryForm, WhyForm, WithdrawForm
from tracker.web.forms.moves import Groups, MoveForm
from tracker.web.forms.positions import BecomeForm
from tracker.web.forms.readings import AdoptForm, SetAsideForm
from tracker.web.nouns import TABLE, row
from tracker.words import LABELS

MOVABLE = ("pledge", "condition", "incident", "deadline", "extension")


@dataclass(frozen=True, slots=True)
class Subject:
    """The fact that a deed is done to: its noun, its row, and what it shows at this instant."""

    noun: str
    row: Any
    view: FactView
    choices: Choices

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.view.state.get("withdrawn_at"))

    @property
    def is_merged(self) -> bool:
        """Whether it turned out to be another one: all else is done to that."""
        return bool(self.view.state.get("merged_into"))


@dataclass(frozen=True, slots=True)
class Deed:
    """``applies``: to which facts; ``do``: the verb, given the cleaned form."""

    name: str
    label: Any
    lead: Any
    button: Any
    form: type[EntryForm]
    applies: Callable[[Subject], bool]
    do: Callable[[Subject, dict[str, Any], User | None, datetime], object]
    said: Any  # once it is done
    saw: Callable[[Subject], int] | None = None  # what was decided of it so far; None: its entries
    dated: tuple[str, ...] = ()  # fields that begin with this instant
    is_grave: bool = False

    def seen(self, subject: Subject) -> int:
        """The number of the last ledger entry that counts for it."""
        if self.saw is not None:
            return self.saw(subject)
        row = subject.row
        return ledger.last_seq(row.dossier.slug, subject.noun, str(getattr(row, row.KEY)))

    def form_for(self, subject: Subject, *args: Any, **options: Any) -> EntryForm:
        if issubclass(self.form, MoveForm):
            options["allowed"] = outcomes(subject)
        return self.form(*args, choices=subject.choices, **options)


def outcomes(subject: Subject) -> Groups:
    """What may become of the subject, by machine.

    A pledge may be moved as of an instant in the past, when its stage was another one: all are
    offered, and the action refuses what that instant does not allow.
    """
    found: Groups = []
    for machine in machines_of(cast("Movable", subject.row)):
        if machine is Machine.STAGE:
            allowed: Iterable[transitions.Allowed] = (
                m for m in transitions.MOVES if m.machine is machine
            )
        else:
            current = subject.view.judged.get(machine, transitions.INITIAL[machine])
            allowed = transitions.possible(machine, current)
        words = LABELS[group_of(machine)]
        options = [(f"{machine}:{m.to}", str(words.get(m.to, m.to))) for m in allowed]
        if options:
            found.append((str(LABELS["machine"][machine]), options))
    return found


def _move(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    machine, _colon, to = given.pop("to").partition(":")
    return moves.make(on=subject.row, machine=machine, to=to, by=by, at=at, **given)


def _adopt(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    reading = cast("Reading", subject.row)
    return adoptions.adopt(reading=reading, by=by, at=at, **given)


def _set_aside(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return readings.set_aside(row=cast("Reading", subject.row), by=by, at=at, **given)


def _resume(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return clock_stops.resume(row=cast("ClockStop", subject.row), by=by, at=at, **given)


def _lift(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return suspensions.lift(row=cast("Suspension", subject.row), by=by, at=at, **given)


def _become(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    pledge = row(subject.row.dossier, "pledge", given.pop("pledge"))
    return positions.become(
        row=cast("Position", subject.row), pledge=cast("Pledge", pledge), by=by, at=at, **given
    )


def _withdraw(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return TABLE[subject.noun].verbs.withdraw(row=subject.row, by=by, at=at, **given)


def _restore(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return TABLE[subject.noun].verbs.restore(row=subject.row, by=by, at=at, **given)


def _part(subject: Subject, given: dict[str, Any], by: User | None, at: datetime) -> object:
    return merges.part_pledges(row=cast("Pledge", subject.row), by=by, at=at, **given)


def _stands(subject: Subject) -> bool:
    state = subject.view.state
    return subject.noun == "reading" and not (subject.is_withdrawn or state.get("set_aside_at"))


def _is_open(noun: str) -> Callable[[Subject], bool]:
    def applies(subject: Subject) -> bool:
        ended = subject.view.state.get("end")
        return subject.noun == noun and not (subject.is_withdrawn or ended)

    return applies


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed(
            "judge",
            _("Say what became of it"),
            _("A judgement is a fact with an author, a date and a reason. The clock makes none."),
            _("Record the judgement"),
            MoveForm,
            lambda s: (
                s.noun in MOVABLE and not (s.is_withdrawn or s.is_merged) and bool(outcomes(s))
            ),
            _move,
            _("The judgement of “%(title)s” is recorded."),
            saw=lambda s: decisions.judged(s.row),
            dated=("effective", "public"),
        ),
        Deed(
            "adopt",
            _("Adopt this reading"),
            _("It then drives start, countdown and expiry. The others stay in view and count on."),
            _("Adopt it"),
            AdoptForm,
            _stands,
            _adopt,
            _("The reading “%(title)s” is adopted."),
            saw=lambda s: decisions.adopted(s.row),
            dated=("public",),
        ),
        Deed(
            "set-aside",
            _("Set this reading aside"),
            _("It stays visible and no longer counts for the envelope."),
            _("Set it aside"),
            SetAsideForm,
            _stands,
            _set_aside,
            _("The reading “%(title)s” is set aside."),
            dated=("when",),
        ),
        Deed(
            "resume",
            _("Let the clock run again"),
            _("The time that remained when the clock stopped runs on from then."),
            _("Let it run"),
            EndForm,
            _is_open("clock_stop"),
            _resume,
            _("The clock runs again: the stop “%(title)s” has an end."),
        ),
        Deed(
            "lift",
            _("Lift the suspension"),
            _("A suspension never stopped the clock: the end of the term stays where it is."),
            _("Lift it"),
            EndForm,
            _is_open("suspension"),
            _lift,
            _("The suspension “%(title)s” has an end."),
        ),
        Deed(
            "become",
            _("It became a pledge"),
            _("Enter the pledge first. The position keeps its accounts and names the pledge."),
            _("Name the pledge"),
            BecomeForm,
            lambda s: s.noun == "position" and not (s.is_withdrawn or s.view.state.get("became")),
            _become,
            _("The position “%(title)s” names the pledge that it became."),
        ),
        Deed(
            "withdraw",
            _("Withdraw"),
            _("It no longer holds from then on, and stays in the register with the reason."),
            _("Withdraw it"),
            WithdrawForm,
            lambda s: not (s.is_withdrawn or s.is_merged),
            _withdraw,
            _("“%(title)s” is withdrawn."),
            dated=("when",),
            is_grave=True,
        ),
        Deed(
            "restore",
            _("Take the withdrawal back"),
            _("It then holds as if it had never been withdrawn. The history keeps both."),
            _("Take it back"),
            WhyForm,
            lambda s: s.is_withdrawn and not s.is_merged,
            _restore,
            _("The withdrawal of “%(title)s” is taken back."),
        ),
        Deed(
            "part",
            _("Take the merge back"),
            _("What the merge moved is moved back, and both pledges stand as they stood."),
            _("Take it back"),
            WhyForm,
            lambda s: s.is_merged,
            _part,
            _("The merge of “%(title)s” is taken back."),
            is_grave=True,
        ),
    )
}


def of(subject: Subject) -> list[Deed]:
    """The deeds that can be done to it now."""
    return [deed for deed in DEEDS.values() if deed.applies(subject)]
