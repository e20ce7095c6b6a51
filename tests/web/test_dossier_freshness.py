"""How long findings last: the curve's form, its preview, who may; and in words on a pledge."""

from typing import Any

import pytest
from django.test import Client

from tests.web import house
from tracker.actions import record, verifications
from tracker.domain.freshness import DEFAULT
from tracker.models import Dossier, LedgerEntry, Pledge, StalePledge, User

pytestmark = pytest.mark.django_db
PAGE = "/dossiers/shut/freshness/"


@pytest.fixture
def olga(open_house: None) -> Client:
    client = Client()
    client.force_login(house.person("olga", shut="owner"))
    return client


def typed(**shares: str) -> dict[str, str]:
    found = {
        f"freshness_{letter}{number}": str(share)
        for letter, row in DEFAULT.rows
        for number, share in row
    }
    return found | {f"freshness_{grade}": share for grade, share in shares.items()}


LESS = {"E4": "20", "E5": "20", "E6": "20", "F4": "20", "F5": "20", "F6": "20"}


def sent(client: Client, **more: str) -> Any:
    seen = client.get(PAGE).context["form"]["seen"].value()
    return client.post(PAGE, typed() | {"seen": str(seen)} | more)


def test_it_shows_the_register_s_own_curve(olga: Client) -> None:
    text = olga.get(PAGE).content.decode()
    assert 'name="freshness_E4" id="id_freshness_E4" value="40"' in text
    assert "usually reliable" in text


def test_the_preview_says_what_moves_and_saves_nothing(olga: Client) -> None:
    before = LedgerEntry.objects.count()
    alice = house.person("alice", shut="analyst")
    halt = Pledge.objects.get(ref="SHUT-HALT")
    verifications.record(
        pledge=halt,
        period_start="2026-03-03T00:00Z",
        period_end="2026-03-04T10:00Z",
        finding="held",
        reasoning="One caller.",
        reliability="E",
        credibility=4,
        public="2026-03-04T10:00Z",
        by=alice,
        at=house.AT,
    )
    entries = LedgerEntry.objects.count()
    answer = sent(olga, do="preview", **{f"freshness_{k}": v for k, v in LESS.items()})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "What would change" in text
    assert "Nothing is saved yet." in text
    assert 'value="20"' in text
    assert entries == LedgerEntry.objects.count() > before
    back = sent(olga, do="default", **{f"freshness_{k}": v for k, v in LESS.items()})
    assert 'id="id_freshness_E4" value="40"' in back.content.decode()


def test_saving_it_marks_the_pledges_and_the_history_says_so(olga: Client) -> None:
    answer = sent(olga, why="Callers err", **{f"freshness_{k}": v for k, v in LESS.items()})
    assert answer.status_code == 302
    assert Dossier.objects.get(slug="shut").freshness["E"] == [60, 55, 50, 20, 20, 20]
    assert StalePledge.objects.filter(pledge__dossier__slug="shut").exists()
    assert not StalePledge.objects.filter(pledge__dossier__slug="open").exists()
    entry = LedgerEntry.objects.filter(noun="dossier", chain__name="shut").latest("seq")
    assert (entry.action, entry.reason, entry.schema) == ("dossiers.amend", "Callers err", 8)


@pytest.mark.parametrize(
    ("grade", "share", "said"),
    [
        ("E4", "60", "E4 would cover more"),
        ("B2", "", "B2: write a whole number"),
        ("B2", "half", "B2: write a whole number"),
        ("B2", "-5", "B2: write a whole number"),
        ("A1", "400", "A1 covers 400"),
        ("F6", "0", "F6 covers 0"),
    ],
)
def test_what_is_no_curve_comes_back_as_it_was_typed(
    olga: Client, grade: str, share: str, said: str
) -> None:
    answer = sent(olga, **{f"freshness_{grade}": share})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "Error: " in text
    assert f'id="id_freshness_{grade}" value="{share}"' in text
    assert Dossier.objects.get(slug="shut").freshness is None


def test_somebody_was_quicker(olga: Client) -> None:
    shut = Dossier.objects.get(slug="shut")
    seen = olga.get(PAGE).context["form"]["seen"].value()
    record.put("dossier", "shut", {"title": "Other talks"}, dossier=None, by=None, at=house.AT)
    answer = olga.post(PAGE, typed(**LESS) | {"seen": str(seen)})
    assert answer.status_code == 409
    assert 'value="20"' in answer.content.decode()
    assert Dossier.objects.get(pk=shut.pk).freshness is None


def test_it_is_for_owners(olga: Client, member: Client, stranger: Client) -> None:
    assert olga.get(PAGE).status_code == 200
    assert member.get(PAGE).status_code == 403
    assert stranger.get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_the_pledge_says_in_words_when_it_is_checked_next(member: Client) -> None:
    """A term of ten days: a cadence of two and a half. Verified through 3 March, graded B2."""
    text = " ".join(member.get("/pledges/SHUT-HALT/").content.decode().split())
    assert "on evidence graded B2, which covers 100 % of the cadence of 2 days 12 h" in text
    assert "next check due <time" in text
    assert "Fri 6 Mar 2026, 12:00 Zurich" in text
    assert "the register’s own curve" in text
    assert 'class="is-used"' in text
    assert "/dossiers/shut/facts/verification/new/?cites=SHUT-HALT.first" in text


def test_a_finding_is_corrected_from_the_form_that_is_filled_in(member: Client) -> None:
    address = "/dossiers/shut/facts/verification/new/?cites=SHUT-HALT.first"
    form = member.get(address).context["form"]
    assert form["cites"].value() == "SHUT-HALT.first"
    assert form["pledge"].value() == "SHUT-HALT"
    assert form["standard"].value() == "No shot confirmed."
    assert form["period_start"].value() == "2026-03-02 Europe/Zurich"
    assert not form["finding"].value()
    sent = {one.name: one.value() or "" for one in form if one.name not in ("sources", "incidents")}
    sent |= {"finding": "breached", "reasoning": "A shot was seen.", "proof": "clear"}
    sent |= {"public": "2026-03-04T10:00Z"}
    answer = member.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    text = member.get("/pledges/SHUT-HALT/").content.decode()
    assert "A later finding corrects it" in text
    assert "It corrects an earlier finding" in text
    assert "clear and convincing" in text
    assert "Nobody reports one." in text  # the corrected one stays
    assert "?cites=SHUT-HALT.first" not in text
    again = member.post(address, sent | {"once": "another"})
    assert again.status_code == 422
    assert "was corrected already" in again.content.decode()


def test_who_proposes_a_finding_cannot_confirm_it_in_the_browser(member: Client) -> None:
    record.put("dossier", "shut", {"four_eyes": True}, dossier=None, by=None, at=house.AT)
    rob = Client()
    rob.force_login(house.person("rob", shut="reviewer"))
    address = "/dossiers/shut/facts/verification/new/?pledge=SHUT-HALT"
    form = rob.get(address).context["form"]
    sent = {one.name: one.value() or "" for one in form if one.name not in ("sources", "incidents")}
    sent |= {"finding": "breached", "reasoning": "A shot.", "public": "2026-03-04T10:00Z"}
    answer = rob.post(address, sent)
    assert answer.status_code == 302
    page = answer["Location"]
    assert page.startswith("/proposals/")
    seen = rob.get(page).context.get("seen", "")
    assert rob.post(page, {"do": "confirm", "seen": seen}).status_code == 403
    assert User.objects.filter(email="rob@example.org").exists()
    held = member.get("/pledges/SHUT-HALT/").content.decode()
    assert "A shot." not in held
