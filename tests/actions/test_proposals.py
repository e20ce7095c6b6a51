"""Proposals: what they leave as it was, what confirming writes, and who may not."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests import kept
from tests.actions.house import PUBLIC, Made, full, pledged
from tests.actions.people import at_once, person
from tracker.actions import (
    accounts,
    adoptions,
    comments,
    deadlines,
    departures,
    memberships,
    moves,
    parties,
    pledge_entries,
    pledges,
    proposals,
    readings,
    record,
    seeds,
    sources,
    undoing,
    verifications,
)
from tracker.domain.errors import Conflict, Invalid, NotAllowed, Unconfirmed
from tracker.domain.proposals import Standing
from tracker.models import (
    Account,
    Adoption,
    Dossier,
    Fact,
    LedgerEntry,
    Move,
    Party,
    Phase,
    Pledge,
    Proposal,
    ProposedStep,
    Reading,
    User,
)
from tracker.selectors import ledger, own_data, rows, steps

pytestmark = pytest.mark.django_db
Write = Callable[[Made, User | None], object]
OWN_TABLES = {"Proposal", "ProposedStep", "LedgerEntry", "LedgerChain"}


@pytest.fixture
@kept.once
def made() -> Made:
    """A full dossier that asks for four eyes; ann is an analyst, rob and ria are reviewers."""
    found = full()
    for name, role in (("ann", "analyst"), ("rob", "reviewer"), ("ria", "reviewer")):
        found.rows[name] = person(name, found.dossier, role)
    asks(found, four_eyes=True)
    return found


def asks(made: Made, *, four_eyes: bool) -> None:
    record.put("dossier", "case", {"four_eyes": four_eyes}, dossier=None, **made.how())
    made.dossier = Dossier.objects.get(slug="case")
    for name, row in list(made.rows.items()):
        if isinstance(row, Fact):
            made.rows[name] = type(row)._default_manager.get(pk=row.pk)


def propose(made: Made, write: Write, by: User | None = None) -> Proposal:
    """What somebody would write, proposed; ann's, where nobody is named."""
    author: User = by or made.ann
    noted = proposals.rehearsed(lambda: write(made, author))
    return proposals.propose(
        dossier=made.dossier, steps=noted, title="A change", by=author, at=made.tick()
    )


def confirm(made: Made, row: Proposal, by: User | None = None) -> Proposal:
    seen = steps.token(steps.settled(row))
    return proposals.confirm(row=row, seen=seen, by=by or made.rob, at=made.tick())


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but for those that a proposal is kept in, and who is told of it."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("tracker").get_models(include_auto_created=True)
        if model.__name__ not in OWN_TABLES | {"Alert"}
    }


def who(made: Made, by: User | None) -> dict[str, Any]:
    return {"by": by, "at": made.clock}


def enter_source(made: Made, by: User | None) -> object:
    return sources.add(
        dossier=made.dossier,
        key="second",
        title="Second",
        kind="readout",
        published=PUBLIC,
        public=PUBLIC,
        **who(made, by),
    )


def amend_pledge(made: Made, by: User | None) -> object:
    row = Pledge.objects.get(pk=made.pledge.pk)
    row.dossier = made.dossier
    return pledges.amend(row=row, title="Alpha halts all strikes", why="As said", **who(made, by))


def judge_condition(made: Made, by: User | None) -> object:
    return moves.make(
        on=made.condition,
        to="met",
        effective="2025-04-02 UTC",
        public="2025-04-02 UTC",
        reason="Seen",
        **who(made, by),
    )


def adopt_other(made: Made, by: User | None) -> object:
    return adoptions.adopt(
        reading=Reading.objects.select_related("dossier").get(pk=made.readings[1].pk),
        public="2025-04-03 UTC",
        reason="The convention",
        **who(made, by),
    )


def read_anew(made: Made, by: User | None) -> object:
    return readings.add(
        of=made.pledge, start=PUBLIC, duration="P20D", public=PUBLIC, **who(made, by)
    )


def withdraw_account(made: Made, by: User | None) -> object:
    return accounts.withdraw(
        row=made.account, when="2025-04-04 UTC", reason="Misheard", **who(made, by)
    )


