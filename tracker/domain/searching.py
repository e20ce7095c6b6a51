"""Text made ready for finding: in any script, the same whatever way it was typed.

What is stored of a row and what is looked for go through ``fold``, so that a database has only to
say whether the one holds the other, to the letter: no collation, no ``LOWER`` that knows ASCII
alone. Indexes know stretches of three characters and more. What is shorter is kept beneath the text
(``kept``), between separators that nobody looks for, so that the same index finds it. Must not live
here: which columns are searched, or how; where what was found stands (``excerpts.py``).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

TATWEEL = 0x0640  # a stroke that only stretches an Arabic word
APOSTROPHES = (0x02BC, 0x2018, 0x2019)  # as names are typed: Слов’янськ, Kurdistan’s
DOTLESS_I = 0x0131  # its capital is that of the dotted i: DIYARBAKIR, Diyarbakır
LONGEST = 200  # characters of what is looked for
SHORT = 3  # characters: of fewer no index of trigrams knows anything
APART = "\x1e"  # around what is kept beneath a text: white space, so that nobody looks for it
BETWEEN = "\x1f"  # between texts that are searched together: the same

_OPENING = '"“„«'
_CLOSING = '"”“»'
_AROUND = " \t\n.,;:!?…()[]{}<>‹›'‘’" + _OPENING + _CLOSING + "،؛؟。、，；：！？「」『』（）।"


class _Plain(dict[int, str | int | None]):
    """What becomes of each character: marks that join it and controls that shape it are left out.

    Vowel signs that stand by themselves are no such marks. Filled as characters come.
    """

    def __missing__(self, code: int) -> str | int | None:
        letter = chr(code)
        is_left_out = unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        self[code] = None if is_left_out else code
        return self[code]


# Scripts that set no blank between words (Thai, Lao, Tibetan, Burmese, Khmer, Tai, Javanese,
# Chinese, Japanese, Yi and those beside them), and Korean, which writes particles on to words.
_RUNS = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f"
    "\u2e80-\ua4cf\ua960-\ua9ff\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff"
    "\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff]"
)


class _Bound(dict[str, bool]):
    """Whether a character is bound to its neighbours of the like: a letter, a digit or a sign on
    one, of a script that sets blanks between words. Filled as characters come.
    """

    def __missing__(self, one: str) -> bool:
        is_letter = one.isalnum() or unicodedata.category(one)[0] == "M"
        self[one] = is_letter and not _RUNS.match(one)
        return self[one]


_BOUND = _Bound()
# What a key is written in that no word can be looked for by: the wide forms, which folding undoes.
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

_PLAIN = _Plain({TATWEEL: None, DOTLESS_I: "i", **dict.fromkeys(APOSTROPHES, "'")})


def fold(text: str) -> str:
    """The text without case, accents, points and shaping, composed. Folded twice it is the same."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).translate(_PLAIN).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", plain).translate(_PLAIN))


def words(*texts: str) -> tuple[str, ...]:
    """The words that are looked for, folded, each once."""
    return tuple(dict.fromkeys(word for text in texts for word in fold(text).split()))


def passage(text: str) -> str:
    """A text as it is kept to be found: folded, with one blank for any white space."""
    return " ".join(fold(text).split())


def sought(typed: str) -> tuple[str, ...]:
    """What is looked for: each word, and what stands between quotation marks as a whole; folded.

    A quotation mark within a word is part of it, as in Hebrew abbreviations; one that nothing
    closes is left out, and so is punctuation around a word.
    """
    found: list[str] = []
    quoted: list[str] = []
    for part in typed.split():
        if quoted:
            quoted.append(part)
        elif part[0] in _OPENING:
            quoted = [part]
        else:
            found.append(part)
            continue
        if part[-1] in _CLOSING and (len(quoted) > 1 or len(part) > 1):
            found.append(" ".join(quoted))
            quoted = []
    found += quoted
    bare = (passage(one.strip(_AROUND)) or passage(one.strip(_OPENING + _CLOSING)) for one in found)
    return tuple(dict.fromkeys(one for one in bare if one))


def kept(text: str, keys: Iterable[str] = ()) -> str:
    """A folded text as it is stored: beneath it each short word in it, and keys by which it is
    found besides: of parties whose names are looked for, whatever these are by then.
    """
    beneath = sorted({*short_words(text), *(key.translate(_WIDE) for key in keys)})
    return f"{text}{APART}{APART.join(beneath)}{APART}" if beneath else text


def ways(word: str, parties: Iterable[str] = ()) -> tuple[str, ...]:
    """What a text holds, as it is stored, that has a folded word, or concerns one of those parties:
    at least one of these.
    """
    its = f"{APART}{word}{APART}" if len(word) < SHORT else word
    return (its, *map(keyed, parties))


def keyed(key: str) -> str:
    """What a text holds, as it is stored, that is kept with that key."""
    return f"{APART}{key.translate(_WIDE)}{APART}"


def holds(text: str, word: str) -> bool:
    """Whether a folded text has a folded word: by its own letters, and not by what is beneath."""
    return next(places(text, word), None) is not None


def places(text: str, word: str) -> Iterator[int]:
    """Where it begins. A long word is found within others. A short one stands by itself, but in
    scripts that set no blanks between words (``_RUNS``), where it is found in any stretch.
    """
    at = -1
    while word and (at := text.find(word, at + 1)) >= 0:
        if len(word) >= SHORT or _stands(text, at, at + len(word)):
            yield at


def _stands(text: str, start: int, end: int) -> bool:
    """Whether no letter before or after belongs to the same word."""
    return not (start and _BOUND[text[start - 1]] and _BOUND[text[start]]) and not (
        end < len(text) and _BOUND[text[end - 1]] and _BOUND[text[end]]
    )


def short_words(text: str) -> set[str]:
    """All that a folded text is found by that is short."""
    found: set[str] = set()
    for stretch in set(text.split()):
        if len(stretch) >= SHORT and stretch.isascii() and stretch.isalnum():
            continue  # one word, which is long
        found.update(_short_of(stretch) if len(stretch) < 30 else _every_short(stretch))
    return found


@lru_cache(maxsize=8192)
def _short_of(stretch: str) -> frozenset[str]:
    return frozenset(_every_short(stretch))


def _every_short(stretch: str) -> Iterator[str]:
    last = len(stretch)
    for start in range(last):
        for end in range(start + 1, min(start + SHORT, last + 1)):
            if _stands(stretch, start, end):
                yield stretch[start:end]
