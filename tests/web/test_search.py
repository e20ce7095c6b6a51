"""The search: what is found, by whom, at which instant, marked as it was written."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import comments, merges, parties, record
from tracker.domain import searching
from tracker.models import Dossier, Extension, Party, Passage, Pledge, Source, User, search_index
from tracker.models.passage import KINDS
from tracker.selectors import passages, searches

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]


class Marks(HTMLParser):
    """The headings of groups with their counts, links of what was found, and what is marked."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.marked: list[str] = []
        self._in_title = self._in_mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title |= tag == "h3"
        if tag == "mark":
            self._in_mark = True
            self.marked.append("")
        if tag == "a" and self._in_title:
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "h3":
            self._in_title = False
        if tag == "mark":
            self._in_mark = False

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self.marked[-1] += data


def found(client: Client, q: str, **asked: str) -> Marks:
    answer = client.get("/search/", {"q": q, **asked})
    assert answer.status_code == 200
    return Marks(answer.content.decode())


def counts(client: Client, q: str, **asked: str) -> dict[str, int]:
    told: dict[str, int] = dict(client.get("/search/", {"q": q, **asked}).context.get("counts", ()))
    return told


def entered(noun: str, key: str, dossier: str = "open", **state: object) -> None:
    where = Dossier.objects.get(slug=dossier)
    record.put(noun, key, state, dossier=where, by=None, at=house.AT)


def snapshot(text: str, key: str = "long", dossier: str = "open") -> None:
    entered(
        "source",
        key,
        dossier,
        title="A long letter",
        kind="report",
        reliability="B",
        public="2026-03-01 Europe/Zurich",
        snapshot=text,
    )


def test_without_words_it_says_what_can_be_looked_for(client: Client) -> None:
    shown = client.get("/search/").content.decode()
    assert "What can be looked for" in shown
    assert 'name="q"' in shown
    assert "What can be looked for" in client.get("/search/", {"q": " "}).content.decode()


# What is looked for, what finds it, and where its link leads; {} is the dossier of the house.
EVERYTHING = [
    ("halts fire", "pledge", "/pledges/OPEN-HALT/"),
    ("wider zone", "position", "/dossiers/open/#position-OPEN-DEMAND"),
    ("Twelve kilometres", "position", "/dossiers/open/#position-OPEN-DEMAND"),
    ("began later", "account", "/sources/open/denial/#quotation-OPEN-HALT.denied"),
    ("if beta does", "condition", "/pledges/OPEN-HALT/#conditions"),
    ("report is given", "deadline", "/pledges/OPEN-HALT/#deadlines"),
    ("reports one", "verification", "/pledges/OPEN-HALT/#verification"),
    ("shot bridge", "incident", "/pledges/OPEN-HALT/#incidents"),
    ("shots", "count", "/pledges/OPEN-HALT/#incidents"),
    ("office alpha", "source", "/sources/open/readout/"),
    ("call of open", "instrument", "/dossiers/open/#instruments"),
    ("talks of open", "dossier", "/dossiers/open/"),
]


@pytest.mark.parametrize(("typed", "kind", "link"), EVERYTHING)
def test_whatever_has_words_is_found_by_anybody_and_leads_to_where_it_stands(
    client: Client, typed: str, kind: str, link: str
) -> None:
    assert counts(client, typed) == {kind: 1}
    assert found(client, typed).links == [link]
    assert Client().get(link).status_code == 200


def test_a_party_is_found_by_each_of_its_names(client: Client) -> None:
    assert counts(client, "the betas")["party"] == 1
    assert found(client, "the betas", kind="party").links == ["/parties/beta/"]


