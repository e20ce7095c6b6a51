"""A suggestion as a page shows it: what it says in words, and the forms that it fills in.

Must not live here: what is suggested (tracker.suggestions), what is entered of it (selectors).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext, pgettext

from tracker.domain.facts import LinkKind
from tracker.domain.quotations import Place
from tracker.instants import in_words
from tracker.models import Dossier, Source
from tracker.models.count import QUALIFIERS
from tracker.selectors.suggestions import Suggested
from tracker.suggestions import Moment, Named, Suggestion
from tracker.web import passages
from tracker.web.forms.party_fields import NAME
from tracker.words import label

AROUND = 90  # code points shown before a passage, and after it
OTHERWISE = ("pledge", "position", "condition", "account")
SPEAKERS = {  # before the names of the fields that say who spoke, in the form of each noun
    "pledge": "account-",
    "account": "",
    "position": "account_",
    "condition": "account_",
    "extension": "account_",
}
Given = list[tuple[str, str]]  # what an address fills in


@dataclass(frozen=True, slots=True)
class Way:
    """A form that the suggestion fills in: its address, and what the link says."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion. ``told``: what was made of the passage, as (label, words); ``rests_on``: what
    was taken for granted; ``ways``: to accept it; ``otherwise``: to enter it as something else.
    """

    one: Suggested
    number: int
    before: str
    after: str
    told: list[tuple[str, str]]
    rests_on: list[str]
    ways: list[Way]
    otherwise: list[Way]

    @property
    def found(self) -> Suggestion:
        return self.one.found

    @property
    def anchor(self) -> str:
        return f"suggestion-{self.found.start}"


class Desk:
    """Makes cards of what is suggested of one source's text. ``names``: of the parties, by slug."""

    def __init__(self, dossier: Dossier, source: Source, *, names: Mapping[str, str]) -> None:
        self.dossier, self.source, self.names = dossier, source, names

    def card(self, one: Suggested, number: int) -> Card:
        found, text = one.found, self.source.snapshot
        return Card(
            one=one,
            number=number,
            before=_last_words(text[max(0, found.start - AROUND) : found.start]),
            after=_first_words(text[found.end : found.end + AROUND]),
            told=[(name, words) for name, words in self._told(found) if words],
            rests_on=[said for m in (found.begins, found.ends) if m for said in m.rests_on],
            ways=list(self._ways(one)),
            otherwise=[
                Way(
                    self._address(noun, found, list(_speaker(SPEAKERS[noun], found))),
                    label("marked_as", noun),
                )
                for noun in OTHERWISE
                if noun != found.noun
            ],
        )

    def _told(self, found: Suggestion) -> Iterator[tuple[str, str]]:
        yield pgettext("party", "Whose"), ", ".join(map(self._called, found.pledgors))
        yield gettext("Addressed to"), ", ".join(map(self._called, found.addressees))
        yield gettext("What"), self._what(found)
        yield gettext("For how long"), self._long(found)
        yield gettext("Begins"), _moment(found.begins)
        yield gettext("Ends"), _moment(found.ends)
        yield gettext("Said by"), found.speaker.text if found.speaker else ""
        yield gettext("Number"), str(found.count or "")
        yield gettext("Note"), ", ".join(str(label("suggestion_mark", one)) for one in found.marks)

    def _called(self, party: Named) -> str:
        if party.slug:
            return self.names.get(party.slug, party.name)
        return gettext("“%(words)s” (not a party of the register yet)") % {"words": party.text}

    def _what(self, found: Suggestion) -> str:
        sort = ""
        if found.position:
            sort = str(label("position_kind", found.position))
        elif found.condition:
            sort = str(label("condition_kind", found.condition))
        act = str(label("act", found.act)) if found.act else ""
        subject = str(label("subject", found.subject)) if found.subject else ""
        return ", ".join(filter(None, (sort, act, subject)))

    def _long(self, found: Suggestion) -> str:
        if found.duration is None:
            return ""
        words = found.duration.words
        same = words == found.duration_text
        return words if same else f"{words} (“{found.duration_text}”)"

    def _ways(self, one: Suggested) -> Iterator[Way]:
        """One for each party that would be bound and has not been entered yet."""
        found, noun = one.found, one.found.noun
        if len(one.entered) >= max(1, len(found.pledgors)):
            return
        done = {entered.party for entered in one.entered}
        left: list[Named | None] = [p for p in found.pledgors if not p.slug or p.slug not in done]
        for party in left or [None]:
            called = self._called(party) if party and party.slug else (party.text if party else "")
            words = gettext("Enter it as %(noun)s") % {"noun": label("suggested_as", noun)}
            if called and len(found.pledgors) > 1:
                words = gettext("Enter it as %(noun)s of %(party)s") % {
                    "noun": label("suggested_as", noun),
                    "party": called,
                }
            yield Way(self._address(noun, found, list(self._filled(noun, one, party))), words)

    def _address(self, noun: str, found: Suggestion, given: Given) -> str:
        place = Place(found.start, found.end)
        more = urlencode([*given, (passages.THEN, passages.SUGGESTED)])
        return f"{passages.address(self.dossier.slug, noun, self.source.key, place)}&{more}"

    def _filled(self, noun: str, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        fill = {
            "pledge": self._pledge,
            "position": self._position,
            "condition": self._condition,
            "extension": self._extension,
            "incident": self._incident,
            "count": self._count,
        }[noun]
        for name, value in fill(one, party):
            if value:
                yield name, value
        if noun in SPEAKERS:
            yield from _speaker(SPEAKERS[noun], found)

    def _pledge(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield "pledge-title", self._title(found, party)
        yield from _party("pledge-pledgor", party)
        yield "pledge-act", str(found.act or "")
        yield "pledge-subject", str(found.subject or "")
        for other in found.addressees:
            yield "pledge-beneficiaries", other.slug
        for entered in one.entered:
            if entered.noun == "pledge":
                yield "pledge-reciprocates", entered.key
        for field, words, name, typed in (
            ("duration", found.duration_text, "duration", _long(found)),
            ("start", _words(found.begins), "start", _typed(found.begins)),
            ("end", _words(found.ends), "end", _typed(found.ends)),
        ):
            if words:
                yield f"account-{field}", "asserts"
                yield f"account-says_{field}", words
            if typed:
                yield f"reading-{name}", typed
                yield "reading-from_account", f"{field}_account"

    def _position(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield "title", passages.cut(" ".join(found.passage.split()))
        yield "kind", str(found.position or "")
        yield from _party("party", party)
        if found.addressees:
            yield from _party("addressee", found.addressees[0])
        if found.speaker:
            yield "speaker", found.speaker.text

    def _condition(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield "kind", str(found.condition or "")
        yield "text", " ".join(found.passage.split())
        yield from _party("asserted_by", party)
        yield "due", _typed(found.ends)

    def _extension(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield "kind", LinkKind.EXTENDED
        yield "end", _typed(found.ends)
        yield "duration", "" if _typed(found.ends) else _long(found)

    def _incident(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield "description", " ".join(found.passage.split())
        yield "occurred", _typed(found.begins)
        yield from _party("actor", party)
        if found.on_behalf or found.speaker:
            yield from _party("claimants", found.on_behalf or found.speaker)
        yield "sources", self.source.key

    def _count(self, one: Suggested, party: Named | None) -> Iterator[tuple[str, str]]:
        found = one.found
        yield from _party("claimant", found.on_behalf or found.speaker)
        of = gettext("violations by %(party)s") % {"party": self._name(party)} if party else ""
        yield "of", of or gettext("violations")
        yield "number", str(found.count)
        yield "qualifier", QUALIFIERS[0]
        yield "period_start", _typed(found.begins)
        yield "period_end", _typed(found.ends)

    def _name(self, party: Named | None) -> str:
        return self.names.get(party.slug, party.name) if party else ""

    def _title(self, found: Suggestion, party: Named | None) -> str:
        """“Russia: halt, energy infrastructure, 30 days”."""
        long = found.duration.words if found.duration else ""
        what = ", ".join(filter(None, (self._what(found), long)))
        return passages.cut(": ".join(filter(None, (self._name(party), what))))


def _party(field: str, party: Named | None) -> Iterator[tuple[str, str]]:
    """Fills a party in: chosen where the register has it, named anew where it has a name."""
    if party is None:
        return
    if party.slug:
        yield field, party.slug
    elif party.iso or party.text[:1].isupper():
        yield f"{field}{NAME}", party.name


def _speaker(before: str, found: Suggestion) -> Iterator[tuple[str, str]]:
    if found.speaker:
        yield f"{before}speaker", found.speaker.text
    whose = found.on_behalf or found.speaker
    if whose and whose.slug:
        yield f"{before}party", whose.slug


def _long(found: Suggestion) -> str:
    """A duration as a form takes it."""
    return found.duration.words if found.duration else ""


def _words(moment: Moment | None) -> str:
    return moment.text if moment else ""


def _typed(moment: Moment | None) -> str:
    """A time as a form takes it; blank where none could be computed."""
    return str(moment.stated) if moment and moment.stated else ""


def _moment(moment: Moment | None) -> str:
    """A time in words, with the words of the text."""
    if moment is None:
        return ""
    if moment.stated is None:
        return gettext("“%(words)s” (not computed)") % {"words": moment.text}
    return f"{in_words(moment.stated)} (“{moment.text}”)"


def _last_words(text: str) -> str:
    return text if len(text) < AROUND else text.partition(" ")[2]


def _first_words(text: str) -> str:
    return text if len(text) < AROUND else text.rpartition(" ")[0]