def whole_pledge(made: Made, by: User | None) -> object:
    """A party that is named anew, a pledge, its account, two readings, and an adoption."""
    step = pledge_entries.Step(dossier=made.dossier, by=by, at=made.clock)
    with record.batch(at=made.clock):
        parties.register(slug="gamma", name="Gamma", kind="state", **who(made, by))
        columns = {
            "title": "Gamma frees prisoners",
            "instrument": "call",
            "pledgor": "gamma",
            "beneficiaries": ["case-alpha"],
            "act": "release",
            "subject": "prisoners",
            "public": PUBLIC,
        }
        step.pledge(ref="case-9", columns=columns)
        step.account({"source": "readout", "quotation": "thirty days", "credibility": 3})
        step.readings(
            {"start": PUBLIC, "duration": "P7D", "assumption": ""}, stated=["start_account"]
        )
        step.adoption({"rule": "inclusive", "reason": "As said", "public": "", "note": ""})
    return step.made


def verify(made: Made, by: User | None) -> object:
    return verifications.record(
        pledge=made.pledge,
        period_start="2025-04-01 UTC",
        period_end="2025-04-07 UTC",
        finding="held",
        reasoning="Nobody reports a breach",
        public="2025-04-08 UTC",
        **who(made, by),
    )


WRITES: tuple[Write, ...] = (
    enter_source,
    amend_pledge,
    judge_condition,
    adopt_other,
    read_anew,
    withdraw_account,
    whole_pledge,
    verify,
)


@pytest.mark.parametrize("write", WRITES)
def test_proposing_leaves_every_other_table_as_it_was(made: Made, write: Write) -> None:
    before, heads = everything(), LedgerEntry.objects.count()
    row = propose(made, write)
    assert everything() == before
    assert row.steps.count() >= 1
    entry = LedgerEntry.objects.order_by("pk").last()
    assert entry is not None
    assert LedgerEntry.objects.count() == heads + 1
    assert (entry.action, entry.by, entry.row_key) == (
        "proposals.propose",
        str(made.ann.uid),
        str(row.uid),
    )
    replays()


@pytest.mark.parametrize("write", WRITES)
def test_confirming_gives_the_rows_that_direct_writing_would_have(made: Made, write: Write) -> None:
    before = rows.tables(made.dossier)

    def by_confirming() -> None:
        confirm(made, propose(made, write))

    def directly() -> None:
        made.tick()
        made.tick()  # proposing and confirming take one each
        write(made, None)

    results = []
    for way in (by_confirming, directly):
        clock = made.clock
        with transaction.atomic():
            way()
            replays()
            held = rows.tables(made.dossier)
            phases = list(
                Phase.objects.order_by("pledge__ref", "from_at").values_list(
                    "pledge__ref", "from_at", "until_at", "stage", "compliance"
                )
            )
            known = list(Party.objects.order_by("slug").values_list("slug", "name", "kind"))
            results.append((held, phases, known))
            transaction.set_rollback(True)
        made.clock = clock
    assert results[0] == results[1]
    assert results[0][0] != before


def replays() -> None:
    for chain in ("case", "parties"):
        assert list(ledger.differences(chain)) == []
        assert ledger.problem(chain) is None


def test_what_is_confirmed_is_its_authors_and_names_its_proposal(made: Made) -> None:
    row = propose(made, whole_pledge)
    confirm(made, row)
    row.refresh_from_db()
    assert (row.standing, row.decided_by, row.typed) == (Standing.CONFIRMED, made.rob, "")
    for step in row.steps.all():
        assert step.entry is not None
        entry = LedgerEntry.objects.get(chain__name=step.chain, seq=step.entry)
        assert (entry.by, entry.noun, entry.row_key) == (
            str(made.ann.uid),
            step.noun,
            step.key,
        )
        assert entry.recorded_at == row.decided_at
    last = LedgerEntry.objects.filter(chain__name="case").order_by("seq").last()
    assert last is not None
    assert (last.action, last.by) == ("proposals.confirm", str(made.rob.uid))
    assert "Ann" not in str(last.state)
    assert list(ProposedStep.objects.filter(proposal=row).values_list("noun", flat=True)) == [
        "party",
        "pledge",
        "account",
        "reading",
        "reading",
        "adoption",
    ]


