"""Sentences of the rules: English, with what they were made of, so that pages can translate them.

Whoever gathers texts for translators finds them by the name ``_``. Must not live here: any
translation, which is of the pages' language (tracker/words.py).
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any


class Sentence(str):
    """The English words. ``template`` names its gaps in braces, ``named`` is what stands in them.

    Where nothing is named the template has no gaps, and its braces mean themselves.
    """

    __slots__ = ("named", "template")

    named: Mapping[str, object]
    template: str


def _(template: str, /, **named: object) -> Sentence:
    """A sentence that can be translated: ``_("{days} days are too many.", days=found)``."""
    made = Sentence(template.format(**named) if named else template)
    made.template, made.named = template, named
    return made


def joined(*said: str) -> str:
    """Sentences one after another, each still to be translated; blank ones are left out."""
    told = [one for one in said if one]
    return reduce(lambda a, b: _("{one} {two}", one=a, two=b), told) if told else ""


def packed(words: str) -> Any:
    """What JSON can carry of a sentence, or of any other text, with all that stands in it."""
    if not isinstance(words, Sentence):
        return words
    return [words.template, {name: _packed(value) for name, value in words.named.items()}]


def unpacked(sent: Any) -> str:
    """What was packed: ``unpacked(json.loads(json.dumps(packed(words))))`` is ``words``."""
    if not isinstance(sent, list):
        return str(sent)
    template, named = sent
    return _(template, **{k: unpacked(v) if isinstance(v, list) else v for k, v in named.items()})


def _packed(value: object) -> Any:
    if isinstance(value, str):
        return packed(value)
    return value if isinstance(value, int | float) else str(value)
