"""Forty and more kinds of damage to a table: each is read rightly, or refused with what and where.

Every table has the columns when, what and, mostly, where; times count by Kyiv's clocks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import kept
from tests.actions.house import AT, Made, bare
from tracker.actions import imports, users
from tracker.actions.imports import Preview
from tracker.documents import csv_tables
from tracker.domain.errors import DomainError, Invalid, Unclear
from tracker.domain.importing import Plan
from tracker.models import User

pytestmark = pytest.mark.django_db
PLAN = Plan(
    start="when",
    description=("what",),
    place=("where",),
    zone="Europe/Kyiv",
    source="readout",
    public="2025-05-01 UTC",
)
GOOD = "2025-03-20 18:00,A strike,Sumy"


@dataclass(frozen=True)
class Damage:
    """A file and what has to come of it. ``wrong``: by line, a part of what is said of it.

    ``refused``: a part of why nothing of it is read. ``says``: the times of what would be entered.
    """

    name: str
    content: bytes
    says: tuple[str, ...] = ()
    wrong: dict[int, str] = field(default_factory=dict)
    column: str = ""
    refused: str = ""
    asked: str = ""  # the field at which a person has to say more
    remark: str = ""
    plan: dict[str, Any] = field(default_factory=dict)
    check: Callable[[Preview], bool] = lambda _: True


def table(*rows: str, header: str = "when,what,where", end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode()


KYIV = "2025-03-20 18:00 ?Europe/Kyiv"
DAY = "2025-03-20 ?Europe/Kyiv"
CASES = (
    Damage("an empty file", b"", refused="The file is empty"),
    Damage("nothing but NUL and blanks", b"\x00\x00 \n", refused="The file is empty"),
    Damage("a header alone", b"when,what,where\n", refused="a header and no rows"),
    Damage("nothing but separators", b",,\n,,\n", refused="names no column"),
    Damage("a byte order mark", b"\xef\xbb\xbf" + table(GOOD), says=(KYIV,)),
    Damage("UTF-16 with a mark", table(GOOD).decode().encode("utf-16"), says=(KYIV,)),
    Damage("UTF-16 without a mark", table(GOOD).decode().encode("utf-16-le"), says=(KYIV,)),
    Damage(
        "half of a UTF-16 unit at its end",
        table(GOOD).decode().encode("utf-16") + b"\x41",
        refused="cannot be read as utf-16",
    ),
    Damage("semicolons", table(GOOD.replace(",", ";"), header="when;what;where"), says=(KYIV,)),
    Damage("tabs", table(GOOD.replace(",", "\t"), header="when\twhat\twhere"), says=(KYIV,)),
    Damage("Excel’s own first line", b"sep=;\n" + table("2025-03-20;A;B", header="when;what;where"),
           says=(DAY,)),
    Damage("line ends of old Macs", table(GOOD, end="\r"), says=(KYIV,)),
    Damage("line ends of Windows and Unix mixed", b"when,what,where\r\n" + GOOD.encode() + b"\n",
           says=(KYIV,)),
    Damage("no line end at the end", b"when,what,where\n" + GOOD.encode(), says=(KYIV,)),
    Damage(
        "a quoted line break",
        table('2025-03-20,"A strike\nat night, twice",Sumy'),
        says=(DAY,),
        check=lambda p: "at night, twice" in p.drafts[0].columns["description"],
    ),
    Damage("blank lines", table("", GOOD, " , , ", ""), says=(KYIV,),
           check=lambda p: p.table is not None and len(p.table.left_out) == 3),
    Damage("comments", b"# made by hand\n" + table("# a remark", GOOD), says=(KYIV,),
           check=lambda p: p.drafts[0].line == 4),
    Damage("the header once more in the middle", table(GOOD, "when,what,where", "2025-03-20,B,C"),
           says=(KYIV, DAY)),
    Damage("a line of totals", table(GOOD, "Total,2 strikes,"), wrong={3: "a line of totals"},
           says=(KYIV,), column="when"),
    Damage("a line of totals in one cell", table(GOOD, "Total: 2"), wrong={3: "one cell"},
           says=(KYIV,)),
    Damage("too few cells", table("2025-03-20,A"), wrong={2: "2 cells, the header 3"}),
    Damage("too many cells", table("2025-03-20,A,B,C"), wrong={2: "4 cells, the header 3"}),
    Damage("empty cells too many", table(GOOD + ",,"), says=(KYIV,)),
    Damage("a NUL within", table("2025-03-20,A\x00,B"), refused="Line 2 holds a NUL"),
    Damage(
        "a quotation mark that is never closed",
        table(GOOD, '2025-03-21,"A strike,Sumy', GOOD),
        wrong={3: "never closed"},
        says=(KYIV,),
    ),
    Damage("more after a closing quotation mark", table('2025-03-20,"A" strike,Sumy'),
           wrong={2: "the cell goes on"}),
    Damage("a cell of a hundred thousand characters", table(f"2025-03-20,{'A' * 100_000},Sumy"),
           wrong={2: "at most 50,000 fit"}, column="what"),
    Damage("a cell of a million characters", table(f'2025-03-20,"{"A" * 1_000_000}",Sumy'),
           wrong={2: "more than 50,000"}),
    Damage("a description too long for an incident", table(f"2025-03-20,{'A' * 30_000},Sumy"),
           wrong={2: "at most 20,000 fit"}, column="what"),
    Damage("two columns of one name", table("2025-03-20,A,B,C", header="when,what,where,where"),
           says=(DAY,), check=lambda p: p.drafts[0].columns["place"] == "B"
           and p.table is not None and p.table.header[-1] == "where (2)"),
    Damage("a column without a name", table("2025-03-20,A,B,C", header="when,what,where,,")
           .replace(b"B,C", b"B,C,"), refused="", wrong={2: "cells"}),
    Damage("thousands of columns", table(GOOD, header="when," + "x," * 3000 + "what"),
           refused="3,002 columns"),
    Damage("300,000 rows", table(*[GOOD] * 300_000), refused="more than 20,000 rows"),
    Damage("a formula for a date", table("=TODAY(),A,B"), wrong={2: "a formula"}, column="when"),
    Damage("an error of a spreadsheet for a date", table("#REF!,A,B"), wrong={2: "a formula"}),
    Damage("a formula for what happened", table("2025-03-20,=1+1,B"), says=(DAY,),
           check=lambda p: p.drafts[0].columns["description"] == "=1+1"),
    Damage("days that Excel counts", table("45736,A,B"), asked="serials"),
    Damage("days that Excel counts, said so", table("45736.75,A,B"), says=(KYIV,),
           plan={"serials": "1900"}),
    Damage("31 February", table("2025-02-31,A,B"), wrong={2: "not a date that exists"},
           column="when"),
    Damage("30.02. with the day first", table("30.02.2025,A,B"), wrong={2: "not a date"}),
    Damage("24:00", table("2025-03-20 24:00,A,B"), says=("2025-03-21 00:00 ?Europe/Kyiv",)),
    Damage("25:00", table("2025-03-20 25:00,A,B"), wrong={2: "no 25:00 on a clock"}),
    Damage("a time that never came", table("2025-03-30 03:30,A,B"),
           says=("2025-03-30 03:30 ?Europe/Kyiv",), remark="never came"),
    Damage("a time that came twice", table("2024-10-27 03:30,A,B"),
           says=("2024-10-27 03:30 ?Europe/Kyiv",), remark="came twice"),
    Damage("an end before its start", table("2025-03-20 18:00,A,B,2025-03-20 17:00",
           header="when,what,where,until"), plan={"end": "until"}, wrong={2: "lies before"},
           column="until"),
    Damage("a day ahead", table("2025-06-02,A,B"), wrong={2: "lies ahead"}, column="when"),
    Damage("the year 0001", table("0001-03-20,A,B"), wrong={2: "year 1 is far away"}),
    Damage("the year 20205", table("20205-03-20,A,B"), wrong={2: "cannot be read as a date"}),
    Damage("a Persian year", table("1404-01-01,A,B"), wrong={2: "year 1404 is far away"}),
    Damage("Arabic digits", table("٢٠٢٥-٠٣-٢٠ ١٨:٠٠,A,B"), says=(KYIV,)),
    Damage("marks of direction", table("\u200f2025-03-20 18:00\u200e,\u202bA\u202c,\u2067B\u2069"),
           says=(KYIV,), check=lambda p: p.drafts[0].columns["place"] == "B"),
    Damage("day or month first, who knows", table("03/04/2025,A,B"), asked="order"),
    Damage("day or month first, told by another row", table("03/04/2025,A,B", "25/03/2025,C,D"),
           says=("2025-04-03 ?Europe/Kyiv", "2025-03-25 ?Europe/Kyiv")),
    Damage("both orders in one column", table("13/04/2025,A,B", "03/25/2025,C,D"), asked="order"),
    Damage("a month in words", table("20 March 2025,A,B"), says=(DAY,)),
    Damage("seconds since 1970", table("1742486400,A,B"), wrong={2: "seconds counted since 1970"}),
    Damage("no date", table(",A,B", GOOD), wrong={2: "no date"}, says=(KYIV,), column="when"),
    Damage("words for a date", table("last Tuesday,A,B"), wrong={2: "cannot be read as a date"}),
    Damage("nothing alleged", table("2025-03-20,,B"), wrong={2: "is missing"}, column="what"),
    Damage("no zone", table("2025-03-20,A,B"), plan={"zone": ""}, asked="zone"),
    Damage("offsets instead of a zone", table("2025-03-20T18:00+02:00,A,B"), plan={"zone": ""},
           says=("2025-03-20T16:00Z",)),
    Damage("a zone that there is not", table("2025-03-20,A,B", header="when,what,where")
           .replace(b"where", b"tz").replace(b",B", b",Atlantis"),
           plan={"zone": "", "zone_column": "tz", "place": ()}, wrong={2: "not a time zone"},
           column="tz"),
    Damage("a zone that has several meanings", table("2025-03-20,A,EET", header="when,what,tz"),
           plan={"zone": "", "zone_column": "tz", "place": ()}, wrong={2: "several zones"}),
    Damage("the same row twice", table(GOOD, GOOD), says=(KYIV,),
           check=lambda p: p.within == {3: 2}),
    Damage("cp1251, and nobody says so", "when,what,where\n2025-03-20,Удар по Сумах,Суми\n"
           .encode("cp1251"), refused="cannot be told"),
    Damage("two encodings in one file", table(*[f"2025-03-{d:02},Удар {d},Суми" for d in
           range(1, 28)]) + b"2025-03-28,\xd3\xe4\xe0\xf0,X\n", refused="in UTF-8 but for 1"),
    Damage("HTML within", table("2025-03-20,<script>alert(1)</script>,B"), says=(DAY,),
           check=lambda p: p.drafts[0].columns["description"] == "<script>alert(1)</script>"),
    Damage("a place of a thousand characters", table(f"2025-03-20,A,{'B' * 1000}"),
           wrong={2: "at most 300 fit"}, column="where"),
    Damage("a column that is mapped and gone", table("2025-03-20,A", header="when,what"),
           refused="no column “where”"),
)  # fmt: skip


@pytest.fixture(name="made")
def _made() -> tuple[Made, User]:
    def make() -> tuple[Made, User]:
        return bare(), users.register(
            email="ida@example.org", name="Ida", password="a long sentence", by=None, at=AT
        )

    return kept.begin_with("bare with ida", make)


def preview(made: tuple[Made, User], content: bytes, plan: Plan) -> Preview:
    """As the page would: the file is taken, its columns are mapped, and it is looked at."""
    one, ida = made
    row = imports.make(dossier=one.dossier, content=content, file_name="t.csv", by=ida, at=AT)
    imports.settle(row=row, plan=plan)
    row.refresh_from_db()
    return imports.preview(row=row, at=datetime(2025, 6, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize("damage", CASES, ids=lambda damage: damage.name)
def test_each_damage_is_read_rightly_or_told(made: tuple[Made, User], damage: Damage) -> None:
    plan = replace(PLAN, **damage.plan)
    found: Preview | None = None
    refused: DomainError | None = None
    try:
        found = preview(made, damage.content, plan)
        refused = found.refused
    except Invalid as error:
        refused = error
    assert (refused is not None) is bool(damage.refused), refused
    if refused is not None:
        assert damage.refused in str(refused)
        assert refused.mend
        return
    assert found is not None
    assert set(found.asked) == ({damage.asked} if damage.asked else set())
    if damage.asked:
        assert found.drafts == []
        return
    told = {one.line: f"{one.message} {one.mend}" for one in found.problems}
    assert told.keys() == damage.wrong.keys(), told
    for line, part in damage.wrong.items():
        assert part in told[line]
        assert all(one.mend for one in found.problems)
    if damage.column:
        assert {one.column for one in found.problems} == {damage.column}
    assert tuple(one.columns["occurred"] for one in found.drafts) == damage.says
    remarks = [said for one in found.drafts for said in one.remarks]
    assert all(damage.remark in said for said in remarks)
    assert bool(remarks) is bool(damage.remark)
    assert damage.check(found)


def test_there_are_forty_and_more() -> None:
    assert len(CASES) >= 40
    assert len({one.name for one in CASES}) == len(CASES)


def test_what_cannot_be_told_of_the_letters_is_asked_with_how_each_would_read() -> None:
    content = "when,what,where\n2025-03-20,Удар по Сумах,Суми\n".encode("cp1251")
    with pytest.raises(Unclear) as told:
        csv_tables.read(content)
    words = {answer.text: answer.words for answer in told.value.answers}
    assert "Удар по Сумах" in words["cp1251"]
    assert "Óäàð" in words["cp1252"]
    assert csv_tables.read(content, encoding="cp1251").rows[0].cells[2] == "Суми"
