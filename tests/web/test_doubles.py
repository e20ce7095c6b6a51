"""A pledge like one that there is: it is asked before it is entered, and shown on its page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import pledges
from tracker.actions import readings as reading_verbs
from tracker.domain.doubles import Promise, Span
from tracker.models import Account, Dossier, Draft, Party, Pledge, User
from tracker.selectors import access, rows
from tracker.selectors.doubles import like

from . import house
from .test_pledge_new import ACCOUNT, PAGE, PLEDGE, READING, TERM

pytestmark = pytest.mark.usefixtures("open_house")
TWIN = PLEDGE | {
    "pledge-pledgor": "alpha",
    "pledge-act": "halt",
    "pledge-subject": "civilians",
    "pledge-key": "SHUT-TWIN",
    "pledge-title": "Alpha stops firing",
}
PLAIN = {name.removeprefix("pledge-"): value for name, value in TWIN.items()}
FACT_NEW = "/dossiers/shut/facts/pledge/new/"
BOTH = "SHUT-HALT OPEN-HALT"  # alice sees both
QUESTION = "Is it one of these?"


@pytest.fixture
def visitor() -> Client:
    """Who is not signed in."""
    return Client()


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(("page", "sent"), [(PAGE, TWIN), (FACT_NEW, PLAIN)])
def test_it_is_asked_and_a_tick_lets_it_through(
    member: Client, page: str, sent: dict[str, Any]
) -> None:
    answer = member.post(page, sent)
    shown = body(answer)
    assert answer.status_code == 422
    assert QUESTION in shown
    assert "SHUT-HALT" in shown
    assert 'href="/pledges/SHUT-HALT/" target="_blank"' in shown
    assert "In force" in shown
    assert "Alpha stops firing" in shown  # what was typed is kept
    assert "This field is required" not in shown
    assert not Pledge.objects.filter(ref="SHUT-TWIN").exists()
    answer = member.post(page, sent | {"another": BOTH})
    assert answer.status_code == 302, answer.context["form"].errors
    assert Pledge.objects.filter(ref="SHUT-TWIN").exists()


def test_a_tick_answers_for_what_was_shown_only(member: Client, alice: User) -> None:
    assert member.post(PAGE, TWIN | {"another": "OPEN-HALT"}).status_code == 422
    answer = member.post(PAGE, TWIN | {"another": f"{BOTH} OTHER"})
    assert answer.status_code == 302
    third = TWIN | {"pledge-key": "SHUT-THIRD", "another": BOTH}
    answer = member.post(PAGE, third)
    assert answer.status_code == 422
    assert "SHUT-TWIN" in answer.context["alike"].answer.split()


@pytest.mark.parametrize(
    "apart",
    [
        {"pledge-pledgor": "beta"},
        {"pledge-act": "refrain"},
        {"pledge-subject": "media"},
        READING | {"reading-start": "1 May 2026 Zurich", "reading-from_account": []},
    ],
)
def test_what_is_not_alike_is_entered_at_once(member: Client, apart: dict[str, Any]) -> None:
    answer = member.post(PAGE, TWIN | apart)
    assert answer.status_code == 302, body(answer)
    shown = body(member.get("/pledges/SHUT-TWIN/"))
    assert "It looks like" not in shown


def test_without_a_reading_the_term_is_not_known_and_not_endless(member: Client) -> None:
    """The halt of the house runs from 2 March."""
    public = {"pledge-public": "1 November 2025 Zurich"}
    answer = member.post(PAGE, TWIN | public)
    assert answer.status_code == 302, body(answer)


def test_a_form_that_is_sent_twice_is_no_double_of_itself(member: Client) -> None:
    sent = TWIN | {"pledge-once": "a-token", "another": BOTH}
    assert member.post(PAGE, sent).status_code == 302
    answer = member.post(PAGE, sent, follow=True)
    assert "was sent before" in body(answer)


def test_what_one_may_not_see_is_never_hinted_at(member: Client, alice: User) -> None:
    """Of another private dossier: the same promise there is no news here."""
    house.dossier("far", public=False)
    answer = member.post(PAGE, TWIN)
    assert "FAR-HALT" not in body(answer)
    assert "OPEN-HALT" in body(answer)
    Pledge.objects.exclude(ref="FAR-HALT").filter(act="halt").update(act="refrain")
    assert member.post(PAGE, TWIN).status_code == 302


def test_as_one_types_it_is_shown_beside_the_form(member: Client) -> None:
    answer = member.post(PAGE, TWIN | READING, headers=TERM)
    assert "The register has pledges like it" in body(answer)
    assert "/pledges/SHUT-HALT/" in body(answer)
    answer = member.post(PAGE, TWIN | {"pledge-subject": "media"}, headers=TERM)
    assert "The register has pledges like it" not in body(answer)


def test_what_was_typed_goes_to_the_form_of_an_account(member: Client, alice: User) -> None:
    page = member.get(PAGE)
    stamp = page.context["opened"].stamp
    asked = member.post(PAGE, TWIN | ACCOUNT | {"draft_of": stamp})
    assert asked.status_code == 422
    address = "/dossiers/shut/facts/account/new/?about=pledge:SHUT-HALT"
    assert f'formaction="{address}"' in body(asked)
    answer = member.post(address, TWIN | ACCOUNT | {"carried": "SHUT-HALT", "draft_of": stamp})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert not form.is_bound
    shown = {name: form[name].value() for name in ("about", "source", "quotation", "speaker")}
    assert shown == {
        "about": "pledge:SHUT-HALT",
        "source": "readout",
        "quotation": "The whole text",
        "speaker": "Envoy",
    }
    assert form["duration"].value() == "asserts"
    draft = Draft.objects.get(by=alice)  # and the form of the pledge is a draft
    assert "Alpha stops firing" in draft.typed
    assert answer.context["opened"].address == address.replace(":", "%3A")
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    answer = member.post(address, sent | {"draft_of": answer.context["opened"].stamp})
    assert answer.status_code == 302, answer.context["form"].errors
    assert Account.objects.filter(pledge__ref="SHUT-HALT", quotation="The whole text").exists()
    assert Draft.objects.get(pk=draft.pk).typed == draft.typed


def test_an_amendment_that_makes_it_alike_is_asked_about(member: Client, alice: User) -> None:
    assert member.post(PAGE, TWIN | {"pledge-subject": "media"}).status_code == 302
    page = "/dossiers/shut/facts/pledge/SHUT-TWIN/edit/"
    form = member.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    sent["public"] = "1 March 2026 Zurich"
    answer = member.post(page, sent | {"scope": "All of it"})
    assert answer.status_code == 302, answer.context["form"].errors
    sent["seen"] = member.get(page).context["form"].initial["seen"]
    answer = member.post(page, sent | {"subject": "civilians"})
    assert answer.status_code == 422
    assert QUESTION in body(answer)
    answer = member.post(page, sent | {"subject": "civilians", "another": BOTH})
    assert answer.status_code == 302, answer.context["form"].errors
    sent["seen"] = member.get(page).context["form"].initial["seen"]
    answer = member.post(page, sent | {"subject": "civilians", "scope": "Some"})
    assert answer.status_code == 302  # nothing of that was changed


def test_what_is_invented_for_practice_is_like_nothing_real(member: Client) -> None:
    Dossier.objects.filter(slug="open").update(is_practice=True)
    shown = body(member.post(PAGE, TWIN))
    assert "SHUT-HALT" in shown
    assert "OPEN-HALT" not in shown


def test_members_see_on_its_page_what_it_looks_like(
    member: Client, visitor: Client, alice: User
) -> None:
    assert member.post(PAGE, TWIN | {"another": BOTH}).status_code == 302
    shown = body(member.get("/pledges/SHUT-HALT/"))
    assert "It looks like" in shown
    assert 'href="/pledges/SHUT-HALT/merge/?with=SHUT-TWIN"' in shown
    row = Pledge.objects.get(ref="SHUT-TWIN")
    pledges.withdraw(row=row, when="2026-03-02 UTC", reason="No", by=alice, at=house.AT)
    shown = body(member.get("/pledges/SHUT-HALT/"))
    assert "SHUT-TWIN" not in shown
    assert "OPEN-HALT" in shown  # of another dossier: shown, and not to be merged
    assert "/merge/?with=" not in shown
    assert "It looks like" not in body(visitor.get("/pledges/OPEN-HALT/"))


def test_of_a_party_that_was_merged_it_is_the_same_pledgor(member: Client, alice: User) -> None:
    Party.objects.filter(slug="alpha").update(merged_into=Party.objects.get(slug="beta"))
    answer = member.post(PAGE, TWIN | {"pledge-pledgor": "beta"})
    assert answer.status_code == 422
    assert "SHUT-HALT" in body(answer)


def test_a_promise_takes_as_many_queries_with_many_doubles_as_with_one(alice: User) -> None:
    at, viewer = house.AT, access.viewer(alice)
    wanted = Promise("alpha", "halt", "civilians", at, Span())

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert like(wanted, viewer=viewer, here="shut", at=at)
        return len(seen)

    one = queries()
    held = Pledge.objects.get(ref="SHUT-HALT")
    state = rows.state(held)
    for number in range(8):
        columns = {n: state[n] for n in ("title", "instrument", "pledgor", "act", "subject")}
        row = pledges.register(
            dossier=held.dossier, ref=f"MANY-{number}", public=state["public"], by=alice, at=at,
            **columns,
        )  # fmt: skip
        reading_verbs.add(
            of=row, start="2026-03-03 UTC", duration="P3D", rule="inclusive",
            public=state["public"], by=alice, at=at,
        )  # fmt: skip
    assert queries() == one <= 5
