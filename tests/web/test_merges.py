"""The pages on which two parties, or two pledges, are merged, and what stands there afterwards."""

from typing import Any

import pytest
from django.test import Client

from tracker.actions import accounts, merges, readings, subscriptions
from tracker.models import Account, Deadline, Party, Pledge, Subscription, User

from . import house
from .test_pledge_new import PAGE, PLEDGE

pytestmark = pytest.mark.usefixtures("open_house")
WHY = "The same party under two names."
MERGE = "/pledges/SHUT-TWIN/merge/"


@pytest.fixture
def visitor() -> Client:
    """Who is not signed in."""
    return Client()


def body(answer: Any) -> str:
    return str(answer.content.decode())


def sent(page: Any, **typed: Any) -> dict[str, Any]:
    """What a browser sends of a page's form."""
    form = page.context["form"]
    found = {name: form[name].value() for name in form.fields if form[name].value()}
    seen = page.context.get("seen")
    return found | ({"seen": seen} if seen is not None else {}) | typed


@pytest.fixture
def twin(member: Client) -> Pledge:
    typed = PLEDGE | {
        "pledge-pledgor": "alpha",
        "pledge-act": "halt",
        "pledge-subject": "civilians",
        "pledge-key": "SHUT-TWIN",
        "pledge-title": "Alpha stops firing",
    }
    assert member.post(PAGE, typed | {"another": "SHUT-HALT OPEN-HALT"}).status_code == 302
    return Pledge.objects.get(ref="SHUT-TWIN")


@pytest.fixture
def merged(alice: User) -> Party:
    beta, alpha = (Party.objects.get(slug=slug) for slug in ("beta", "alpha"))
    return merges.merge_parties(row=beta, into=alpha, reason=WHY, by=alice, at=house.AT)


# Parties


def test_a_party_is_merged_with_a_reason_and_the_merge_taken_back(member: Client) -> None:
    page = member.get("/parties/beta/merge/")
    assert 'class="danger"' in body(page)
    answer = member.post("/parties/beta/merge/", sent(page, merged_into="alpha"))
    assert answer.status_code == 422  # no reason
    answer = member.post(
        "/parties/beta/merge/", sent(page, merged_into="alpha", reason=WHY), follow=True
    )
    assert answer.redirect_chain[-1][0] == "/parties/alpha/"
    shown = body(answer)
    assert "is taken for" in shown
    assert "Undo" in shown
    assert "Merged into it" in shown
    assert WHY in shown  # of its history
    assert "The Betas" in shown
    page = member.get("/parties/beta/part/")
    answer = member.post("/parties/beta/part/", sent(page, reason="Two after all."), follow=True)
    assert answer.redirect_chain[-1][0] == "/parties/beta/"
    assert "Two after all." in body(answer)
    assert Party.objects.get(slug="beta").merged_into is None


@pytest.mark.parametrize(
    ("into", "said"), [("beta", "this very party"), ("none", "Select a valid choice")]
)
def test_a_party_that_cannot_be_meant_is_refused(member: Client, into: str, said: str) -> None:
    page = member.get("/parties/beta/merge/")
    answer = member.post("/parties/beta/merge/", sent(page, merged_into=into, reason=WHY))
    assert answer.status_code == 422
    assert said in body(answer)
    assert WHY in body(answer)


def test_one_that_somebody_merged_meanwhile(member: Client, alice: User) -> None:
    page = member.get("/parties/beta/merge/")
    beta = Party.objects.get(slug="beta")
    from tracker.actions import parties

    parties.amend(row=beta, note="Seen", by=alice, at=house.AT)
    answer = member.post("/parties/beta/merge/", sent(page, merged_into="alpha", reason=WHY))
    assert answer.status_code == 409
    assert WHY in body(answer)


