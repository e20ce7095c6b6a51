"""A comment's text with the names in it that it tells. Plain text: nothing typed becomes markup."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.domain import mentions
from tracker.selectors.comments import Said

register = template.Library()


@register.filter
def mentioning(said: Said) -> SafeString:
    """The text; a name after an @ stands out where the comment tells somebody of that name."""
    parts: list[tuple[SafeString]] = []
    at = 0
    for found in mentions.found(said.text, said.people):
        if found.uids:
            parts.append((format_html("{}", said.text[at : found.start]),))
            name = said.text[found.start : found.end]
            parts.append((format_html('<strong class="mention">{}</strong>', name),))
            at = found.end
    parts.append((format_html("{}", said.text[at:]),))
    return format_html_join("", "{}", parts)