def test_members_find_whole_texts_comments_and_what_stands_on_single_entries(
    member: Client, client: Client, stranger: Client, alice: User
) -> None:
    pledge = Pledge.objects.get(ref="OPEN-HALT")
    comments.write(key="c1", on=pledge, text="A hunch of mine", by=alice, at=house.AT)
    entered("instrument", "call", note="Hearsay of a driver")
    for typed, kind, link in (
        ("whole readout", "text", "/sources/open/readout/?start=4&end=9#found"),
        ("hunch", "comment", "/pledges/OPEN-HALT/#comments"),
        ("hearsay", "entry", "/dossiers/open/facts/instrument/call/"),
        ("order ran", "entry", "/dossiers/open/facts/adoption/OPEN-HALT.adoption-1/"),
    ):
        whose = {"q": typed, "kind": kind}
        assert link in found(member, **whose).links
        for visitor in (client, stranger):
            assert counts(visitor, typed) == {}
            assert "Nothing was found" in visitor.get("/search/", whose).content.decode()
        assert member.get(link).status_code == 200


def test_what_hangs_on_no_pledge_is_found_where_it_is_shown(member: Client, client: Client) -> None:
    for noun, key, more in (
        ("incident", "loose", {"occurred": "2026-03-03 UTC", "description": "Loose talk"}),
        (
            "count",
            "loose",
            {"claimant": "beta", "of": "loose ends", "number": 2, "source": "denial"},
        ),
    ):
        entered(noun, key, public="2026-03-03 UTC", **more)
    assert counts(client, "loose") == {}
    assert counts(member, "loose") == {"entry": 2}
    hits = found(member, "loose")
    assert set(hits.marked) == {"Loose", "loose"}
    assert set(hits.links) == {
        "/dossiers/open/facts/incident/loose/",
        "/dossiers/open/facts/count/loose/",
    }


def test_a_private_dossier_is_searched_for_its_members_alone(
    member: Client, client: Client, stranger: Client
) -> None:
    for visitor in (client, stranger):
        assert "shut" not in " ".join(found(visitor, "shut").links)
        assert counts(visitor, "halts fire") == {"pledge": 1}
    assert counts(member, "halts fire") == {"pledge": 2}
    assert counts(member, "talks of shut") == {"dossier": 1}


def test_a_hit_in_a_text_leads_to_the_passage_which_is_marked(member: Client) -> None:
    text = "Nothing is said. " * 900 + "Сторони припиня́ть вогонь. " + "Nothing is said. " * 900
    snapshot(text)
    hit = found(member, "припинять ВОГОНЬ")
    assert hit.marked == ["припиня́ть", "вогонь"]
    [link] = hit.links
    shown = member.get(link).content.decode()
    assert (
        '<span class="mark-start" id="found"></span><mark class="found">припиня́ть</mark>' in shown
    )
    assert 'name="start"' in shown, "asking for another instant keeps the place"
    # A place that the text has no longer is not marked, and no error.
    beyond = member.get("/sources/open/long/?start=5&end=9999999")
    assert (beyond.status_code, b'id="found"' in beyond.content) == (200, False)
    assert b'id="found"' not in Client().get(link).content


def test_a_passage_that_is_quoted_as_well_is_both(member: Client) -> None:
    snapshot("We stop. We halt fire for ten days. We wait.", "quoted")
    place = {"start": 9, "end": 35, "prefix": "We stop. ", "suffix": " We wait."}
    entered(
        "account",
        "quoting",
        source="quoted",
        position="OPEN-DEMAND",
        quotation="We halt fire for ten days.",
        place=place,
        public="2026-03-01 Europe/Zurich",
    )
    shown = member.get("/sources/open/quoted/?start=3&end=16").content.decode()
    inner = re.search(r"data-marking-text>(.*?)</div>", shown, re.DOTALL)
    assert inner is not None
    assert unescape(re.sub("<[^>]+>", "", inner[1])) == (
        "We stop. We halt fire for ten days. We wait."
    )
    assert '<mark class="found">stop. </mark>' in inner[1]
    assert re.search(r'<mark class="quoted quoted-position found"[^>]*>We halt</mark>', inner[1])


