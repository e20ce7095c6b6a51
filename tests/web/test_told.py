"""On a pledge: whether one is told of it and why; its pause, its own leads, acknowledging there."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import kept
from tests.actions.house import Made, bare, pledged
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import pledges, readings, record, subscriptions, sweeps
from tracker.domain.errors import Invalid
from tracker.models import Alert, SavedView, Snooze, User
from tracker.selectors.explained import explain
from tracker.words import lead

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PAGE = "/pledges/CASE-1/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    for name, role in (("ann", "analyst"), ("bea", "reader")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["eve"] = person("eve")
    found.rows["one"] = pledge(found, "CASE-1")
    record.put("dossier", "case", {"is_public": True}, dossier=None, by=None, at=BEFORE)
    found.dossier.refresh_from_db()
    found.one.dossier.refresh_from_db()
    Alert.objects.all().delete()
    return found


@pytest.fixture
def client_of(made: Made) -> Any:
    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    with time_machine.travel(END, tick=False):
        yield of


def line(client: Client) -> str:
    shown = client.get(PAGE).content.decode()
    if 'class="told"' not in shown:
        return ""
    return " ".join(shown.split('class="told"')[1].split("</p>")[0].split())


def test_it_says_why_one_is_told_or_that_one_is_not(made: Made, client_of: Any) -> None:
    assert line(Client()) == ""
    ann, bea, eve = (client_of(user) for user in (made.ann, made.bea, made.eve))
    assert "You are told what becomes of it, because you are the analyst" in line(ann)
    for client in (bea, eve):
        assert "You are not told what becomes of it." in line(client)
        assert f'href="{PAGE}watch/"' in line(client)
    subscriptions.subscribe(user=made.bea, target=made.dossier, at=END)
    subscriptions.subscribe(user=made.bea, target=made.beta, at=END)
    assert "you watch its dossier; you watch one of its parties." in line(bea)
    subscriptions.subscribe(user=made.eve, target=made.one, kinds=["expired"], at=END)
    assert "You are told of some of what becomes of it, because you watch this pledge." in line(eve)
    subscriptions.mute(user=made.bea, pledge=made.one, at=END)
    assert "You muted it" in line(bea)
    assert 'class="told"' not in ann.get(PAGE, {"at": "2025-04-02"}).content.decode()


@pytest.mark.parametrize(("subject", "fits"), [("energy_infrastructure", True), ("media", False)])
def test_a_view_that_lists_it_counts(made: Made, client_of: Any, subject: str, fits: bool) -> None:
    view = SavedView.objects.create(
        owner=made.bea, name="Mine", filters={"subject": [subject]}, made_at=END, changed_at=END
    )
    subscriptions.subscribe(user=made.bea, target=view, at=END)
    assert ("it is in a view that you watch" in line(client_of(made.bea))) is fits


def test_its_pause_begins_and_ends_on_its_watch_page(made: Made, client_of: Any) -> None:
    ann = client_of(made.ann)
    sweeps.run(at=END)
    waiting = Alert.objects.filter(recipient=made.ann, message=None)
    assert ann.post(f"{PAGE}watch/", {"deed": "snooze", "for_days": "3"}).status_code == 302
    assert Snooze.objects.get().until == END + timedelta(days=3)
    assert set(waiting.values_list("due_at", flat=True)) == {END + timedelta(days=3)}
    assert "Nothing of it leaves to you before" in line(ann)
    assert "Nothing of it leaves to you before" in ann.get(f"{PAGE}watch/").content.decode()
    ann.post(f"{PAGE}watch/", {"deed": "snooze", "for_days": "0"})
    assert not Snooze.objects.exists()
    assert set(waiting.values_list("due_at", flat=True)) == {END}
    assert 'value="snooze"' not in ann.get("/dossiers/case/watch/").content.decode()


def test_ones_own_alerts_are_acknowledged_where_the_pledges_stand(
    made: Made, client_of: Any
) -> None:
    subscriptions.subscribe(user=made.bea, target=made.one, at=BEFORE)
    sweeps.run(at=END)
    ann = client_of(made.ann)
    shown = ann.get(f"{PAGE}alerts/").content.decode()
    mine = Alert.objects.filter(recipient=made.ann)
    hers = Alert.objects.filter(recipient=made.bea)
    assert shown.count('name="alert"') == mine.count()
    one = mine.get(kind="expired")
    ann.post(f"{PAGE}alerts/", {"alert": [str(one.pk), str(hers.earliest("pk").pk)]})
    assert mine.exclude(acknowledged_at=None).get() == one
    ann.post(f"{PAGE}alerts/", {"all": "yes"})
    assert not mine.filter(acknowledged_at=None).exists()
    assert not hers.exclude(acknowledged_at=None).exists()
    assert 'name="alert"' not in ann.get(f"{PAGE}alerts/").content.decode()
    assert client_of(made.eve).post(f"{PAGE}alerts/", {"all": "yes"}).status_code == 403


def test_leads_and_cadence_go_down_to_minutes_in_the_form(made: Made, client_of: Any) -> None:
    ann = client_of(made.ann)
    page = "/dossiers/case/facts/pledge/CASE-1/edit/"
    form = ann.get(page).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, [])}
    typed = {"leads": "1 minute, PT90M, 2 days", "cadence": "30 min"}
    assert ann.post(page, sent | typed).status_code == 302
    made.one.refresh_from_db()
    assert made.one.leads == ["PT1M", "PT90M", "P2D"]
    assert made.one.cadence == "PT30M"
    seen = ann.get(page).context["form"].initial["seen"]
    refused = ann.post(page, sent | {"leads": "PT90S", "seen": seen})
    assert refused.status_code == 422
    assert "A lead time is told in whole minutes" in refused.content.decode()


def test_a_pledge_that_ends_in_two_minutes_warns_a_minute_before(made: Made) -> None:
    row = pledged(made, "CASE-2", analyst=made.ann, leads=["PT1M"], public="2025-03-31 UTC")
    readings.add(
        of=row,
        start=f"{BEFORE:%Y-%m-%dT%H:%MZ}",
        end=f"{END + 2 * MINUTE:%Y-%m-%dT%H:%MZ}",
        public="2025-03-31 UTC",
        **made.how(),
    )
    mine = Alert.objects.filter(recipient=made.ann, pledge=row)
    sweeps.run(at=END + MINUTE - timedelta(microseconds=1))
    assert not mine.filter(kind="due_soon").exists()
    sweeps.run(at=END + MINUTE)
    assert mine.get(kind="due_soon").lead == "1m"
    sweeps.run(at=END + 2 * MINUTE)
    assert {"expired", "expired_unassessed"} <= set(mine.values_list("kind", flat=True))


def test_a_choice_of_leads_never_drops_those_that_a_pledge_sets(made: Made, client_of: Any) -> None:
    subscriptions.subscribe(user=made.bea, target=made.one, leads=["7d"], at=BEFORE)
    pledges.amend(row=made.one, leads=["P3D", "PT90M"], by=None, at=made.tick())
    assert "90 minutes before." in client_of(made.bea).get(f"{PAGE}watch/").content.decode()
    sweeps.run(at=END - MINUTE)
    told = Alert.objects.filter(recipient=made.bea, kind="due_soon")
    assert list(told.values_list("lead", flat=True)) == ["90m"]
    why = {one.flag.lead: str(one.why) for one in explain(made.bea, made.one, at=END)}
    assert (why["3d"], why["90m"]) == ("other_leads", "alerted")
    with pytest.raises(Invalid):
        subscriptions.subscribe(user=made.bea, target=made.one, leads=["90m"], at=END)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("24h", "24 hours before"),
        ("1m", "1 minute before"),
        ("90m", "90 minutes before"),
        ("2d", "2 days before"),
        ("", ""),
    ],
)
def test_a_lead_is_told_in_words(name: str, said: str) -> None:
    assert lead(name) == said
