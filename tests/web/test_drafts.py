"""Drafts in the browser without scripts: kept, shown, compared, put away, listed; nobody else's."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.test_facts import Fields
from tracker.actions import pledges, readings
from tracker.models import Draft, LedgerEntry, Pledge, Reading, Source, Trigger, User
from tracker.selectors import drafts

from . import house

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FACTS = "/dossiers/open/facts"
NEW = f"{FACTS}/trigger/new/"
EDIT = f"{FACTS}/pledge/OPEN-HALT/edit/"
SAVE = "/drafts/save/"
SCRIPT = {"Accept": "application/json"}
TYPED = {"title": "Handover", "kind": "other", "public": "the day aft"}


def form_of(client: Client, page: str) -> dict[str, Any]:
    return Fields(client.get(page).content.decode()).sent


def save(client: Client, page: str, **typed: str) -> dict[str, Any]:
    """Opens the form and has the script save what was typed; what the script is told."""
    answer = client.post(SAVE, form_of(client, page) | typed, headers=SCRIPT)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def only() -> Draft:
    return Draft.objects.get(sent_at=None)


@pytest.mark.parametrize(
    "page",
    [
        NEW,
        f"{FACTS}/account/new/?about=pledge%3AOPEN-HALT",
        EDIT,
        f"{FACTS}/reading/OPEN-HALT.counted-inclusive/edit/",
        f"{FACTS}/source/readout/withdraw/",
        f"{FACTS}/condition/OPEN-HALT.mutual/judge/",
        "/parties/new/",
        "/parties/alpha/edit/",
        "/parties/alpha/members/new/",
    ],
)
def test_every_entry_form_saves_and_shows_a_draft(member: Client, page: str) -> None:
    entries = LedgerEntry.objects.count()
    field = "name" if "parties/new" in page or "alpha/edit" in page else "note"
    field = "reason" if "withdraw" in page else field
    told = save(member, page, **{field: "typed\r\nso <far>"})
    assert (told["state"], told["uid"]) == ("saved", str(only().uid))
    shown = member.get(page).content.decode()
    assert "Your draft of" in shown
    assert "so &lt;far&gt;" in shown
    assert "This has to be mended first" not in shown
    assert LedgerEntry.objects.count() == entries
    assert only().address == page


def test_what_cannot_be_read_is_shown_as_it_was_typed(member: Client) -> None:
    save(member, NEW, **TYPED)
    form = form_of(member, NEW)
    assert {n: form[n][0] for n in TYPED} == TYPED


def test_the_draft_of_a_form_is_gone_once_the_form_is_taken(member: Client) -> None:
    save(member, NEW, **TYPED)
    form = form_of(member, NEW)
    late = dict(form)
    assert member.post(NEW, form | {"public": "2026-03-02 UTC"}).status_code == 302
    assert not Draft.objects.filter(sent_at=None).exists()
    told = member.post(SAVE, late, headers=SCRIPT).json()
    assert told == {"state": "sent"}
    assert "Your draft of" not in member.get(NEW).content.decode()
    assert Trigger.objects.filter(title="Handover").count() == 1


def test_a_form_that_is_refused_is_kept(member: Client) -> None:
    refused = member.post(NEW, form_of(member, NEW) | TYPED)
    assert refused.status_code == 422
    assert "Draft saved" in refused.content.decode()
    assert form_of(member, NEW)["public"] == ["the day aft"]


def test_without_scripts_a_button_saves_and_comes_back(member: Client) -> None:
    shown = member.get(NEW).content.decode()
    assert f'formaction="{SAVE}"' in shown
    answer = member.post(SAVE, Fields(shown).sent | TYPED, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"{NEW}?draft={only().uid}"
    assert "Your draft is saved" in text
    assert 'value="Handover"' in text


def test_discarding_asks_nothing_and_is_undone_from_what_is_said(member: Client) -> None:
    save(member, NEW, **TYPED)
    uid = only().uid
    answer = member.post(f"/drafts/{uid}/", {"then": "form"}, follow=True)
    text = answer.content.decode()
    assert "The draft is discarded." in text
    assert "Handover" not in text
    assert f'action="/drafts/{uid}/"' in text
    assert member.get("/drafts/").content.decode().count("Handover") == 0
    back = member.post(f"/drafts/{uid}/", {"do": "undo"}, follow=True).content.decode()
    assert 'value="Handover"' in back
    assert member.post(f"/drafts/{uid}/", {"do": "undo"}).status_code == 404


def test_the_form_without_it_leaves_the_draft_where_it_is(member: Client) -> None:
    save(member, NEW, **TYPED)
    empty = member.get(f"{NEW}?draft=none").content.decode()
    assert "Handover" not in empty
    assert "You have another draft of this form." in empty
    save(member, f"{NEW}?draft=none", title="A second")
    assert drafts.number(User.objects.get(email="alice@example.org")) == 2
    first = Draft.objects.order_by("pk")[0]
    shown = member.get(f"{NEW}?draft={first.uid}").content.decode()
    assert 'value="Handover"' in shown
    assert "You have another draft of this form." in shown


def test_what_was_changed_since_is_shown_field_by_field(member: Client, alice: User) -> None:
    save(member, EDIT, title="Alpha pauses fire", scope="Guns", cadence="so so")
    row = Pledge.objects.get(ref="OPEN-HALT")
    carol = house.person("carol", open="analyst")
    pledges.amend(row=row, title="Alpha stops fire", area="The bridge", by=carol, at=house.AT)
    answer = member.get(EDIT)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Edit" in shown
    assert "Carol" in shown
    for text in ("Alpha halts fire", "Alpha stops fire", "Alpha pauses fire", "so so"):
        assert text in shown
    assert shown.count(">differs<") == 1
    form = Fields(shown).sent
    assert form["title"] == ["Alpha pauses fire"]
    assert form["area"] == ["The bridge"]
    assert form["cadence"] == ["so so"]
    assert member.post(EDIT, form | {"cadence": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.area, row.scope) == ("Alpha pauses fire", "The bridge", "Guns")


def test_a_draft_of_a_judgement_is_told_what_was_decided_since(member: Client) -> None:
    page = f"{FACTS}/reading/OPEN-HALT.counted-inclusive/adopt/"
    save(member, page, reason="As the order says")
    carol = Client()
    carol.force_login(house.person("carol", open="analyst"))
    form = form_of(carol, page) | {"reason": "Hers", "public": "2026-03-04 UTC"}
    assert carol.post(page, form).status_code == 302
    shown = member.get(page).content.decode()
    assert "Something was recorded about this" in shown
    assert "Hers" in shown
    assert "As the order says" in shown
    again = Fields(shown).sent | {"public": "2026-03-04 UTC"}
    assert member.post(page, again).status_code == 302


def test_what_cannot_be_done_any_more_gives_back_what_was_typed(member: Client) -> None:
    page = f"{FACTS}/source/denial/withdraw/"
    mine = form_of(member, page) | {"reason": "It was forged", "when": "2026-03-03 UTC"}
    carol = Client()
    carol.force_login(house.person("carol", open="analyst"))
    hers = form_of(carol, page) | {"reason": "Hers", "when": "2026-03-02 UTC"}
    assert carol.post(page, hers).status_code == 302
    answer = member.post(page, mine)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "<title>Error: " in shown
    for text in ("It was forged", "Hers", "Carol"):
        assert text in shown
    assert Source.objects.get(key="denial", dossier__slug="open").withdrawn_reason == "Hers"
    assert "It was forged" in member.get(page).content.decode()  # its draft, while it is kept
    assert "It was forged" in member.get(f"/drafts/{only().uid}/").content.decode()
    carol_sees = carol.get(page)
    assert carol_sees.status_code == 409
    assert "It was forged" not in carol_sees.content.decode()


def test_two_people_on_one_reading(member: Client) -> None:
    page = f"{FACTS}/reading/OPEN-HALT.counted-inclusive/edit/"
    mine = form_of(member, page)
    row = Reading.objects.get(key="OPEN-HALT.counted-inclusive", dossier__slug="open")
    carol = house.person("carol", open="analyst")
    readings.amend(row=row, duration="P12D", by=carol, at=house.AT)
    clash = member.post(page, mine | {"duration": "20 days", "assumption": "As both say"})
    shown = clash.content.decode()
    assert clash.status_code == 409
    for text in ("10 days", "12 days", "20 days", "Carol"):
        assert text in shown
    assert member.post(page, Fields(shown).sent).status_code == 302
    row.refresh_from_db()
    assert (row.duration, row.assumption) == ("P20D", "As both say")


def test_five_megabytes_of_pasted_text(member: Client) -> None:
    long = "عربي " * (5 * 10**6 // 9)
    page = f"{FACTS}/source/new/"
    assert save(member, page, title="Long", snapshot=long)["state"] == "saved"
    form = form_of(member, page)
    assert form["snapshot"] == [long]
    answer = member.post(page, form | {"kind": "other", "public": "2026-03-02 UTC"})
    assert answer.status_code == 302, answer.content[:2000]
    assert Source.objects.latest("pk").snapshot == long


def test_what_is_too_much_for_a_draft_is_said_and_sent_all_the_same(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.actions.drafts.LARGEST", 400)
    form = form_of(member, NEW) | {"title": "x" * 400}
    answer = member.post(SAVE, form, headers=SCRIPT)
    assert answer.status_code == 422
    assert "too long" in answer.json()["said"]
    refused = member.post(NEW, form)
    assert refused.status_code == 422
    assert "not saved as a draft" in refused.content.decode()


def test_the_script_is_told_who_is_signed_in(member: Client, client: Client, alice: User) -> None:
    told = member.get("/drafts/state/").json()
    assert told["person"] == str(alice.uid)
    assert len(told["token"]) == 64
    assert client.get("/drafts/state/").status_code == 302
    assert member.get("/drafts/state/")["Cache-Control"].count("no-store") == 1


def test_a_stamp_is_good_for_whom_it_was_made_and_for_nobody_else(
    member: Client, stranger: Client
) -> None:
    form = form_of(member, NEW) | TYPED
    answer = stranger.post(SAVE, form, headers=SCRIPT)
    assert answer.status_code == 409
    forged = member.post(SAVE, form | {"draft_of": "WyJ4Il0:1abc:zzz"}, headers=SCRIPT)
    assert (forged.status_code, forged.json()["state"]) == (422, "refused")
    assert member.post(SAVE, {"title": "no stamp"}).status_code == 422
    assert Draft.objects.count() == 0


def test_nobody_sees_or_touches_somebody_elses(member: Client, stranger: Client) -> None:
    save(member, NEW, **TYPED)
    uid = only().uid
    assert "Handover" not in stranger.get("/drafts/").content.decode()
    for send in (stranger.get, stranger.post):
        assert send(f"/drafts/{uid}/").status_code == 404
    carol = Client()
    carol.force_login(house.person("carol", open="analyst"))
    assert "Handover" not in carol.get(f"{NEW}?draft={uid}").content.decode()
    assert "Handover" in json.dumps(json.loads(member.get("/account/data/").content))


def test_the_list_links_to_the_forms_and_shows_where_there_is_one(member: Client) -> None:
    empty = member.get("/drafts/").content.decode()
    assert "There is none." in empty
    for page in ("/", "/account/"):
        assert 'href="/drafts/"' not in member.get(page).content.decode()
    save(member, NEW, **TYPED)
    shown = member.get("/drafts/").content.decode()
    assert f"{NEW}?draft={only().uid}" in shown
    assert "Enter a trigger" in shown
    text = member.get(f"/drafts/{only().uid}/").content.decode()
    assert "the day aft" in text
    for page in ("/", "/account/"):
        assert 'href="/drafts/"' in member.get(page).content.decode()


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    save(member, NEW, **TYPED)
    counts = {page: queries(member, page) for page in ("/drafts/", NEW)}
    for n in range(12):
        save(member, f"{NEW}?draft=none", title=f"Number {n}")
    assert {page: queries(member, page) for page in counts} == counts
    # session, user, the drafts; when the watch ran is in the cache
    assert counts["/drafts/"] == 3


def test_a_form_says_once_that_it_was_sent_before(member: Client) -> None:
    """A double click on a judgement: recorded once, and said so."""
    page = f"{FACTS}/condition/OPEN-HALT.mutual/judge/"
    form = form_of(member, page) | {
        "to": "condition:met",
        "reason": "Both say so",
        "effective": "2026-03-03 UTC",
        "public": "2026-03-03 UTC",
    }
    assert member.post(page, form).status_code == 302
    entries = LedgerEntry.objects.count()
    answer = member.post(page, form, follow=True)
    assert "This form was sent before" in answer.content.decode()
    assert LedgerEntry.objects.count() == entries


def test_an_amendment_sent_twice_is_no_conflict(member: Client) -> None:
    form = form_of(member, EDIT) | {"title": "Alpha stops"}
    assert member.post(EDIT, form).status_code == 302
    answer = member.post(EDIT, form, follow=True)
    assert answer.status_code == 200
    assert "nothing was changed" in answer.content.decode()


def test_a_member_of_a_coalition_sent_twice_joins_once(member: Client) -> None:
    page = "/parties/alpha/members/new/"
    form = form_of(member, page) | {"member": "beta"}
    for _ in range(2):
        assert member.post(page, form).status_code == 302
    assert LedgerEntry.objects.filter(action="coalition_members.admit").count() == 1


def test_what_fills_a_form_in_is_part_of_which_form_it_is(member: Client) -> None:
    page = f"{FACTS}/reading/new/?about=pledge:OPEN-HALT"
    save(member, page, duration="5 days")
    assert "5 days" in member.get(page).content.decode()
    assert "5 days" not in member.get(f"{FACTS}/reading/new/").content.decode()