def test_a_person_changes_no_fact_past_a_second_one(made: Made) -> None:
    for write in WRITES:
        before = everything()
        with pytest.raises(Unconfirmed, match="somebody else has confirmed it"):
            write(made, made.ann)
        assert everything() == before
    with pytest.raises(Unconfirmed):
        verify(made, made.rob)  # whatever the role
    verify(made, None)  # the register itself


def test_what_is_no_fact_is_direct(made: Made) -> None:
    said = comments.write(on=made.pledge, text="Is this so?", **who(made, made.ann))
    comments.amend(row=said, text="Is it?", **who(made, made.ann))
    parties.register(slug="delta", name="Delta", kind="state", **who(made, made.ann))
    pledges.hand_over(rows=[made.pledge], to=made.ann, **who(made, made.rob))
    member = memberships.grant(
        dossier=made.dossier, user=made.ria, role="reader", **who(made, made.rob)
    )
    assert member.role == "reader"
    memberships.revoke(row=member, **who(made, made.rob))
    assert Pledge.objects.get(pk=made.pledge.pk).analyst == made.ann


def test_the_author_neither_confirms_nor_declines(made: Made) -> None:
    row = propose(made, verify, by=made.rob)
    with pytest.raises(NotAllowed, match="Whoever proposed a change"):
        confirm(made, row, by=made.rob)
    with pytest.raises(NotAllowed, match="Whoever proposed a change"):
        proposals.decline(row=row, why="No", by=made.rob, at=made.tick())
    with pytest.raises(NotAllowed, match="Only who proposed"):
        proposals.withdraw(row=row, by=made.ria, at=made.tick())
    row.refresh_from_db()
    assert row.standing == Standing.OPEN
    for standing in (Standing.CONFIRMED, Standing.DECLINED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=row.pk).update(
                standing=standing, decided_by=made.rob, decided_at=made.clock, why="So", typed=""
            )
    assert confirm(made, row, by=made.ria).standing == Standing.CONFIRMED


def test_it_is_decided_once(made: Made) -> None:
    row = propose(made, verify)
    with pytest.raises(Invalid, match="Why it is declined is missing"):
        proposals.decline(row=row, why="  ", by=made.rob, at=made.tick())
    proposals.decline(row=row, why="No source", by=made.rob, at=made.tick())
    with pytest.raises(Conflict, match="declined already"):
        confirm(made, row)
    with pytest.raises(Conflict, match="declined already"):
        proposals.decline(row=row, why="No", by=made.rob, at=made.tick())
    with pytest.raises(Conflict, match="declined already"):
        proposals.withdraw(row=row, by=made.ann, at=made.tick())
    other = propose(made, verify)
    proposals.withdraw(row=other, by=made.ann, at=made.tick())
    other.refresh_from_db()
    assert (other.standing, other.decided_by) == (Standing.WITHDRAWN, made.ann)
    replays()
    actions = LedgerEntry.objects.filter(noun="proposal").order_by("seq")
    assert list(actions.values_list("action", "reason")) == [
        ("proposals.propose", ""),
        ("proposals.decline", "No source"),
        ("proposals.propose", ""),
        ("proposals.withdraw", ""),
    ]


def test_the_same_once_more_is_the_same_proposal(made: Made) -> None:
    one, again = propose(made, amend_pledge), propose(made, amend_pledge)
    assert one == again
    assert propose(made, amend_pledge, by=made.ria) != one
    assert Proposal.objects.count() == 2


