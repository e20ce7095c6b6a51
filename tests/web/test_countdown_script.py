"""The script and the template tag write the same words from the same patterns."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext

from tracker.templatetags import times

ROOT = Path(__file__).parents[2]


def test_every_kind_of_countdown_has_its_words() -> None:
    shown = render_to_string("components/countdown_words.html", {"moment": None})
    for kind, pattern in times.LEFT.items():
        assert f'data-{kind}="{pattern()}"' in shown
    for text in ("%(n)s day", "%(n)s days", "%(n)s h", "%(n)s min", "less than a minute"):
        assert f'"{gettext(text)}"' in shown


def test_nothing_is_announced_or_moved() -> None:
    script = (ROOT / "static/js/countdown.js").read_text()
    for word in ("aria-live", "insertBefore", "innerHTML", "eval", "style"):
        assert word not in script
