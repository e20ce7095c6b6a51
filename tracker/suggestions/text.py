"""A text as blocks, sentences and tokens, each with its place in code points.

Linear in the text's length: every expression here advances, and a sentence has at most LONGEST
tokens, so that what is done per sentence stays bounded too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LONGEST = 250  # tokens; what runs on without a full stop is cut there
HEADLINE = 24  # tokens
WRAPPED = 130  # characters; longer lines are paragraphs, not lines of one

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S.
    r"|\d{1,2}:\d{2}"
    r"|\d+(?:[.,]\d+)*(?:[-‑–]\w+)*"
    r"|\w+n['’]t\b"
    r"|['’](?:s|ll|ve|re|d|m)\b"
    r"|\w+(?:[-‑]\w+)*"
    r"|[^\w\s]"
)
_MARKER = re.compile(
    r"[ \t]*(?:[-–—•*·▪◦●]|\(?\d{1,3}[.)](?:\d+[.)]?)*|\d{1,3}\s?[-–](?=\s)"
    r"|\(?[a-z]{1,2}[.)]|[A-H][.)]|\(?[ivx]{1,5}[.)]"
    r"|(?:Article|ARTICLE|Art\.|Point|Section|Paragraph)\s+\d+\s*[.:–—-]?)[ \t]+"
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[\w•–-])|;(?=\s*\n)")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "gen",
        "lt",
        "col",
        "maj",
        "sgt",
        "capt",
        "adm",
        "gov",
        "sen",
        "rep",
        "prof",
        "st",
        "no",
        "nos",
        "art",
        "arts",
        "para",
        "paras",
        "vs",
        "etc",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "approx",
        "inc",
        "ltd",
        "fig",
        "vol",
        "pp",
        "ca",
        "al",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "u.s",
        "u.n",
        "e.u",
        "u.k",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(slots=True)
class Sentence:
    """``item``: a list's item; ``stem``: the sentence with a colon that the list hangs on."""

    start: int
    end: int
    tokens: list[Token]
    headline: bool = False
    item: bool = False
    stem: "Sentence | None" = None
    ends_open: bool = False
    low: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.low = [token.low for token in self.tokens]


def words_of(tokens: Iterable[Token]) -> str:
    """The tokens as a line of the text has them: “Sudan's army”, “18:00 (local time)”."""
    said, end = "", -1
    for token in tokens:
        said += token.text if end in (-1, token.start) else f" {token.text}"
        end = token.end
    return said


@dataclass(frozen=True, slots=True)
class Block:
    start: int
    end: int
    item: bool


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs, headings and list items. Lines of a hard-wrapped paragraph are one block."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n\r\u2028\u2029]+", text)]
    longest = max((end - start for start, end in lines), default=0)
    wrapped = longest <= WRAPPED
    open_at: int | None = None
    item = False
    last_end = 0
    for start, end in lines:
        line = text[start:end]
        bare = line.strip()
        if not bare:
            if open_at is not None:
                yield Block(open_at, last_end, item)
            open_at = None
            continue
        gap = text[last_end:start]
        marker = _MARKER.match(line)
        if open_at is not None and (
            (not wrapped and not bare[0].islower())
            or marker
            or gap.replace("\r\n", "\n").count("\n") > 1
            or not _runs_on(text[open_at:last_end], bare, longest)
        ):
            yield Block(open_at, last_end, item)
            open_at = None
        if open_at is None:
            item = marker is not None
            open_at = start + (marker.end() if marker else len(line) - len(line.lstrip()))
        last_end = end
    if open_at is not None:
        yield Block(open_at, last_end, item)