def test_of_two_changes_of_a_row_the_second_is_shown_the_first(made: Made) -> None:
    def other_scope(made: Made, by: User | None) -> object:
        row = Pledge.objects.get(pk=made.pledge.pk)
        row.dossier = made.dossier
        return pledges.amend(row=row, scope="All of it", title="Third", **who(made, by))

    first, second = propose(made, amend_pledge), propose(made, other_scope, by=made.ria)
    shown = steps.token(steps.settled(second))
    confirm(made, first)
    with pytest.raises(Conflict, match="changed since you looked"):
        proposals.confirm(row=second, seen=shown, by=made.rob, at=made.tick())
    assert Pledge.objects.get(pk=made.pledge.pk).scope == ""
    (now,) = steps.settled(second)
    assert now.is_overtaken
    assert (now.before["title"], now.now["title"], now.columns["title"]) == (
        "Alpha halts strikes",
        "Alpha halts all strikes",
        "Third",
    )
    confirm(made, second)  # having looked
    row = Pledge.objects.get(pk=made.pledge.pk)
    assert (row.title, row.scope) == ("Third", "All of it")
    replays()


def test_two_accounts_of_one_thing_do_not_take_each_others_key(made: Made) -> None:
    def say(words: str) -> Write:
        def write(made: Made, by: User | None) -> object:
            return accounts.record(
                of=made.pledge,
                source=made.source,
                quotation=words,
                is_paraphrase=True,
                credibility=3,
                public=PUBLIC,
                **who(made, by),
            )

        return write

    one, two = propose(made, say("One")), propose(made, say("Two"))
    assert one.steps.get().key == two.steps.get().key
    confirm(made, one)
    assert not steps.settled(two)[0].is_overtaken
    confirm(made, two)
    said = Account.objects.filter(pledge=made.pledge, quotation__in=["One", "Two"])
    assert sorted(said.values_list("quotation", flat=True)) == ["One", "Two"]
    replays()


def test_made_keys_are_made_anew_with_what_names_them(made: Made) -> None:
    def entered(title: str, days: str) -> Write:
        def write(made: Made, by: User | None) -> object:
            with record.batch(at=made.clock):
                one = deadlines.add(pledge=made.pledge, title=title, public=PUBLIC, **who(made, by))
                return readings.add(
                    of=one, start=PUBLIC, duration=days, public=PUBLIC, **who(made, by)
                )

        return write

    one, two = propose(made, entered("Report", "P3D")), propose(made, entered("Talks", "P4D"))
    confirm(made, one)
    confirm(made, two)
    found = Reading.objects.filter(deadline__pledge=made.pledge).order_by("pk")
    assert list(found.values_list("deadline__key", "key", "duration", "rule")) == [
        ("case-1.deadline.1", "case-1.deadline.1.reading.1-inclusive", "P3D", "inclusive"),
        ("case-1.deadline.1", "case-1.deadline.1.reading.1-exclusive", "P3D", "exclusive"),
        ("case-1.deadline.2", "case-1.deadline.2.reading.1-inclusive", "P4D", "inclusive"),
        ("case-1.deadline.2", "case-1.deadline.2.reading.1-exclusive", "P4D", "exclusive"),
    ]
    replays()


def test_of_two_judgements_the_second_is_shown_the_first(made: Made) -> None:
    one, two = propose(made, judge_condition), propose(made, judge_condition, by=made.ria)
    shown = steps.token(steps.settled(two))
    confirm(made, one)
    with pytest.raises(Conflict):
        proposals.confirm(row=two, seen=shown, by=made.rob, at=made.tick())
    assert Move.objects.filter(condition=made.condition, to="met").count() == 1


def test_a_rule_that_refuses_by_now_is_asked_again(made: Made) -> None:
    row = propose(made, adopt_other)
    readings.withdraw(
        row=made.readings[1], when="2025-04-02 UTC", reason="Taken back", **made.how()
    )
    with pytest.raises(Invalid, match="withdrawn by its speaker"):
        confirm(made, row)
    row.refresh_from_db()
    assert row.standing == Standing.OPEN
    assert Adoption.objects.filter(reading=made.readings[1]).count() == 0


def test_a_reference_that_was_taken_meanwhile_is_refused(made: Made) -> None:
    row = propose(made, whole_pledge)
    made.rows["taken"] = pledged(made, "case-9")
    with pytest.raises(Conflict):
        confirm(made, row)
    assert Pledge.objects.get(ref="case-9").title == "Alpha halts strikes"
    assert not Party.objects.filter(slug="gamma").exists()


