"""The seeds form: what is read, what is refused, and that a mistake is told by line and field."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.actions import seed_form, seed_yaml
from tracker.actions.seed_fields import COMMON
from tracker.actions.seed_nouns import NOUNS
from tracker.actions.seed_rows import Seed

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
BASE = """\
dossier:
  slug: case
  title: A case
  zone: Europe/Kyiv
parties:
  north: {name: North, kind: state}
  south: {name: South, kind: state}
sources:
  report:
    title: A report
    kind: news
    published: 2025-03-18 Europe/Moscow
    reliability: B
instruments:
  call:
    title: A call
    kind: call
    form: oral
    parties: [north, south]
    concluded: 2025-03-18 Europe/Moscow
triggers:
  signature:
    title: The signature
    kind: signature
    public: 2025-03-18 UTC
pledges:
  CASE-1:
    title: North halts
    instrument: call
    pledgor: north
    beneficiaries: [south]
    act: halt
    subject: civilians
    accounts:
      told:
        source: report
        credibility: 2
        asserts: {duration: thirty days}
    readings:
      counted:
        start: 2025-03-18 Europe/Moscow
        duration: P30D
        duration_account: told
    adopt:
      reading: counted
      rule: inclusive
      reason: So ordered.
    conditions:
      clear:
        kind: entry_precondition
        text: The road is clear.
    moves:
      - to: withdrawn
        effective: 2025-03-20 Europe/Moscow
        reason: Said so.
  CASE-2:
    title: South halts
    instrument: call
    pledgor: south
    act: halt
    subject: civilians
    readings:
      until: {end: 2025-04-01 Europe/Kyiv, rule: until}
    conditions:
      first:
        kind: entry_precondition
        text: North is first.
        depends_on_pledge: CASE-1
positions:
  CASE-3:
    title: North asks
    kind: demand
    party: north
    instrument: call
