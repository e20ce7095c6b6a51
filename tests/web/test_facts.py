"""Single facts: every noun is entered, looked at, amended, judged and withdrawn by its forms."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.actions import house
from tracker import clock
from tracker.actions import incidents, memberships, verbs
from tracker.domain.access import Role
from tracker.models import FACTS, Adoption, Incident, LedgerEntry, Move, Pledge, Source
from tracker.selectors import ledger, rows
from tracker.web import nouns
from tracker.web.choices import of_dossier

from . import house as people

pytestmark = pytest.mark.django_db
SINCE = "2025-03-20 Europe/Kyiv"

# What an analyst types into an empty form, and what the row then says beside it.
TYPED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "source": (
        {"title": "A readout", "kind": "readout", "snapshot": "All of it.\r\nTo the end."},
        {"snapshot": "All of it.\nTo the end.", "reliability": "F"},
    ),
    "instrument": (
        {"title": "A call", "kind": "call", "form": "oral", "parties": ["case-alpha", "case-beta"]},
        {"parties": ["case-alpha", "case-beta"]},
    ),
    "pledge": (
        {
            "title": "Beta lets convoys pass",
            "key": "CASE-CONVOYS",
            "pledgor": "case-beta",
            "act": "allow",
            "subject": "humanitarian_access",
            "instrument": "call",
            "specificity": "specific",
            "cadence": "3 days",
            "leads": "7 days, 24 hours",
            "protected_objects": "Bridges\r\nPorts",
        },
        {"cadence": "P3D", "leads": ["P7D", "PT24H"], "protected_objects": ["Bridges", "Ports"]},
    ),
    "position": (
        {"title": "Wider", "key": "CASE-WIDER", "kind": "demand", "party": "case-beta"},
        {"party": "case-beta"},
    ),
    "account": (
        {
            "about": "pledge:case-1",
            "source": "readout",
            "credibility": "2",
            "quotation": "for thirty days",
            "duration": "asserts",
            "says_duration": "30 days",
            "end": "denies",
        },
        {"pledge": "case-1", "position": None, "values": {"duration": "30 days"}, "credibility": 2},
    ),
    "reading": (
        {
            "about": "pledge:case-2",
            "start": "2025-03-18 18:00 Europe/Moscow",
            "duration": "30 days",
            "rule": "exclusive",
            "start_fixed": "on",
        },
        {"duration": "P30D", "rule": "exclusive", "start_fixed": True, "pledge": "case-2"},
    ),
    "extension": (
        {"pledge": "case-1", "kind": "extended", "duration": "30 days"},
        {"duration": "P30D", "order": 2},
    ),
    "clock_stop": (
        {"pledge": "case-2", "start": "2025-04-01T06:00Z"},
        {"start": "2025-04-01T06:00Z", "end": ""},
    ),
    "suspension": (
        {"pledge": "case-1", "start": "2025-04-07 UTC", "areas": "Kherson\r\nSumy", "found": "on"},
        {"areas": ["Kherson", "Sumy"], "found": True},
    ),
    "condition": (
        {"about": "pledge:case-1", "kind": "reciprocity", "text": "If Beta does the same."},
        {"pledge": "case-1", "text": "If Beta does the same."},
    ),
    "trigger": ({"title": "Handover", "kind": "other"}, {"kind": "other"}),
    "deadline": ({"pledge": "case-1", "title": "Report", "kind": "report"}, {"kind": "report"}),
    "verification": (
        {
            "pledge": "case-1",
            "period_start": SINCE,
            "period_end": "2025-03-31 Europe/Kyiv",
            "finding": "held",
            "reasoning": "Nobody reports a strike.",
            "reliability": "B",
            "credibility": "2",
            "sources": ["readout"],
        },
        {"finding": "held", "sources": ["readout"], "credibility": 2},
    ),
    "incident": (
        {
            "description": "A strike on a substation",
            "occurred": SINCE,
            "claimants": ["case-beta"],
            "pledges": ["case-1"],
        },
        {"claimants": ["case-beta"], "pledges": ["case-1"]},
    ),
    "count": (
        {
            "claimant": "case-beta",
            "of": "strikes",
            "qualifier": "about",
            "number": "12",
            "source": "readout",
        },
        {"number": 12, "pledge": None},
    ),
    "comment": (
        {"about": "incident:kherson", "text": "Is it @Alice who looks into it?"},
        {"incident": "kherson", "pledge": None},
    ),
    "dependency": (
        {"pledge": "case-1", "kind": "part_of", "on_pledge": "case-2", "reason": "One deal."},
        {"pledge": "case-1", "on_pledge": "case-2"},
    ),
    "viewing": (
        {"source": "readout", "note": "Compared with the broadcast."},
        {"file_sha256": ""},
    ),
}


class Fields(HTMLParser):
    """What a browser would send of the form on a page as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._text = ""
        self._chosen: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        name = attrs.get("name", "")
        if tag == "select":
            self._select, self._chosen = name, []
        elif tag == "option" and self._select:
            if "selected" in attrs or not self._chosen:
                self._chosen = [attrs["value"]]
        elif tag == "textarea":
            self._text, self.sent[name] = name, [""]
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            if attrs["type"] not in ("checkbox", "radio"):
                self.sent[name] = [attrs.get("value", "")]
            elif "checked" in attrs:
                self.sent.setdefault(name, []).append(attrs.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            self.sent[self._select], self._select = self._chosen, ""
        elif tag == "textarea" and self._text:
            # HTML drops the line break that a textarea begins with.
            self.sent[self._text][0] = self.sent[self._text][0].removeprefix("\n")
            self._text = ""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> house.Made:
    found = house.full()
    monkeypatch.setattr(clock, "now", found.tick)
    return found


@pytest.fixture
def analyst(made: house.Made) -> Client:
    return signed_in(made, "alice", Role.ANALYST)


def signed_in(made: house.Made, name: str, role: Role) -> Client:
    user = people.person(name)
    memberships.grant(dossier=made.dossier, user=user, role=role, **made.how())
    client = Client()
    client.force_login(user)
    return client


def url(noun: str, key: str = "", page: str = "") -> str:
    return "/".join(["/dossiers/case/facts", noun, *filter(None, (key, page)), ""])


def test_every_noun_that_can_be_entered_is_tried() -> None:
    assert sorted(TYPED) == sorted(name for name, one in nouns.TABLE.items() if one.enter)


@pytest.mark.parametrize("noun", TYPED)
def test_it_is_entered_as_typed(noun: str, analyst: Client, made: house.Made) -> None:
    typed, said = TYPED[noun]
    before = set(rows.tables(made.dossier)[noun])
    form = Fields(analyst.get(url(noun, "new")).content.decode()).sent
    answer = analyst.post(url(noun, "new"), form | {"public": SINCE} | typed)
    assert answer.status_code == 302, answer.content.decode()
    after = rows.tables(made.dossier)[noun]
    key = min(set(after) - before)
    want = {n: v for n, v in typed.items() if n in after[key] and n not in said} | said
    assert {n: after[key][n] for n in want} | {"public": SINCE} == want | {"public": SINCE}
    assert analyst.get(answer["Location"]).status_code == 200
    last = LedgerEntry.objects.filter(chain__name="case", noun=noun).latest("seq")
    assert last.by not in ("", "system")


@pytest.mark.parametrize("noun", TYPED)
def test_an_empty_form_is_sent_back_with_what_is_wrong(noun: str, analyst: Client) -> None:
    before = LedgerEntry.objects.count()
    kept = "note" if "note" in typed_of(noun) else "text"
    answer = analyst.post(url(noun, "new"), {kept: "kept as typed"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in shown
    assert "Public since: This field is required." in shown or "public" not in typed_of(noun)
    assert "kept as typed" in shown
    assert LedgerEntry.objects.count() == before


def entered(made: house.Made, noun: str) -> dict[str, Any]:
    """The rows without what the register itself keeps."""
    columns = FACTS[noun].ENTERED
    found = rows.tables(made.dossier)[noun].items()
    return {key: {name: state[name] for name in columns} for key, state in found}


def typed_of(noun: str) -> set[str]:
    return set(nouns.TABLE[noun].form.base_fields)


@pytest.mark.parametrize("noun", nouns.TABLE)
def test_a_row_is_shown_and_its_form_sent_back_unchanged_changes_nothing(
    noun: str, analyst: Client, made: house.Made
) -> None:
    for key in of_dossier(made.dossier).tables[noun]:
        assert analyst.get(url(noun)).status_code == 200
        assert analyst.get(url(noun, key)).status_code == 200
        before = entered(made, noun)
        entries = LedgerEntry.objects.count()
        if nouns.TABLE[noun].is_fixed:
            assert analyst.get(url(noun, key, "edit")).status_code == 404
            assert url(noun, key, "edit") not in analyst.get(url(noun, key)).content.decode()
            continue
        form = Fields(analyst.get(url(noun, key, "edit")).content.decode()).sent
        assert form["seen"] == [str(ledger.last_seq("case", noun, key))]
        answer = analyst.post(url(noun, key, "edit"), form)
        assert answer.status_code == 302, answer.content.decode()
        assert entered(made, noun) == before
        assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("noun", nouns.TABLE)
def test_a_row_is_withdrawn_with_a_reason_and_taken_back(
    noun: str, analyst: Client, made: house.Made
) -> None:
    key = min(of_dossier(made.dossier).tables[noun])
    page = url(noun, key, "withdraw")
    form = Fields(analyst.get(page).content.decode()).sent
    refused = analyst.post(page, form)
    assert refused.status_code == 422
    assert "Why it is withdrawn" in refused.content.decode()
    answer = analyst.post(page, form | {"reason": "Entered twice"})
    assert answer.status_code == 302, answer.content.decode()
    row = FACTS[noun]._default_manager.get(**{"dossier": made.dossier, FACTS[noun].KEY: key})
    assert row.withdrawn_reason == "Entered twice"
    assert "withdrawn" in analyst.get(url(noun, key)).content.decode()
    assert analyst.get(page).status_code == 409
    back = analyst.post(
        url(noun, key, "restore"), {"reason": "It was not"} | {"seen": seq(noun, key)}
    )
    assert back.status_code == 302, back.content.decode()
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_reason) == ("", "")


def seq(noun: str, key: str) -> int:
    return ledger.last_seq("case", noun, key)


def test_two_people_on_one_row(analyst: Client, made: house.Made) -> None:
    second = signed_in(made, "carol", Role.ANALYST)
    page = url("pledge", "case-1", "edit")
    hers = Fields(analyst.get(page).content.decode()).sent
    his = Fields(second.get(page).content.decode()).sent
    saved = hers | {"title": "Alpha halts all strikes", "area": "The whole front", "why": "Clearer"}
    assert analyst.post(page, saved).status_code == 302
    clash = second.post(page, his | {"title": "Alpha pauses strikes", "scope": "Power plants"})
    shown = clash.content.decode()
    assert clash.status_code == 409
    for text in ("Alpha halts strikes", "Alpha halts all strikes", "Alpha pauses strikes", "Alice"):
        assert text in shown
    assert shown.count(">differs<") == 1  # the title; area and scope were changed by one of them
    assert Pledge.objects.get(ref="case-1").title == "Alpha halts all strikes"
    again = Fields(shown).sent
    assert again["title"] == ["Alpha pauses strikes"]  # both changed it: what was typed is kept
    assert again["area"] == ["The whole front"]  # only the other did
    assert again["scope"] == ["Power plants"]
    assert second.post(page, again).status_code == 302
    row = Pledge.objects.get(ref="case-1")
    assert (row.title, row.area, row.scope) == (
        "Alpha pauses strikes",
        "The whole front",
        "Power plants",
    )
    history = analyst.get(url("pledge", "case-1")).content.decode().partition("h-history")[2]
    assert history.index("Carol") < history.index("Alice")
    assert "Clearer" in history


def test_a_form_that_does_not_say_what_it_saw_is_not_believed(analyst: Client) -> None:
    page = url("source", "readout", "edit")
    form = Fields(analyst.get(page).content.decode()).sent
    del form["seen"]
    assert analyst.post(page, form | {"title": "Another"}).status_code == 409


def test_what_is_withdrawn_meanwhile_is_not_withdrawn_twice(
    analyst: Client, made: house.Made
) -> None:
    page = url("source", "readout", "withdraw")
    form = Fields(analyst.get(page).content.decode()).sent | {"reason": "Forged"}
    edit = url("source", "readout", "edit")
    changed = Fields(analyst.get(edit).content.decode()).sent | {"title": "A better title"}
    assert analyst.post(edit, changed).status_code == 302
    clash = analyst.post(page, form)
    assert clash.status_code == 409
    assert "Forged" in clash.content.decode()
    assert Source.objects.get(key="readout").withdrawn_at == ""


JUDGED = (
    ("condition", "condition", {"to": "condition:met"}, "Met"),
    ("condition", "condition", {"to": "acknowledgement:accepted"}, "accepted"),
    ("deadline", "deadline", {"to": "deadline:done"}, "Done"),
    ("incident", "incident", {"to": "incident:grave_violation"}, "Grave violation"),
    ("pledge", "pledge", {"to": "stage:terminated", "effective": SINCE}, "Terminated"),
)


@pytest.mark.parametrize(("noun", "name", "typed", "word"), JUDGED)
def test_a_judgement_is_recorded(
    noun: str, name: str, typed: dict[str, str], word: str, analyst: Client, made: house.Made
) -> None:
    key = verbs.key_of(getattr(made, name))
    page = url(noun, key, "judge")
    form = Fields(analyst.get(page).content.decode()).sent
    refused = analyst.post(page, form | typed)
    assert refused.status_code == 422  # no reason was given
    answer = analyst.post(page, form | typed | {"reason": "Both sides say so."})
    assert answer.status_code == 302, answer.content.decode()
    made_now = Move.objects.latest("pk")
    assert (f"{made_now.machine}:{made_now.to}", made_now.reason) == (
        typed["to"],
        "Both sides say so.",
    )
    if noun != "pledge":
        assert word in analyst.get(url(noun, key)).content.decode()


def test_a_judgement_that_the_rules_forbid_is_refused_at_its_field(
    analyst: Client, made: house.Made
) -> None:
    page = url("pledge", "case-1", "judge")
    form = Fields(analyst.get(page).content.decode()).sent
    sent = form | {"to": "stage:in_force", "reason": "It began", "effective": "2010-01-01 UTC"}
    answer = analyst.post(page, sent)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_a_reading_is_adopted_and_another_set_aside(analyst: Client, made: house.Made) -> None:
    one, other = (verbs.key_of(row) for row in made.readings)
    page = url("reading", other, "adopt")
    form = Fields(analyst.get(page).content.decode()).sent
    assert analyst.post(page, form).status_code == 422
    assert analyst.post(page, form | {"reason": "Its own order"}).status_code == 302
    assert Adoption.objects.latest("pk").reading.key == other
    page = url("reading", one, "set-aside")
    form = Fields(analyst.get(page).content.decode()).sent
    assert analyst.post(page, form | {"reason": "Nobody holds it"}).status_code == 302
    assert "Nobody holds it" in analyst.get(url("reading", one)).content.decode()
    assert analyst.get(page).status_code == 409


@pytest.mark.parametrize(
    ("noun", "deed", "typed"),
    [("reading", "adopt", {}), ("deadline", "judge", {"to": "deadline:done"})],
)
def test_of_two_decisions_from_one_state_the_second_is_shown_the_first(
    noun: str, deed: str, typed: dict[str, str], analyst: Client, made: house.Made
) -> None:
    rows_of = made.readings if noun == "reading" else 2 * [made.deadline]
    names = [verbs.key_of(row) for row in rows_of]
    pages = [url(noun, name, deed) for name in names]
    forms = [Fields(analyst.get(page).content.decode()).sent | typed for page in pages]
    first = analyst.post(pages[0], forms[0] | {"reason": "The first to say so"})
    assert first.status_code == 302
    count = LedgerEntry.objects.count()
    second = analyst.post(pages[1], forms[1] | {"reason": "Another view"})
    shown = second.content.decode()
    assert second.status_code == 409
    assert LedgerEntry.objects.count() == count
    assert "The first to say so" in shown
    assert "Another view" in shown
    again = Fields(shown).sent
    assert again["seen"] != forms[1]["seen"]
    if deed == "adopt":
        assert analyst.post(pages[1], again).status_code == 302
        assert Adoption.objects.latest("pk").reason == "Another view"


def test_a_clock_stop_and_a_suspension_are_ended(analyst: Client, made: house.Made) -> None:
    for noun, deed in (("clock_stop", "resume"), ("suspension", "lift")):
        typed = {"pledge": "case-2", "start": "2025-04-01T06:00Z", "public": SINCE}
        assert analyst.post(url(noun, "new"), typed).status_code == 302
        key = max(rows.tables(made.dossier)[noun])
        page = url(noun, key, deed)
        early = analyst.post(page, {"end": "2025-03-31T06:00Z", "seen": seq(noun, key)})
        assert early.status_code == 422
        done = analyst.post(page, {"end": "2025-04-01T08:00Z", "seen": seq(noun, key)})
        assert done.status_code == 302, done.content.decode()
        assert rows.tables(made.dossier)[noun][key]["end"] == "2025-04-01T08:00Z"


def test_the_address_fills_a_form_in(analyst: Client) -> None:
    page = analyst.get(url("account", "new") + "?about=pledge:case-2&source=readout")
    form = Fields(page.content.decode()).sent
    assert (form["about"], form["source"]) == (["pledge:case-2"], ["readout"])
    page = analyst.get(url("incident", "new") + "?pledges=case-1&pledges=case-2")
    assert Fields(page.content.decode()).sent["pledges"] == ["case-1", "case-2"]


def test_a_kept_text_is_not_asked_for_again(analyst: Client, made: house.Made) -> None:
    page = url("source", "readout", "edit")
    form = Fields(analyst.get(page).content.decode()).sent
    assert "snapshot" not in form
    assert analyst.post(page, form | {"snapshot": "Another text"}).status_code == 302
    assert Source.objects.get(key="readout").snapshot == "Strikes end for thirty days."


def test_what_is_typed_is_text_and_no_markup(analyst: Client) -> None:
    typed = {"title": people.NASTY, "kind": "other", "public": SINCE, "snapshot": people.NASTY}
    form = Fields(analyst.get(url("source", "new")).content.decode()).sent
    answer = analyst.post(url("source", "new"), form | typed)
    assert answer.status_code == 302
    key = Source.objects.latest("pk").key
    for page in (answer["Location"], url("source"), url("source", key), url("source", key, "edit")):
        shown = analyst.get(page).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert" in shown


def test_what_was_not_yet_public_is_not_among_the_facts_of_that_instant(analyst: Client) -> None:
    then = {"at": "2025-03-19"}
    assert "Kherson" not in analyst.get(url("incident"), then).content.decode()
    assert analyst.get(url("incident", "kherson"), then).status_code == 404
    assert analyst.get(url("source", "readout"), then).status_code == 200
    assert "withdraw/" not in analyst.get(url("source", "readout"), then).content.decode()


@pytest.mark.parametrize(
    "page",
    [
        url("nothing"),
        url("nothing", "new"),
        url("move", "new"),
        url("adoption", "new"),
        url("source", "none"),
        url("source", "none", "edit"),
        url("source", "readout", "adopt-it"),
    ],
)
def test_what_there_is_not(page: str, analyst: Client) -> None:
    assert analyst.get(page).status_code == 404


def test_the_number_of_queries_does_not_grow(analyst: Client, made: house.Made) -> None:
    pages = [url("incident"), url("incident", "kherson"), url("incident", "new")]
    before = [queries(analyst, page) for page in pages]
    for number in range(12):
        incidents.report(
            dossier=made.dossier,
            key=f"more-{number}",
            occurred=SINCE,
            description="Another",
            public=SINCE,
            **made.how(),
        )
    assert [queries(analyst, page) for page in pages] == before


def queries(visitor: Client, page: str) -> int:
    visitor.get(page)
    with CaptureQueriesContext(connection) as found:
        assert visitor.get(page).status_code == 200
    return len(found)


def test_an_incident_with_a_place_is_shown_and_a_clash_on_it_too(
    analyst: Client, made: house.Made
) -> None:
    page = url("incident", "kherson", "edit")
    form = Fields(analyst.get(page).content.decode()).sent
    assert analyst.post(page, form | {"place": "Kherson"}).status_code == 302
    assert "Kherson" in analyst.get(url("incident", "kherson")).content.decode()
    clash = analyst.post(page, form | {"place": "Sumy"})
    assert clash.status_code == 409
    assert "Sumy" in clash.content.decode()


def test_a_deed_that_does_not_say_what_it_saw_is_not_believed(analyst: Client) -> None:
    sent = {"when": SINCE, "reason": "Forged"}
    assert analyst.post(url("source", "readout", "withdraw"), sent).status_code == 409
    assert Source.objects.get(key="readout").withdrawn_at == ""


def test_a_form_that_is_sent_twice_enters_one_row(analyst: Client, made: house.Made) -> None:
    page = url("incident", "new")
    form = Fields(analyst.get(page).content.decode()).sent
    typed = form | {"description": "A strike", "occurred": SINCE, "public": SINCE}
    first, second = (analyst.post(page, typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert list(Incident.objects.filter(description="A strike").values_list("key", flat=True)) == [
        "a-strike"
    ]
    assert "entered already" in analyst.get(second["Location"]).content.decode()
    other = Fields(analyst.get(page).content.decode()).sent
    assert other["once"] != form["once"]
    assert analyst.post(page, typed | {"once": other["once"]}).status_code == 302
    assert Incident.objects.filter(description="A strike").count() == 2


def test_a_form_that_was_refused_can_be_sent_again(analyst: Client, made: house.Made) -> None:
    page = url("incident", "new")
    form = Fields(analyst.get(page).content.decode()).sent
    typed = form | {"description": "A strike", "occurred": "2999-01-01 UTC", "public": SINCE}
    refused = analyst.post(page, typed)
    assert refused.status_code == 422
    again = Fields(refused.content.decode()).sent
    assert again["once"] == form["once"]
    assert analyst.post(page, again | {"occurred": SINCE}).status_code == 302
    assert Incident.objects.filter(description="A strike").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2025-03-30 02:30 Europe/Berlin", "never came in"),
        ("2024-10-27 02:30 Europe/Berlin", "came twice in"),
        ("2025-03-30 03:00 Europe/Berlin", ""),
        ("2024-10-27T00:30Z", ""),
        ("2025-03-30 Europe/Berlin", ""),
    ],
)
def test_a_time_that_clocks_jumped_over_or_showed_twice_is_asked_about(
    typed: str, said: str, analyst: Client, made: house.Made
) -> None:
    form = {"description": "A strike", "occurred": typed, "public": SINCE}
    answer = analyst.post(url("incident", "new"), form, follow=True)
    assert answer.status_code == (422 if said else 200)
    shown = answer.content.decode()
    assert said in shown
    assert ("clocks went" in shown) is bool(said)
    if said:
        form["occurred_answer"] = typed  # it was not said: the rule holds
        assert analyst.post(url("incident", "new"), form).status_code == 302
