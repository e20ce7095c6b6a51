"""The offer to undo beside what was done: a form that works without scripts, with its refusals."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.web.test_facts import Fields
from tracker.actions import pledges
from tracker.models import LedgerEntry, Party, Pledge, Reading, Source, Trigger

from . import house

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FACTS = "/dossiers/open/facts"
NEW = f"{FACTS}/trigger/new/"
TYPED = {"title": "Handover", "kind": "other", "public": "2026-03-01 UTC"}


def done(client: Client, page: str, **typed: Any) -> str:
    """Fills the form in and sends it; the address that undoes it, as the next page offers it."""
    form = Fields(client.get(page).content.decode()).sent
    answer = client.post(page, form | typed, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return offered(answer)


def offered(answer: Any) -> str:
    found = re.search(r'action="(/undo/[^"]+)"', answer.content.decode())
    return found[1] if found else ""


def test_what_was_entered_is_taken_back_and_that_again(member: Client) -> None:
    url = done(member, NEW, **TYPED)
    answer = member.post(url, follow=True)
    shown = answer.content.decode()
    row = Trigger.objects.get(title="Handover")
    assert row.withdrawn_reason == "Entered by mistake, undone."
    assert "it was entered by mistake" in shown
    assert "the change before it was undone" in shown
    assert member.post(offered(answer)).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at == ""


def test_a_change_a_judgement_a_withdrawal_and_two_rows_at_once(member: Client) -> None:
    member.post(done(member, f"{FACTS}/pledge/OPEN-HALT/edit/", title="Alpha stops", area=""))
    row = Pledge.objects.get(ref="OPEN-HALT")
    assert (row.title, row.area) == ("Alpha halts fire for ten days", "The river")
    judged = {"to": "condition:met", "reason": "So", "effective": "2026-03-03 UTC"}
    judged["public"] = "2026-03-03 UTC"
    member.post(done(member, f"{FACTS}/condition/OPEN-HALT.mutual/judge/", **judged))
    assert LedgerEntry.objects.latest("pk").action == "move.undo"
    member.post(done(member, f"{FACTS}/source/denial/withdraw/", reason="Forged"))
    assert Source.objects.get(dossier__slug="open", key="denial").withdrawn_at == ""
    typed = {"about": "pledge:OPEN-HALT", "start": "2026-03-02 UTC", "duration": "5 days"}
    url = done(member, f"{FACTS}/reading/new/", public="2026-03-02 UTC", **typed)
    assert Reading.objects.filter(duration="P5D", withdrawn_at="").count() == 2
    member.post(url)
    assert Reading.objects.filter(duration="P5D", withdrawn_at="").count() == 0


def test_a_party_is_amended_back_and_offers_nothing_once_entered(member: Client) -> None:
    assert done(member, "/parties/new/", name="Gamma", kind="state") == ""
    member.post(done(member, "/parties/gamma/edit/", name="Delta"))
    assert Party.objects.get(slug="gamma").name == "Gamma"


def test_nothing_was_changed_offers_nothing(member: Client) -> None:
    assert done(member, f"{FACTS}/pledge/OPEN-HALT/edit/") == ""


def test_what_somebody_changed_since_is_refused_in_words(member: Client) -> None:
    url = done(member, f"{FACTS}/pledge/OPEN-HALT/edit/", title="Alpha stops")
    carol = house.person("carol", open="analyst")
    pledges.amend(row=Pledge.objects.get(ref="OPEN-HALT"), title="Hers", by=carol, at=house.AT)
    answer = member.post(url)
    assert answer.status_code == 409
    assert "Carol changed it since" in answer.content.decode()
    assert Pledge.objects.get(ref="OPEN-HALT").title == "Hers"


def test_the_address_alone_asks_and_is_for_who_did_it(
    member: Client, stranger: Client, client: Client
) -> None:
    url = done(member, NEW, **TYPED)
    asked = member.get(url)
    assert asked.status_code == 200
    assert "Undo it" in asked.content.decode()
    assert Trigger.objects.get(title="Handover").withdrawn_at == ""
    assert stranger.post(url).status_code == 403
    carol = Client()
    carol.force_login(house.person("carol", open="analyst"))
    assert (carol.get(url).status_code, carol.post(url).status_code) == (404, 404)
    assert client.post(url).status_code == 302
    assert member.post("/undo/nowhere/1/1/").status_code == 404
    assert Trigger.objects.get(title="Handover").withdrawn_at == ""


def test_where_one_sees_the_row_ones_last_change_is_offered_too(member: Client) -> None:
    url = done(member, NEW, **TYPED)
    page = f"{FACTS}/trigger/handover/"
    assert offered(member.get(page)) == url
    carol = Client()
    carol.force_login(house.person("carol", open="analyst"))
    assert offered(carol.get(page)) == ""
