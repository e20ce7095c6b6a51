"""Changing many pledges together: chosen, looked at, done, and undone; or nothing of it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import dossiers, pledges, proposals, subscriptions
from tracker.domain.bulk import MOST
from tracker.models import LedgerEntry, Pledge, Subscription, User
from tracker.selectors import ledger, steps

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
PAGE = "/pledges/bulk/"
SHUT = ("SHUT-HALT", "SHUT-MORE-0", "SHUT-MORE-1")


@pytest.fixture(autouse=True)
def more(open_house: None) -> None:
    house.more_pledges("shut", 2)


def alice() -> User:
    return User.objects.get(email="alice@example.org")


def send(client: Client, deed: str, *refs: str, status: int = 200, **data: Any) -> str:
    response = client.post(PAGE, {"deed": deed, "pledge": refs, **data})
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def hidden(shown: str) -> dict[str, str]:
    """What the form below a preview sends."""
    form = shown[shown.index('name="all"') : shown.index('value="apply"')]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return {**sent, "all": "yes", "deed": "apply"}


def text_of(shown: str) -> str:
    main = shown[shown.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_what_will_change_is_shown_before_it_is(member: Client) -> None:
    row = Pledge.objects.get(ref="SHUT-MORE-0")
    pledges.amend(row=row, tags=["Grid"], cadence="P3D", by=None, at=house.AT)
    before = LedgerEntry.objects.count()
    uid = str(alice().uid)
    told = text_of(
        send(member, "preview", *SHUT, analyst=uid, cadence="3 days", add="grid, river", watch="")
    )
    assert "What will change 3" in told
    assert "Watched by: nobody" in told
    assert "Watched by: Alice" in told
    assert "Verified every: by the length of the term" in told
    assert "Tags: Grid, river" in told
    assert "Change 3 pledges" in told
    assert LedgerEntry.objects.count() == before
    assert Pledge.objects.get(ref="SHUT-HALT").tags == []


def test_it_is_done_together_with_a_reason_and_can_be_undone(member: Client) -> None:
    sent = hidden(send(member, "preview", *SHUT, add="Grid, عاجل", by_term="", watch="watch"))
    response = member.post(PAGE, sent)
    assert response.status_code == 302
    assert response["Location"] == "/dossiers/shut/"
    assert {tuple(p.tags) for p in Pledge.objects.filter(ref__in=SHUT)} == {("Grid", "عاجل")}
    entries = LedgerEntry.objects.filter(action="pledges.amend")
    assert {entry.reason for entry in entries} == {"Changed together with 2 others."}
    assert len({entry.recorded_at for entry in entries}) == 1
    assert Subscription.objects.filter(user=alice(), ended_at=None).count() == len(SHUT)
    shown = member.get("/dossiers/shut/").content.decode()
    assert "3 pledges of “Talks of SHUT” are changed." in shown
    (url,) = re.findall(r'action="(/undo/shut/\d+/\d+/)"', shown)
    assert member.post(url).status_code == 302
    assert all(pledge.tags == [] for pledge in Pledge.objects.filter(ref__in=SHUT))
    assert list(ledger.differences("shut")) == []


def test_what_stays_as_it_is_is_said_apart_and_gets_no_entry(member: Client) -> None:
    row = Pledge.objects.get(ref="SHUT-HALT")
    pledges.amend(row=row, cadence="P3D", by=None, at=house.AT)
    shown = send(member, "preview", *SHUT[:2], cadence="3 days")
    assert "Stay as they are 1" in text_of(shown)
    before = ledger.last_seq("shut", "pledge", "SHUT-HALT")
    member.post(PAGE, hidden(shown) | {"reason": "A quieter front."})
    assert ledger.last_seq("shut", "pledge", "SHUT-HALT") == before
    assert LedgerEntry.objects.get(row_key="SHUT-MORE-0", action="pledges.amend").reason == (
        "A quieter front."
    )


def test_one_that_somebody_changed_meanwhile_stops_all_of_it(member: Client) -> None:
    sent = hidden(send(member, "preview", *SHUT, add="grid"))
    row = Pledge.objects.get(ref="SHUT-MORE-1")
    pledges.amend(row=row, tags=["theirs"], by=None, at=house.AT)
    response = member.post(PAGE, sent)
    shown = response.content.decode()
    assert response.status_code == 409
    overtaken = shown[shown.index('id="h-overtaken"') : shown.index("</section>")]
    assert "SHUT-MORE-1" in overtaken
    assert "SHUT-HALT" not in overtaken
    assert "Tags: theirs, grid" in text_of(shown)
    assert Pledge.objects.get(ref="SHUT-HALT").tags == []
    assert member.post(PAGE, hidden(shown)).status_code == 302
    assert Pledge.objects.get(ref="SHUT-MORE-1").tags == ["theirs", "grid"]


def test_a_forged_or_missing_number_counts_as_not_seen(member: Client) -> None:
    sent = hidden(send(member, "preview", *SHUT, add="grid"))
    for seen in ("SHUT-HALT:x SHUT-MORE-0:1", "SHUT-HALT:99999", "NONE:1"):
        assert member.post(PAGE, sent | {"seen": seen}).status_code == 409
    assert not Pledge.objects.exclude(tags=[]).exists()


def test_what_one_may_not_change_is_left_out_and_not_told_of(member: Client) -> None:
    house.dossier("far", public=False)
    shown = send(member, "preview", "SHUT-HALT", "FAR-HALT", "NONE", "a\x00b", add="grid")
    assert "3 are left out: there are no such pledges that you may change." in shown
    assert "FAR-HALT" not in shown
    assert "Talks of FAR" not in shown
    sent = hidden(shown)
    forged = sent | {"seen": sent["seen"] + " FAR-HALT:1", "shown": "FAR-HALT SHUT-HALT"}
    assert member.post(PAGE, forged).status_code == 409
    assert Pledge.objects.get(ref="FAR-HALT").tags == []


def test_a_stranger_changes_nothing(stranger: Client) -> None:
    assert stranger.post(PAGE, {"pledge": "OPEN-HALT"}).status_code == 403
    assert "/pledges/bulk/" not in stranger.get("/").content.decode()


def test_an_analyst_of_another_dossier_is_no_analyst_here(member: Client) -> None:
    ann = house.person("ann", open="analyst")
    shown = send(
        member, "preview", "SHUT-HALT", "OPEN-HALT", analyst=str(ann.uid), reason="She asked."
    )
    assert "Cannot be changed so 1" in text_of(shown)
    sent = hidden(shown)
    assert sent["seen"].startswith("OPEN-HALT:")
    seq = ledger.last_seq("shut", "pledge", "SHUT-HALT")
    refused = member.post(PAGE, sent | {"seen": f"SHUT-HALT:{seq}"})
    assert refused.status_code == 422
    assert Pledge.objects.get(ref="SHUT-HALT").analyst is None
    assert member.post(PAGE, sent)["Location"] == "/"
    assert Pledge.objects.get(ref="OPEN-HALT").analyst == ann


def test_too_many_tags_are_refused_for_that_pledge_alone(member: Client) -> None:
    row = Pledge.objects.get(ref="SHUT-HALT")
    pledges.amend(row=row, tags=[f"t{n}" for n in range(20)], by=None, at=house.AT)
    told = text_of(send(member, "preview", *SHUT, add="more"))
    assert "What will change 2" in told
    assert "21 tags are too many." in told


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "all is left as it is"),
        ({"cadence": "3 days", "by_term": "on"}, "not both"),
        ({"add": "a", "remove": "A, b"}, "to be added and removed"),
        ({"add": "x" * 51}, "51 characters"),
        ({"cadence": "soon"}, "soon"),
        ({"analyst": "nobody-there"}, "nobody-there"),
    ],
)
def test_what_cannot_be_meant_is_sent_back_with_what_was_typed(
    member: Client, data: dict[str, str], said: str
) -> None:
    shown = send(member, "preview", *SHUT, status=422, **data)
    assert said in shown
    assert 'value="SHUT-HALT" checked' in shown


def test_watching_ends_and_a_mute_stays(member: Client) -> None:
    row, other = (Pledge.objects.get(ref=ref) for ref in SHUT[:2])
    subscriptions.subscribe(user=alice(), target=row, at=house.AT)
    subscriptions.mute(user=alice(), pledge=other, at=house.AT)
    shown = send(member, "preview", *SHUT, watch="stop")
    assert "What will change 1" in text_of(shown)
    assert member.post(PAGE, hidden(shown)).status_code == 302
    assert Subscription.objects.get(user=alice(), ended_at=None).is_mute
    assert "By you: muted" in text_of(send(member, "preview", *SHUT, watch="watch"))


def test_all_that_are_shown_are_chosen_by_one_button(member: Client) -> None:
    shown = member.get("/dossiers/shut/").content.decode()
    (refs,) = re.findall(r'name="shown" value="([^"]*)"', shown)
    assert sorted(refs.split()) == sorted(SHUT)
    told = text_of(member.post(PAGE, {"shown": refs, "all": "yes"}).content.decode())
    assert "3 pledges are chosen." in told


def test_none_and_too_many_are_said(member: Client) -> None:
    assert "No pledge is chosen." in member.get(PAGE).content.decode()
    assert member.post(PAGE).status_code == 422
    many = " ".join(f"T-{n}" for n in range(MOST + 1))
    response = member.post(PAGE, {"shown": many, "all": "yes"})
    assert response.status_code == 422
    assert "501 pledges are too many: at most 500" in response.content.decode()


def test_rows_are_ticked_only_where_one_may_change_them(member: Client) -> None:
    for address in ("/", "/dossiers/shut/"):
        assert (
            'name="pledge" value="SHUT-HALT" form="chosen"' in member.get(address).content.decode()
        )
    assert 'name="pledge"' not in member.get("/?at=2026-03-03").content.decode()
    assert 'name="pledge"' not in Client().get("/").content.decode()


def test_a_preview_takes_the_same_queries_for_many(member: Client) -> None:
    send(member, "preview", "SHUT-HALT", add="grid")
    with CaptureQueriesContext(connection) as one:
        send(member, "preview", "SHUT-HALT", add="grid")
    house.more_pledges("shut", 30)
    refs = list(Pledge.objects.filter(dossier__slug="shut").values_list("ref", flat=True))
    with CaptureQueriesContext(connection) as many:
        send(member, "preview", *refs, add="grid")
    # The session, its user and memberships; chains, entries, pledges, subscriptions; analysts.
    assert len(many) == len(one) <= 10


def test_tags_are_shown_and_filtered_by(member: Client) -> None:
    row = Pledge.objects.get(ref="SHUT-HALT")
    pledges.amend(row=row, tags=["Stromnetz ÖST"], by=None, at=house.AT)
    for address in ("/", "/dossiers/shut/", "/pledges/SHUT-HALT/", "/?tag=stromnetz  öst"):
        assert "<bdi>Stromnetz ÖST</bdi>" in member.get(address).content.decode(), address
    shown = member.get("/?tag=STROMNETZ ÖST").content.decode()
    assert "One pledge matches." in shown
    assert member.get("/?tag=none").status_code == 422
    hidden_from = Client().get("/?tag=stromnetz öst")
    assert hidden_from.status_code == 422
    assert "There is no tag" in hidden_from.content.decode()
    form = member.get("/dossiers/shut/facts/pledge/SHUT-MORE-0/edit/").content.decode()
    assert "There are already:" in form


def test_where_four_eyes_are_asked_for_it_is_proposed_and_watching_is_not(member: Client) -> None:
    from tracker.models import Dossier, Proposal

    row = Dossier.objects.get(slug="shut")
    dossiers.amend(row=row, four_eyes=True, by=None, at=house.AT)
    shown = send(member, "preview", "OPEN-HALT", *SHUT, add="grid", watch="watch")
    assert "is proposed first" in shown
    assert member.post(PAGE, hidden(shown)).status_code == 302
    assert Pledge.objects.get(ref="OPEN-HALT").tags == ["grid"]
    assert {tuple(p.tags) for p in Pledge.objects.filter(ref__in=SHUT)} == {()}
    assert Subscription.objects.filter(user=alice(), ended_at=None).count() == len(SHUT) + 1
    proposal = Proposal.objects.get()
    assert {step.key for step in proposal.steps.all()} == set(SHUT)
    board = member.get("/").content.decode()
    assert "The change of 3 pledges of “Talks of SHUT” is proposed." in board
    assert "1 pledge of “Talks of OPEN” is changed." in board
    reviewer = house.person("rita", shut="reviewer")
    proposals.confirm(
        row=proposal, seen=steps.token(steps.settled(proposal)), by=reviewer, at=house.AT
    )
    assert {tuple(p.tags) for p in Pledge.objects.filter(ref__in=SHUT)} == {("grid",)}
