"""How a key is written out to be typed."""

from django import template

register = template.Library()


@register.filter
def fours(key: str) -> str:
    """In groups of four."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))
