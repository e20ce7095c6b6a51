"""Text made ready for finding: in any script, the same whatever way it was typed.

What is stored of a row and what is looked for go through ``fold``, so that a database has only to
say whether the one holds the other, to the letter: no collation, no ``LOWER`` that knows ASCII
alone. Must not live here: which columns are searched, or how; where what was found stands
(``excerpts.py``).
"""

import unicodedata

TATWEEL = 0x0640  # a stroke that only stretches an Arabic word
APOSTROPHES = (0x02BC, 0x2018, 0x2019)  # as names are typed: Слов’янськ, Kurdistan’s
DOTLESS_I = 0x0131  # its capital is that of the dotted i: DIYARBAKIR, Diyarbakır
LONGEST = 200  # characters of what is looked for
SHORT = 3  # characters: of fewer no index of trigrams knows anything

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
