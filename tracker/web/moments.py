"""The instant that a page is shown for: now, or what ``?at=`` and ``?known=`` ask for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext

from tracker.domain import stated
from tracker.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` evaluates the facts public by then, ``known`` those recorded by then.

    ``query`` carries what was asked to the links of a page; ``query_within`` to those within one
    dossier, where alone ``known`` is answered.
    """

    now: datetime
    at: datetime
    known: datetime | None = None
    at_text: str = ""
    known_text: str = ""

    @property
    def at_asked(self) -> bool:
        return bool(self.at_text)

    @property
    def is_asked(self) -> bool:
        return self.at_asked or self.known is not None

    @property
    def ticks(self) -> bool:
        """Whether countdowns go on while the page is read."""
        return not self.is_asked

    @property
    def is_ahead(self) -> bool:
        return self.at > self.now

    @property
    def query(self) -> str:
        return _query(at=self.at_text)

    @property
    def query_within(self) -> str:
        return _query(at=self.at_text, known=self.known_text)

    @property
    def query_on(self) -> str:
        """The same with a sign at its end, for one more parameter to follow."""
        return f"{self.query_within}&" if self.query_within else "?"


def _query(**asked: str) -> str:
    given = {name: text for name, text in asked.items() if text}
    return f"?{urlencode(given)}" if given else ""


def asked(request: HttpRequest, *, now: datetime, takes_known: bool) -> Moment:
    """The moment that the request asks for. Raises Invalid, whose field names the parameter."""
    at_text = request.GET.get("at", "").strip()
    known_text = request.GET.get("known", "").strip()
    if known_text and not takes_known:
        raise Invalid(
            gettext("“known” cannot be asked of this page."),
            field="known",
            mend=gettext("Ask it of a dossier, or of one of its pledges or sources."),
        )
    return Moment(
        now=now,
        at=_instant(at_text, "at") if at_text else now,
        known=_instant(known_text, "known") if known_text else None,
        at_text=at_text,
        known_text=known_text,
    )


def _instant(text: str, field: str) -> datetime:
    try:
        return stated.parse_instant(text)
    except Invalid as error:
        raise Invalid(error.message, field=field, mend=error.mend) from error
