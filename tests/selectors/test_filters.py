"""The predicate, its SQL and the evaluation agree: on any register, at any instant, for anybody."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web import house
from tracker.actions import board_lines, ledger
from tracker.domain import filters as rules
from tracker.domain import tags
from tracker.domain.access import Role, Viewer, see, see_members
from tracker.domain.filters import (
    KNOWN,
    Filter,
    Watched,
    matches,
    searchable,
    stored,
    widened,
)
from tracker.domain.naming import Names
from tracker.models import Dossier, Instrument, Membership, Party, Phase, Pledge, User
from tracker.selectors import access, party_names, register, rows
from tracker.selectors.filters import holding, lines, matching, stale, watched

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PUBLIC = "2026-01-01 UTC"
DOSSIERS = ("open", "shut", "far")
# Each with its name and its aliases.
PARTIES: dict[str, tuple[str, list[str]]] = {
    "alpha": ("Alphaland", ["AL", "المانيا"]),
    "beta": ("Straße", []),
    "gamma": ("停火国", ["Alphaland of the south", "UN"]),
}
UIDS = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in range(3))
# Of each script what case, marks and shaping do to it, and what LIKE takes for a sign.
WORDS = (
    *("Strikes", "strikes", "İstanbul", "ISTANBUL", "ısı", "Straße", "STRASSE", "ẞ"),
    *("Запоріжжя", "ЗАПОРІЖЖЯ", "Йод", "иод", "هُدْنَة", "هدنة", "هـدنة", "ﷲ", "שָׁלוֹם"),
    *("Côte", "Co\u0302te", "cote", "e\u0301", "é", "ﬁre", "각", "가", "カ゛", "a\u200db"),
    *("100%", "a_b", "a\\b", '["expired"', "'", "–", "🕊", "\u0301", "T-1", "t-1"),
    *(
        "停火",
        "停",
        "双方停火三十天",
        "휴전은",
        "휴",
        "ไฟไหม้",
        "ไฟ",
        "UN",
        "un",
        "unrest",
        "7",
        "77",
        "T-7",
    ),
    *("alphaland", "al", "alpha", "gamma", "south"),
)
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
hours = st.integers(-400, 400)


def some(values: Iterable[str], most: int = 2) -> Any:
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True).map(tuple)


TAGS = ("Grid", "grid", "GRİD", "Straße", "STRASSE", "عاجل", "a%", "a_", "a", "%", "é", "e\u0301")
filters = st.builds(
    Filter,
    dossier=some((*DOSSIERS, "none")),
    party=some((*PARTIES, "none")),
    role=some((*KNOWN["role"], "guarantor")),
    act=some(("halt", "withdraw", "dance")),
    subject=some(("civilians", "media", "other")),
    stage=some(("in_force", "expired", "withdrawn", "scheduled", "", "EXPIRED"), 3),
    flag=some(("expired", "unverified", "due_soon", "EXPIRED", "civilians"), 3),
    band=some((*KNOWN["band"], "25h"), 3),
    analyst=some((*UIDS, "ada", UIDS[0].replace("0", "A").lower())),
    text=st.lists(texts, max_size=2).map(tuple),
    tag=some((*TAGS, "gri", "\n", "none")),
    is_void=st.integers(0, 20).map(lambda n: n == 0),
)


@dataclass(frozen=True)
class Stretch:
    """A phase, in hours from START; its ends relative to its own beginning."""

    length: int
    stage: str
    ends: int | None
    warns: int | None
    flags: tuple[str, ...]


stretches = st.builds(
    Stretch,
    length=st.integers(1, 300),
    stage=st.sampled_from(("in_force", "expired", "withdrawn", "scheduled", "announced", "")),
    ends=st.none() | hours,
    warns=st.none() | hours,
    flags=some(("expired", "unverified", "due_soon"), 3),
)
pledges = st.fixed_dictionaries(
    {
        "dossier": st.sampled_from(DOSSIERS),
        "pledgor": st.sampled_from(tuple(PARTIES)),
        "beneficiaries": some(PARTIES),
        "act": st.sampled_from(("halt", "withdraw")),
        "subject": st.sampled_from(("civilians", "media")),
        "title": texts.map(lambda text: text or "untitled"),
        "scope": texts,
        "area": texts,
        "analyst": st.none() | st.sampled_from(UIDS),
        "tags": some(TAGS, 3),
        "from": hours,
        "phases": st.lists(stretches, max_size=4),
        "goes_on": st.booleans(),
    }
)
viewers = st.sampled_from(
    (
        Viewer(),
        Viewer(uid=UIDS[0]),
        Viewer(uid=UIDS[1], roles={"shut": Role.READER}),
        Viewer(uid=UIDS[2], roles={"open": Role.OWNER, "far": Role.ANALYST}),
        Viewer(uid=UIDS[2], is_site_admin=True),
    )
)


def build(register_of: list[dict[str, Any]], merged: dict[str, str] | None = None) -> None:
    """Bare rows: the phases need not be what any facts come to."""
    merged = merged or {}
    people = {
        uid: User.objects.create(email=f"{uid}@example.org", uid=uid, password="!") for uid in UIDS
    }
    parties = {
        slug: Party.objects.create(
            slug=slug, name=name, aliases=aliases, kind="state", recorded_at=START
        )
        for slug, (name, aliases) in PARTIES.items()
    }
    calls = {}
    for slug in DOSSIERS:
        dossier = Dossier.objects.create(
            slug=slug, title=slug, is_public=slug == "open", recorded_at=START
        )
        calls[slug] = Instrument.objects.create(
            dossier=dossier, key="call", title="Call", kind="call", form="oral", **common()
        )
    for slug, into in merged.items():
        parties[slug].merged_into = parties[into]
        parties[slug].save()
        record_merge(parties[slug])
    for number, one in enumerate(register_of):
        names = {name: one[name] for name in ("title", "scope", "area")} | {"ref": f"T-{number}"}
        row = Pledge.objects.create(
            **names,
            search=searchable(**names, parties=(one["pledgor"], *one["beneficiaries"])),
            dossier=calls[one["dossier"]].dossier,
            instrument=calls[one["dossier"]],
            pledgor=parties[one["pledgor"]],
            act=one["act"],
            subject=one["subject"],
            analyst=people.get(one["analyst"]),
            tags=tags.kept(one["tags"]),
            tag_search=tags.stored(one["tags"]),
            **common(),
        )
        row.beneficiaries.set([parties[slug] for slug in one["beneficiaries"]])
        Phase.objects.bulk_create(phases(row, one))


def record_merge(party: Party) -> None:
    ledger.append(
        chain="parties",
        noun="party",
        key=party.slug,
        row_id=party.pk,
        state={n: v for n, v in rows.state(party).items() if n in Party.ENTERED},
        action="parties.merge",
        by=None,
        at=START,
    )


def common() -> dict[str, Any]:
    return {"public": PUBLIC, "public_instant": START, "recorded_at": START}


def phases(row: Pledge, one: dict[str, Any]) -> Iterable[Phase]:
    start = START + one["from"] * HOUR
    for number, each in enumerate(one["phases"]):
        until = start + each.length * HOUR
        is_last = number == len(one["phases"]) - 1
        yield Phase(
            pledge=row,
            from_at=start,
            until_at=None if is_last and one["goes_on"] else until,
            stage=each.stage,
            ends_at=start + each.ends * HOUR if each.ends is not None else None,
            warns_at=start + each.warns * HOUR if each.warns is not None else None,
            flags=[[kind, 'x["due_soon"', "", "", start.isoformat()] for kind in each.flags],
        )
        start = until


@dataclass(frozen=True)
class Loaded:
    """All pledges as the predicate looks at them at one instant."""

    rows: dict[int, Pledge]
    seen: dict[int, Watched]
    names: Names

    def listed(self, wanted: Filter, viewer: Viewer) -> list[str]:
        """By the predicate, of what the viewer may see."""
        doors = {pk: access.door(row.dossier) for pk, row in self.rows.items()}
        return sorted(
            row.ref
            for pk, row in self.rows.items()
            if see(viewer, doors[pk])
            and (not wanted.analyst or see_members(viewer, doors[pk]))
            and matches(self._known(wanted), self.seen[pk])
        )

    def _known(self, wanted: Filter) -> Filter:
        return party_names.called(widened(wanted, self.names.merged), self.names)


def loaded(at: datetime) -> Loaded:
    held = Pledge.objects.select_related("dossier").in_bulk()
    return Loaded(held, watched(held, at=at), party_names.every(at=at))


def found(wanted: Filter, viewer: Viewer, at: datetime) -> list[str]:
    """What phases list, and with them the lines that were laid at that instant."""
    refs = matching(wanted, viewer=viewer, at=at).values_list("pledge__ref", flat=True)
    by_lines = lines(wanted, viewer=viewer, at=at, visible=access.visible(viewer))
    by_lines = by_lines.exclude(stale(at))
    assert sorted(by_lines.values_list("pledge__ref", flat=True)) == sorted(refs), wanted
    return sorted(refs)


def lay_lines(at: datetime) -> None:
    """As edits and sweeps do it, for that instant."""
    laid = []
    for row in Pledge.objects.all():
        its = [board_lines.standing(phase) for phase in row.phases.order_by("from_at")]
        if its:
            laid.append(board_lines.line(row, its, at))
    board_lines.write(laid)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    register_of=st.lists(pledges, min_size=1, max_size=12),
    asked=st.lists(st.tuples(filters, viewers), min_size=1, max_size=6),
    hour=hours,
    merged=st.sampled_from(({}, {"beta": "alpha"}, {"alpha": "gamma", "beta": "gamma"})),
)
def test_the_predicate_and_its_sql_list_the_same(
    register_of: list[dict[str, Any]],
    asked: list[tuple[Filter, Viewer]],
    hour: int,
    merged: dict[str, str],
) -> None:
    """At instants at which phases begin and end, and just before; of a party that was merged since
    START under either name.
    """
    with transaction.atomic():
        build(register_of, merged)
        for at in (START + hour * HOUR, START + hour * HOUR - timedelta(microseconds=1)):
            held = loaded(at)
            lay_lines(at)
            for wanted, viewer in asked:
                # All of it, and each field by itself: together they seldom list anything.
                single = [Filter(**{name: getattr(wanted, name)}) for name in rules.NAMES]
                for one in (wanted, *single, replace(wanted, role=(), text=(), analyst=(), tag=())):
                    assert found(one, viewer, at) == held.listed(one, viewer), one
        transaction.set_rollback(True)


@pytest.fixture
def talks() -> None:
    house.load(house.PARTIES)
    house.dossier("open", public=True)
    house.more_pledges("open", 6)


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    "at",
    [
        house.AT,
        house.AT - timedelta(days=10),
        house.AT + timedelta(days=7),
        datetime(2026, 3, 11, 23, tzinfo=UTC),
        datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_both_list_what_the_board_evaluates(at: datetime) -> None:
    entries = register.entries(viewer=Viewer(), at=at)
    lay_lines(at)
    for band in KNOWN["band"]:
        wanted = Filter(band=(band,))
        assert found(wanted, Viewer(), at) == sorted(e.ref for e in entries if e.band == band)
    for stage in KNOWN["stage"]:
        wanted = Filter(stage=(stage,))
        assert found(wanted, Viewer(), at) == sorted(e.ref for e in entries if e.stage == stage)
    for flag in KNOWN["flag"]:
        raised = [e.ref for e in entries if any(f.kind == flag for f in e.flags)]
        assert found(Filter(flag=(flag,)), Viewer(), at) == sorted(raised)
    assert found(Filter(), Viewer(), at) == sorted(e.ref for e in entries)
    assert loaded(at).listed(Filter(), Viewer()) == sorted(e.ref for e in entries)


@pytest.mark.usefixtures("talks")
def test_what_is_searched_follows_each_edit() -> None:
    from tracker.actions import record

    dossier = Dossier.objects.get(slug="open")
    record.put("pledge", "OPEN-HALT", {"area": "Çay"}, dossier=dossier, by=None, at=house.AT)
    assert found(Filter(text=("cay",)), Viewer(), house.AT) == ["OPEN-HALT"]
    record.put("pledge", "OPEN-HALT", {"area": "Su"}, dossier=dossier, by=None, at=house.AT)
    assert found(Filter(text=("cay",)), Viewer(), house.AT) == []
    for row in Pledge.objects.all():
        assert row.search == searchable(
            title=row.title,
            scope=row.scope,
            area=row.area,
            ref=row.ref,
            parties=("alpha", "beta"),
        )


@pytest.mark.usefixtures("talks")
def test_a_pledge_is_found_by_what_its_parties_are_called_by_now() -> None:
    from tracker.actions import merges, parties

    lay_lines(house.AT)
    more = [f"OPEN-MORE-{n}" for n in range(6)]
    assert found(Filter(text=("betas",)), Viewer(), house.AT) == ["OPEN-HALT", *more]
    assert found(Filter(text=("the betas river",)), Viewer(), house.AT) == ["OPEN-HALT"]
    assert found(Filter(text=("be",)), Viewer(), house.AT) == []
    beta = Party.objects.get(slug="beta")
    parties.amend(row=beta, name="Gamma", aliases=["BE"], by=None, at=house.AT)
    assert found(Filter(text=("betas",)), Viewer(), house.AT) == []
    assert found(Filter(text=("be",)), Viewer(), house.AT) == ["OPEN-HALT", *more]
    house.load("parties:\n  delta: {name: Delta, kind: state}")
    delta = Party.objects.get(slug="delta")
    at = house.AT + timedelta(hours=1)
    merges.merge_parties(row=beta, into=delta, reason="One.", by=None, at=at)
    assert found(Filter(text=("delta river",)), Viewer(), at) == ["OPEN-HALT"]
    assert found(Filter(text=("be river",)), Viewer(), at) == ["OPEN-HALT"]
    assert found(Filter(text=("delta river",)), Viewer(), house.AT) == [], "not one by then"


@pytest.mark.usefixtures("talks")
def test_nobody_finds_out_by_a_filter_who_watches_a_public_pledge() -> None:
    ann = house.person("ann", open="analyst")
    Pledge.objects.filter(ref="OPEN-HALT").update(analyst=ann)
    lay_lines(house.AT)
    wanted = Filter(analyst=(str(ann.uid),))
    assert found(wanted, Viewer(), house.AT) == []
    assert found(wanted, access.viewer(house.person("eve")), house.AT) == []
    assert Membership.objects.count() == 1
    assert found(wanted, access.viewer(ann), house.AT) == ["OPEN-HALT"]


def test_whatever_was_saved_can_be_asked_of_the_database() -> None:
    for kept in ({"theme": ["x"]}, {"text": ["a\x00b"]}, {"analyst": ["ada"]}, {"act": ["dance"]}):
        assert found(stored(kept), Viewer(is_site_admin=True), START) == []


def test_the_phase_that_holds_is_found_by_an_index() -> None:
    """At some thousand pledges no filter goes through all phases, whatever it asks for."""
    from tests.load import rows

    people = rows.people(3)
    for number in range(3):
        where = rows.dossier(f"d{number}", people)
        rows.pledges(where, 1000, analysts=people, due=0, at=START)
    many: list[Phase] = []
    for pk in Pledge.objects.values_list("pk", flat=True):
        begins = START - timedelta(days=pk % 500)
        stages = [Stretch(24 * 7, "in_force", 24 * 28, 24 * 28, ("unverified",)) for _ in range(4)]
        stages.append(Stretch(24 * 900, "expired", 0, None, ("expired",)))
        one = {"from": (begins - START) // HOUR, "phases": stages, "goes_on": True}
        many += phases(Pledge(pk=pk), one)
    Phase.objects.all().delete()
    Phase.objects.bulk_create(many)
    with connection.cursor() as cursor:
        for model in (Phase, Pledge):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    asked = (
        Filter(),
        Filter(stage=("in_force",)),
        Filter(stage=("expired",)),
        *(Filter(band=(band,)) for band in KNOWN["band"]),
        Filter(flag=("unverified",)),
        Filter(dossier=("d1",)),
        Filter(act=("halt",)),
        Filter(party=("d1-party",)),
        Filter(analyst=(str(people[0].uid),)),
        Filter(text=("halt", "77")),
        Filter(tag=("grid",)),
        Filter(dossier=("d2",), flag=("expired",), text=("9",)),
    )
    table = Phase._meta.db_table
    for wanted in asked:
        query = matching(wanted, viewer=Viewer(is_site_admin=True), at=START)
        plan = query.values_list("pledge__ref").explain()
        assert f"Seq Scan on {table}" not in plan, f"{wanted.given}: {plan}"
        assert f"SCAN {table}" not in plan, f"{wanted.given}: {plan}"
        assert "phase_holds" in plan or "phase_begins_once" in plan or "autoindex" in plan, plan
    assert Phase.objects.filter(holding(START)).count() == Pledge.objects.count()