def test_what_is_so_already_is_confirmed_without_an_entry(made: Made) -> None:
    row = propose(made, amend_pledge)
    amend_pledge(made, None)
    before = LedgerEntry.objects.count()
    confirm(made, row)
    assert LedgerEntry.objects.count() == before + 1
    assert row.steps.get().entry is None


def test_undoing_is_proposed_too(made: Made) -> None:
    confirm(made, propose(made, amend_pledge))
    seq = ledger.last_seq("case", "pledge", "case-1")

    def undo(made: Made, by: User | None) -> object:
        assert by is not None
        return undoing.undo(chain="case", first=seq, last=seq, **who(made, by))

    row = propose(made, undo)
    assert Pledge.objects.get(pk=made.pledge.pk).title == "Alpha halts all strikes"
    confirm(made, row)
    assert Pledge.objects.get(pk=made.pledge.pk).title == "Alpha halts strikes"


def test_a_failure_half_way_leaves_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    row = propose(made, whole_pledge)
    before = everything()

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(proposals, "_decide", fail)
    with pytest.raises(RuntimeError):
        confirm(made, row)
    assert everything() == before


def test_seeds_are_loaded_by_the_register_itself_and_by_no_person(made: Made) -> None:
    source = b"{title: New, kind: other, public: 2025-04-01 UTC}"
    text = b"dossier: {slug: case}\nsources: {fresh: " + source + b"}"
    with pytest.raises(seeds.SeedRefusedError) as refused:
        seeds.load("case.yaml", text, by=made.ann, at=made.tick())
    assert "once somebody else has confirmed it" in refused.value.lines[0]
    seeds.load("case.yaml", text, by=None, at=made.tick())
    assert Dossier.objects.get(
        slug="case"
    ).four_eyes  # a file that says nothing of it changes nothing


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided(made: Made) -> None:
    row = propose(made, amend_pledge)
    seen, at = steps.token(steps.settled(row)), made.tick()
    jobs = [
        partial(proposals.confirm, row=row, seen=seen, by=by, at=at) for by in (made.rob, made.ria)
    ]
    (failed,) = at_once(*jobs)
    assert isinstance(failed, Conflict)
    assert "confirmed already" in str(failed)
    replays()


def test_turned_off_the_open_ones_can_still_be_decided(made: Made) -> None:
    one, two = propose(made, amend_pledge), propose(made, verify)
    asks(made, four_eyes=False)
    read_anew(made, made.ann)  # counts at once
    confirm(made, one)
    proposals.decline(row=two, why="Not needed", by=made.rob, at=made.tick())
    assert Pledge.objects.get(pk=made.pledge.pk).title == "Alpha halts all strikes"


def test_it_is_confirmed_after_its_author_has_left(made: Made) -> None:
    row = propose(made, amend_pledge)
    User.objects.filter(pk=made.ann.pk).update(is_active=False)
    confirm(made, row)
    assert Pledge.objects.get(pk=made.pledge.pk).title == "Alpha halts all strikes"
    assert made.clock - row.made_at < timedelta(hours=1)


def test_what_was_typed_for_it_goes_when_its_author_is_erased(made: Made) -> None:
    row = propose(made, amend_pledge)
    Proposal.objects.filter(pk=row.pk).update(typed='{"title": ["x"]}', address="/somewhere/")
    (held,) = own_data.held(made.ann, at=made.tick())["proposals"]
    assert (held["title"], held["standing"], held["dossier"]) == ("A change", "open", "case")
    departures.deactivate(user=made.ann, successors={}, by=None, at=made.tick(), reason="Left")
    departures.erase(user=made.ann, by=None, at=made.tick(), reason="Asked")
    row.refresh_from_db()
    assert (row.typed, row.address, row.standing) == ("", "", "open")
    assert confirm(made, row).by == made.ann
    replays()


def test_only_the_columns_that_change_are_proposed(made: Made) -> None:
    step = propose(made, amend_pledge).steps.get()
    assert step.columns == {"title": "Alpha halts all strikes"}
    assert (step.reason, step.pledges, step.is_new) == ("As said", ["case-1"], False)
    assert step.seen == ledger.last_seq("case", "pledge", "case-1")