SCRIPTS = [
    ("İSTANBUL talks", "istanbul", "İSTANBUL"),
    ("Diyarbakır", "DIYARBAKIR", "Diyarbakır"),
    ("Straße frei", "strasse", "Straße"),
    ("اتفاق وَقْف إِطْلاق النَّار", "وقف", "وَقْف"),
    ("הסכם שָׁלוֹם", "שלום", "שָׁלוֹם"),
    ("Слов’янськ", "слов'янськ", "Слов’янськ"),
    ("युद्धविराम समझौता", "समझौता", "समझौता"),
    ("双方同意停火三十天", "停火三", "停火三"),
    ("双方同意停火三十天", "停火", "停火"),
    ("The ﬁre stops", "fire", "ﬁre"),
]


@pytest.mark.parametrize(("text", "typed", "marked"), SCRIPTS)
def test_any_script_is_found_and_marked_as_it_was_written(
    client: Client, text: str, typed: str, marked: str
) -> None:
    entered("position", "OPEN-DEMAND", text=text)
    assert found(client, typed, kind="position").marked == [marked]


def test_all_words_must_occur_and_phrases_together(client: Client) -> None:
    entered("position", "OPEN-DEMAND", text="Ten kilometres,\nand not  twelve.")
    for typed in ("ten twelve", "TWELVE kilometres", '"kilometres, and not"', "lometr"):
        assert counts(client, typed) == {"position": 1}, typed
    for typed in ("ten eleven", '"twelve ten"', '"ten not"', '"zone ten kilometres"'):
        assert "position" not in counts(client, typed), typed


def test_what_a_pattern_means_to_a_database_means_nothing_here(client: Client) -> None:
    entered("position", "OPEN-DEMAND", text='100% of it* AND NOT "one"_two\\three')
    for typed in ("100%", "it*", '"one"_two', "two\\three", "AND NOT", '"one" AND'):
        assert counts(client, typed) == {"position": 1}, typed
    for typed in ("10_%", "i%t", "100%it", "one?two", "two*three", "NEAR(one two)", "text:ten"):
        assert "position" not in counts(client, typed), typed


def test_what_was_withdrawn_is_not_found_nor_what_hangs_on_it(member: Client) -> None:
    assert counts(member, "if beta does") == {"condition": 2}
    entered("condition", "OPEN-HALT.mutual", withdrawn_at="2026-03-04 Europe/Zurich")
    entered("pledge", "SHUT-HALT", "shut", withdrawn_at="2026-03-03 Europe/Zurich")
    assert counts(member, "halts fire") == {"pledge": 1}
    assert counts(member, "if beta does") == {}
    assert counts(member, "halts fire", at="2026-03-02") == {"pledge": 2}
    assert counts(member, "if beta does", at="2026-03-02") == {"condition": 2}


def test_at_an_instant_only_what_was_public_by_then(client: Client) -> None:
    assert counts(client, "reports one", at="2026-03-02T22:59Z") == {}
    assert counts(client, "reports one", at="2026-03-02T23:00Z") == {"verification": 1}
    shown = client.get("/search/", {"q": "reports one", "at": "2026-03-03"}).content.decode()
    assert "As it stood" in shown
    assert "/pledges/OPEN-HALT/?at=2026-03-03#verification" in shown
    assert client.get("/search/", {"q": "x", "known": "2026-03-03"}).status_code == 422


def test_a_pledge_that_turned_out_to_be_another_is_not_found_by_itself(client: Client) -> None:
    house.more_pledges("open", 1)
    assert counts(client, "time 0") == {"pledge": 1}
    entered("pledge", "OPEN-MORE-0", merged_into="OPEN-HALT")
    assert counts(client, "time 0") == {}


def test_a_party_that_was_merged_says_into_which(client: Client) -> None:
    one = parties.register(slug="gamma", name="Gamma", kind="state", by=None, at=house.AT)
    parties.amend(row=one, merged_into="beta", by=None, at=house.AT)
    assert Party.objects.get(slug="gamma").merged_into is not None
    shown = client.get("/search/", {"q": "gamma"}).content.decode()
    assert "merged into <bdi>Beta</bdi>" in shown


def test_every_version_of_a_source_is_searched(member: Client) -> None:
    snapshot("Twenty days", "one")
    snapshot("Thirty days", "two")
    entered("source", "two", earlier="one")
    assert counts(member, "twenty days") == counts(member, "thirty days") == {"text": 1}