@pytest.mark.usefixtures("merged")
def test_its_address_leads_to_the_other_and_everywhere_has_that_name(
    member: Client, visitor: Client
) -> None:
    answer = visitor.get("/parties/beta/")
    assert (answer.status_code, answer["Location"]) == (302, "/parties/alpha/")
    shown = body(visitor.get("/parties/alpha/"))
    assert "Merged into it" in shown
    assert "Take the merge back" not in shown
    assert "an analyst" in shown  # of both histories, without names
    shown = body(visitor.get("/pledges/OPEN-HALT/")).split('id="accounts"')[0]
    assert "Beta" not in shown.replace("If Beta does the same.", ""), "what was written stays"
    for address in ("/parties/beta/edit/", "/parties/beta/merge/"):
        assert visitor.get(address).status_code == 302
    assert member.get("/parties/beta/merge/")["Location"] == "/parties/alpha/"
    assert member.get("/parties/alpha/part/")["Location"] == "/parties/alpha/"
    assert member.get("/parties/beta/watch/")["Location"] == "/parties/alpha/watch/"


@pytest.mark.usefixtures("merged")
def test_before_the_merge_was_recorded_the_pages_say_two(visitor: Client) -> None:
    then = "?at=2026-03-03T00:00:00Z"
    assert visitor.get(f"/parties/beta/{then}").status_code == 200
    assert "Merged into it" not in body(visitor.get(f"/parties/alpha/{then}"))
    assert "Beta" in body(visitor.get(f"/pledges/OPEN-HALT/{then}"))


@pytest.mark.usefixtures("merged")
def test_the_board_lists_both_under_either(visitor: Client, member: Client) -> None:
    for slug in ("alpha", "beta"):
        answer = visitor.get("/", {"party": slug, "role": "beneficiary"})
        assert answer.status_code == 200
        assert "OPEN-HALT" in body(answer)
    answer = visitor.get("/")
    offered = dict(answer.context["form"].fields["party"].choices)
    assert offered == {"alpha": "Alpha"}


@pytest.mark.usefixtures("merged")
def test_forms_offer_the_other_and_find_it_by_either_name(member: Client) -> None:
    form = member.get(PAGE).context["form"].pledge
    offered = str(form["pledgor"])
    assert 'value="beta"' not in offered
    assert "Beta · The Betas" in offered
    typed = PLEDGE | {"pledge-pledgor": "", "pledge-pledgor_new_name": "Beta"}
    typed["pledge-pledgor_new_kind"] = "state"
    answer = member.post(PAGE, typed)
    assert answer.status_code == 422
    assert "A party of a name like “Beta” is known already." in body(answer)
    assert member.post(PAGE, PLEDGE).status_code == 302  # a form that was open, with beta chosen
    assert Pledge.objects.get(ref="SHUT-ROAD").pledgor.slug == "alpha"


@pytest.mark.usefixtures("merged")
def test_a_row_that_names_it_can_be_amended_as_it_stands(member: Client) -> None:
    page = "/dossiers/shut/facts/pledge/SHUT-HALT/edit/"
    form = member.get(page).context["form"]
    assert "Beta → Alpha" in str(form["beneficiaries"])
    typed = {name: form[name].value() for name in form.fields if form[name].value()}
    assert member.post(page, typed | {"scope": "All"}).status_code == 302
    assert [b.slug for b in Pledge.objects.get(ref="SHUT-HALT").beneficiaries.all()] == ["beta"]


def test_ending_what_one_watches_ends_it_for_both(member: Client, alice: User) -> None:
    alpha, beta = (Party.objects.get(slug=slug) for slug in ("alpha", "beta"))
    for party in (alpha, beta):
        subscriptions.subscribe(user=alice, target=party, at=house.AT)
    merges.merge_parties(row=beta, into=alpha, reason=WHY, by=alice, at=house.AT)
    assert "You watch it already" in body(member.get("/parties/alpha/watch/"))
    member.post("/parties/alpha/watch/", {"deed": "end"})
    assert not Subscription.objects.filter(user=alice, ended_at=None).exists()


