"""A change of many pledges: what it will make of each, in words; and making it, or proposing it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tracker.actions import bulk as actions
from tracker.actions import record
from tracker.domain import durations
from tracker.domain.bulk import Change
from tracker.domain.errors import DomainError
from tracker.models import Dossier, Pledge, Proposal
from tracker.selectors.bulk import Chosen
from tracker.web import proposing
from tracker.web.choices import of_dossier
from tracker.web.pages import SignedIn
from tracker.words import FORMER_MEMBER, isolated, refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a pledge, as it is and as it will be."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A pledge and what will change of it; ``why``: why nothing of it can.

    ``is_entered``: some of it is in the register, and not only in one's own settings.
    """

    row: Pledge
    seq: int
    steps: list[Step]
    why: str = ""
    is_entered: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """``seen`` goes out with it and comes back: what the pledges were when it was made."""

    changed: list[Line]
    same: list[Line]
    refused: list[Line]

    @property
    def proposes(self) -> bool:
        """Whether somebody else has to confirm some of it first."""
        return any(line.is_entered and line.row.dossier.four_eyes for line in self.changed)

    @property
    def seen(self) -> str:
        return " ".join(f"{line.row.ref}:{line.seq}" for line in self.changed)


def preview(
    found: Sequence[Chosen],
    change: Change,
    *,
    names: Mapping[str, str],
    members: Mapping[int, Mapping[str, str]],
) -> Preview:
    """``names``: people by opaque id; ``members``: those who may watch a pledge, by dossier."""
    made = Preview([], [], [])
    for one in found:
        try:
            change.check_analyst(members[one.row.dossier_id])
            steps = list(_steps(one, change, names))
        except DomainError as error:
            made.refused.append(Line(one.row, one.seq, [], refusal(error)))
        else:
            entered = bool(change.columns(one.state))
            line = Line(one.row, one.seq, steps, is_entered=entered)
            (made.changed if steps else made.same).append(line)
    return made


def _steps(one: Chosen, change: Change, names: Mapping[str, str]) -> Iterator[Step]:
    state = one.state
    for name, value in change.columns(state).items():
        match name:
            case "analyst":
                before, after = (_person(uid, names) for uid in (state[name], value))
                yield Step(gettext("Watched by"), before, after)
            case "cadence":
                before, after = (_span(text) for text in (state[name], value))
                yield Step(gettext("Verified every"), before, after)
            case "tags":
                yield Step(gettext("Tags"), _tags(state[name]), _tags(value))
    if change.watch is not None and change.watch is not one.is_watched:
        muted = one.watching is not None and one.watching.is_mute
        not_watched = gettext("muted") if muted else gettext("not watched")
        said = (not_watched, gettext("watched"))
        yield Step(gettext("By you"), said[one.is_watched], said[change.watch])


def _person(uid: Any, names: Mapping[str, str]) -> str:
    return isolated(names.get(uid, str(FORMER_MEMBER))) if uid else gettext("nobody")


def _span(text: str) -> str:
    return durations.parse(text).words if text else gettext("by the length of the term")


def _tags(tags: Sequence[str]) -> str:
    return ", ".join(map(isolated, tags)) or gettext("none")


@dataclass(frozen=True, slots=True)
class Done:
    """What was made of the pledges of one dossier; ``proposal``: what somebody else confirms."""

    dossier: Dossier
    number: int
    proposal: Proposal | None


def apply(
    request: SignedIn, change: Change, seen: Mapping[str, int], *, at: datetime, reason: str
) -> list[Done]:
    """All of it in one transaction, dossier by dossier; where four eyes are asked for it is
    proposed. Raises what the actions refuse, and then nothing is done.
    """
    with record.batch(at=at):
        found = actions.checked(seen=seen, change=change, by=request.user)
        here: dict[str, list[Chosen]] = {}
        for one in found:
            here.setdefault(one.row.dossier.slug, []).append(one)
        done = [
            _of_dossier(request, change, rows, len(found) - 1, at=at, reason=reason)
            for _slug, rows in sorted(here.items())
        ]
        actions.watch(rows=found, change=change, by=request.user, at=at)
    return done


def _of_dossier(
    request: SignedIn,
    change: Change,
    rows: list[Chosen],
    others: int,
    *,
    at: datetime,
    reason: str,
) -> Done:
    dossier = rows[0].row.dossier

    def amend() -> None:
        actions.amend(
            rows=rows, change=change, others=others, by=request.user, at=at, reason=reason
        )

    if not (dossier.four_eyes and any(change.columns(one.state) for one in rows)):
        amend()
        return Done(dossier, len(rows), None)
    # Not as typed in a form: opened again, it would be a form for other pledges.
    proposed = proposing.instead(request, amend, of_dossier(dossier), is_typed=False)()
    return Done(dossier, len(rows), proposed if isinstance(proposed, Proposal) else None)


def seen_of(text: str) -> dict[str, int]:
    """What ``Preview.seen`` was; what cannot be read was not seen."""
    found = {}
    for part in text.split():
        ref, _colon, seq = part.rpartition(":")
        if ref:
            found[ref] = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 19 else -1
    return found