def test_a_condition_goes_with_its_extension(client: Client) -> None:
    house.more_pledges("open", 1)
    entered(
        "extension",
        "more",
        pledge="OPEN-MORE-0",
        order=1,
        kind="extended",
        duration="P5D",
        public="2026-03-02 UTC",
    )
    entered(
        "condition",
        "late",
        extension="more",
        kind="extension_condition",
        text="While talks go on",
        public="2026-03-02 UTC",
    )
    assert found(client, "while talks").links == ["/pledges/OPEN-MORE-0/#conditions"]
    other = Pledge.objects.get(ref="OPEN-HALT")
    Extension.objects.get(key="more")
    entered("extension", "more", pledge=other.ref)
    assert Passage.objects.get(key="late").pledge == other


def test_markup_is_text(client: Client) -> None:
    entered("position", "OPEN-DEMAND", text=f"They said {house.NASTY} twice")
    shown = client.get("/search/", {"q": "bold</b>"}).content.decode()
    assert "<script>alert" not in shown
    assert "<b>bold" not in shown
    assert '<mark class="match">bold&lt;/b</mark>' in shown
    shown = client.get("/search/", {"q": "<img src=x onerror=alert(1)>"}).content.decode()
    assert "<img src=x" not in shown


def test_too_much_is_refused_and_stays_as_it_was_typed(client: Client) -> None:
    for asked, why in (
        ({"q": "h" * 201}, "201 characters are too many"),
        ({"q": "a\x00b"}, "Null characters are not allowed"),
        ({"q": "\u0301"}, "no letter or sign"),
        ({"q": "halt", "kind": "nothing"}, "There is no kind"),
    ):
        answer = client.get("/search/", asked)
        shown = answer.content.decode()
        assert answer.status_code == 422, asked
        assert why in shown
        assert "error-summary" in shown
        assert 'class="hit' not in shown
    assert "h" * 201 in client.get("/search/", {"q": "h" * 201}).content.decode()
    assert client.get("/search/", {"q": "h" * 200}).status_code == 200
    assert client.post("/search/", {"q": "halt"}).status_code == 405


SHORT_WORDS = [
    ("联合国观察员在加沙停火", "停火 国", ["国", "停火"]),
    ("停戦は三月まで、ガザで", "は ガザ", ["は", "ガザ"]),
    ("휴전은 오늘부터", "휴전 은", ["휴전은"]),
    ("มีไฟในเมือง", "ไฟ", ["ไฟ"]),
    ("الهدنة في غزة", "في", ["في"]),
    ('צה"ל נסוג עם שחר', "עם", ["עם"]),
    ("Сили ЄС не в зоні", "єс", ["ЄС"]),
    ("Under UN watch in district 77 of 1977", "un 77", ["UN", "77"]),
    ("The G7 and 50% of it", "g7 50% of", ["G7", "50%", "of"]),
]


@pytest.mark.parametrize(("text", "typed", "marked"), SHORT_WORDS)
def test_short_words_are_found_whole_or_in_a_run_of_signs(
    client: Client, text: str, typed: str, marked: list[str]
) -> None:
    entered("position", "OPEN-DEMAND", text=text)
    hits = found(client, typed, kind="position")
    assert hits.marked == marked
    assert "one or two characters" not in client.get("/search/", {"q": typed}).content.decode()
    entered("position", "OPEN-DEMAND", text="Something else")
    assert counts(client, typed).get("position", 0) == 0


@pytest.mark.parametrize("typed", ["te", "om", "7 te", "1"])
def test_a_part_of_a_word_that_is_so_short_finds_nothing(client: Client, typed: str) -> None:
    entered("position", "OPEN-DEMAND", text="Ten kilometres, no 17")
    assert "position" not in counts(client, typed)


