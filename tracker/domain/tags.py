"""Short words that people put on pledges, in any script: how they are kept, and when two are one.

Must not live here: how they are typed (forms), or what a filter makes of them (filters.py).
"""

import unicodedata
from collections.abc import Collection, Iterable

from .errors import Invalid
from .sentences import _

MOST = 20
LONGEST = 50
SEPARATORS = ",،、\n"  # what stands between two where they are typed in a line


def fold(tag: str) -> str:
    """A tag as it is compared: whatever its case, width and blanks. Folded twice it is the same."""
    plain = unicodedata.normalize("NFKC", tag).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def split(text: str) -> list[str]:
    """What was typed in lines or between commas, as single tags."""
    for sign in SEPARATORS:
        text = text.replace(sign, "\n")
    return [one for part in text.split("\n") if (one := " ".join(part.split()))]


def kept(tags: Iterable[str]) -> list[str]:
    """Each once, as it was typed first. Raises Invalid for one that is too long, or too many."""
    found: dict[str, str] = {}
    for tag in tags:
        one = " ".join(tag.split())
        if not fold(one):
            raise Invalid(_("A tag is blank."), mend=_("Remove it, or fill it in."))
        if any(sign in one for sign in SEPARATORS):
            raise Invalid(
                _("The tag “{one}” has a comma.", one=one[:LONGEST]), mend=_("Make it two tags.")
            )
        if len(one) > LONGEST:
            raise Invalid(
                _("The tag “{tag}…” has {length} characters.", tag=one[:LONGEST], length=len(one)),
                mend=_("Use {longest} at most.", longest=LONGEST),
            )
        found.setdefault(fold(one), one)
    if len(found) > MOST:
        raise Invalid(
            _("{found} tags are too many.", found=len(found)),
            mend=_("Use {most} at most.", most=MOST),
        )
    return list(found.values())


def changed(tags: Iterable[str], *, add: Iterable[str], remove: Iterable[str]) -> list[str]:
    """The tags with some more and without some. Raises Invalid when that makes too many."""
    gone = {fold(tag) for tag in remove}
    return kept([*(tag for tag in tags if fold(tag) not in gone), *add])


def stored(tags: Iterable[str]) -> str:
    """All of them folded in one text, each between line breaks, so that a database finds one."""
    folded = sorted({fold(tag) for tag in tags})
    return "".join(("\n", *(f"{tag}\n" for tag in folded))) if folded else ""


def sought(tag: str) -> str:
    """What ``stored`` holds where this tag is one of them."""
    return f"\n{fold(tag)}\n"


def offered(lists: Iterable[Collection[str]]) -> dict[str, str]:
    """The tags of many pledges, each once, by what it is folded to, in the order of that."""
    found: dict[str, str] = {}
    for tags in lists:
        for tag in tags:
            found[fold(tag)] = min(tag, found.get(fold(tag), tag))
    return dict(sorted(found.items()))
