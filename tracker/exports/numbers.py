"""Numbers as CSV, for spreadsheets and scripts: a codebook as comments, a header, the rows.

UTF-8 with a byte order mark, commas, CRLF. A cell that a spreadsheet would take for a formula is
defused with an apostrophe.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int


def defused(cell: Cell) -> str:
    """Text that no spreadsheet calculates; a number as it is."""
    text = str(cell)
    if isinstance(cell, str) and text.startswith(FORMULA):
        return f"'{text}"
    return text


def as_csv(
    rows: Iterable[Sequence[Cell]], *, columns: Mapping[str, str], about: Sequence[str]
) -> bytes:
    """``columns``: name and meaning of each; ``about``: lines said first, of the whole file."""
    out = StringIO(newline="")
    for line in about:
        out.write(f"# {_one_line(line)}\r\n")
    for name, meaning in columns.items():
        out.write(f"# {name}: {_one_line(meaning)}\r\n")
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow(list(columns))
    written.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _one_line(text: str) -> str:
    return " ".join(text.split())