def test_of_many_the_newest_few_are_shown_and_the_others_page_by_page(client: Client) -> None:
    house.more_pledges("open", 30)
    first = client.get("/search/", {"q": '"beta halts"'})
    assert dict(first.context["counts"]) == {"pledge": 30}
    assert len(Marks(first.content.decode()).links) == 5
    assert "All 30: Pledges" in first.content.decode()
    seen = [
        link
        for page in ("1", "2")
        for link in found(client, '"beta halts"', kind="pledge", page=page).links
    ]
    assert len(seen) == len(set(seen)) == 30
    shown = client.get("/search/", {"q": '"beta halts"', "kind": "pledge", "page": "2"})
    assert "Page 2 of 2" in shown.content.decode()


def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    """Session, person, roles; dossiers; the index; what parties are called; whether many match;
    what matches; the rows of each noun.
    """
    for asked in ({"q": "halt"}, {"q": "halt", "kind": "pledge"}, {"q": "a"}):
        member.get("/search/", asked)
    for asked in ({"q": "halts fire"}, {"q": "halts fire", "kind": "pledge"}, {"q": "a"}):
        with CaptureQueriesContext(connection) as one:
            member.get("/search/", asked)
        if "OPEN-MORE-0" not in Pledge.objects.values_list("ref", flat=True):
            house.more_pledges("open", 12)
        with CaptureQueriesContext(connection) as many:
            member.get("/search/", asked)
        assert len(many) == len(one), asked
    with CaptureQueriesContext(connection) as few:
        member.get("/search/", {"q": "halts fire"})
    assert len(few) <= 9
    with CaptureQueriesContext(connection) as few:
        member.get("/search/", {"q": "betas"})
    assert len(few) <= 11, "parties, and whom each pledge concerns"


def test_the_passages_are_those_that_a_rebuild_makes() -> None:
    from django.core.management import call_command

    def held() -> set[tuple[object, ...]]:
        names = ("kind", "noun", "row", "key", "dossier", "pledge", "public_at", "until_at", "text")
        return set(Passage.objects.values_list(*names))

    before = held()
    assert len(before) > 30
    call_command("rebuildsearch", verbosity=0)
    assert held() == before


def test_an_edit_that_says_nothing_new_leaves_the_index_alone() -> None:
    snapshot("A text")
    before = list(Passage.objects.filter(noun="source").values_list("pk", "text"))
    entered("source", "long", reliability="A", public="2026-03-02 UTC")
    assert list(Passage.objects.filter(noun="source").values_list("pk", "text")) == before
    assert Passage.objects.get(kind="text", key="long").public_at == (
        Source.objects.get(key="long").public_instant
    )


def test_every_kind_has_columns_that_its_rows_have() -> None:
    assert {*passages.SHOWN, passages.ENTRY} == set(KINDS)
    for model in passages.searched():
        for kind in passages.kinds(model.NOUN):
            for name in passages.columns(kind, model.NOUN):
                model._meta.get_field(name)


