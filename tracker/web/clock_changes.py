"""What is said of a typed clock time that clocks jumped over, or showed twice.

Must not live here: which instant it then is (domain/zones.py).
"""

from collections.abc import Iterator
from datetime import UTC

from django.utils.translation import gettext

from tracker.domain import stated, zones
from tracker.domain.errors import Invalid
from tracker.web.forms.facts import EntryForm
from tracker.web.forms.fields import StatedTime


def told(form: EntryForm) -> Iterator[str]:
    """A sentence on each time in a cleaned form of which clocks make a question."""
    for name, field in form.fields.items():
        text = form.cleaned_data.get(name) if isinstance(field, StatedTime) else None
        sentence = _sentence(str(text)) if text and name in form.changed_data else ""
        if sentence:
            yield f"{field.label}: {sentence}"


def _sentence(text: str) -> str:
    try:
        found = stated.parse(text)
    except Invalid:
        return ""
    local, zone = found.local, found.zone
    if local is None or zone is None or found.is_bare_date:
        return ""
    at = zones.instant(local, zone)
    words = {"time": f"{local:%Y-%m-%d %H:%M}", "zone": zone}
    if zones.is_in_gap(local, zone):
        words["shown"] = f"{zones.local(at, zone):%H:%M}"
        return gettext(
            "%(time)s did not occur in %(zone)s: clocks went forward over it. By the offset before"
            " the change it counts as %(shown)s. Amend it if another time was meant."
        ) % {**words}
    if zones.occurs_twice(local, zone):
        second = local.replace(tzinfo=zones.zone(zone), fold=1).astimezone(UTC)
        words["first"], words["second"] = (f"{x:%Y-%m-%dT%H:%MZ}" for x in (at, second))
        return gettext(
            "%(time)s occurred twice in %(zone)s: clocks went back. The first counts, %(first)s."
            " If the second was meant, amend it to %(second)s."
        ) % {**words}
    return ""
