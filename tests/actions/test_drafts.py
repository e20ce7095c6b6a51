"""Drafts: replaced by the page that saves them, forked by another, gone once sent, forgotten."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.actions.house import AT
from tests.actions.people import at_once, person
from tracker.actions import departures, drafts, tidying
from tracker.actions.drafts import Origin
from tracker.domain.errors import Conflict, Invalid
from tracker.models import Draft, LedgerEntry, User
from tracker.selectors import drafts as selected
from tracker.selectors import own_data

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
FORM = "/dossiers/case/facts/source/new/"


def origin(uid: UUID | None = None, *, window: str = "one", turn: int = 0) -> Origin:
    return Origin(uid or uuid4(), FORM, "Enter a source", window, turn)


def kept(by: User, of: Origin, title: str, **more: list[str]) -> Draft | None:
    return drafts.keep(of=of, typed={"title": [title], **more}, by=by, at=AT)


def titles(by: User) -> list[str]:
    return sorted(selected.typed(one)["title"][0] for one in selected.of(by))


def test_a_page_replaces_what_it_saved_before_exactly_as_typed() -> None:
    ann, page = person("ann"), origin()
    nasty = "a\u0000b\r\n\u202e\u200bعربي <b>\u2028"
    kept(ann, page, "first")
    row = kept(ann, page, nasty, seen=["17"], parties=["a", "b"])
    assert row is not None
    row.refresh_from_db()
    assert selected.typed(row) == {"title": [nasty], "seen": ["17"], "parties": ["a", "b"]}
    assert (row.seen, row.turn, Draft.objects.count()) == (17, 0, 1)
    assert LedgerEntry.objects.filter(noun="draft").count() == 0


def test_five_megabytes_are_kept_and_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = person("ann")
    assert kept(ann, origin(), "ش" * (5 * 2**20 // 2)) is not None
    with pytest.raises(Invalid, match="too long"):
        kept(ann, origin(), "x" * drafts.LARGEST)
    monkeypatch.setattr(drafts, "MOST", 2)
    page = origin()
    kept(ann, page, "second")
    with pytest.raises(Conflict, match="2 drafts"):
        kept(ann, origin(), "third")
    assert kept(ann, page, "second, longer") is not None
    assert kept(person("bob"), origin(), "his own") is not None
    monkeypatch.setattr(drafts, "LARGEST_TOGETHER", 5 * 2**20)
    with pytest.raises(Conflict, match="as much as is kept"):
        kept(ann, page, "one more")


def test_two_pages_that_show_one_draft_never_overwrite_each_other() -> None:
    ann, uid = person("ann"), uuid4()
    kept(ann, origin(uid), "begun")
    laptop, desktop = origin(uid, window="laptop"), origin(uid, window="desktop")
    first, second = kept(ann, laptop, "laptop's"), kept(ann, desktop, "desktop's")
    assert first is not None
    assert second is not None
    assert (first.uid, first.turn) == (uid, 1)
    assert second.uid != uid
    assert kept(ann, desktop, "desktop's, longer").uid == second.uid  # type: ignore[union-attr]
    kept(ann, laptop, "laptop's, longer")
    assert titles(ann) == ["desktop's, longer", "laptop's, longer"]
    drafts.sent(of=desktop, by=ann, at=AT)
    assert titles(ann) == ["laptop's, longer"]


def test_what_was_sent_keeps_nothing_and_comes_back_for_nobody() -> None:
    ann, page = person("ann"), origin()
    kept(ann, page, "typed")
    drafts.sent(of=page, by=ann, at=AT)
    row = Draft.objects.get()
    assert (row.typed, row.size, row.sent_at) == ("", 0, AT)
    assert kept(ann, page, "a save that was under way") is None
    assert titles(ann) == []
    other = origin(page.uid, window="another page with the same draft")
    assert kept(ann, other, "typed there") is not None
    unsaved = origin()
    drafts.sent(of=unsaved, by=ann, at=AT)
    assert kept(ann, unsaved, "too late") is None


def test_discarding_can_be_taken_back_for_two_days() -> None:
    ann, page = person("ann"), origin()
    kept(ann, page, "typed")
    assert drafts.discard(uid=page.uid, by=ann, at=AT)
    assert titles(ann) == []
    assert not drafts.discard(uid=page.uid, by=ann, at=AT)
    assert drafts.take_back(uid=page.uid, by=person("bob")) is None
    assert drafts.take_back(uid=page.uid, by=ann) is not None
    assert titles(ann) == ["typed"]
    drafts.discard(uid=page.uid, by=ann, at=AT)
    tidying.run(at=AT + drafts.KEPT_DISCARDED)
    assert Draft.objects.count() == 1
    tidying.run(at=AT + drafts.KEPT_DISCARDED + TICK)
    assert Draft.objects.count() == 0


def test_a_draft_is_forgotten_after_thirty_days() -> None:
    ann, page = person("ann"), origin()
    kept(ann, page, "typed")
    tidying.run(at=AT + timedelta(days=30))
    assert titles(ann) == ["typed"]
    tidying.run(at=AT + timedelta(days=30) + TICK)
    assert Draft.objects.count() == 0


def test_nobody_else_saves_discards_or_is_told_of_it() -> None:
    ann, bob, page = person("ann"), person("bob"), origin()
    kept(ann, page, "ann's")
    assert not drafts.discard(uid=page.uid, by=bob, at=AT)
    assert titles(bob) == []
    assert own_data.held(bob, at=AT)["drafts"] == []
    (held,) = own_data.held(ann, at=AT)["drafts"]
    assert (held["form"], held["typed"]) == (FORM, {"title": ["ann's"]})


def test_they_are_erased_with_the_person() -> None:
    ann = person("ann")
    kept(ann, origin(), "ann's")
    departures.deactivate(user=ann, successors={}, by=None, at=AT, reason="left")
    departures.erase(user=ann, by=None, at=AT, reason="asked")
    assert Draft.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_saves_of_one_page_at_once_make_one_draft() -> None:
    ann, page = person("ann"), origin()
    failed = at_once(*(lambda n=n: kept(ann, page, f"{n}") for n in range(4)))
    assert failed == []
    assert Draft.objects.count() == 1
