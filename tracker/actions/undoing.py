"""Undoing one's last change: what can be undone, and what that is.

What was amended says again what it said; what was entered is withdrawn from when it was public, so
that it never held; a withdrawal is taken back. Each is an entry of the ledger; nothing is deleted.
"""

from collections.abc import Iterator
from datetime import datetime

from tracker.domain.errors import Conflict, NotAllowed, NotFound
from tracker.domain.sentences import _
from tracker.models import (
    FACTS,
    NOUNS,
    PARTY_NOUNS,
    Adoption,
    Comment,
    Dossier,
    Fact,
    LedgerEntry,
    Move,
    User,
)
from tracker.selectors import decisions, last_changes, people, rows
from tracker.selectors.last_changes import WITHIN, Step

from . import ledger, record

MISTAKEN = "Entered by mistake, undone."
UNDONE = "Undone."
VERB = "undo"
UNDOABLE = {*FACTS, *PARTY_NOUNS, Dossier.NOUN}


def undo(*, chain: str, first: int, last: int, by: User, at: datetime) -> list[LedgerEntry]:
    """Undoes the deed that the ledger has from ``first`` to ``last``; the entries that were undone.

    Raises NotFound when there is no such deed of that person, Conflict when it is too late, or when
    something was changed or entered on top of it.
    """
    with record.batch(at=at):
        ledger.lock(chain)
        steps = _deed(chain, first, last, by)
        for step in steps:
            _check_time(step, at)
            _check_last(step)
        for step in steps:
            _check_nothing_rests_on(step, steps)
        for step in steps:
            _undo(step, by, at)
    return [step.entry for step in steps]


def can_be_undone(step: Step, *, by: User, at: datetime) -> bool:
    """Whether it is worth offering: one's own last change of the row, not long ago."""
    entry = step.entry
    is_own = entry.by == str(by.uid)
    return is_own and at - entry.recorded_at <= WITHIN and _has_a_way_back(step)


def _has_a_way_back(step: Step) -> bool:
    """What is no fact has no withdrawal: parties, members and dossiers stay once entered."""
    return step.before is not None or step.entry.noun in FACTS


def _deed(chain: str, first: int, last: int, by: User) -> list[Step]:
    steps = last_changes.steps(chain, first, last)
    entries = [step.entry for step in steps]
    authors = {entry.by for entry in entries}
    if len(steps) != last - first + 1 or authors != {str(by.uid)}:
        raise NotFound("There is no such change of yours.")
    if len({entry.recorded_at for entry in entries}) != 1:
        raise NotFound("These are several changes.")
    if any(entry.noun not in UNDOABLE or entry.state is None for entry in entries):
        raise NotFound("This is no change of a row.")
    if not all(_has_a_way_back(step) for step in steps):
        raise NotAllowed(
            _("This cannot be taken back once it is entered."),
            mend=_("Amend what is wrong with it."),
        )
    return steps


def _check_time(step: Step, at: datetime) -> None:
    if at - step.entry.recorded_at > WITHIN:
        raise Conflict(
            _("This was more than an hour ago."), mend=_("Amend it, or withdraw it with a reason.")
        )


def _check_last(step: Step) -> None:
    later = last_changes.later(step.entry)
    if later is None:
        return
    if later.by == step.entry.by:
        is_undone = later.action.endswith(f".{VERB}")
        raise Conflict(
            _("It is undone already.") if is_undone else _("You changed it again since."),
            mend=_("Look at it as it stands now."),
        )
    raise Conflict(
        _("{people} changed it since.", people=people.called(later.by)),
        mend=_("Look at it as it stands now, and amend it where it is wrong."),
    )


def _check_nothing_rests_on(step: Step, steps: list[Step]) -> None:
    """A row goes back to not holding only while no other that holds names it."""
    if step.before is not None:
        return
    row = _row(step.entry)
    undone = {(other.entry.noun, other.entry.row_id) for other in steps}
    for other in _resting_on(row):
        if (other.NOUN, other.pk) not in undone:
            raise Conflict(
                _(
                    "Something rests on it by now: the {noun} “{other}”.",
                    noun=other.NOUN.replace("_", " "),
                    other=other,
                ),
                mend=_("Undo or withdraw that first, or amend this."),
            )
    if _decided(row) > max(other.entry.seq for other in steps):
        raise Conflict(
            _("Somebody decided on this again since."), mend=_("Look at it as it stands now.")
        )


def _resting_on(row: Fact) -> Iterator[Fact]:
    """The rows that hold and name this one. A comment only talks of it."""
    for model in FACTS.values():
        for name in model.ENTERED if model is not Comment else ():
            if model._meta.get_field(name).related_model is type(row):
                yield from model._default_manager.filter(**{name: row, "withdrawn_at": ""})


def _decided(row: Fact) -> int:
    """The last decision about what a judgement or an adoption is of; 0: it is neither."""
    if isinstance(row, Move):
        owners = (row.pledge, row.condition, row.incident, row.deadline, row.extension)
        return max(decisions.judged(owner) for owner in owners if owner is not None)
    if isinstance(row, Adoption):
        return decisions.adopted(row.reading)
    return 0


def _undo(step: Step, by: User, at: datetime) -> None:
    entry = step.entry
    if step.before is not None:
        given, reason = step.before, UNDONE
    else:
        given = {"withdrawn_at": step.after["public"], "withdrawn_reason": MISTAKEN}
        reason = MISTAKEN
    columns = NOUNS[entry.noun].ENTERED
    record.put(
        entry.noun,
        entry.row_key,
        {name: value for name, value in given.items() if name in columns},
        dossier=_dossier(entry),
        by=by,
        at=at,
        action=f"{entry.noun}.{VERB}",
        reason=reason,
        seen=entry.seq,
    )


def _dossier(entry: LedgerEntry) -> Dossier | None:
    return Dossier.objects.get(slug=entry.chain_id) if entry.noun in FACTS else None


def _row(entry: LedgerEntry) -> Fact:
    model = FACTS[entry.noun]
    found: Fact = model._default_manager.get(
        **{"dossier__slug": entry.chain_id, rows.key_path(model): entry.row_key}
    )
    return found
