"""Sentences of the rules: English, with what they were made of, so that pages can translate them.

Whoever gathers texts for translators finds them by the name ``_``. Must not live here: any
translation, which is of the pages' language (tracker/words.py).
"""

from collections.abc import Mapping


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