# Pledges


def test_first_it_is_shown_what_would_move(member: Client, twin: Pledge) -> None:
    page = member.get(f"{MERGE}?with=SHUT-HALT")
    shown = body(page)
    assert page.status_code == 200
    assert "What would become of them" in shown
    assert "Alpha stops firing" in shown
    assert "Where they differ" in shown
    preview = page.context["preview"]
    assert (preview.goes, preview.stays, preview.moves) == ("SHUT-TWIN", "SHUT-HALT", [])
    typed = sent(page, reason=WHY, stays="this", show="1")
    answer = member.post(MERGE, typed)
    assert answer.status_code == 200
    preview = answer.context["preview"]
    assert (preview.goes, preview.stays) == ("SHUT-HALT", "SHUT-TWIN")
    assert {row.noun for row in preview.moves} >= {"account", "reading", "condition", "deadline"}
    assert [row.noun for row in preview.ends] == ["adoption"]
    assert WHY in body(answer)
    # Meant, but of another pair than was shown: it is shown first.
    answer = member.post(MERGE, sent(page, reason=WHY, stays="this", previewed="A B"))
    assert answer.status_code == 200
    assert Pledge.objects.filter(merged_into__isnull=False).count() == 0


def test_they_are_merged_and_the_page_says_where_it_went(
    member: Client, visitor: Client, twin: Pledge
) -> None:
    page = member.get(f"{MERGE}?with=SHUT-HALT")
    typed = sent(page, reason=WHY, other="SHUT-HALT", stays="this", show="1")
    shown = member.post(MERGE, typed)
    typed = typed | {"previewed": shown.context["preview"].pair, "seen": shown.context["seen"]}
    del typed["show"]
    answer = member.post(MERGE, typed | {"reason": ""})
    assert answer.status_code == 422
    answer = member.post(MERGE, typed, follow=True)
    assert answer.redirect_chain[-1][0] == "/pledges/SHUT-TWIN/"
    kept = body(answer)
    assert "is merged into" in kept
    assert "Merged into it" in kept
    assert "We halt fire for ten days." in kept  # its account
    gone = body(member.get("/pledges/SHUT-HALT/"))
    assert "This pledge was merged into another one" in gone
    assert WHY in gone
    assert 'href="/pledges/SHUT-TWIN/"' in gone
    assert "adoption" in gone.lower()  # its whole history
    assert "SHUT-HALT" not in body(member.get("/"))
    assert "SHUT-HALT" not in {
        key for key, _ in member.get(PAGE).context["form"].pledge.fields["reciprocates"].choices
    }
    assert visitor.get("/pledges/SHUT-HALT/").status_code == 404
    fact = body(member.get("/dossiers/shut/facts/pledge/SHUT-HALT/"))
    assert "/facts/pledge/SHUT-HALT/part/" in fact
    assert "/facts/pledge/SHUT-HALT/withdraw/" not in fact
    assert member.get("/pledges/SHUT-HALT/watch/")["Location"] == "/pledges/SHUT-TWIN/watch/"
    assert member.get("/pledges/SHUT-HALT/merge/")["Location"] == "/pledges/SHUT-HALT/"
    before = "?known=2026-03-04T10:20:00Z"
    assert "We halt fire" not in body(member.get(f"/pledges/SHUT-TWIN/{before}"))


def test_the_merge_of_pledges_is_taken_back_with_a_reason(
    member: Client, alice: User, twin: Pledge
) -> None:
    halt = Pledge.objects.get(ref="SHUT-HALT")
    merges.merge_pledges(goes=halt, stays=twin, reason=WHY, by=alice, at=house.AT)
    address = "/dossiers/shut/facts/pledge/SHUT-HALT/part/"
    page = member.get(address)
    assert 'class="danger"' in body(page)
    assert member.post(address, sent(page)).status_code == 422
    answer = member.post(address, sent(page, reason="They are two."), follow=True)
    assert answer.redirect_chain[-1][0] == "/pledges/SHUT-HALT/"
    assert "We halt fire for ten days." in body(answer)
    assert "In force" in body(answer)


