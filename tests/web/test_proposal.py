"""Four eyes in the browser: what is sent is proposed, looked at by somebody else, and decided."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, full, pledged
from tests.actions.people import person
from tracker import clock
from tracker.actions import accounts, pledges, proposals, record
from tracker.domain.facts import ACCOUNT_FIELDS
from tracker.domain.proposals import Standing
from tracker.models import (
    Account,
    Comment,
    Dossier,
    Draft,
    LedgerEntry,
    Move,
    Party,
    Pledge,
    Proposal,
    Reading,
    Source,
    User,
    Verification,
    Viewing,
)
from tracker.selectors import ledger
from tracker.web.views import proposals as pages

pytestmark = [pytest.mark.django_db, pytest.mark.both]
QUEUE = "/queues/proposals/"
FACTS = "/dossiers/case/facts"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found = with_four_eyes()
    monkeypatch.setattr(clock, "now", found.tick)
    return found


@kept.once
def with_four_eyes() -> Made:
    """ann is an analyst, rob and ria reviewers, olga owns, bea reads; eve is elsewhere."""
    found = full()
    roles = ("ann", "analyst"), ("rob", "reviewer"), ("ria", "reviewer"), ("olga", "owner")
    for name, role in (*roles, ("bea", "reader")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["eve"] = person("eve")
    record.put("dossier", "case", {"four_eyes": True}, dossier=None, **found.how())
    found.dossier = Dossier.objects.get(slug="case")
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, path: str, **options: Any) -> str:
    response = client.get(path, **options)
    assert response.status_code == 200, path
    return response.content.decode()


def send(client: Client, path: str, typed: dict[str, Any]) -> Any:
    """The form as a browser sends it: filled in as it is shown, with what is typed."""
    form = client.get(path).context["form"]
    page = shown(client, path)
    stamp = re.search(r'name="draft_of" value="([^"]*)"', page)
    sent = {"draft_of": stamp.group(1) if stamp else ""}
    for field in form:
        value = field.field.prepare_value(field.value())
        if value not in (None, "", False, []):
            sent[field.html_name] = "on" if value is True else value
    return client.post(path, {**sent, **typed})


def page_of(response: Any) -> Proposal:
    assert response.status_code == 302
    found = re.fullmatch(r"/proposals/([0-9a-f-]+)/", response["Location"])
    assert found is not None, response["Location"]
    return Proposal.objects.get(uid=found.group(1))


def retitle(made: Made, title: str = "Alpha halts all strikes", by: str = "ann") -> Proposal:
    typed = {"title": title, "why": "The text says all"}
    client = signed_in(made.rows[by])
    return page_of(send(client, f"{FACTS}/pledge/case-1/edit/", typed))


def decide(client: Client, row: Proposal, do: str, **typed: str) -> Any:
    path = f"/proposals/{row.uid}/"
    page = shown(client, path)
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    return client.post(path, {"do": do, "seen": seen.group(1) if seen else "", **typed})


SOURCE = {"title": "A letter", "kind": "other", "reliability": "F", "public": "2025-03-20 UTC"}


def test_what_is_entered_is_proposed_and_counts_once_confirmed(made: Made) -> None:
    client = signed_in(made.ann)
    page = shown(client, f"{FACTS}/source/new/")
    assert "Propose it" in page
    assert "This dossier asks for four eyes" in page
    row = page_of(send(client, f"{FACTS}/source/new/", SOURCE))
    assert not Source.objects.filter(key="a-letter").exists()
    told = shown(client, f"/proposals/{row.uid}/")
    assert "Proposed; it counts once somebody else confirms it." in told
    assert "is entered" not in told
    assert "A letter" in told
    assert "Confirm it" not in told
    assert "Withdraw it" in told
    assert "<bdi>Ria</bdi>" in told  # who may confirm it
    assert "Undo" not in told
    reviewer = signed_in(made.rob)
    assert decide(reviewer, row, "confirm").status_code == 302
    assert Source.objects.get(key="a-letter").title == "A letter"
    done = shown(reviewer, f"/proposals/{row.uid}/")
    assert "Confirmed by Rob" in done
    assert "Confirmed: it counts from now on." in done
    history = shown(client, f"{FACTS}/source/a-letter/")
    assert "proposed, and confirmed by Rob" in history
    assert "Ann" in history


def test_a_form_that_is_sent_twice_is_proposed_once(made: Made) -> None:
    client = signed_in(made.ann)
    typed = SOURCE | {"once": "the-same"}
    first = client.post(f"{FACTS}/source/new/", typed)
    again = client.post(f"{FACTS}/source/new/", typed)
    assert page_of(first) == page_of(again)
    assert "proposed already, once" in shown(client, again["Location"])
    assert Proposal.objects.count() == 1
    assert retitle(made) == retitle(made)


def test_a_rule_refuses_before_anything_is_proposed(made: Made) -> None:
    client = signed_in(made.ann)
    response = client.post(f"{FACTS}/source/new/", SOURCE | {"public": "2025-03-20"})
    assert response.status_code == 422
    taken = client.post(f"{FACTS}/source/new/", SOURCE | {"key": "readout"})
    assert taken.status_code == 422
    assert "is taken" in taken.content.decode()
    assert Proposal.objects.count() == 0


def test_an_amendment_shows_its_differences(made: Made) -> None:
    row = retitle(made)
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts strikes"
    page = shown(signed_in(made.rob), f"/proposals/{row.uid}/")
    assert "Alpha halts strikes" in page
    assert "Alpha halts all strikes" in page
    assert "The text says all" in page
    assert "Nothing: stage, start and end stay as they are." in page
    assert "Mechanism" not in page  # what stays is not shown
    decide(signed_in(made.rob), row, "confirm")
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts all strikes"
    listed = shown(signed_in(made.bea), "/pledges/case-1/")
    assert f"/proposals/{row.uid}/" in listed
    record.put("dossier", "case", {"is_public": True}, dossier=None, **made.how())
    assert f"/proposals/{row.uid}/" not in shown(Client(), "/pledges/case-1/")


def test_nothing_to_change_proposes_nothing(made: Made) -> None:
    client = signed_in(made.ann)
    response = send(client, f"{FACTS}/source/readout/edit/", {"why": "No reason"})
    assert response.status_code == 302
    assert Proposal.objects.count() == 0


def test_a_judgement_shows_what_it_would_do_to_the_term(made: Made) -> None:
    client = signed_in(made.ann)
    typed = {
        "to": "stage:hostilities_resumed",
        "effective": "2025-04-07 UTC",
        "public": "2025-04-07 UTC",
        "reason": "Strikes went on",
    }
    row = page_of(send(client, f"{FACTS}/pledge/case-1/judge/", typed))
    assert not Move.objects.filter(to="hostilities_resumed").exists()
    page = shown(signed_in(made.rob), f"/proposals/{row.uid}/")
    effects = page[page.index('id="h-effects"') :]
    assert "Once it is confirmed" in effects
    assert "Ended: hostilities resumed" in effects
    assert "Expired" in effects
    decide(signed_in(made.rob), row, "confirm")
    assert Move.objects.get(to="hostilities_resumed").reason == "Strikes went on"


def whole_pledge(client: Client) -> Any:
    typed = {
        "pledge-key": "CASE-NEW",
        "pledge-title": "Gamma frees prisoners",
        "pledge-instrument": "call",
        "pledge-pledgor_new_name": "Gamma",
        "pledge-pledgor_new_kind": "state",
        "pledge-act": "halt",
        "pledge-subject": "prisoners",
        "pledge-specificity": "specific",
        "pledge-public": PUBLIC,
        "pledge-once": "once-only",
        **{f"account-{name}": "silent" for name in ACCOUNT_FIELDS},
        "account-source": "readout",
        "account-quotation": "thirty days",
        "account-credibility": "3",
        "account-existence": "asserts",
        "reading-start": PUBLIC,
        "reading-duration": "P30D",
        "reading-rule": "inclusive",
        "reading-from_account": ["duration_account"],
        "adopt-reason": "As said",
    }
    return client.post("/pledges/new/?dossier=case", typed)


def test_a_pledge_with_its_account_and_a_new_party_is_one_proposal(made: Made) -> None:
    client = signed_in(made.ann)
    assert "Propose it" in shown(client, "/pledges/new/?dossier=case")
    row = page_of(whole_pledge(client))
    assert not Party.objects.filter(name="Gamma").exists()
    assert not Pledge.objects.filter(ref="CASE-NEW").exists()
    page = shown(signed_in(made.rob), f"/proposals/{row.uid}/")
    for words in ("Gamma frees prisoners", "thirty days", "As said", "Gamma", "Expired"):
        assert words in page, words
    assert '<a href="/parties/gamma/"' not in page  # it leads nowhere yet
    assert f'<a href="{FACTS}/pledge/CASE-NEW/"' not in page
    decide(signed_in(made.rob), row, "confirm")
    pledge = Pledge.objects.get(ref="CASE-NEW")
    assert (pledge.pledgor.name, Account.objects.filter(pledge=pledge).count()) == ("Gamma", 1)
    assert Reading.objects.get(pledge=pledge).duration_account is not None
    pledges.amend(row=pledge, scope="All", **made.how())
    after = shown(signed_in(made.rob), f"/proposals/{row.uid}/")
    assert f'<a href="{FACTS}/pledge/CASE-NEW/"' in after
    account = Account.objects.get(pledge=pledge)
    accounts.amend(row=account, note="Checked", **made.how())
    assert account.key in shown(signed_in(made.rob), f"/proposals/{row.uid}/")


def test_comments_are_nobodys_facts(made: Made) -> None:
    client = signed_in(made.ann)
    path = f"{FACTS}/comment/new/?about=pledge:case-1"
    assert "Propose it" not in shown(client, path)
    response = send(client, path, {"about": "pledge:case-1", "text": "Is it so?"})
    assert response.status_code == 302
    assert Comment.objects.filter(text="Is it so?").exists()
    assert Proposal.objects.count() == 0


def test_who_may_decide(made: Made) -> None:
    row = retitle(made)
    path = f"/proposals/{row.uid}/"
    for name, status in (("ann", 403), ("bea", 403), ("eve", 404)):
        client = signed_in(made.rows[name])
        for do in ("confirm", "decline"):
            assert client.post(path, {"do": do, "why": "No"}).status_code == status, (name, do)
    assert signed_in(made.bea).post(path, {"do": "withdraw"}).status_code == 403
    assert signed_in(made.rob).post(path, {"do": "withdraw"}).status_code == 403
    assert signed_in(made.rob).post(path, {"do": "dance"}).status_code == 403
    assert signed_in(made.ann).post(path, {"do": "dance"}).status_code == 422
    assert Client().post(path, {"do": "confirm"}).status_code == 302  # to sign in
    shut_out = signed_in(made.ria)
    User.objects.filter(pk=made.ria.pk).update(is_active=False)
    assert shut_out.post(path, {"do": "confirm"})["Location"].startswith("/sign-in/")
    assert Proposal.objects.get().standing == Standing.OPEN
    assert "Confirm it" not in shown(signed_in(made.bea), path)
    own = retitle(made, "Another title", by="rob")
    assert "Confirm it" not in shown(signed_in(made.rob), f"/proposals/{own.uid}/")
    refused = signed_in(made.rob).post(f"/proposals/{own.uid}/", {"do": "confirm"})
    assert refused.status_code == 403
    assert "Whoever proposed a change" in refused.content.decode()
    assert decide(signed_in(made.olga), own, "confirm").status_code == 302


FINDING = {
    "pledge": "case-1",
    "period_start": "2025-04-01 UTC",
    "period_end": "2025-04-03 UTC",
    "finding": "held",
    "reasoning": "Two observers saw nothing.",
    "reliability": "B",
    "credibility": "2",
    "sources": ["readout"],
    "public": "2025-04-03 UTC",
}


@pytest.mark.parametrize("name", ["rob", "olga"])
def test_nobody_confirms_a_finding_of_their_own_by_page_or_past_it(made: Made, name: str) -> None:
    """Neither a reviewer nor an owner, by whatever is posted; the action is asked in
    tests/actions/test_corrections.py.
    """
    own, before = signed_in(made.rows[name]), Verification.objects.count()
    row = page_of(send(own, f"{FACTS}/verification/new/", FINDING))
    path = f"/proposals/{row.uid}/"
    page = shown(own, path)
    assert "Confirm it" not in page
    assert 'value="confirm"' not in page
    token = re.search(r'name="seen" value="([^"]*)"', shown(signed_in(made.ria), path))
    assert token is not None
    for sent in ({}, {"seen": token.group(1)}, {"seen": token.group(1), "by": str(made.ria.uid)}):
        refused = own.post(path, {"do": "confirm", **sent})
        assert refused.status_code == 403
        assert "Whoever proposed a change" in refused.content.decode()
        declined = own.post(path, {"do": "decline", "why": "Not so", **sent})
        assert declined.status_code == 403
    again = own.post(f"{FACTS}/verification/new/", FINDING)  # written past the proposal
    assert again.status_code == 302
    assert again["Location"].startswith("/proposals/")
    assert Verification.objects.count() == before
    assert "Two observers saw nothing." not in shown(signed_in(made.bea), "/pledges/case-1/")
    row.refresh_from_db()
    assert row.standing == Standing.OPEN
    assert decide(signed_in(made.ria), row, "confirm").status_code == 302
    found = Verification.objects.get(reasoning="Two observers saw nothing.")
    entry = LedgerEntry.objects.get(noun="verification", row_key=found.key)
    assert entry.by == str(made.rows[name].uid), "it is its author's"


def test_that_its_author_checked_the_sources_waits_with_the_finding(made: Made) -> None:
    before = Viewing.objects.count()
    row = page_of(
        send(signed_in(made.ann), f"{FACTS}/verification/new/", FINDING | {"viewed": "on"})
    )
    assert Viewing.objects.count() == before
    assert decide(signed_in(made.rob), row, "confirm").status_code == 302
    seen = Viewing.objects.latest("pk")
    assert Viewing.objects.count() == before + 1
    assert (seen.source.key, seen.text_sha256) == ("readout", seen.source.sha256)
    entry = LedgerEntry.objects.get(noun="viewing", row_key=seen.key)
    assert entry.by == str(made.ann.uid), "whoever confirmed it checked nothing"


def test_what_somebody_checked_by_itself_is_nobodys_to_confirm(made: Made) -> None:
    before = Viewing.objects.count()
    client = signed_in(made.ann)
    assert "Propose it" not in shown(client, f"{FACTS}/viewing/new/?source=readout")
    sent = send(client, f"{FACTS}/viewing/new/?source=readout", {"note": "As it was broadcast."})
    assert sent["Location"] == "/sources/case/readout/#custody"
    assert Viewing.objects.count() == before + 1
    assert Proposal.objects.count() == 0


def test_an_owner_s_own_changes_wait_too(made: Made) -> None:
    row = retitle(made, by="olga")
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts strikes"
    decide(signed_in(made.rob), row, "confirm")
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts all strikes"


def test_declining_takes_a_reason_that_its_author_reads(made: Made) -> None:
    row, client = retitle(made), signed_in(made.rob)
    path = f"/proposals/{row.uid}/"
    empty = client.post(path, {"do": "decline", "why": ""})
    assert empty.status_code == 422
    assert "Say why, so that its author can mend it." in empty.content.decode()
    typed = {"do": "decline", "why": "<b>Where</b> is it said?"}
    assert client.post(path, typed).status_code == 302
    page = shown(signed_in(made.ann), path)
    assert "&lt;b&gt;Where&lt;/b&gt; is it said?" in page
    assert "Declined by Rob" in page
    assert "Take it up again" in page
    late = client.post(path, typed)
    assert late.status_code == 409
    assert "declined already" in late.content.decode()


def test_the_second_of_two_is_shown_what_the_first_changed(made: Made) -> None:
    one, two = retitle(made), retitle(made, "Alpha stops all strikes", by="ria")
    client = signed_in(made.olga)
    page = shown(client, f"/proposals/{two.uid}/")
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    decide(client, one, "confirm")
    late = client.post(f"/proposals/{two.uid}/", {"do": "confirm", "seen": seen.group(1)})
    assert late.status_code == 409
    text = late.content.decode()
    for words in (
        "Something that this rests on was changed since you looked.",
        "Changed since it was proposed.",
        "Alpha halts strikes",
        "Alpha halts all strikes",
        "Alpha stops all strikes",
        "When it was proposed",
    ):
        assert words in text, words
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts all strikes"
    assert decide(client, two, "confirm").status_code == 302
    assert Pledge.objects.get(ref="case-1").title == "Alpha stops all strikes"


def test_what_cannot_be_applied_any_more_says_why_and_is_taken_up_again(made: Made) -> None:
    row = page_of(whole_pledge(signed_in(made.ann)))
    made.rows["taken"] = pledged(made, "CASE-NEW")
    refused = decide(signed_in(made.rob), row, "confirm")
    assert refused.status_code == 409
    assert "It was not applied" in refused.content.decode()
    again = signed_in(made.ann).post(f"/proposals/{row.uid}/", {"do": "again"})
    assert again.status_code == 302
    row.refresh_from_db()
    assert row.standing == Standing.WITHDRAWN
    form = shown(signed_in(made.ann), again["Location"])
    assert "Gamma frees prisoners" in form
    assert "thirty days" in form
    assert "once-only" not in form
    assert "Gamma frees prisoners" not in shown(signed_in(made.rob), again["Location"])


def test_taken_up_again_the_form_shows_it_as_a_draft_on_top_of_what_was_seen(made: Made) -> None:
    row = retitle(made)
    pledges.amend(row=made.pledge, scope="All", **made.how())
    response = signed_in(made.ann).post(f"/proposals/{row.uid}/", {"do": "again"})
    draft = Draft.objects.get(by=made.ann, sent_at=None)
    assert response["Location"] == f"{FACTS}/pledge/case-1/edit/?draft={draft.uid}"
    form = shown(signed_in(made.ann), response["Location"])
    assert "Alpha halts all strikes" in form
    assert "Somebody else changed this since you read it" in form or "changed this" in form


def test_withdrawing(made: Made) -> None:
    row = retitle(made)
    response = signed_in(made.ann).post(f"/proposals/{row.uid}/", {"do": "withdraw"})
    assert response.status_code == 302
    assert "Withdrawn" in shown(signed_in(made.ann), f"/proposals/{row.uid}/")
    assert ledger.problem("case") is None


def test_undoing_is_proposed(made: Made) -> None:
    decide(signed_in(made.rob), retitle(made), "confirm")
    client = signed_in(made.ann)
    page = shown(client, f"{FACTS}/pledge/case-1/")
    found = re.search(r'action="(/undo/[^"]+)"', page)
    assert found is not None
    row = page_of(client.post(found.group(1), {"do": "undo"}))
    assert row.typed == ""
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts all strikes"
    decide(signed_in(made.rob), row, "confirm")
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts strikes"


def test_pages_of_what_is_concerned_say_that_a_change_is_proposed_to_members(made: Made) -> None:
    record.put("dossier", "case", {"is_public": True}, dossier=None, **made.how())
    row = retitle(made)
    for path in ("/pledges/case-1/", f"{FACTS}/pledge/case-1/"):
        page = shown(signed_in(made.bea), path)
        assert "A change of this is proposed." in page, path
        assert f"/proposals/{row.uid}/" in page
    assert "is proposed" not in shown(Client(), "/pledges/case-1/")
    assert "is proposed" not in shown(signed_in(made.eve), "/pledges/case-1/")
    assert "is proposed" not in shown(signed_in(made.bea), "/pledges/case-2/")
    assert "Proposed changes" in shown(signed_in(made.ann), "/dossiers/case/")
    assert "Four eyes" in shown(signed_in(made.bea), "/dossiers/case/")
    assert "Four eyes" not in shown(Client(), "/dossiers/case/")


def test_the_queue_and_the_board_say_what_waits(made: Made) -> None:
    row = retitle(made)
    for name, words in (
        ("rob", "Waits for you or another reviewer."),
        ("ann", "Yours: somebody else decides."),
    ):
        assert words in shown(signed_in(made.rows[name]), QUEUE)
    for name in ("bea", "eve"):
        assert str(row.uid) not in shown(signed_in(made.rows[name]), QUEUE)
    assert "A proposed change waits for you" in shown(signed_in(made.rob), "/")
    assert "A proposed change waits for you" in shown(signed_in(made.rob), "/queues/review/")
    assert "waits for you" not in shown(signed_in(made.ann), "/")
    decide(signed_in(made.rob), row, "confirm")
    assert "waits for you" not in shown(signed_in(made.rob), "/")
    assert "Confirmed<br>" in shown(signed_in(made.ann), QUEUE)
    assert str(row.uid) in shown(signed_in(made.ann), f"{QUEUE}?mine=yes")
    assert str(row.uid) not in shown(signed_in(made.rob), f"{QUEUE}?mine=yes")


def test_the_queue_is_narrowed_to_a_dossier(made: Made) -> None:
    other = full("other")
    person("zoe", other.dossier, "reviewer")
    record.put(
        "membership", str(made.rob.uid), {"role": "reviewer"}, dossier=other.dossier, **made.how()
    )
    mine = retitle(made)
    theirs = Proposal.objects.create(
        dossier=other.dossier, by=made.ria, title="Elsewhere", made_at=made.tick()
    )
    client = signed_in(made.rob)
    both = shown(client, QUEUE)
    assert str(mine.uid) in both
    assert str(theirs.uid) in both
    one = shown(client, f"{QUEUE}?dossier=other")
    assert str(mine.uid) not in one
    assert str(theirs.uid) in one
    assert str(theirs.uid) not in shown(signed_in(made.ann), f"{QUEUE}?dossier=other")


def test_the_number_of_queries_does_not_grow(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(made.rob)
    first = retitle(made)
    paths = (QUEUE, "/", "/pledges/case-1/", f"/proposals/{first.uid}/", "/dossiers/case/")
    counted = []
    for number in (0, 6):
        for one in range(number):
            retitle(made, f"Alpha halts, time {one}")
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as found:
                client.get(path)
            counted.append(len(found))
    assert counted[: len(paths)] == counted[len(paths) :]
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    assert "Page 2 of 4" in shown(client, f"{QUEUE}?page=2")


def test_the_steps_of_one_proposal_take_no_more_queries(made: Made) -> None:
    client = signed_in(made.rob)
    small = page_of(send(signed_in(made.ann), f"{FACTS}/source/new/", SOURCE))
    large = page_of(whole_pledge(signed_in(made.ann)))
    counts = []
    for row in (small, large):
        client.get(f"/proposals/{row.uid}/")
        with CaptureQueriesContext(connection) as found:
            client.get(f"/proposals/{row.uid}/")
        counts.append(len(found))
    # The second one's party is in another chain, and an adoption asks what was adopted so far.
    assert counts[1] - counts[0] <= 4


def send_off(client: Client) -> dict[str, Any]:
    """The dossier's form without the tick."""
    form = client.get("/dossiers/case/edit/").context["form"]
    return {name: form[name].value() for name in ("title", "summary", "zone", "seen")}