def _runs_on(before: str, line: str, longest: int) -> bool:
    """Whether a line goes on what stood before it, in a text of short lines."""
    last = before[-1 - longest :].rsplit("\n", 1)[-1].rstrip()
    if line[0].islower():
        return True
    if last.endswith((".", "!", "?", ":", "”", '"')):
        return last.endswith(".") and len(last) > 0.75 * longest
    return len(last) > 0.6 * longest


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence in reading order."""
    stem: Sentence | None = None
    for block in blocks(text):
        found = list(_in_block(text, block))
        for sentence in found:
            sentence.item = block.item
            sentence.stem = stem if block.item or stem is not None else None
            yield from _unfolded(sentence)
        if not found:
            continue
        if found[-1].tokens[-1].text == ":":
            stem = found[-1]
        elif not block.item and (stem is None or text[block.end - 1] not in ";,"):
            stem = None


_FOLLOWING = frozenset(["following", "follows"])


def _unfolded(sentence: Sentence) -> list[Sentence]:
    """ "They agree to the following: halt fire; free the captives": a stem and its items."""
    low, n = sentence.low, len(sentence.low)
    if ":" not in low:
        return [sentence]
    colon = low.index(":")
    far = 4 if ";" not in low[colon:] else 18
    if colon + 2 >= n or not _FOLLOWING & set(low[max(0, colon - far) : colon]):
        return [sentence]
    head = sentence.tokens[: colon + 1]
    stem = Sentence(head[0].start, head[-1].end, head, item=sentence.item, stem=sentence.stem)
    made, at = [stem], colon + 1
    for k in range(colon + 1, n + 1):
        if k < n and low[k] != ";":
            continue
        at = _past_marker(low, at, k)
        part = sentence.tokens[at:k]
        if any(token.is_word for token in part):
            made.append(Sentence(part[0].start, part[-1].end, part, item=True, stem=stem))
        at = k + 1
    return made


def _past_marker(low: list[str], at: int, end: int) -> int:
    """Past "and", "(a)", "2)" before an item."""
    while at < end and low[at] in ("and", "-", "–", "•"):
        at += 1
    opened = at + (low[at : at + 1] == ["("])
    if opened + 1 < end and low[opened + 1] in (")", ".") and len(low[opened]) <= 3:
        return opened + 2
    return at


def _in_block(text: str, block: Block) -> Iterator[Sentence]:
    start = block.start
    alone = True
    for found in _END.finditer(text, block.start, block.end):
        before = text[max(start, found.start() - 12) : found.start()].rsplit(None, 1)
        word = before[-1].lower().strip("(\"'“‘") if before else ""
        one = found.group(0)[0] == "."
        if one and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
            continue
        if one and word.isdigit() and found.start() - start <= 4:
            continue
        alone = False
        yield from _cut(text, start, found.end(), headline=False)
        start = found.end()
    if start < block.end:
        yield from _cut(text, start, block.end, headline=alone)


def _low(word: str) -> str:
    return word.lower().replace("’", "'").replace("‑", "-")


def _dateline(tokens: list[Token]) -> int:
    """How many tokens a wire story's dateline takes: "GENEVA, Aug 2 (Wire) - "."""
    if not (tokens[0].text.isupper() and len(tokens[0].text) > 2):
        return 0
    for k in range(1, min(14, len(tokens) - 2)):
        if tokens[k].text in ("-", "–", "—", "--"):
            head = [t for t in tokens[:k] if t.is_word]
            return k + 1 if all(t.is_capital or t.text[0].isdigit() for t in head) else 0
    return 0


def _cut(text: str, start: int, end: int, *, headline: bool) -> Iterator[Sentence]:
    tokens = [
        Token(m.group(), _low(m.group()), m.start(), m.end())
        for m in _TOKEN.finditer(text, start, end)
        if m.group().isascii() or unicodedata.category(m.group()[0]) != "Cf"
    ]
    if not any(token.is_word for token in tokens):
        return
    ends_open = tokens[-1].text not in ".!?…;"
    tokens = tokens[_dateline(tokens) :]
    last = len(tokens) - 3  # a full stop further in is an abbreviation's
    tokens = [token for k, token in enumerate(tokens) if token.text != "." or k >= last]
    for at in range(0, len(tokens), LONGEST):
        part = tokens[at : at + LONGEST]
        yield Sentence(
            part[0].start,
            part[-1].end,
            part,
            headline=headline and ends_open and len(tokens) <= HEADLINE,
            ends_open=ends_open,
        )
