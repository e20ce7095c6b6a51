"""From the bytes of a CSV to a header and rows, each with the line on which it began.

What is wrong with the file as a whole is refused; what is left out or was read leniently is said.
Must not live here: what a column means (domain/importing.py).
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO

from tracker.domain.errors import Answer, Invalid, Unclear
from tracker.domain.folding import UNSEEN
from tracker.domain.sentences import _

from .decoding import MARKS

MOST_ROWS = 20_000
MOST_COLUMNS = 300
LONGEST_CELL = 50_000  # characters
DELIMITERS = (",", ";", "\t", "|")
# What a file without a mark may be in when it is no UTF-8: nobody can tell from the bytes.
ENCODINGS = ("cp1252", "cp1251", "cp1250", "koi8-r", "cp866", "mac-roman")
LOOKED_AT = 30  # records by which the separator is told
FEW = 20  # of so many characters beyond ASCII one may be broken in a file that is mostly UTF-8
SHOWN = 3  # lines that are named
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SEPARATOR = re.compile(r'"?sep=(?P<one>[,;\t|])"?[^\S\n]*\n?', re.IGNORECASE)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_AROUND = re.compile(rf"^[\s{UNSEEN}]+|[\s{UNSEEN}]+$")
_MEND_QUOTE = _("Close the quotation mark, or double each one that stands within a quoted cell.")


@dataclass(frozen=True, slots=True)
class Row:
    """``line``: where it begins in the file, from 1. As many cells as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one line. ``column`` blank: with all of it."""

    line: int
    message: str
    mend: str
    column: str = ""


@dataclass(slots=True)
class Table:
    """``left_out``: lines that are no rows, with why. ``notes``: what was read leniently."""

    header: tuple[str, ...]
    rows: list[Row]
    encoding: str
    delimiter: str
    flaws: list[Flaw] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table. ``encoding`` and ``delimiter``: as somebody answered; blank: told from the file.

    Raises Unclear on ``encoding`` when only a person can tell; Invalid for what is no table.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise Invalid(
            _("The file is empty."), mend=_("Choose one with a header and at least one row.")
        )
    text, used = _decoded(content, encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Invalid(
            _("Line {line} holds a NUL character: this is no plain CSV, or is damaged.", line=line),
            mend=_("Export the table anew as CSV in UTF-8."),
        )
    text, first_line, told = _without_preamble(text)
    chosen = delimiter or told or _delimiter(text)
    return _Reader(text, chosen, used, first_line).table()


def decoded_samples(content: bytes) -> list[tuple[str, str]]:
    """By encoding, the first words beyond ASCII as it would read them, for a person to choose."""
    found = []
    for name in ENCODINGS:
        text = content.decode(name, "replace")
        odd = [one for one in text.splitlines() if not one.isascii()][:SHOWN]
        found.append((name, " · ".join(_around(one) for one in odd)))
    return found


def _around(line: str) -> str:
    first = next(at for at, character in enumerate(line) if not character.isascii())
    return line[max(first - 20, 0) : first + 40].strip()


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    for mark, name in MARKS:
        if content.startswith(mark):
            return _strictly(content.removeprefix(mark), name), name
    if encoding:
        return _strictly(content, encoding), encoding
    if (wide := _wide(content)) is not None:
        return _strictly(content, wide), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        _refuse_mixed(content)
    samples = decoded_samples(content)
    raise Unclear(
        _("How the letters of this file are encoded is not said, and cannot be told from it."),
        field="encoding",
        answers=(Answer(name, sample) for name, sample in samples),
    )


def _strictly(content: bytes, name: str) -> str:
    try:
        codecs.lookup(name)
        return content.decode(name)
    except LookupError as error:
        raise Invalid(
            _("“{name}” is no encoding.", name=name), field="encoding", mend=_("Choose one.")
        ) from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(
            _("Line {line} cannot be read as {name}.", line=line, name=name),
            field="encoding",
            mend=_("Choose another encoding, or export the table anew as CSV in UTF-8."),
        ) from error


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of what is mostly ASCII is nothing."""
    looked = content[:2000]
    for name, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        every = looked[start::2]
        if len(every) > 4 and every.count(0) > len(every) * 0.6 and 0 not in looked[1 - start :: 2]:
            return name
    return None


