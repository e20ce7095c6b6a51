"""The frame of every letter: its parts, its footer, and what is escaped in which of them."""

import re

import pytest
from django.template import engines
from django.template.loader import render_to_string

NASTY = "<script>alert('x')</script> & co"
SITE = "https://tracker.example.org"


def letter(kind: str, body: str, **context: str) -> str:
    source = f'{{% extends "mail/base.{kind}" %}}{body}'
    return engines["django"].from_string(source).render({"site": SITE, "subject": NASTY} | context)


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_a_letter_says_where_it_is_from_and_why(kind: str) -> None:
    shown = letter(
        kind, "{% block body %}Come.{% endblock %}{% block why %}You asked.{% endblock %}"
    )
    assert shown.index("Come.") < shown.index("You asked.") < shown.rindex("Register of")
    assert f"{SITE}/" in shown


def test_html_is_whole_escaped_and_loads_nothing() -> None:
    shown = letter("html", "{% block body %}<p>{{ who }}</p>{% endblock %}", who=NASTY)
    assert shown.strip().startswith("<!DOCTYPE html>")
    assert shown.strip().endswith("</html>")
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 3  # the title, the heading, the body
    assert re.findall(r"(?:src|srcset|@import|url\()", shown) == []
    assert 'name="color-scheme" content="light dark"' in shown


def test_text_is_not_escaped_and_begins_with_the_letter() -> None:
    shown = letter("txt", "{% block body %}Dear {{ who }},\n{% endblock %}", who=NASTY)
    assert shown.startswith(f"Dear {NASTY},\n")
    assert shown.endswith(f"\n-- \nRegister of commitments\n{SITE}/\n")


def test_the_button_shows_its_address_too() -> None:
    address = f"{SITE}/reset/a-b?x=1&y=2"
    shown = render_to_string("mail/button.html", {"href": address, "words": "Choose"})
    assert shown.count("https://tracker.example.org/reset/a-b?x=1&amp;y=2") == 2
    assert ">Choose</a>" in shown
