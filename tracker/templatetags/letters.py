"""How what a letter says is written on a page: its text with its links. No policy of its HTML."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ADDRESS = re.compile(r"https?://[\w\[][^\s<>\"'`{}|\\^]+", re.IGNORECASE)
MARKS = ".,;:!?»”’…"
CLOSES = {")": "(", "]": "["}


@register.filter
def linked(text: str) -> SafeString:
    """The text, escaped, with its web addresses as links, each to exactly what is written."""
    done, pieces = 0, []
    for found in ADDRESS.finditer(text):
        address = _without_what_follows(found[0])
        link = format_html('<a href="{}">{}</a>', address, address)
        pieces.append((text[done : found.start()], link))
        done = found.start() + len(address)
    return format_html_join("", "{}{}", [*pieces, (text[done:], "")])


def _without_what_follows(address: str) -> str:
    """Without the sentence's own marks at its end; a bracket stays if it was opened within."""
    end = len(address)
    spare = {close: address.count(close) - address.count(CLOSES[close]) for close in CLOSES}
    while address[end - 1] in MARKS or spare.get(address[end - 1], 0) > 0:
        end -= 1
        if address[end] in spare:
            spare[address[end]] -= 1
    return address[:end]