def test_a_merge_that_cannot_be_taken_back_says_what_is_in_the_way(
    member: Client, alice: User, twin: Pledge
) -> None:
    halt = Pledge.objects.get(ref="SHUT-HALT")
    merges.merge_pledges(goes=halt, stays=twin, reason=WHY, by=alice, at=house.AT)
    account = Account.objects.get(pledge=twin, speaker="Minister")
    more = readings.add(
        of=twin, start_deadline=Deadline.objects.get(pledge=twin), start_offset="P1D",
        duration="P1D", rule="inclusive", zone="Europe/Zurich", public="2026-03-01 UTC",
        by=alice, at=house.AT,
    )  # fmt: skip
    address = "/dossiers/shut/facts/pledge/SHUT-HALT/part/"
    answer = member.post(address, sent(member.get(address), reason="They are two."))
    assert answer.status_code == 422
    assert f"The reading “{more[0].key}” counts from a deadline" in body(answer)
    assert "They are two." in body(answer)
    accounts.amend(row=account, pledge=None, deadline=more[0].start_deadline, by=alice, at=house.AT)
    answer = member.post(address, sent(member.get(address), reason="They are two."))
    assert answer.status_code == 422
    assert "was changed since: its “pledge” is another one by now." in body(answer)
    assert Pledge.objects.get(ref="SHUT-HALT").merged_into == twin


def test_one_that_was_changed_since_it_was_shown(member: Client, alice: User, twin: Pledge) -> None:
    from tracker.actions import pledges

    page = member.get(f"{MERGE}?with=SHUT-HALT")
    typed = sent(page, reason=WHY, other="SHUT-HALT", stays="other")
    typed["previewed"] = page.context["preview"].pair
    pledges.amend(row=twin, scope="All", by=alice, at=house.AT)
    answer = member.post(MERGE, typed)
    assert answer.status_code == 422
    assert "One of them was changed since you read this." in body(answer)
    assert WHY in body(answer)
    typed["seen"] = answer.context["seen"]
    assert member.post(MERGE, typed).status_code == 302


@pytest.mark.parametrize("typed", [{}, {"other": "SHUT-TWIN"}, {"other": "OPEN-HALT"}])
def test_no_other_pledge_than_one_of_this_dossier(
    member: Client, twin: Pledge, typed: dict[str, str]
) -> None:
    answer = member.post(MERGE, {"reason": WHY, "stays": "other", **typed})
    assert answer.status_code == 422
    assert WHY in body(answer)


def test_who_enters_no_facts_merges_nothing(visitor: Client, client: Client) -> None:
    client.force_login(house.person("rea", shut="reader"))
    for address in ("/pledges/SHUT-HALT/merge/", "/parties/beta/merge/", "/parties/beta/part/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": WHY}).status_code == 403
    client.force_login(house.person("bo"))
    assert client.get("/pledges/SHUT-HALT/merge/").status_code == 404


def test_the_one_that_can_stay_is_proposed(member: Client, alice: User, twin: Pledge) -> None:
    halt = Pledge.objects.get(ref="SHUT-HALT")
    merges.merge_pledges(goes=twin, stays=halt, reason=WHY, by=alice, at=house.AT)
    typed = PLEDGE | {"pledge-pledgor": "alpha", "pledge-key": "SHUT-MORE"}
    assert member.post(PAGE, typed).status_code == 302
    page = member.get("/pledges/SHUT-HALT/merge/?with=SHUT-MORE")
    assert page.context["preview"].stays == "SHUT-HALT"
    assert "(optional)" not in body(page)
    page = member.get("/pledges/SHUT-HALT/merge/?with=NONE")
    assert page.status_code == 200
    assert page.context["preview"] is None
