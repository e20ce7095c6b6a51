"""The term beside a reading's form: what it would be, once saved, and nothing written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import subscriptions
from tracker.models import LedgerEntry, Phase, Pledge, Reading, User
from tracker.selectors.forecasts import forecast

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
PREVIEW = "/dossiers/shut/term/"
NEW = "/dossiers/shut/facts/reading/new/"
TERM = {"HX-Request": "true", "HX-Target": "term"}
READING = {
    "about": "pledge:SHUT-HALT",
    "public": "4 March 2026, 10:00 UTC",
    "start": "4 March 2026 Zurich",
    "duration": "thirty days",
    "rule": "exclusive",
}


def term(member: Client, given: dict[str, str], at: str = PREVIEW) -> str:
    answer = member.post(at, given, headers=TERM)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "<html" not in shown
    assert shown.strip().startswith('<section class="term" id="term"')
    return shown


def test_it_is_what_the_pledge_says_once_it_is_saved(member: Client, alice: User) -> None:
    pledge = Pledge.objects.get(ref="SHUT-HALT")
    subscriptions.subscribe(user=alice, target=pledge, kinds=[], leads=[], at=house.AT)
    before = (LedgerEntry.objects.count(), Reading.objects.count(), Phase.objects.count())
    answer = member.post(PREVIEW, READING, headers=TERM)
    view = answer.context["term"]
    after = (LedgerEntry.objects.count(), Reading.objects.count(), Phase.objects.count())
    assert before == after
    assert member.post(NEW, READING).status_code == 302
    saved = member.get("/pledges/SHUT-HALT/").context["entry"]
    assert view.entry.stage == saved.stage
    assert view.entry.next_change_at == saved.next_change_at
    assert view.entry.found.envelope == saved.found.envelope
    assert view.entry.found.ends == saved.found.ends
    assert [t.end for t in view.entry.terms if t.reading.key.endswith("typed-here")] == [
        t.end for t in saved.terms if t.reading.key.endswith("reading.1")
    ]
    coming = forecast(at=house.AT, until=house.AT + timedelta(days=90), pledges=[pledge.pk])
    told = [(one.kind, one.true_at, one.due_at, one.user) for one in view.coming]
    assert told == [(one.kind, one.true_at, one.due_at, one.user) for one in coming]
    assert ("reading_ended", alice.pk) in [(kind, user) for kind, _, _, user in told]


def test_each_step_and_both_counts_are_shown(member: Client) -> None:
    shown = term(member, READING)
    assert "Sat 4 Apr 2026, 00:00 Zurich" in shown
    assert "The start&#x27;s local date is not counted (exclusive)" in shown
    assert "the analyst&#x27;s assumption" in shown
    assert "earliest" in shown
    both = term(member, READING | {"rule": ""})
    assert "typed-here-inclusive" in both
    assert "typed-here-exclusive" in both
    assert "Fri 3 Apr 2026, 00:00 Zurich" in both


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"about": ""}, "Of what it is a reading is not chosen yet."),
        ({"start": ""}, "No start is given yet."),
        ({"duration": ""}, "as it stands, it has no end"),
        ({"duration": "thirty"}, "is not a duration"),
        ({"start": "3/4/2026 Zurich"}, "Which number is the month is not clear."),
        ({"end": "5 April 2026 Zurich"}, "Its end is told in two ways"),
        ({"start": "4 March 2026"}, "No zone is stated or assumed"),
        ({"rule": "through"}, "it counts no duration"),
        ({"about": "deadline:SHUT-HALT.report"}, "for the readings of a pledge"),
    ],
)
def test_what_is_missing_is_no_refusal(member: Client, given: dict[str, str], said: str) -> None:
    shown = term(member, READING | given)
    assert said in shown
    assert "error-summary" not in shown


def test_a_reading_is_shown_as_it_would_be_amended(member: Client) -> None:
    key = Reading.objects.get(pledge__ref="SHUT-HALT", rule="inclusive").key
    shown = term(member, READING | {"rule": "inclusive"}, f"{PREVIEW}?reading={key}")
    assert "Fri 3 Apr 2026, 00:00 Zurich" in shown
    assert "Adopted" in shown
    page = member.get(f"/dossiers/shut/facts/reading/{key}/edit/").content.decode()
    assert f'hx-post="{PREVIEW}?reading={key}"' in page


def test_without_scripts_the_form_comes_back_with_the_term(member: Client) -> None:
    answer = member.post(PREVIEW, READING | {"public": "", "show": "term"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'action="{NEW}"' in shown
    assert 'value="thirty days"' in shown
    assert "Sat 4 Apr 2026, 00:00 Zurich" in shown
    assert "This has to be mended first" not in shown
    assert member.get(PREVIEW).status_code == 200


def test_how_many_queries_it_takes_does_not_depend_on_the_dossier(
    member: Client, alice: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            term(member, READING)
        return len(found)

    first = queries()
    house.more_pledges("shut", 20)
    assert queries() == first
    assert first <= 55  # a row of tables per noun, the people, and who is told of it


def test_who_may_not(stranger: Client, client: Client) -> None:
    assert stranger.post(PREVIEW, READING).status_code == 404
    assert client.post(PREVIEW, READING).status_code == 302


@pytest.mark.usefixtures("alice")
def test_a_reading_that_is_not_there(member: Client) -> None:
    assert member.get(f"{PREVIEW}?reading=none").status_code == 404


def test_each_account_that_asserts_a_date_can_be_made_a_reading(member: Client) -> None:
    shown = member.get("/pledges/SHUT-HALT/").content.decode()
    assert shown.count("Make a reading of it") == 1
    url = shown.split("Make a reading of it")[0].rsplit('href="', 1)[1].split('"')[0]
    form = member.get(url.replace("&amp;", "&")).content.decode()
    for filled in ('value="2 March"', 'value="ten days"'):
        assert filled in form
    assert form.count('<option value="SHUT-HALT.said" selected>') == 2
    assert '<option value="alpha" selected>' in form
    assert '<option value="pledge:SHUT-HALT" selected>' in form
