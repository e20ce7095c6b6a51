"""What a page says of the last deed: what was entered, what it still wants, who was quicker."""

import html
import re

import pytest
from django.test import Client

from tracker.actions import pledges
from tracker.models import Pledge, User
from tracker.words import ISOLATES

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
FACTS = "/dossiers/open/facts"
SINCE = {"public": "2026-03-01 UTC"}
PLEDGE = {
    "title": "Beta halts <b>fire</b>",
    "key": "OPEN-BETA",
    "pledgor": "beta",
    "act": "halt",
    "subject": "civilians",
    "specificity": "specific",
    "instrument": "call",
} | SINCE


def said(answer_to: Client, page: str, typed: dict[str, str]) -> str:
    """The message of the page that a sent form leads to."""
    answer = answer_to.post(page, typed, follow=True)
    assert answer.status_code == 200
    found = re.findall(r'<p class="message [^>]*>(.*?)</p>', answer.content.decode(), re.DOTALL)
    assert len(found) == 1
    return str(found[0]).translate(ISOLATES)


def test_a_pledge_has_no_term_until_a_reading_is_entered(member: Client) -> None:
    page = f"{FACTS}/pledge/new/"
    wants = "A pledge has no term until a reading of it is entered."
    assert wants in member.get(page).content.decode()
    told = said(member, page, PLEDGE)
    assert told.startswith("Pledge “Beta halts &lt;b&gt;fire&lt;/b&gt;” is entered.")
    assert wants in told
    link = re.search(r'<a href="([^"]*)">Enter a reading</a>', told)
    assert link is not None
    form = member.get(html.unescape(link[1])).content.decode()
    assert '<option value="pledge:OPEN-BETA" selected>' in form
    assert wants in member.get(f"{FACTS}/pledge/OPEN-BETA/edit/").content.decode()
    assert wants not in member.get(f"{FACTS}/pledge/OPEN-HALT/edit/").content.decode()


def test_a_deadline_has_no_date_until_a_reading_is_entered(member: Client) -> None:
    page, wants = f"{FACTS}/deadline/new/", "A deadline has no date until a reading"
    assert wants in member.get(page).content.decode()
    typed = {"pledge": "OPEN-HALT", "title": "Lists", "kind": "report"} | SINCE
    told = said(member, page, typed)
    assert "Deadline “Lists” is entered." in told
    assert wants in told
    link = re.search(r'<a href="([^"]*)">', told)
    assert link is not None
    typed = {"about": "", "end": "2026-03-09 UTC", "rule": "through"} | SINCE
    typed["about"] = html.unescape(link[1]).partition("about=")[2].replace("%3A", ":")
    assert "Reading “2026-03-09 UTC, through that day” is entered." in said(
        member, html.unescape(link[1]), typed
    )
    key = typed["about"].partition(":")[2]
    assert wants not in member.get(f"{FACTS}/deadline/{key}/edit/").content.decode()


def test_an_extension_and_a_condition_wait_for_a_judgement(member: Client) -> None:
    typed = {"pledge": "OPEN-HALT", "kind": "extended", "duration": "5 days"} | SINCE
    told = said(member, f"{FACTS}/extension/new/", typed)
    assert "changes no term until a judgement accepts it" in told
    assert re.search(r'<a href="/dossiers/open/facts/extension/[^"]*/judge/">Judge it</a>', told)
    typed = {"about": "pledge:OPEN-HALT", "kind": "continuing", "text": "While it holds."} | SINCE
    assert "does not bind" in said(member, f"{FACTS}/condition/new/", typed)


def test_a_trigger_that_a_step_stands_for_waits_for_nothing(member: Client) -> None:
    page, typed = f"{FACTS}/trigger/new/", {"title": "Signed", "kind": "other"} | SINCE
    assert "no date until a reading" in said(member, page, typed)
    deadline = Pledge.objects.get(ref="OPEN-HALT").deadline_set.get().key
    told = said(member, page, typed | {"title": "Reported", "of_deadline": deadline})
    assert told.strip() == "Trigger “Reported” is entered."


