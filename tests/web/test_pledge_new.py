"""Entering a pledge with its account, its reading and its adoption, all together or nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from tracker.domain.facts import ACCOUNT_FIELDS
from tracker.models import (
    Account,
    Adoption,
    Draft,
    Instrument,
    LedgerEntry,
    Party,
    Pledge,
    Reading,
    User,
)
from tracker.selectors import ledger

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/pledges/new/"
PAGE = f"{NEW}?dossier=shut"
TERM = {"HX-Request": "true", "HX-Target": "term"}
PLEDGE = {
    "pledge-title": "Beta opens the road for ten days",
    "pledge-key": "SHUT-ROAD",
    "pledge-pledgor": "beta",
    "pledge-act": "allow",
    "pledge-subject": "humanitarian_access",
    "pledge-specificity": "specific",
    "pledge-instrument": "call",
    "pledge-public": "1 March 2026 Zurich",
    "pledge-analyst": "",
}
ACCOUNT = {
    **{f"account-{name}": "silent" for name in ACCOUNT_FIELDS},
    "account-source": "readout",
    "account-speaker": "Envoy",
    "account-party": "beta",
    "account-quotation": "The whole text",
    "account-credibility": "3",
    "account-existence": "asserts",
    "account-duration": "asserts",
    "account-says_duration": "ten days",
}
READING = {
    "reading-start": "5 Mar 2026 Zurich",
    "reading-duration": "ten days",
    "reading-rule": "inclusive",
    "reading-from_account": ["duration_account"],
}
ADOPT = {"adopt-reason": "The order says so."}


def rows() -> list[int]:
    return [m.objects.count() for m in (Pledge, Account, Reading, Adoption, Party, LedgerEntry)]


def test_everything_is_entered_together(member: Client, alice: User) -> None:
    answer = member.post(PAGE, PLEDGE | ACCOUNT | READING | ADOPT)
    assert answer.status_code == 302, [
        (f.name, f.errors) for f in answer.context["form"] if f.errors
    ]
    assert answer["Location"] == "/pledges/SHUT-ROAD/"
    pledge = Pledge.objects.get(ref="SHUT-ROAD")
    account, reading = Account.objects.get(pledge=pledge), Reading.objects.get(pledge=pledge)
    assert (account.public, account.values) == (pledge.public, {"duration": "ten days"})
    assert (reading.start, reading.duration) == ("2026-03-05 Europe/Zurich", "P10D")
    assert reading.duration_account == account
    assert reading.start_account is None
    assert Adoption.objects.get(reading=reading).reason == "The order says so."
    shown = member.get(answer["Location"]).content.decode()
    assert "Sun 15 Mar 2026, 00:00 Zurich" in shown
    assert "was read as Thu 5 Mar 2026" in shown


def test_a_pledge_alone_wants_a_reading(member: Client) -> None:
    answer = member.post(PAGE, PLEDGE, follow=True)
    assert "A pledge has no term until a reading of it is entered." in answer.content.decode()
    assert not Account.objects.filter(pledge__ref="SHUT-ROAD").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pledge-title": ""}, "This field is required."),
        ({"pledge-key": "SHUT-HALT"}, "is taken"),
        ({"account-source": ""}, "This field is required."),
        ({"reading-end": "20 Mar 2026 Zurich"}, "Its end is told in two ways"),
        ({"reading-rule": "through"}, "it counts no duration"),
        ({"adopt-reason": "", "adopt-note": "Why not."}, "This field is required."),
        ({"reading-rule": ""}, "Choose which of them is adopted."),
        ({"reading-duration": "0 days"}, "has no length"),
        ({"reading-duration": "-3 days"}, "less than nothing"),
        ({"reading-duration": "10,000 years"}, "longer than 1000 years"),
        ({"reading-start": "5/3/2026 Zurich"}, "Which number is the month is not clear."),
        ({"reading-zone": "Europe/Zurick"}, "Did you mean Europe/Zurich"),
    ],
)
def test_what_is_wrong_anywhere_writes_nothing_and_keeps_all(
    member: Client, wrong: dict[str, str], said: str
) -> None:
    before = rows()
    answer = member.post(PAGE, PLEDGE | ACCOUNT | READING | ADOPT | wrong)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert rows() == before
    assert said in shown.replace('<span class="unbroken">', "").replace("</span>", "")
    for kept in ("The whole text", "ten days", "Envoy"):
        assert kept in shown


def test_without_a_reading_none_is_adopted(member: Client) -> None:
    answer = member.post(PAGE, PLEDGE | ADOPT)
    assert answer.status_code == 422
    assert "There is no reading to adopt." in answer.content.decode()


NEW_ONE = {
    "pledge-instrument": "",
    "pledge-instrument_new_title": "Call of the envoys",
    "pledge-instrument_new_kind": "call",
    "pledge-instrument_new_form": "oral",
}


def test_the_instrument_is_named_in_the_same_form(member: Client) -> None:
    assert (
        "Call of the envoys"
        in member.post(PAGE, PLEDGE | NEW_ONE, headers=TERM)
        .context["form"]
        .pledge["instrument"]
        .as_widget()
    )
    assert not Instrument.objects.filter(title="Call of the envoys").exists()
    answer = member.post(PAGE, PLEDGE | READING | NEW_ONE | {"reading-from_account": []})
    assert answer.status_code == 302
    pledge = Pledge.objects.get(ref="SHUT-ROAD")
    made = pledge.instrument
    assert (made.key, made.title, made.kind, made.form, made.public) == (
        "call-of-the-envoys",
        "Call of the envoys",
        "call",
        "oral",
        pledge.public,
    )
    assert list(ledger.differences("shut")) == []
    shown = member.get(answer["Location"]).content.decode()
    offered = re.search(r'action="(/undo/[^"]+)"', shown)
    assert offered is not None
    member.post(offered[1])
    pledge.refresh_from_db()
    made.refresh_from_db()
    assert pledge.withdrawn_at
    assert made.withdrawn_at


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pledge-instrument": "call"}, "Leave out one of them."),
        ({"pledge-instrument_new_kind": ""}, "or its form, is missing. Choose both."),
        ({"pledge-instrument_new_form": "sung"}, "or its form, is missing. Choose both."),
        ({"pledge-instrument_new_title": "x" * 301}, "at most 300 fit."),
        ({"pledge-instrument_new_title": ""}, "This field is required."),
        ({"pledge-key": "SHUT-HALT"}, "is taken"),
    ],
)
def test_a_new_instrument_that_will_not_do_is_kept_as_typed(
    member: Client, wrong: dict[str, str], said: str
) -> None:
    before, typed = Instrument.objects.count(), NEW_ONE | wrong
    answer = member.post(PAGE, PLEDGE | typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert f'value="{typed["pledge-instrument_new_title"]}"' in shown
    assert Instrument.objects.count() == before


def test_the_instrument_of_what_was_quoted_so_far_is_proposed(member: Client) -> None:
    def proposed(source: str) -> str:
        page = member.get(f"{PAGE}&source={source}&start=4&end=14")
        return str(page.context["form"].pledge["instrument"].value())

    assert proposed("readout") == "call"
    given = PLEDGE | NEW_ONE | ACCOUNT | {"account-quotation": "whole text"}
    assert member.post(PAGE, given).status_code == 302
    assert proposed("readout") == "", "two by now"


def test_what_an_account_says_field_by_field_is_unfolded_where_it_says_more(
    member: Client,
) -> None:
    def is_open(query: str) -> bool:
        account = member.get(f"{PAGE}{query}").context["form"].account
        return bool(next(one.is_open for one in account.laid_out if one.is_paired))

    assert not is_open("&source=readout&start=4&end=14")
    assert is_open("&source=readout&start=4&end=14&account-duration=asserts")


def test_which_of_two_counts_is_adopted(member: Client) -> None:
    given = PLEDGE | READING | ADOPT | {"reading-rule": "", "reading-from_account": []}
    assert member.post(PAGE, given | {"adopt-rule": "exclusive"}).status_code == 302
    assert Reading.objects.filter(pledge__ref="SHUT-ROAD").count() == 2
    assert Adoption.objects.get(reading__pledge__ref="SHUT-ROAD").reading.rule == "exclusive"


def test_a_part_that_names_the_missing_account_is_refused(member: Client) -> None:
    answer = member.post(PAGE, PLEDGE | READING)
    assert answer.status_code == 422
    assert "No account is entered above" in answer.content.decode()


def test_sent_twice_it_is_entered_once(member: Client) -> None:
    given = PLEDGE | READING | {"pledge-once": "the-same", "reading-from_account": []}
    assert member.post(PAGE, given).status_code == 302
    answer = member.post(PAGE, given, follow=True)
    assert "was sent before" in answer.content.decode()
    assert Reading.objects.filter(pledge__ref="SHUT-ROAD").count() == 1


def test_a_source_with_its_passage_comes_along(member: Client) -> None:
    given = "&source=readout&quotation=whole+text&start=4&end=14"
    shown = member.get(f"{PAGE}{given}").content.decode()
    assert '<option value="readout" selected>' in shown
    assert "whole text</textarea>" in shown
    answer = member.post(
        PAGE,
        PLEDGE | ACCOUNT | {"account-quotation": "whole text", "account-place": "4:14"},
    )
    assert answer.status_code == 302
    place = Account.objects.get(pledge__ref="SHUT-ROAD").place
    assert place == {"start": 4, "end": 14, "prefix": "The ", "suffix": " of the readout."}


def test_a_quotation_is_found_wherever_it_stands_and_else_refused(member: Client) -> None:
    given = PLEDGE | ACCOUNT | {"account-place": "5:14"}
    answer = member.post(PAGE, given | {"account-quotation": "No such words"})
    assert answer.status_code == 422
    assert "These words are not in the source’s text." in answer.content.decode()
    assert member.post(PAGE, given).status_code == 302
    place = Account.objects.get(pledge__ref="SHUT-ROAD").place
    assert place == {"start": 0, "end": 14, "prefix": "", "suffix": " of the readout."}


def test_beside_a_passage_it_is_quoted_and_one_comes_back_to_its_mark(member: Client) -> None:
    page = f"{PAGE}&source=readout&start=4&end=14"
    answer = member.get(page)
    shown = answer.content.decode()
    assert answer.context["frame"].beside.words == "whole text"
    assert "whole text</textarea>" in shown
    assert 'name="account-place" value="4:14"' in shown
    account = {f"account-{name}": "silent" for name in ACCOUNT_FIELDS} | {
        "account-source": "readout",
        "account-quotation": "whole text",
        "account-place": "4:14",
        "account-credibility": "6",
        "account-existence": "asserts",
    }
    answer = member.post(page, PLEDGE | account)
    made = Account.objects.get(pledge__ref="SHUT-ROAD")
    assert answer["Location"].endswith(f"/sources/shut/readout/#mark-{made.key}")
    assert "Mark another passage" in member.get(answer["Location"]).content.decode()
    assert member.get(f"{PAGE}&source=readout&start=4&end=4000").status_code == 422
    assert member.get(f"{PAGE}&source=nowhere&start=4&end=14").status_code == 404


def test_a_draft_fills_all_parts_in_and_is_gone_once_it_is_entered(member: Client) -> None:
    stamp = _stamp(member.get(PAGE))
    given = PLEDGE | ACCOUNT | READING | {"draft_of": stamp, "pledge-title": ""}
    assert member.post(PAGE, given).status_code == 422
    assert Draft.objects.count() == 1
    answer = member.get(PAGE)
    shown = answer.content.decode()
    assert "Your draft of" in shown
    assert "This has to be mended first" not in shown
    assert 'value="5 Mar 2026 Zurich"' in shown
    assert "The whole text</textarea>" in shown
    again = given | {"draft_of": _stamp(answer), "pledge-title": "Beta opens the road"}
    assert member.post(PAGE, again).status_code == 302
    assert "Your draft of" not in member.get(PAGE).content.decode()


def test_what_was_entered_together_is_undone_together(member: Client) -> None:
    shown = member.post(PAGE, PLEDGE | ACCOUNT | READING, follow=True).content.decode()
    [undo] = re.findall(r'action="(/[^"]*undo[^"]*)"', shown)[:1]
    assert member.post(undo, follow=True).status_code == 200
    assert Pledge.objects.get(ref="SHUT-ROAD").withdrawn_at
    assert Account.objects.get(pledge__ref="SHUT-ROAD").withdrawn_at


def _stamp(answer: Any) -> str:
    [found] = re.findall(r'name="draft_of"\s+value="([^"]+)"', answer.content.decode())
    return str(found)


def test_no_two_things_on_the_page_have_one_id(member: Client) -> None:
    shown = member.get(PAGE).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert len(ids) > 50
    assert sorted(ids) == sorted(set(ids))


def test_without_a_dossier_one_is_chosen(member: Client) -> None:
    shown = member.get(NEW).content.decode()
    assert "?dossier=shut" in shown
    assert "?dossier=open" in shown
    assert member.get(f"{NEW}?source=readout").status_code == 200


def test_who_may_not(stranger: Client, client: Client) -> None:
    assert stranger.get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
    house.person("rita", shut="reader", open="analyst")
    client.force_login(User.objects.get(email="rita@example.org"))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{NEW}?dossier=nowhere").status_code == 404


def test_a_new_party_is_entered_with_the_pledge_and_once(member: Client) -> None:
    new: dict[str, Any] = {
        "pledge-pledgor": "",
        "pledge-pledgor_new_name": "Council of the Coast",
        "pledge-pledgor_new_kind": "armed_group",
        "account-party": "",
        "account-party_new_name": "council of the coast",
        "account-party_new_kind": "armed_group",
    }
    assert member.post(PAGE, PLEDGE | ACCOUNT | new | {"pledge-title": ""}).status_code == 422
    assert Party.objects.count() == 2
    answer = member.post(PAGE, PLEDGE | ACCOUNT | new)
    assert answer.status_code == 302
    party = Party.objects.get(slug="council-of-the-coast")
    assert (party.name, party.kind, Party.objects.count()) == (
        "Council of the Coast",
        "armed_group",
        3,
    )
    assert Pledge.objects.get(ref="SHUT-ROAD").pledgor == party
    assert Account.objects.get(pledge__ref="SHUT-ROAD").party == party


def test_the_term_is_shown_and_nothing_is_written(member: Client) -> None:
    before = rows()
    given = PLEDGE | READING | ADOPT | {"pledge-analyst": ""}
    shown = member.post(PAGE, given, headers=TERM).content.decode()
    assert "<html" not in shown
    assert "Sun 15 Mar 2026, 00:00 Zurich" in shown
    assert "24:00 on 14 Mar" in shown
    assert "Scheduled" in shown
    assert "The start&#x27;s local date is day 1 (inclusive)" in shown
    assert rows() == before


def test_without_scripts_a_button_shows_it_and_keeps_what_was_typed(member: Client) -> None:
    given = PLEDGE | READING | {"pledge-title": "", "show": "term"}
    answer = member.post(PAGE, given)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" in shown
    assert "This has to be mended first" not in shown
    assert 'value="5 Mar 2026 Zurich"' in shown
    assert "Sun 15 Mar 2026, 00:00 Zurich" in shown


def test_what_is_missing_is_said_calmly(member: Client) -> None:
    shown = member.post(PAGE, {}, headers=TERM).content.decode()
    assert "No start is given yet." in shown
    assert "required" not in shown
    shown = member.post(PAGE, READING | {"reading-start": "5 Mar"}, headers=TERM).content.decode()
    assert "The year is missing." in shown


def test_without_a_reference_one_is_made_as_the_dossiers_others_are(member: Client) -> None:
    for ref, act in (("SHUT-HUMANITARIAN-BETA", "allow"), ("SHUT-HUMANITARIAN-BETA-2", "provide")):
        typed = PLEDGE | {"pledge-key": "", "pledge-title": ref, "pledge-act": act}
        answer = member.post(PAGE, typed)
        assert answer.headers["Location"] == f"/pledges/{ref}/"
        assert Pledge.objects.get(ref=ref).title == ref


def test_whoever_enters_it_watches_it_unless_another_is_chosen(member: Client, alice: User) -> None:
    shown = member.get(PAGE).content.decode()
    assert f'<option value="{alice.uid}" selected>' in shown
    typed = {name: value for name, value in PLEDGE.items() if name != "pledge-analyst"}
    member.post(PAGE, typed | {"pledge-analyst": str(alice.uid)})
    assert Pledge.objects.get(ref="SHUT-ROAD").analyst == alice
