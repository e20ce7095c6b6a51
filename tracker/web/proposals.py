"""A proposal in words: each row with what would change in it, and what that does to the term.

Must not live here: what is applied (selectors/steps.py), pages (views/proposals.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from tracker.domain import status
from tracker.domain.status import Assessment
from tracker.models import FACTS, Dossier, Party, Proposal
from tracker.selectors import histories
from tracker.selectors.facts import State, Tables, pledge_facts
from tracker.selectors.histories import Change
from tracker.selectors.previews import with_rows
from tracker.selectors.steps import Settled
from tracker.web.choices import Choices
from tracker.web.forms.facts import FactForm
from tracker.web.forms.parties import PartyForm
from tracker.web.nouns import TABLE
from tracker.web.states import Column, Difference, Item, columns_of, differences

MOST = 3  # pledges whose term is shown before and after


@dataclass(frozen=True, slots=True)
class StepView:
    """One row. A new one has ``columns``, a changed one ``differences``. ``newer``: what was
    changed since it was proposed; ``url``: of the row, where there is one.
    """

    noun: str
    key: str
    title: str
    reason: str
    is_new: bool
    is_so: bool
    url: str
    columns: Sequence[Column]
    differences: Sequence[Difference]
    newer: Change | None

    @property
    def is_overtaken(self) -> bool:
        return self.newer is not None


@dataclass(frozen=True, slots=True)
class Effect:
    """A pledge as it stands, and as it would. ``now`` None: there is none of that reference yet."""

    ref: str
    title: str
    now: Assessment | None
    then: Assessment
    zone: str

    @property
    def is_felt(self) -> bool:
        return self.now is None or _told(self.now) != _told(self.then)


def _told(one: Assessment) -> tuple[object, ...]:
    return (one.stage, one.compliance, one.overlays, one.starts, one.ends, one.envelope)


def steps_of(proposal: Proposal, found: Sequence[Settled], choices: Choices) -> list[StepView]:
    """In their order; ``choices``: of the dossier as it stands."""
    known = _with_new(choices, found)
    missing = set(_missing(proposal.dossier, found, choices))
    return [_step(proposal, one, known, missing) for one in found]


def _step(proposal: Proposal, one: Settled, known: Choices, missing: set[str]) -> StepView:
    step, form = one.step, _form(one.step.noun)
    is_open = proposal.decided_at is None
    shown = one.now if is_open else one.before
    told: list[Difference] = []
    columns: list[Column] = []
    if step.is_new:
        columns = columns_of(step.noun, one.columns, form, known)
    else:
        told = differences(
            step.noun,
            before=one.before if step.seen is not None else one.now,
            now=one.now if is_open else one.before,
            typed=one.columns,
            form=form,
            choices=known,
        )
    url = _url(proposal.dossier, step.noun, one.key)
    return StepView(
        noun=step.noun,
        key=one.key,
        title=known.titled(step.noun, shown or one.columns) or one.key,
        reason=step.reason,
        is_new=step.is_new,
        is_so=one.is_so and is_open,
        url="" if url in missing else url,
        columns=[replace(c, items=_linked(c.items, missing)) for c in columns],
        differences=[
            replace(
                row,
                before=_linked(row.before, missing),
                now=_linked(row.now, missing),
                typed=_linked(row.typed, missing),
            )
            for row in told
        ],
        newer=_newer(one) if is_open and one.is_overtaken else None,
    )


def _newer(one: Settled) -> Change:
    return histories.of_entry(chain=one.step.chain, seq=one.seq)


def _form(noun: str) -> type[FactForm]:
    return PartyForm if noun == Party.NOUN else TABLE[noun].form


def _url(dossier: Dossier, noun: str, key: str) -> str:
    if noun == Party.NOUN:
        return reverse("party", args=(key,))
    return reverse("fact", args=(dossier.slug, noun, key))


def _missing(dossier: Dossier, found: Iterable[Settled], choices: Choices) -> Iterator[str]:
    """The addresses of rows that there are not: nothing leads there yet."""
    for one in found:
        held = choices.parties if one.step.noun == Party.NOUN else choices.tables[one.step.noun]
        if one.key not in held:
            yield _url(dossier, one.step.noun, one.key)


def _linked(items: list[Item], missing: set[str]) -> list[Item]:
    return [replace(one, url="") if one.url in missing else one for one in items]


def _with_new(choices: Choices, found: Iterable[Settled]) -> Choices:
    """What rows are called that are proposed alone: a new party, a new pledge."""
    tables: dict[str, dict[str, State]] = {noun: dict(t) for noun, t in choices.tables.items()}
    parties = dict(choices.parties)
    for one in found:
        if one.step.noun == Party.NOUN:
            parties.setdefault(one.key, str(one.columns.get("name") or one.key))
        elif one.step.is_new:
            tables[one.step.noun].setdefault(one.key, one.columns)
    return replace(choices, tables=tables, parties=parties)


def effects_of(found: Sequence[Settled], choices: Choices, *, at: datetime) -> list[Effect]:
    """What becomes of the pledges that the steps bear on, were it confirmed at ``at``."""
    refs = list(dict.fromkeys(ref for one in found for ref in one.step.pledges))[:MOST]
    if not refs:
        return []
    rows: dict[str, dict[str, State]] = {}
    for one in found:
        if one.step.noun in FACTS:
            rows.setdefault(one.step.noun, {})[one.key] = one.after
    then = with_rows(choices.tables, rows, at=at)
    return [_effect(ref, choices.tables, then, choices, at) for ref in refs]


def _effect(ref: str, now: Tables, then: Tables, choices: Choices, at: datetime) -> Effect:
    assert choices.dossier is not None
    return Effect(
        ref=ref,
        title=str((now if ref in now["pledge"] else then)["pledge"][ref]["title"]),
        now=status.evaluate(pledge_facts(now, ref), at=at) if ref in now["pledge"] else None,
        then=status.evaluate(pledge_facts(then, ref), at=at),
        zone=choices.dossier.zone,
    )