def _refuse_mixed(content: bytes) -> None:
    """Some lines in UTF-8 and a few that are not: two files were put together."""
    lines = content.splitlines()
    broken, good = [], 0
    for number, line in enumerate(lines, 1):
        try:
            good += not line.decode("utf-8").isascii()
        except UnicodeDecodeError:
            broken.append(number)
    if good and len(broken) <= max(good // FEW, 1) * FEW and good >= len(broken):
        named = ", ".join(map(str, broken[:SHOWN])) + ("…" if len(broken) > SHOWN else "")
        raise Invalid(
            _(
                "The file is in UTF-8 but for {broken} of its lines ({named}): "
                "parts of it are encoded otherwise.",
                broken=len(broken),
                named=named,
            ),
            field="encoding",
            mend=_("Mend those lines, or export the whole table anew as CSV in UTF-8."),
        )


def _without_preamble(text: str) -> tuple[str, int, str]:
    """What begins at the header; on which line that is; the separator that Excel's ``sep=`` tells.

    Blank lines and comments (#) before a header belong to no table.
    """
    line, told = 1, ""
    text = text.removeprefix("\ufeff")
    if found := _SEPARATOR.match(text):
        text, line, told = text[found.end() :], 2, found["one"]
    while True:
        head, newline, rest = text.partition("\n")
        plain = _UNSEEN.sub("", head).strip()
        if not newline or (plain and not plain.startswith("#")):
            return text, line, told
        text, line = rest, line + 1


def _delimiter(text: str) -> str:
    """The separator by which the first records have the most cells, and alike."""
    best, most = ",", (0.0, 0)
    for one in DELIMITERS:
        widths = []
        try:
            for cells in csv.reader(StringIO(text), delimiter=one, strict=False):
                if cells:
                    widths.append(len(cells))
                if len(widths) == LOOKED_AT:
                    break
        except csv.Error:
            pass
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if (alike * min(widths[0], 5), widths[0]) > most:
            best, most = one, (alike * min(widths[0], 5), widths[0])
    return best


class _Reader:
    def __init__(self, text: str, delimiter: str, encoding: str, first_line: int) -> None:
        self.text, self.first_line = text, first_line
        self.found = Table((), [], encoding, delimiter)

    def table(self) -> Table:
        records = self._records()
        try:
            _line, cells = next(records)
        except StopIteration:
            raise Invalid(
                _("The file has no header."), mend=_("Its first line names the columns.")
            ) from None
        self.found.header = self._header(cells)
        again = tuple(_plain(cell) for cell in cells)
        for line, row in records:
            if len(self.found.rows) >= MOST_ROWS:
                raise Invalid(
                    _("The file has more than {most_rows:,} rows.", most_rows=MOST_ROWS),
                    mend=_(
                        "Split it: at most {most_rows:,} rows are imported at once.",
                        most_rows=MOST_ROWS,
                    ),
                )
            self._row(line, row, again)
        if not self.found.rows and not self.found.flaws:
            raise Invalid(
                _("The file has a header and no rows."), mend=_("Choose one with at least one row.")
            )
        return self.found

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line on which it begins; a broken one ends the file."""
        reader = csv.reader(
            StringIO(self.text), delimiter=self.found.delimiter, strict=True, skipinitialspace=True
        )
        while True:
            line = self.first_line + reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._broken(line, str(error))
                return
            yield line, cells

    def _broken(self, line: int, told: str) -> None:
        if "unexpected end" in told:
            said = _("A quotation mark that opens in this row is never closed")
            mend = _MEND_QUOTE
        elif "field larger" in told:
            said = _(
                "A cell of this row has more than {longest_cell:,} characters",
                longest_cell=LONGEST_CELL,
            )
            mend = _("Shorten it. A quotation mark that is never closed makes such cells too.")
        else:
            said = _("After a closing quotation mark the cell goes on")
            mend = _MEND_QUOTE
        if not self.found.header:
            raise Invalid(
                _("Line {line}: {said}.", line=line, said=f"{said[0].lower()}{said[1:]}"),
                mend=mend,
            )
        self.found.flaws.append(Flaw(line, f"{said}; nothing from here on could be read.", mend))

    def _header(self, cells: Sequence[str]) -> tuple[str, ...]:
        names = [_plain(cell) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if len(names) > MOST_COLUMNS:
            raise Invalid(
                _("The file has {names:,} columns.", names=len(names)),
                mend=_(
                    "At most {most_columns} are read. Is the separator right?",
                    most_columns=MOST_COLUMNS,
                ),
            )
        if not names:
            raise Invalid(
                _("The header names no column."), mend=_("Name the columns in the first line.")
            )
        if _looks_like_data(names):
            self.found.notes.append(
                _(
                    "The first line looks like a row and not like a header: if the "
                    "table has none, add a line that names the columns."
                )
            )
        seen: Counter[str] = Counter()
        made = []
        for number, name in enumerate(names, 1):
            own = name or f"column {number}"
            seen[own] += 1
            times = seen[own]
            made.append(own if times == 1 else f"{own} ({times})")
        twice = sorted(name for name, times in seen.items() if times > 1)
        if twice:
            self.found.notes.append(
                _(
                    "Several columns have one name ({names}): the later ones are "
                    "numbered, as in “name (2)”.",
                    names=", ".join(twice[:SHOWN]),
                )
            )
        return tuple(made)

    def _row(self, line: int, cells: list[str], header: tuple[str, ...]) -> None:
        width = len(self.found.header)
        plain = [_plain(cell) for cell in cells]
        filled = [cell for cell in plain if cell]
        if not filled:
            self.found.left_out.append((line, "blank"))
            return
        if plain[0].startswith("#") and len(filled) == 1:
            self.found.left_out.append((line, "a comment"))
            return
        if tuple(plain) == header and len(filled) > 1:
            self.found.left_out.append((line, "the header once more"))
            return
        if any(plain[width:]):
            self.found.flaws.append(
                Flaw(
                    line,
                    _(
                        "The row has {cells} cells, the header {width}.",
                        cells=len(cells),
                        width=width,
                    ),
                    _("Quote a cell that holds the separator, or take out what is too much."),
                )
            )
            return
        if len(cells) < width and len(cells) == 1 and width > 1:
            self.found.flaws.append(
                Flaw(
                    line,
                    _(
                        "The row has one cell (“{plain}”), the header {width}.",
                        plain=plain[0][:60],
                        width=width,
                    ),
                    _("Leave it out if it is a remark or a line of totals, or complete it."),
                )
            )
            return
        for name, cell in zip(self.found.header, cells, strict=False):
            if len(cell) > LONGEST_CELL:
                self.found.flaws.append(
                    Flaw(
                        line,
                        _(
                            "The cell has {cell:,} characters, at most {longest_cell:,} fit.",
                            cell=len(cell),
                            longest_cell=LONGEST_CELL,
                        ),
                        _("Shorten it."),
                        name,
                    )
                )
                return
        if len(cells) < width:
            self.found.flaws.append(
                Flaw(
                    line,
                    _(
                        "The row has {cells} cells, the header {width}.",
                        cells=len(cells),
                        width=width,
                    ),
                    _("Write a separator for each cell that is empty, also at the end."),
                )
            )
            return
        self.found.rows.append(Row(line, tuple(_kept(cell) for cell in cells[:width])))


def _plain(cell: str) -> str:
    """A name as it is compared: without what is unseen."""
    return " ".join(_UNSEEN.sub("", cell).split())


def _kept(cell: str) -> str:
    """A cell without blanks and unseen marks around it."""
    return _AROUND.sub("", cell)


def _looks_like_data(names: Sequence[str]) -> bool:
    return any(re.fullmatch(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*", name) for name in names)


def name_of(delimiter: str) -> str:
    """A separator in words."""
    return _NAMES.get(delimiter, delimiter)
