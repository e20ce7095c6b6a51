"""The chain of custody on a source's page: who sees what of it, recording, computing anew."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.documents.pictures import picture
from tracker.actions import sources, verifications, viewings
from tracker.models import Dossier, LedgerEntry, Pledge, Source, SourceFile, Verification, Viewing

from . import house, texts
from .test_source_new import fields
from .test_source_pictures import PYLON, pylon

pytestmark = pytest.mark.usefixtures("open_house")
READOUT = "/sources/open/readout/"
CHECK = "/dossiers/open/facts/viewing/new/"
FINDING = "/dossiers/open/facts/verification/new/?pledge=OPEN-HALT"


def section(client: Client, path: str) -> str:
    shown = unescape(texts.shown(client, path))
    begins = shown.index('id="custody"')
    return shown[begins : shown.index("</section>", begins)]


def checked(client: Client, key: str = "readout", note: str = "") -> None:
    form = fields(client.get(f"{CHECK}?source={key}").content.decode())
    answer = client.post(CHECK, form | {"source": key, "note": note})
    assert answer["Location"] == f"/sources/open/{key}/#custody", answer.content.decode()


def finding(**more: Any) -> Verification:
    given: dict[str, Any] = {
        "period_start": "2026-03-02 UTC",
        "period_end": "2026-03-03 UTC",
        "finding": "held",
        "reasoning": "Nothing was reported.",
        "public": "2026-03-03 UTC",
        "by": None,
        "at": house.AT,
    }
    return verifications.record(pledge=Pledge.objects.get(ref="OPEN-HALT"), **given | more)


def test_a_member_sees_who_did_what_in_order(member: Client) -> None:
    row = pylon(url="https://alpha.example/pylon.png", retrieved="2026-03-01T09:00Z")
    checked(member, "pylon", "The same mast as on the map.")
    finding(sources=[row])
    found = section(member, PYLON)
    steps = ("Added from", "Digests computed anew then", "Cited by a finding")
    places = [found.index(words) for words in steps]
    assert places == sorted(places)
    assert "https://alpha.example/pylon.png" in found
    assert "retrieved" in found
    assert row.file_sha256 in found
    assert row.sha256 in found
    assert "The same mast as on the map." in found
    assert "Digests computed anew then: as entered." in found
    assert Viewing.objects.get().note == "The same mast as on the map."
    assert 'href="/pledges/OPEN-HALT/#verification"' in found
    assert LedgerEntry.objects.get(noun="viewing").by not in ("", "system")


def test_strangers_see_what_was_done_and_neither_names_notes_nor_digests(
    member: Client, client: Client, stranger: Client
) -> None:
    row = pylon()
    checked(member, "pylon", "Among ourselves.")
    name = "Alice"
    for visitor in (client, stranger):
        found = section(visitor, PYLON)
        assert "Opened and checked" in found
        assert "an analyst" in found
        assert name not in found
        assert "Among ourselves." not in found
        assert row.file_sha256 not in found
        assert "Record that you checked it" not in found
        assert "Compute its digests anew" not in found
        assert "recheck" not in section(visitor, f"{PYLON}?digests=now")


def test_a_download_and_a_citation_are_no_check(member: Client) -> None:
    row = pylon()
    assert member.get(f"{PYLON}file/").status_code == 200
    finding(sources=[row])
    assert not Viewing.objects.exists()
    assert "Opened and checked" not in section(member, PYLON)


def test_a_finding_says_so_with_one_tick(member: Client) -> None:
    pylon()
    form = fields(member.get(FINDING).content.decode())
    form |= {
        "finding": "held",
        "reasoning": "Nothing was reported.",
        "reliability": "B",
        "credibility": "2",
    }
    form.pop("is_final", None)
    form.pop("viewed", None)
    sent: dict[str, Any] = {**form, "pledge": "OPEN-HALT", "viewed": "on"}
    refused = member.post(FINDING, {**sent, "sources": []})
    assert refused.status_code == 422
    assert "No source is named" in unescape(refused.content.decode())
    assert not Viewing.objects.exists()
    again = fields(refused.content.decode()) | {"viewed": "on", "sources": ["readout", "pylon"]}
    again.pop("is_final", None)
    answer = member.post(FINDING, {**sent, **again})
    assert answer.status_code == 302, answer.content.decode()
    assert sorted(Viewing.objects.values_list("source__key", flat=True)) == ["pylon", "readout"]
    edit = f"/dossiers/open/facts/verification/{Verification.objects.latest('pk').key}/edit/"
    assert 'name="viewed"' not in member.get(edit).content.decode(), "said once, when it is made"


def test_sent_twice_it_is_recorded_once(member: Client) -> None:
    form = fields(member.get(f"{CHECK}?source=readout").content.decode()) | {"source": "readout"}
    for _ in range(2):
        assert member.post(CHECK, form).status_code == 302
    assert Viewing.objects.count() == 1


def test_a_withdrawn_check_stays_in_sight(member: Client) -> None:
    checked(member)
    key = Viewing.objects.get().key
    page = f"/dossiers/open/facts/viewing/{key}/withdraw/"
    form = fields(member.get(page).content.decode())
    assert member.post(page, form | {"reason": "The wrong one"}).status_code == 302
    found = section(member, READOUT)
    assert "is-fallen" in found
    assert "withdrawn" in found
    assert member.get(f"/dossiers/open/facts/viewing/{key}/edit/").status_code == 404


def test_what_lies_there_is_computed_anew_and_said(member: Client) -> None:
    pylon()
    found = section(member, f"{PYLON}?digests=now")
    assert "It holds: this is what was entered, to the last byte." in found
    assert "differs from what was entered" not in found
    assert not LedgerEntry.objects.filter(noun="viewing").exists(), "looking writes nothing"
    SourceFile.objects.update(content=picture(size=(31, 20)))
    found = section(member, f"{PYLON}?digests=now")
    assert "This is not what was entered." in found
    assert "verifyledger" in found
    assert found.count("differs from what was entered") == 1
    checked(member, "pylon")
    assert "not those that were entered" in section(member, PYLON)
    Source.objects.filter(key="readout").update(snapshot="Another text.")
    assert "This is not what was entered." in section(member, f"{READOUT}?digests=now")


def test_of_what_has_neither_text_nor_file_there_is_nothing_to_compute(member: Client) -> None:
    sources.add(
        dossier=Dossier.objects.get(slug="open"), key="bare", title="T", kind="news",
        public=texts.PUBLIC, by=None, at=house.AT,
    )  # fmt: skip
    assert "Nothing of it is kept" in section(member, "/sources/open/bare/?digests=now")


def test_only_who_enters_facts_records_a_check(client: Client, stranger: Client) -> None:
    reader = Client()
    reader.force_login(house.person("rita", open="reader", shut="reader"))
    sent = {"source": "readout"}
    assert client.post(CHECK, sent).status_code == 302
    assert stranger.post(CHECK, sent).status_code == 403
    assert reader.post(CHECK, sent).status_code == 403
    assert stranger.post("/dossiers/shut/facts/viewing/new/", sent).status_code == 404
    assert not Viewing.objects.exists()
    found = section(reader, READOUT)
    assert "Record that you checked it" not in found
    assert "Compute its digests anew" in found


def test_another_dossiers_source_is_not_checked_from_here(member: Client) -> None:
    pylon(slug="shut", key="theirs")
    answer = member.post(CHECK, {"source": "theirs"})
    assert answer.status_code == 422


def test_at_an_instant_before_it_was_recorded_it_is_not_there(member: Client) -> None:
    checked(member)
    assert "Opened and checked" not in section(member, f"{READOUT}?at=2026-03-03")
    assert "Opened and checked" in section(member, READOUT)


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    row = Source.objects.get(dossier__slug="open", key="readout")
    viewings.record(source=row, by=None, at=house.AT)
    finding(sources=[row])
    member.get(READOUT)
    with CaptureQueriesContext(connection) as few:
        assert member.get(READOUT).status_code == 200
    for _ in range(12):
        viewings.record(source=row, by=None, at=house.AT)
        finding(sources=[row])
    with CaptureQueriesContext(connection) as many:
        assert member.get(READOUT).status_code == 200
    assert len(many) == len(few)
