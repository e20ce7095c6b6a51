"""What is said, after entry, of how times were read that were typed in another way.

Must not live here: how they are read (domain/typed.py).
"""

from collections.abc import Iterable

from django.utils.translation import gettext

from tracker.instants import read_as
from tracker.web.forms.facts import EntryForm
from tracker.web.forms.fields import StatedTime


def told(parts: Iterable[EntryForm]) -> str:
    """How each time in cleaned forms was read; blank where each was typed as it is kept."""
    return " ".join(line for part in parts for line in _lines(part))


def _lines(form: EntryForm) -> list[str]:
    lines = []
    for name, field in form.fields.items():
        kept = str(form.cleaned_data.get(name) or "")
        if isinstance(field, StatedTime) and kept and str(form[name].value()).strip() != kept:
            lines.append(
                gettext("%(field)s was read as %(time)s.")
                % {"field": field.label, "time": read_as(kept)}
            )
    return lines
