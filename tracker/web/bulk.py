"""What a change of many pledges will make of each, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from tracker.domain import durations
from tracker.domain.bulk import Change
from tracker.domain.errors import DomainError
from tracker.models import Pledge
from tracker.selectors.bulk import Chosen
from tracker.words import FORMER_MEMBER, isolated


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a pledge, as it is and as it will be."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A pledge and what will change of it; ``why``: why nothing of it can."""

    row: Pledge
    seq: int
    steps: list[Step]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """``seen`` goes out with it and comes back: what the pledges were when it was made."""

    changed: list[Line]
    same: list[Line]
    refused: list[Line]

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
            made.refused.append(Line(one.row, one.seq, [], str(error)))
        else:
            (made.changed if steps else made.same).append(Line(one.row, one.seq, steps))
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


def seen_of(text: str) -> dict[str, int]:
    """What ``Preview.seen`` was; what cannot be read was not seen."""
    found = {}
    for part in text.split():
        ref, _colon, seq = part.rpartition(":")
        if ref:
            found[ref] = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 19 else -1
    return found
