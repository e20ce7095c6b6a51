"""Comments: written by who enters facts, seen by members alone, on every page where they stand."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import comments, departures, memberships, record
from tracker.models import Alert, Comment, Dossier, Incident, Pledge, Source, User

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/dossiers/open/facts/comment/new/"
HALT = "/pledges/OPEN-HALT/"
SECRET = "Between us: the Minister was not asked."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bea() -> User:
    return house.person("bea", open="reader")


def say(text: str, on: Any, by: User) -> Comment:
    return comments.write(on=on, text=text, by=by, at=house.AT)


def section(shown: str) -> str:
    start = shown.index('<section id="comments"')
    return shown[start : shown.index("</section>", start)]


def test_one_is_written_and_stands_on_the_pledges_page(
    member: Client, alice: User, bea: User
) -> None:
    page = member.get(NEW, {"about": "pledge:OPEN-HALT"}).content.decode()
    assert '<option value="pledge:OPEN-HALT" selected>' in page
    assert "Bea" in page
    typed = {
        "about": "pledge:OPEN-HALT",
        "text": "@bea, is <b>this</b> so?\r\nI doubt it.",
        "mentions": [str(alice.uid)],
    }
    done = member.post(NEW, typed)
    assert done["Location"] == f"{HALT}#comments"
    shown = section(member.get(HALT).content.decode())
    assert '<strong class="mention">@bea</strong>, is &lt;b&gt;this&lt;/b&gt; so?' in shown
    assert "I doubt it." in shown
    assert "Alice" in shown
    assert "Bea" in shown.split("Tells")[1]
    assert [alert.recipient for alert in Alert.objects.filter(kind="mentioned")] == [bea]
    assert Comment.objects.get().key == "OPEN-HALT.comment.1"
    readers = section(signed_in(bea).get(HALT).content.decode())
    assert "I doubt it." in readers
    assert "Write a comment" not in readers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Nobody, look", "No member of this dossier is called “Nobody”"),
        ("@Bea, look", "2 members are called “Bea”"),
        ("", "Comment: This field is required."),
        ("x" * 10_001, "at most 10000"),
    ],
)
def test_a_name_of_nobody_or_of_several_is_sent_back_with_what_was_typed(
    member: Client, bea: User, text: str, said: str
) -> None:
    second = house.person("bea-too", open="reader")
    User.objects.filter(pk=second.pk).update(name="Bea")
    typed = {"about": "pledge:OPEN-HALT", "text": text}
    answer = member.post(NEW, typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown.replace("&#x27;", "'")
    assert text[:100] in shown
    assert not Comment.objects.exists()
    if "Bea" in text:
        done = member.post(NEW, typed | {"mentions": [str(second.uid)]})
        assert done.status_code == 302
        assert [alert.recipient for alert in Alert.objects.all()] == [second]


def test_who_is_no_member_cannot_be_ticked(member: Client) -> None:
    stranger = house.person("eve")
    typed = {"about": "pledge:OPEN-HALT", "text": "Hm", "mentions": [str(stranger.uid)]}
    assert member.post(NEW, typed).status_code == 422


def test_no_way_out_shows_one_to_who_is_no_member(
    client: Client, stranger: Client, member: Client, alice: User
) -> None:
    open_ = Dossier.objects.get(slug="open")
    for on in (
        Pledge.objects.get(ref="OPEN-HALT"),
        Source.objects.get(dossier=open_, key="readout"),
        Incident.objects.get(dossier=open_, key="shot"),
    ):
        say(SECRET, on, alice)
    key = Comment.objects.earliest("pk").key
    pages = (
        "/",
        HALT,
        f"{HALT}?at=2026-03-05",
        f"{HALT}?known=2100-01-01",
        "/dossiers/open/",
        "/sources/open/readout/",
        "/dossiers/open/facts/",
        "/dossiers/open/facts/comment/",
        f"/dossiers/open/facts/comment/{key}/",
        "/dossiers/open/facts/pledge/OPEN-HALT/",
        "/parties/alpha/",
    )
    for visitor in (client, stranger):
        for page in pages:
            shown = visitor.get(page).content.decode()
            assert "Between us" not in shown, page
            assert 'id="comments"' not in shown, page
            assert "comment.1" not in shown, page
    for page in pages[1:3] + pages[5:6] + pages[8:10]:
        assert "Between us" in member.get(page).content.decode(), page
    out = StringIO()
    call_command("register", "--json", "--at", "2026-03-05", stdout=out)
    assert "OPEN-HALT" in {one["ref"] for one in json.loads(out.getvalue())}
    assert "Between us" not in out.getvalue()


def test_it_is_shown_where_it_stands(member: Client, alice: User) -> None:
    open_ = Dossier.objects.get(slug="open")
    say("On the shot", Incident.objects.get(dossier=open_, key="shot"), alice)
    say("On the readout", Source.objects.get(dossier=open_, key="readout"), alice)
    of_pledge = section(member.get(HALT).content.decode())
    assert "On the shot" in of_pledge
    assert "On the readout" not in of_pledge
    assert "Incident" in of_pledge
    assert "On the readout" in section(member.get("/sources/open/readout/").content.decode())
    typed = {"about": "source:readout", "text": "Another"}
    assert member.post(NEW, typed)["Location"] == "/sources/open/readout/#comments"
    typed = {"about": "position:OPEN-DEMAND", "text": "A third"}
    where = "/dossiers/open/facts/position/OPEN-DEMAND/"
    assert member.post(NEW, typed)["Location"] == f"{where}#comments"
    assert "A third" in section(member.get(where).content.decode())


def test_only_its_author_changes_its_words_and_anybody_who_enters_withdraws_it(
    member: Client, alice: User
) -> None:
    row = say("Mine", Pledge.objects.get(ref="OPEN-HALT"), alice)
    carol = signed_in(house.person("carol", open="analyst"))
    page = f"/dossiers/open/facts/comment/{row.key}/"
    assert "Edit" in member.get(page).content.decode()
    assert f'{page}edit/"' not in carol.get(page).content.decode()
    form = {"about": "pledge:OPEN-HALT", "text": "Hers", "seen": "99"}
    refused = carol.post(f"{page}edit/", form)
    assert refused.status_code == 422
    assert "Only who wrote a comment changes its words." in refused.content.decode()
    seen = carol.get(f"{page}withdraw/").context["form"].initial
    gone = {"when": seen["when"], "seen": seen["seen"], "reason": "Off topic"}
    assert carol.post(f"{page}withdraw/", gone).status_code == 302
    shown = section(member.get(HALT).content.decode())
    assert "withdrawn" in shown
    assert "Off topic" in shown
    assert "Mine" in shown


def test_who_was_erased_is_a_former_member(member: Client, alice: User, bea: User) -> None:
    say("@Bea, look", Pledge.objects.get(ref="OPEN-HALT"), alice)
    departures.deactivate(user=bea, successors={}, by=None, at=house.AT, reason="Gone")
    departures.erase(user=bea, by=None, at=house.AT, reason="Asked")
    shown = section(member.get(HALT).content.decode())
    assert "a former member" in shown.split("Tells")[1]
    assert "mention" not in shown.split("Tells")[0].split("comment-text")[1]


def test_a_member_who_left_is_told_nothing_more_and_may_stay_in_the_comment(
    member: Client, alice: User, bea: User
) -> None:
    row = say("@Bea, look", Pledge.objects.get(ref="OPEN-HALT"), alice)
    open_ = Dossier.objects.get(slug="open")
    left = open_.memberships.get(user=bea)
    memberships.revoke(row=left, by=None, at=house.AT)
    page = f"/dossiers/open/facts/comment/{row.key}/edit/"
    first = member.get(page)
    seen = first.context["form"].initial["seen"]
    assert "a former member" in first.content.decode()
    typed = {
        "about": "pledge:OPEN-HALT",
        "text": "Settled.",
        "mentions": [str(bea.uid)],
        "seen": seen,
    }
    assert member.post(page, typed).status_code == 302
    assert list(Comment.objects.get().mentions.all()) == [bea]


def test_the_number_of_queries_does_not_grow(member: Client, alice: User, bea: User) -> None:
    halt = Pledge.objects.get(ref="OPEN-HALT")
    say("@Bea 1", halt, alice)
    member.get(HALT)
    with CaptureQueriesContext(connection) as one:
        member.get(HALT)
    with record.batch(at=house.AT):
        for number in range(12):
            say(f"@Bea {number}", halt, bea if number % 2 else alice)
    with CaptureQueriesContext(connection) as many:
        assert section(member.get(HALT).content.decode()).count('class="comment-text"') == 13
    assert len(many) == len(one)
