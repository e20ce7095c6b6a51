"""An instrument that the form of a pledge names anew, entered with the pledge.

Called within the pledge's transaction: where that is refused, no instrument was entered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.actions import instruments, verbs
from tracker.models import Dossier, Instrument, User
from tracker.web.forms.instrument_fields import NewInstrument


def settled(
    columns: Mapping[str, Any], *, dossier: Dossier, by: User | None, at: datetime
) -> dict[str, Any]:
    """The columns with the key of the instrument. It is public since the pledge is."""
    new = columns.get("instrument")
    if not isinstance(new, NewInstrument):
        return dict(columns)
    made = instruments.conclude(
        dossier=dossier,
        key=verbs.free_key(Instrument, dossier, new.title),
        title=new.title,
        kind=new.kind,
        form=new.form,
        public=columns["public"],
        by=by,
        at=at,
    )
    return {**columns, "instrument": made.key}