def test_an_owner_turns_it_on_and_off(made: Made) -> None:
    client = signed_in(made.olga)
    row = retitle(made)
    page = shown(client, "/dossiers/case/edit/")
    assert "Four eyes" in page
    typed = send_off(client)
    assert client.post("/dossiers/case/edit/", typed).status_code == 302
    assert Dossier.objects.get(slug="case").four_eyes is False
    assert send(signed_in(made.ann), f"{FACTS}/source/new/", SOURCE).status_code == 302
    assert Source.objects.filter(key="a-letter").exists()
    assert decide(signed_in(made.rob), row, "confirm").status_code == 302
    assert "Proposed changes" not in shown(client, "/dossiers/case/")


def test_strangers_and_wrong_addresses(made: Made) -> None:
    row = retitle(made)
    assert signed_in(made.eve).get(f"/proposals/{row.uid}/").status_code == 404
    assert Client().get(f"/proposals/{row.uid}/").status_code == 302
    nobody = "/proposals/00000000-0000-0000-0000-000000000000/"
    assert signed_in(made.rob).get(nobody).status_code == 404


def test_who_proposed_is_told_by_opaque_id_in_the_ledger(made: Made) -> None:
    row = retitle(made)
    entry = LedgerEntry.objects.get(noun="proposal")
    assert entry.row_key == str(row.uid)
    assert "Ann" not in (entry.state or "")
    assert len(row.title) <= proposals.TITLE


def test_from_a_passage_one_goes_on_with_the_text(made: Made) -> None:
    client = signed_in(made.ann)
    path = f"{FACTS}/account/new/?source=readout&start=16&end=27"
    response = send(client, path, {"about": "pledge:case-1", "credibility": "3"})
    assert response.status_code == 302
    assert response["Location"] == "/sources/case/readout/#h-text"
    row = Proposal.objects.get()
    assert f"/proposals/{row.uid}/" in shown(client, "/sources/case/readout/")
    assert row.steps.get().columns["place"]["start"] == 16