def test_nothing_changed_is_said_and_a_change_is_named(member: Client) -> None:
    page = f"{FACTS}/trigger/signed/edit/"
    typed = {"title": "Signed", "kind": "other"} | SINCE
    said(member, f"{FACTS}/trigger/new/", typed | {"key": "signed"})
    seen = re.search(r'name="seen" value="(\d+)"', member.get(page).content.decode())
    assert seen is not None
    typed["seen"] = seen[1]
    assert said(member, page, typed) == "It says so already: nothing was changed."
    assert said(member, page, typed | {"title": "Sealed"}) == "Trigger “Sealed” is saved."


def test_a_party_is_named(member: Client) -> None:
    told = said(member, "/parties/new/", {"name": "Gamma", "kind": "state"})
    assert told == "Party “Gamma” is entered."
    page = "/parties/gamma/edit/"
    seen = re.search(r'name="seen" value="(\d+)"', member.get(page).content.decode())
    assert seen is not None
    typed = {"name": "Gamma", "kind": "state", "seen": seen[1]}
    assert said(member, page, typed) == "It says so already: nothing was changed."
    assert said(member, page, typed | {"name": "Delta"}) == "Party “Delta” is saved."


def test_a_deed_says_what_it_did(member: Client) -> None:
    page = f"{FACTS}/source/denial/withdraw/"
    form = member.get(page).content.decode()
    typed = dict(re.findall(r'name="(seen|when)" value="([^"]*)"', form)) | {"reason": "Twice"}
    assert said(member, page, typed) == "“Beta&#x27;s statement on OPEN” is withdrawn."


def clash(by: User, member: Client, **typed: str) -> str:
    page = f"{FACTS}/pledge/OPEN-HALT/edit/"
    form = member.get(page).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', form)
    assert seen is not None
    pledges.amend(
        row=Pledge.objects.get(ref="OPEN-HALT"), area="The hills", by=by, at=house.AT, why=""
    )
    sent = PLEDGE | {"seen": seen[1], "area": "The river"} | typed
    answer = member.post(page, sent)
    assert answer.status_code == 409
    return " ".join(answer.content.decode().split())


def test_one_s_own_change_in_another_window_is_said_to_be_one_s_own(
    member: Client, alice: User
) -> None:
    shown = clash(alice, member, title="Beta pauses")
    assert "You changed this at" in shown
    assert "(in another window)" in shown
    assert "Wed 4 Mar 2026, 10:20 UTC" in shown
    assert "Somebody else changed" not in shown
    assert "Alice saved" not in shown


def test_somebody_else_s_is_theirs(member: Client, alice: User) -> None:
    carol = house.person("carol", open="analyst")
    shown = clash(carol, member, title="Beta pauses")
    assert "Somebody else changed this since you read it" in shown
    assert "Carol saved a change at" in shown
    assert "(in another window)" not in shown


@pytest.mark.parametrize("own", [True, False])
def test_a_deed_that_came_too_late_says_who_was_quicker(
    member: Client, alice: User, own: bool
) -> None:
    page = f"{FACTS}/pledge/OPEN-HALT/withdraw/"
    form = member.get(page).content.decode()
    typed = dict(re.findall(r'name="(seen|when)" value="([^"]*)"', form)) | {"reason": "Twice"}
    by = alice if own else house.person("carol", open="analyst")
    pledges.amend(row=Pledge.objects.get(ref="OPEN-HALT"), area="Hills", by=by, at=house.AT)
    answer = member.post(page, typed)
    assert answer.status_code == 409
    when = "Wed 4 Mar 2026, 10:20 UTC"
    said = (
        f"You changed this at {when} (in another window)."
        if own
        else f"Carol changed this at {when}."
    )
    shown = " ".join(answer.content.decode().translate(ISOLATES).split())
    assert said in re.sub("<[^>]*>", "", shown)
