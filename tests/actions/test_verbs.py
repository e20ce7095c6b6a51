"""Every verb: what it writes replays from the ledger, and a failure half way writes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.actions.house import AT, PUBLIC, Made, bare, full, pledged
from tracker.actions import (
    accounts,
    adoptions,
    clock_stops,
    comments,
    conditions,
    counts,
    deadlines,
    dependencies,
    dossiers,
    extensions,
    incidents,
    instruments,
    memberships,
    moves,
    parties,
    pledges,
    positions,
    readings,
    record,
    sources,
    suspensions,
    triggers,
    users,
    verifications,
    viewings,
)
from tracker.actions import ledger as appending
from tracker.domain.access import Role
from tracker.domain.errors import Conflict, DomainError, Invalid
from tracker.models import (
    FACTS,
    NOUNS,
    PARTIES,
    PEOPLE,
    Account,
    Dossier,
    LedgerChain,
    LedgerEntry,
    Membership,
    Pledge,
    Source,
    User,
)
from tracker.selectors import ledger, rows

pytestmark = pytest.mark.django_db
Act = Callable[[Made, dict[str, Any]], Any]
LATER = "2025-05-01 UTC"


def member() -> User:
    return users.register(email="ann@example.org", name="Ann", password=None, by=None, at=AT)


def taken_back(module: Any, name: str) -> Act:
    return lambda made, how: module.withdraw(
        row=getattr(made, name), when=LATER, reason="Denied by its author", **how
    )


def put_right(module: Any, name: str) -> Act:
    return lambda made, how: module.amend(row=getattr(made, name), note="Put right", **how)


FACT_MODULES = {
    "source": sources,
    "instrument": instruments,
    "pledge": pledges,
    "position": positions,
    "account": accounts,
    "trigger": triggers,
    "deadline": deadlines,
    "extension": extensions,
    "stop": clock_stops,
    "suspension": suspensions,
    "condition": conditions,
    "verification": verifications,
    "incident": incidents,
    "count": counts,
    "dependency": dependencies,
    "comment": comments,
}
ACTS: dict[str, Act] = {
    "dossiers.open": lambda _, how: dossiers.open(slug="newly", title="New", **how),
    "dossiers.amend": lambda m, how: dossiers.amend(row=m.dossier, title="Renamed", **how),
    "memberships.grant": lambda m, how: memberships.grant(
        dossier=m.dossier, user=member(), role=Role.ANALYST, **how
    ),
    "parties.register": lambda _, how: parties.register(
        slug="newly", name="New", kind="armed_group", aliases=["N", "Nw"], **how
    ),
    "parties.amend": lambda m, how: parties.amend(row=m.alpha, iso="AL", **how),
    "parties.admit": lambda m, how: parties.admit(coalition=m.league, member=m.beta, **how),
    "parties.part": lambda m, how: parties.part(
        row=m.league.members.get(), until="2025-01 UTC", **how
    ),
    "sources.add": lambda m, how: sources.add(
        dossier=m.dossier, key="k", title="T", kind="news", public=PUBLIC, **how
    ),
    "instruments.conclude": lambda m, how: instruments.conclude(
        dossier=m.dossier,
        key="k",
        title="T",
        kind="call",
        form="oral",
        parties=[m.alpha],
        public=PUBLIC,
        **how,
    ),
    "triggers.add": lambda m, how: triggers.add(
        dossier=m.dossier,
        key="k",
        title="T",
        kind="step_done",
        of_deadline=m.deadline,
        public=PUBLIC,
        **how,
    ),
    "positions.become": lambda m, how: positions.become(row=m.position, pledge=m.pledge, **how),
    "readings.set_aside": lambda m, how: readings.set_aside(
        row=m.readings[1], when=LATER, reason="Nobody counts so", **how
    ),
    "readings.amend": lambda m, how: readings.amend(row=m.readings[1], note="n", **how),
    "readings.withdraw": lambda m, how: readings.withdraw(
        row=m.readings[1], when=LATER, reason="Taken back", **how
    ),
    "adoptions.withdraw": lambda m, how: adoptions.withdraw(
        row=m.adoption, when=LATER, reason="Too early", **how
    ),
    "extensions.reject": lambda m, how: extensions.reject(
        row=extensions.propose(pledge=m.pledge, kind="tacit", public=LATER, **how),
        effective=LATER,
        reason="Refused",
        public=LATER,
        **how,
    ),
    "comments.write": lambda m, how: comments.write(
        on=m.position, text="Is that a promise?", mentions=[], **how
    ),
    "viewings.record": lambda m, how: viewings.record(source=m.source, **how),
    "viewings.withdraw": taken_back(viewings, "viewing"),
    "verifications.record": lambda m, how: verifications.record(
        pledge=m.pledge,
        period_start=PUBLIC,
        period_end=LATER,
        finding="held",
        reasoning="Nobody reports a strike.",
        sources=[m.source],
        viewed=True,
        public=LATER,
        **how,
    ),
    "moves.make": lambda m, how: moves.make(
        on=m.incident, to="under_inquiry", effective=LATER, reason="Asked", public=LATER, **how
    ),
    **{f"{name}.withdraw": taken_back(module, name) for name, module in FACT_MODULES.items()},
    **{f"{name}.amend": put_right(module, name) for name, module in FACT_MODULES.items()},
}


def assert_replays(*chains: str) -> None:
    """The ledger is whole, and what it folds to is what the rows say, read columns and all."""
    for chain in chains:
        assert ledger.problem(chain) is None
        assert list(ledger.differences(chain)) == []
        if chain == PEOPLE:  # a person has no columns of a noun
            continue
        told = ledger.tables(chain)
        if chain == PARTIES:
            held = {n: rows.states(NOUNS[n], NOUNS[n]._default_manager.all()) for n in told}
        else:
            held = rows.tables(Dossier.objects.get(slug=chain))
        for noun, states in held.items():
            for key, state in states.items():
                again = dict(told[noun][key])
                assert state["recorded_at"] == again["recorded_at"]
                if noun != "pledge":  # its version counts the edits of its facts as well
                    assert state["version"] == again["version"], (noun, key)


def test_one_of_everything_replays_to_the_rows() -> None:
    made = full()
    assert_replays(PARTIES, made.dossier.slug)
    told = ledger.tables(made.dossier.slug)
    assert {noun for noun in FACTS if told.get(noun)} == set(FACTS)
    assert told["instrument"]["call"]["parties"] == ["case-alpha", "case-beta"]
    assert told["pledge"]["case-2"]["reciprocates"] == ["case-1"]
    assert told["account"]["case-1.account.1"]["values"] == {"duration": "30 days"}


@pytest.mark.parametrize("verb", ACTS)
def test_a_verb_writes_all_or_nothing(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = full()
    heads = ledger.heads()

    def fails(**_: Any) -> None:
        raise RuntimeError("the ledger cannot be written")

    with monkeypatch.context() as broken:
        broken.setattr(appending, "append", fails)
        with pytest.raises(RuntimeError, match="cannot be written"), transaction.atomic():
            ACTS[verb](made, made.how())
    assert ledger.heads() == heads
    assert_replays(*heads)
    with record.batch(at=made.clock):
        ACTS[verb](made, made.how())
    assert ledger.heads() != heads
    assert_replays(*LedgerChain.objects.values_list("name", flat=True))


def test_the_ledger_names_who_what_and_why() -> None:
    ann = member()
    made = bare(by=ann)
    sources.amend(row=made.source, title="Better", why="A slip", by=ann, at=AT)
    entry = LedgerEntry.objects.filter(noun="source").latest("seq")
    assert (entry.action, entry.by, entry.reason) == ("sources.amend", str(ann.uid), "A slip")
    assert "ann@example.org" not in f"{entry.state} {entry.by}"
    assert '"title":"Better"' in (entry.state or "")


def test_revoking_a_membership_deletes_the_row_and_is_remembered() -> None:
    made = bare()
    granted = memberships.grant(
        dossier=made.dossier, user=member(), role=Role.ANALYST, by=None, at=AT
    )
    key = str(granted.user.uid)
    memberships.revoke(row=granted, by=None, at=AT + timedelta(days=1), reason="Left")
    assert not Membership.objects.exists()
    assert_replays(made.dossier.slug)
    assert ledger.tables(made.dossier.slug, known=AT + timedelta(hours=1))["membership"] == {
        key: {
            "role": "analyst",
            "recorded_at": "2025-06-01T09:00:00Z",
            "version": 1,
        }
    }


def test_a_taken_key_is_refused_and_says_nothing_of_where() -> None:
    made = bare()
    with pytest.raises(Conflict) as refused:
        sources.add(
            dossier=made.dossier, key="readout", title="T", kind="news", public=PUBLIC, **made.how()
        )
    assert refused.value.field == "key"
    other = bare("elsewhere")
    pledged(made)
    with pytest.raises(Conflict) as refused:
        pledged(other)
    assert refused.value.field == "ref"
    positions.record(
        dossier=other.dossier,
        ref="CASE-9",
        title="T",
        kind="demand",
        party=made.alpha,
        public=PUBLIC,
        **made.how(),
    )
    with pytest.raises(DomainError) as by_position:
        pledged(made, "CASE-9")
    # By what, and in which dossier, is told to nobody.
    assert str(refused.value) == "“CASE-1” is taken. Choose another."
    assert str(by_position.value) == "“CASE-9” is taken. Choose another."


def test_a_key_that_is_left_out_is_the_next_free_one_beneath_its_owner() -> None:
    made = bare()
    one = pledged(made)
    keys = [
        deadlines.add(pledge=one, title="Report", public=PUBLIC, **made.how()).key for _ in range(2)
    ]
    assert keys == ["CASE-1.deadline.1", "CASE-1.deadline.2"]


def test_an_edit_of_any_fact_raises_the_version_of_its_pledge_and_of_those_that_rest_on_it() -> (
    None
):
    made = bare()
    one = pledged(made)
    two = pledged(made, "CASE-2", reciprocates=[one])
    third = pledged(made, "CASE-3")

    def versions() -> list[int]:
        return [Pledge.objects.get(pk=p.pk).version for p in (one, two, third)]

    before = versions()
    verifications.record(
        pledge=one,
        period_start=PUBLIC,
        period_end=LATER,
        finding="breached",
        reasoning="Seen",
        public=LATER,
        **made.how(),
    )
    assert versions() == [before[0] + 1, before[1] + 1, before[2]]


def test_a_stale_edit_is_refused_and_writes_nothing() -> None:
    made = bare()
    read = ledger.last_seq(made.dossier.slug, "source", made.source.key)
    sources.amend(row=made.source, title="First", seen=read, **made.how())
    with pytest.raises(Conflict):
        sources.amend(row=made.source, title="Second", seen=read, **made.how())
    assert Source.objects.get().title == "First"


def test_an_amendment_that_changes_nothing_writes_nothing() -> None:
    made = bare()
    before = LedgerEntry.objects.count()
    instruments.amend(
        row=made.instrument, parties=[made.alpha, made.beta], concluded=PUBLIC, **made.how()
    )
    assert LedgerEntry.objects.count() == before


def test_a_fact_is_withdrawn_once_with_a_time_and_a_reason() -> None:
    made = bare()
    for when, reason in (("", "A forgery"), (LATER, " ")):
        with pytest.raises(Invalid):
            sources.withdraw(row=made.source, when=when, reason=reason, **made.how())
    gone = sources.withdraw(row=made.source, when=LATER, reason="A forgery", **made.how())
    assert gone.withdrawn_at_instant is not None
    with pytest.raises(Conflict):
        sources.withdraw(row=gone, when=LATER, reason="Again", **made.how())


def test_what_an_account_cannot_be_about_is_refused() -> None:
    made = bare()
    with pytest.raises(Invalid, match="cannot be about a source"):
        accounts.record(of=made.source, source=made.source, public=PUBLIC, **made.how())
    assert not Account.objects.exists()


@pytest.mark.parametrize("slug", ["parties", "people"])
def test_a_dossier_cannot_take_the_name_of_a_chain(slug: str) -> None:
    with pytest.raises(Invalid) as refused:
        dossiers.open(slug=slug, title="T", by=None, at=AT)
    assert refused.value.field == "slug"