def test_the_index_is_used() -> None:
    """Both databases find a word of three characters by trigrams, without reading every row."""
    assert search_index.is_whole(connection)
    sought = Passage.objects.filter(search_index.holding((("kilometres",),)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = sought.explain()
    assert (search_index.TRIGRAMS if connection.vendor == "postgresql" else "VIRTUAL TABLE") in plan
    assert {one.key for one in sought} == {"OPEN-DEMAND", "SHUT-DEMAND"}


def test_without_the_index_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    words = (("kilometres", searching.keyed("miles")), searching.ways("."), searching.ways("ten"))
    with_it = list(Passage.objects.filter(search_index.holding(words)))
    monkeypatch.setattr(search_index, "_has", lambda *_: False)
    assert list(Passage.objects.filter(search_index.holding(words))) == with_it != []


def test_a_pledge_is_found_by_what_its_parties_are_called_by_now(
    client: Client, alice: User
) -> None:
    """By the pledgor and the beneficiaries, their aliases, and those that are one with them."""
    house.load("parties:\n  gamma: {name: Gamma, aliases: [Γάμμα, GA, 丙方], kind: state}")
    entered("pledge", "OPEN-HALT", title="A halt", pledgor="gamma", beneficiaries=["beta"])
    for typed, marked in (
        ("gamma", ["Gamma"]),
        ("γαμμα", ["Γάμμα"]),
        ("ga", ["GA"]),
        ("丙", ["丙"]),
        ("betas halt", ["halt", "Betas"]),
    ):
        hits = found(client, typed, kind="pledge")
        assert "/pledges/OPEN-HALT/" in hits.links, typed
        assert set(marked) <= set(hits.marked), typed
    shown = client.get("/search/", {"q": "γάμμα", "kind": "pledge"}).content.decode()
    assert 'Pledgor:</span> Gamma (<mark class="match">Γάμμα</mark>)' in shown
    shown = client.get("/search/", {"q": "betas", "kind": "pledge"}).content.decode()
    assert 'Promised to:</span> Beta (The <mark class="match">Betas</mark>)' in shown
    for typed in ("gam", "g", "gammas", "gamma alpha"):
        assert ("pledge" in counts(client, typed)) is (typed == "gam"), typed
    gamma = Party.objects.get(slug="gamma")
    parties.amend(row=gamma, name="Delta", aliases=[], by=None, at=house.AT)
    assert "pledge" not in counts(client, "gamma")
    assert counts(client, "delta")["pledge"] == 1
    house.load("parties:\n  eps: {name: Epsilon, kind: state}")
    merges.merge_parties(
        row=Party.objects.get(slug="gamma"),
        into=Party.objects.get(slug="eps"),
        reason="One.",
        by=alice,
        at=house.AT,
    )
    assert counts(client, "epsilon")["pledge"] == 1
    assert counts(client, "delta")["pledge"] == 1
    shown = client.get("/search/", {"q": "epsilon", "kind": "pledge"}).content.decode()
    assert 'Delta (<mark class="match">Epsilon</mark>)' in shown
    entered("pledge", "OPEN-HALT", pledgor="alpha")
    assert "pledge" not in counts(client, "delta")


def test_what_the_title_says_is_said_once(client: Client) -> None:
    assert found(client, "alpha", kind="pledge").marked == ["Alpha"]


def test_of_what_most_have_the_newest_are_counted_and_that_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.more_pledges("open", 8)
    assert counts(client, "alpha river") == {"pledge": 1}
    every = counts(client, "beta")
    assert every["pledge"] == 9
    all_of_them = found(client, "beta", kind="pledge").links
    monkeypatch.setattr(searches, "MOST", 6)
    answer = client.get("/search/", {"q": "beta"})
    shown = " ".join(answer.content.decode().split())
    assert dict(answer.context["counts"]) == every | {"pledge": 6}
    assert answer.context["beyond"] == {"pledge"}
    assert f"More than {sum(every.values()) - 3} matches" in shown
    assert "the newest 6 of a kind are counted and listed" in shown
    assert "The newest 6: Pledges" in shown
    assert shown.count('<span class="count">more than 6</span>') == 2
    listed = client.get("/search/", {"q": "beta", "kind": "pledge"})
    assert Marks(listed.content.decode()).links == all_of_them[:6]
    assert counts(client, "alpha river") == {"pledge": 1}, "few have both"
    assert "More than" not in client.get("/search/", {"q": "alpha river"}).content.decode()


def test_of_what_most_have_a_visitor_finds_what_is_for_that_visitor(
    client: Client, member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(one, q) for one in (client, member) for q in ("halts", "fire ten", "a", "kilometres")]
    before = [counts(one, q) for one, q in asked]
    links = [sorted(found(one, q).links) for one, q in asked]
    monkeypatch.setattr(searches, "MOST", 1)
    for (one, q), exact in zip(asked, before, strict=True):
        assert counts(one, q) == dict.fromkeys(exact, 1)
    monkeypatch.setattr(searches, "MOST", 3)
    for (one, q), exact, there in zip(asked, before, links, strict=True):
        if max(exact.values()) <= 3:
            assert counts(one, q) == exact
            assert sorted(found(one, q).links) == there


def test_the_page_is_led_to_from_every_page(client: Client) -> None:
    assert 'href="/search/"' in client.get("/parties/alpha/").content.decode()
    assert 'action="/search/"' in client.get("/").content.decode()
    assert 'href="/search/?at=2026-03-03"' in client.get("/?at=2026-03-03").content.decode()
