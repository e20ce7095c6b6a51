"""A text as it is compared: what looks or reads alike becomes the same, with the way back.

Folding makes one blank of any white space, line breaks included; drops what takes no room; drops a
hyphen within a word, and with it the line break behind it; makes quotation marks, apostrophes and
dashes alike; composes letters and takes ligatures apart. It drops no accent, and changes no case.
Must not live here: what is looked for (quotations.py).
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

DASHES = "\\-\u058a\u05be\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
SOFT_HYPHEN = "\u00ad"
# Joiners, marks of direction, selectors of a glyph: what takes no room and is no letter.
UNSEEN = "\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e\uff02", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4\uff07", "'"),
    }
)
# Most of most texts: ASCII words with one blank between them, which stay as they are. What follows
# may be a mark on the last letter, so that it is not taken from in front of anything unusual.
_TOKENS = re.compile(
    rf"(?P<plain>[!-,.-_a-~]+(?: [!-,.-_a-~]+)*)(?![^\x00-\x7f])"
    rf"|(?P<gap>(?:[\s{DASHES}]|{SOFT_HYPHEN}(?=\s))[\s{DASHES}{UNSEEN}{SOFT_HYPHEN}]*)"
    rf"|{SOFT_HYPHEN}"
    rf"|(?P<word>[^\s{DASHES}{SOFT_HYPHEN}]+)"
)
_DASH = re.compile(f"[{DASHES}{SOFT_HYPHEN}]")
_NOTHING = re.compile(f"[{UNSEEN}]+")
# Scripts that put no blank between words, with their punctuation: a line ends anywhere in them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
    "\U00020000-\U0003ffff]"
)
# Of what Unicode calls compatible, only what is the same text in another shape: no 10² for 102.
_SHAPES = ("<compat>", "<initial>", "<medial>", "<final>", "<isolated>", "<wide>", "<narrow>")
_REPEATS = 64  # a longer word is hardly met twice
_Part = tuple[str, int, bool]  # what it is folded to, its length in the source, whether it is even


class Folded:
    """``text`` is what to compare; ``original`` leads from a stretch of it back to the source.

    The way back is kept as runs: places in both texts, and whether each character within the run
    stands for one character. One that does not, such as a letter with its marks, is never split.
    """

    def __init__(self, source: str) -> None:
        self._folded, self._source = array("Q"), array("Q")
        self._even = bytearray()
        self._size = 0
        self._words: dict[str, list[_Part]] = {}
        parts: list[str] = []
        for token in _TOKENS.finditer(source):
            start, end = token.span()
            if token.lastgroup == "plain":
                self._add(start, end - start, is_even=True)
                parts.append(token[0])
            elif token.lastgroup == "gap":
                said = _gap(source, start, end)
                self._add(start, len(said), is_even=end - start == len(said))
                parts.append(said)
            elif token.lastgroup == "word":
                for said, length, is_even in self._word(token[0]):
                    self._add(start, len(said), is_even=is_even)
                    parts.append(said)
                    start += length
            else:
                self._add(start, 0, is_even=False)
        self._add(len(source), 0, is_even=False)
        self.text = "".join(parts)

    def _add(self, at: int, size: int, *, is_even: bool) -> None:
        """A run from ``at`` on in the source; one that goes on evenly is no new run."""
        if not (
            is_even
            and self._even
            and self._even[-1]
            and at - self._source[-1] == self._size - self._folded[-1]
        ):
            self._folded.append(self._size)
            self._source.append(at)
            self._even.append(is_even)
        self._size += size

    def _word(self, word: str) -> Iterable[_Part]:
        """The parts of a word. Those of a text repeat themselves, unless there are no blanks."""
        if len(word) > _REPEATS:
            return _parts(word)
        if word not in self._words:
            self._words[word] = list(_parts(word))
        return self._words[word]

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Where that stretch of ``text`` stands in the source; None if it cuts a character."""
        first = bisect_right(self._folded, start) - 1
        if not self._even[first] and start != self._folded[first]:
            return None
        last = bisect_right(self._folded, end - 1) - 1
        if self._even[last]:
            stop = self._source[last] + end - self._folded[last]
        elif end == self._folded[last + 1]:
            stop = self._source[last + 1]
        else:
            return None
        return self._source[first] + start - self._folded[first], stop


def _gap(source: str, start: int, end: int) -> str:
    """What stands between two words: nothing, a blank, or a dash."""
    before, after = source[start - 1 : start], source[end : end + 1]
    if _DASH.search(source, start, end):
        return "" if _is_letter(before) and _is_letter(after) else "-"
    if _UNSPACED.match(before) and _UNSPACED.match(after):
        return ""
    return " "


def _is_letter(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "LM"


def _parts(word: str) -> Iterator[_Part]:
    """A word in its characters as people see them, each with its marks; even ones together."""
    if word.isalnum() and unicodedata.is_normalized("NFKC", word):  # no mark among them
        yield word, len(word), True
        return
    said: list[str] = []
    start = first = 0
    for end in range(1, len(word) + 1):
        if end < len(word) and _goes_with(word[end]):
            continue
        cluster = word[start:end]
        one = _one(cluster)
        if len(cluster) == len(one) == 1:
            said.append(one)
        else:
            if said:
                yield "".join(said), start - first, True
                said = []
            yield one, end - start, False
            first = end
        start = end
    if said:
        yield "".join(said), start - first, True


def _goes_with(character: str) -> bool:
    """Whether it belongs to the character before it: a mark, what is unseen, a syllable's end."""
    if character < "\u0300":
        return False
    return (
        unicodedata.category(character)[0] == "M"
        or "\u1160" <= character <= "\u11ff"
        or _NOTHING.match(character) is not None
    )


@lru_cache(maxsize=8192)
def _one(cluster: str) -> str:
    seen = _NOTHING.sub("", cluster).translate(_QUOTES)
    is_shape = all(
        kind in _SHAPES or not kind.startswith("<")
        for kind in (unicodedata.decomposition(c).partition(" ")[0] for c in seen)
    )
    composed = unicodedata.normalize("NFKC", seen) if is_shape else seen
    # Some signs would become a blank with a mark on it: those stay as they are.
    if " " in composed:
        composed = seen
    return unicodedata.normalize("NFC", composed)