"""


def read(
    text: str | bytes, known: seed_form.Known | None = None
) -> tuple[Seed | None, list[seed_yaml.Mistake]]:
    mistakes = seed_yaml.Mistakes()
    data = text.encode() if isinstance(text, str) else text
    top = seed_yaml.read(data, mistakes)
    seed = None
    if top is not None:
        seed = seed_form.rows_of(
            top, known_of=lambda *_: known or seed_form.Known(), now=NOW, mistakes=mistakes
        )
    return seed, mistakes.sorted()


def rows(seed: Seed | None) -> dict[tuple[str, str], dict[str, object]]:
    assert seed is not None
    return {row.identity: row.columns for row in seed.rows}


def line_of(text: str, fragment: str) -> int:
    at = text.index(fragment)
    return text.count("\n", 0, at) + 1


def test_the_base_case_reads() -> None:
    seed, mistakes = read(BASE)
    assert mistakes == []
    found = rows(seed)
    assert found["pledge", "CASE-1"]["public"] == "2025-03-18 Europe/Moscow"
    assert found["reading", "CASE-1.counted-inclusive"]["rule"] == "inclusive"
    assert found["reading", "CASE-1.counted-exclusive"]["duration_account"] == "CASE-1.told"
    assert ("reading", "CASE-1.counted") not in found
    assert found["adoption", "CASE-1.adoption-1"]["reading"] == "CASE-1.counted-inclusive"
    assert found["move", "CASE-1.move-1"]["machine"] == "stage"
    assert found["account", "CASE-1.told"]["duration"] == "asserts"
    assert found["account", "CASE-1.told"]["values"] == {"duration": "thirty days"}
    assert found["account", "CASE-1.told"]["start"] == "silent"


# what is replaced, by what, the fragment whose line is named, the field, a phrase of the message
CASES = {
    "unknown zone": (
        "start: 2025-03-18 Europe/Moscow",
        "start: 2025-03-18 Europe/Moskow",
        "start: 2025-03-18 Europe/Moskow",
        "pledges.CASE-1.readings.counted.start",
        "not a time zone",
    ),
    "impossible date": (
        "start: 2025-03-18 Europe/Moscow",
        "start: 2025-02-30 Europe/Moscow",
        "start: 2025-02-30",
        "pledges.CASE-1.readings.counted.start",
        "not a date",
    ),
    "not a duration": (
        "duration: P30D",
        "duration: 30 days",
        "duration: 30 days",
        "pledges.CASE-1.readings.counted.duration",
        "not a duration",
    ),
    "hours counted as days": (
        "duration: P30D",
        "duration: PT30H\n        rule: inclusive",
        "rule: inclusive\n        duration_account",
        "pledges.CASE-1.readings.counted.rule",
        "the duration has hours",
    ),
    "an end rule for a duration": (
        "duration: P30D",
        "duration: P30D\n        rule: through",
        "rule: through",
        "pledges.CASE-1.readings.counted.rule",
        "says what an end date means",
    ),
    "a day count for an end": (
        "rule: until}",
        "rule: inclusive}",
        "rule: inclusive}",
        "pledges.CASE-2.readings.until.rule",
        "counts a duration",
    ),
    "unknown party": (
        "pledgor: north",
        "pledgor: nroth",
        "pledgor: nroth",
        "pledges.CASE-1.pledgor",
        "there is no party 'nroth'. Did you mean 'north'",
    ),
    "unknown party in a list": (
        "beneficiaries: [south]",
        "beneficiaries: [south, west]",
        "beneficiaries: [south, west]",
        "pledges.CASE-1.beneficiaries.2",
        "there is no party 'west'",
    ),
    "unknown field": (
        "    beneficiaries: [south]",
        "    benificiaries: [south]",
        "benificiaries",
        "pledges.CASE-1.benificiaries",
        "Did you mean 'beneficiaries'",
    ),
    "unknown section": (
        "positions:",
        "postions:",
        "postions:",
        "postions",
        "Did you mean 'positions'",
    ),
    "missing field": (
        "    pledgor: north\n",
        "",
        "CASE-1:",
        "pledges.CASE-1.pledgor",
        "required and missing",
    ),
    "blank field": (
        "reason: So ordered.",
        "reason:",
        "reason:\n",
        "pledges.CASE-1.adopt.reason",
        "required and blank",
    ),
    "unknown word": (
        "act: halt\n    subject: civilians\n    accounts",
        "act: stop\n    subject: civilians\n    accounts",
        "act: stop",
        "pledges.CASE-1.act",
        "none of the known words",
    ),
    "duplicate key": (
        "    pledgor: south",
        "    pledgor: south\n    pledgor: north",
        "pledgor: north\n    act: halt\n    subject: civilians\n    readings",
        "pledges.CASE-2.pledgor",
        "stands twice",
    ),
    "a move that nobody makes": (
        "- to: withdrawn",
        "- to: expired",
        "- to: expired",
        "pledges.CASE-1.moves.1.to",
        "cannot move a pledge to 'expired'",
    ),
    "adopting one that stands twice": (
        "      rule: inclusive\n",
        "",
        "reading: counted",
        "pledges.CASE-1.adopt.reading",
        "stands twice",
    ),
    "adopting what is not there": (
        "reading: counted",
        "reading: cuonted",
        "reading: cuonted",
        "pledges.CASE-1.adopt.reading",
        "there is no reading",
    ),
    "cyclic preconditions": (
        "        text: The road is clear.",
        "        text: The road is clear.\n        depends_on_pledge: CASE-2",
        "depends_on_pledge: CASE-2",
        "pledges.CASE-1.conditions.clear.depends_on_pledge",
        "pledge CASE-2 → pledge CASE-1 → pledge CASE-2",
    ),
    "a public time without a zone": (
        "    public: 2025-03-18 UTC",
        "    public: 2025-03-18",
        "    public: 2025-03-18\n",
        "triggers.signature.public",
        "gives no instant",
    ),
    "no public time": (
        "    public: 2025-03-18 UTC\n",
        "",
        "  signature:",
        "triggers.signature.public",
        "nothing gives it",
    ),
    "a key that is none": (
        "  CASE-3:",
        "  CASE 3:",
        "CASE 3:",
        "positions.CASE 3",
        "cannot be a key",
    ),
    "a list for a value": (
        "    title: North halts",
        "    title: [North, halts]",
        "title: [North",
        "pledges.CASE-1.title",
        "a list stands here",
    ),
    "a reading of nothing": (
        "until: {end: 2025-04-01 Europe/Kyiv, rule: until}",
        "until: {speaker: south}",
        "until: {speaker",
        "pledges.CASE-2.readings.until",
        "says nothing of the term",
    ),
    "two ends in one reading": (
        "        duration: P30D",
        "        duration: P30D\n        end: 2025-04-16 Europe/Moscow",
        "end: 2025-04-16",
        "pledges.CASE-1.readings.counted.end",
        "has a duration as well",
    ),
    "relative time in a real dossier": (
        "effective: 2025-03-20 Europe/Moscow",
        "effective: now-3d",
        "effective: now-3d",
        "pledges.CASE-1.moves.1.effective",
        "relative to the day of loading",
    ),
    "a grade that is none": (
        "credibility: 2",
        "credibility: 7",
        "credibility: 7",
        "pledges.CASE-1.accounts.told.credibility",
        "is no grade",
    ),
    "not YAML": (
        "title: North asks",
        "title: North: asks",
        "title: North: asks",
        "",
        "not YAML",
    ),
    "an alias": (
        "party: north\n    instrument",
        "party: *north\n    instrument",
        "party: *north",
        "",
        "aliases",
    ),
    "a tag": ("title: A call", "title: !!python/name:os.system x", "title: !!", "", "tag"),
    "a NUL": ("title: A call", "title: A \0call", "title: A \0", "", "a NUL"),
    "a slug that is none": (
        "slug: case",
        "slug: A Case",
        "slug: A Case",
        "dossier.slug",
        "not a slug",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_by_line_and_field(name: str) -> None:
    old, new, fragment, field, phrase = CASES[name]
    assert old in BASE
    text = BASE.replace(old, new, 1)
    seed, mistakes = read(text)
    assert seed is None
    told = [m.told("case.yaml") for m in mistakes]
    start = f"case.yaml:{line_of(text, fragment)}: " + (f"field '{field}': " if field else "")
    assert any(t.startswith(start) and phrase in t for t in told), told
    # An adoption by another rule is a mistake of its own.
    assert len([m for m in mistakes if m.place != "pledges.CASE-1.adopt.rule"]) == 1, told
    assert all(m.mend for m in mistakes)


def test_all_mistakes_of_a_file_are_told_together_in_the_order_of_its_lines() -> None:
    text = BASE
    for name in (
        "unknown zone",
        "unknown party",
        "unknown field",
        "unknown word",
        "no public time",
    ):
        old, new, *_ = CASES[name]
        text = text.replace(old, new, 1)
    _, mistakes = read(text)
    assert len(mistakes) == 5
    assert [m.line for m in mistakes] == sorted(m.line for m in mistakes)


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (b"", "empty"),
        (b"# nothing\n", "empty"),
        (b"- a\n- b\n", "mapping at the top"),
        (b"just text", "mapping at the top"),
        (b"dossier: \xff\n", "not UTF-8"),
        (b"dossier: {slug: x, title: y}\n---\ndossier: {slug: z}\n", "second YAML document"),
        (b"x: " + b"[" * 5000, "nested too deeply"),
        (b"# " + b"x" * seed_yaml.MAX_BYTES, "at most"),
        (b"sources:\n  a: {title: t, kind: news, published: 2025 UTC}\n", "names none"),
    ],
)
def test_what_is_no_seed_file_is_refused(data: bytes, phrase: str) -> None:
    seed, mistakes = read(data)
    assert seed is None
    assert any(phrase in m.told("x.yaml") for m in mistakes), mistakes


def test_yaml_guesses_nothing() -> None:
    text = BASE.replace("title: North halts", "title: no").replace("name: North", "name: 18:00")
    found = rows(read(text)[0])
    assert found["pledge", "CASE-1"]["title"] == "no"
    assert found["party", "north"]["name"] == "18:00"


def test_a_byte_order_mark_and_windows_lines_are_read() -> None:
    seed, mistakes = read(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert seed is not None
    assert mistakes == []


def test_an_unstated_rule_stands_twice_only_where_it_matters() -> None:
    text = BASE.replace(
        "until: {end: 2025-04-01 Europe/Kyiv, rule: until}",
        "bare: {end: 2025-04-01 Europe/Kyiv}\n"
        "      clock: {end: 2025-04-01 18:00 Europe/Kyiv}\n"
        "      hours: {start: 2025-03-18 18:00 Europe/Kyiv, duration: PT30H}\n"
        "      none: {start: 2025-03-18 Europe/Kyiv, open: indefinite}",
    )
    keys = sorted(k for n, k in rows(read(text)[0]) if n == "reading" and k.startswith("CASE-2"))
    assert keys == [
        "CASE-2.bare-through",
        "CASE-2.bare-until",
        "CASE-2.clock",
        "CASE-2.hours",
        "CASE-2.none",
    ]


def test_public_times_are_derived_as_the_page_says() -> None:
    text = BASE.replace(
        "        asserts: {duration: thirty days}",
        "        said: 2025-03-25 Europe/Kyiv\n        asserts: {duration: thirty days}",
    )
    found = rows(read(text)[0])
    assert found["account", "CASE-1.told"]["public"] == "2025-03-25 Europe/Kyiv"
    assert found["reading", "CASE-1.counted-inclusive"]["public"] == "2025-03-25 Europe/Kyiv"
    assert found["adoption", "CASE-1.adoption-1"]["public"] == "2025-03-25 Europe/Kyiv"
    assert found["condition", "CASE-1.clear"]["public"] == "2025-03-18 Europe/Moscow"
    assert found["move", "CASE-1.move-1"]["public"] == "2025-03-20 Europe/Moscow"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("now", "2026-03-04 12:20 Europe/Kyiv"),
        ("now+20h", "2026-03-05 08:20 Europe/Kyiv"),
        ("now-90m Europe/Moscow", "2026-03-04 11:50 Europe/Moscow"),
        ("today-3d", "2026-03-01 Europe/Kyiv"),
        ("today Pacific/Kiritimati", "2026-03-05 Pacific/Kiritimati"),
        ("now+2w UTC", "2026-03-18T10:20Z"),
    ],
)
def test_relative_times_of_practice(written: str, stored: str) -> None:
    text = BASE.replace("title: A case", "title: A case\n  is_practice: yes").replace(
        "start: 2025-03-18 Europe/Moscow", f"start: {written}"
    )
    seed, mistakes = read(text)
    assert mistakes == []
    assert rows(seed)["reading", "CASE-1.counted-inclusive"]["start"] == stored


def test_relative_times_keep_the_moment_of_the_first_loading() -> None:
    laid = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    text = BASE.replace("title: A case", "title: A case\n  is_practice: yes").replace(
        "start: 2025-03-18 Europe/Moscow", "start: now UTC"
    )
    seed, _ = read(text, seed_form.Known(dossier={"slug": "case"}, laid_at=laid))
    assert rows(seed)["reading", "CASE-1.counted-inclusive"]["start"] == "2026-01-02T03:04Z"


def test_what_the_register_holds_may_be_named() -> None:
    text = BASE.replace("pledgor: north", "pledgor: elsewhere")
    known = seed_form.Known(tables={"party": {"elsewhere": {"name": "Elsewhere"}}})
    seed, mistakes = read(text, known)
    assert mistakes == []
    assert rows(seed)["pledge", "CASE-1"]["pledgor"] == "elsewhere"


def test_a_reference_of_another_dossier_is_refused() -> None:
    _, mistakes = read(BASE, seed_form.Known(refs_elsewhere={"CASE-3": "other"}))
    assert "taken by the dossier 'other'" in mistakes[0].what


def test_the_page_names_every_field() -> None:
    page = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    chapters = {chapter.split("\n", 1)[0].strip(): chapter for chapter in page.split("\n### ")[1:]}
    for noun in NOUNS.values():
        chapter = chapters[noun.name.replace("_", " ")]
        for name, field in noun.fields.items():
            if name in COMMON and noun.name not in {"party", "coalition_member"}:
                continue
            assert f"`{name}`" in chapter, (noun.name, name)
            assert not field.required or f"**`{name}`**" in chapter, (noun.name, name)
            assert all(f"`{choice}`" in chapter for choice in field.choices[:9]), (noun.name, name)
        assert all(f"`{section}`" in chapter for section in noun.nested), noun.name
