"""Reading one value of a seed file: text to the canonical text or plain value of a column.

Lives here: one reader per kind of value, and times relative to the day of loading.
Must not live here: which field has which kind (seed_nouns.py), keys and nesting (seed_form.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tracker.domain import durations, facts, stated, zones
from tracker.domain.errors import Invalid

from .seed_fields import Field, Kind
from .seed_yaml import Items, Mistakes, Table, Text, Value, nearest, type_names

MAX_LINE = 300
MAX_URL = 2000
_RELATIVE = re.compile(
    r"(?P<base>now|today)\s*(?:(?P<sign>[+-])\s*(?P<n>\d{1,4})(?P<unit>[mhdw]))?"
    r"(?:\s+(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]*))?",
    re.ASCII,
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME_MEND = (
    "Write 2025-03-18 18:00 Europe/Moscow, 2025-03-18 Europe/Moscow, 2025-03-18T15:00Z or unknown"
)


class BadValueError(Exception):
    """The value could not be read; the mistake has been noted."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a value needs: where mistakes go, the anchor of relative times, the users."""

    mistakes: Mistakes
    anchor: datetime | None
    zone: str
    users: Mapping[str, str]

    def read(self, field: Field, value: Value) -> object:
        """The column's value. Raises BadValueError after noting the mistake."""
        match field.kind:
            case Kind.LINES:
                return self._list(value, self._line)
            case Kind.DURATIONS:
                return self._list(value, self.duration) or None
            case Kind.PLACE:
                return self._place(value)
        text = self.scalar(value)
        if not text.text:
            if field.required:
                raise self.bad(text, "it is required and blank", "Give it a value")
            return field.blank
        match field.kind:
            case Kind.TEXT:
                return text.text
            case Kind.URL:
                return self._url(text)
            case Kind.CHOICE:
                return self.choice(text, field.choices)
            case Kind.STATED:
                return self.stated(text)
            case Kind.DURATION:
                return self.duration(text)
            case Kind.ZONE:
                return self._zone(text)
            case Kind.YES_NO:
                return self._yes_no(text)
            case Kind.NUMBER:
                return self._number(text)
            case Kind.EMAIL:
                return self._user(text)
            case _:
                return self._line(text)

    def bad(self, value: Value, what: str, mend: str) -> BadValueError:
        self.mistakes.at(value, what, mend)
        return BadValueError()

    def scalar(self, value: Value) -> Text:
        if not isinstance(value, Text):
            raise self.bad(value, f"{type_names[type(value)]} stands here", "Write a single value")
        return value

    def items(self, value: Value) -> tuple[Value, ...]:
        """A list; a single value stands for a list of one, a blank for an empty one."""
        if isinstance(value, Items):
            return value.items
        text = self.scalar(value)
        return (text,) if text.text else ()

    def _list(self, value: Value, read: Callable[[Text], str]) -> list[str]:
        found = []
        for item in self.items(value):
            text = self.scalar(item)
            if not text.text:
                raise self.bad(text, "an entry of the list is blank", "Delete the dash")
            found.append(read(text))
        return found

    def _line(self, text: Text) -> str:
        if "\n" in text.text:
            raise self.bad(text, "the text has several lines", "Write it on one line")
        if len(text.text) > MAX_LINE:
            raise self.bad(
                text,
                f"the text has {len(text.text)} characters; at most {MAX_LINE} fit",
                "Shorten it, and put the rest in a note",
            )
        return text.text

    def _url(self, text: Text) -> str:
        try:
            parts = urlsplit(text.text)
        except ValueError:
            parts = urlsplit("")
        spaced = any(c.isspace() for c in text.text)
        if parts.scheme not in {"http", "https"} or not parts.netloc or spaced:
            raise self.bad(
                text, f"'{text.text}' is not a web address", "Begin with https://, or leave it out"
            )
        if len(text.text) > MAX_URL:
            raise self.bad(text, "the address is too long", f"At most {MAX_URL} characters fit")
        return text.text

    def choice(self, text: Text, choices: tuple[str, ...]) -> str:
        if text.text in choices:
            return str(text.text)
        near = nearest(text.text, choices)
        hint = f"Did you mean '{near}'? " if near else ""
        raise self.bad(
            text,
            f"'{text.text}' is none of the known words",
            f"{hint}Use one of: {', '.join(choices)}",
        )

    def stated(self, value: Value) -> str:
        """The canonical text of a stated time; relative ones are laid around the anchor."""
        text = self.scalar(value)
        if not text.text:
            return ""
        try:
            relative = _RELATIVE.fullmatch(text.text)
            if relative:
                return self._relative(text, relative)
            return stated.format_stated(stated.parse(text.text))
        except Invalid as error:
            raise self.bad(text, _plain(error), error.mend or _TIME_MEND) from error

    def _relative(self, text: Text, found: re.Match[str]) -> str:
        if self.anchor is None:
            raise self.bad(
                text,
                f"'{text.text}' is relative to the day of loading",
                "Only a dossier with is_practice: yes may do that; write the date out",
            )
        zone_name = found["zone"] or self.zone or "UTC"
        zones.zone(zone_name)
        shift = timedelta()
        if found["n"]:
            shift = timedelta(**{_UNITS[found["unit"]]: int(found["n"])})
            shift = -shift if found["sign"] == "-" else shift
        if found["base"] == "today":
            if shift % timedelta(days=1):
                raise self.bad(text, "'today' is a whole day", "Write today+2d, or now+36h")
            day = zones.local(self.anchor, zone_name).date() + shift
            local = datetime.combine(day, datetime.min.time())
            return stated.format_stated(stated.Stated(local, stated.Precision.DAY, zone_name))
        moment = self.anchor + shift
        local = zones.local(moment, zone_name)
        if zones.instant(local, zone_name) != moment or local.time() == datetime.min.time():
            local, zone_name = moment.astimezone(UTC).replace(tzinfo=None), "UTC"
        return stated.format_stated(stated.Stated(local, stated.Precision.MINUTE, zone_name))

    def duration(self, value: Value) -> str:
        text = self.scalar(value)
        if not text.text:
            return ""
        try:
            length = durations.parse(text.text)
        except Invalid as error:
            raise self.bad(text, _plain(error), error.mend) from error
        if not length.nominal:
            raise self.bad(text, f"'{text.text}' has no length", "Write P30D or PT30H")
        return str(length)

    def _zone(self, text: Text) -> str:
        """A zone, with its `?` when it is assumed."""
        name = text.text.removeprefix("?")
        if not name:
            return ""
        try:
            zones.zone(name)
        except Invalid as error:
            near = nearest(name, zones.names())
            hint = f"Did you mean {near}? " if near else ""
            raise self.bad(text, _plain(error), f"{hint}{error.mend}") from error
        return text.text

    def _yes_no(self, text: Text) -> bool:
        match text.text.lower():
            case "yes" | "true":
                return True
            case "no" | "false":
                return False
        raise self.bad(text, f"'{text.text}' is neither yes nor no", "Write yes or no")

    def _number(self, text: Text) -> int:
        plain = text.text.replace(",", "").replace("_", "")
        if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
            raise self.bad(
                text,
                f"'{text.text}' is not a whole number",
                "Write at most nine digits and nothing else",
            )
        return int(plain)

    def _user(self, text: Text) -> str:
        uid = self.users.get(text.text.lower())
        if uid is None:
            raise self.bad(
                text,
                f"nobody in the register has the address '{text.text}'",
                "Leave it out, or make the user first",
            )
        return uid

    def _place(self, value: Value) -> dict[str, object] | None:
        if isinstance(value, Text) and not value.text:
            return None
        if not isinstance(value, Table):
            raise self.bad(value, "it is not a mapping", "Write {start: 10, end: 42}")
        found: dict[str, object] = {}
        for name, inner in value.rows.items():
            if name in {"start", "end"}:
                found[name] = self._number(self.scalar(inner))
            elif name in {"prefix", "suffix"}:
                found[name] = self.scalar(inner).text
            else:
                raise self.bad(
                    inner, f"'{name}' is not a known field", "Use start, end, prefix and suffix"
                )
        if "start" not in found or "end" not in found:
            raise self.bad(value, "start and end are required", "Count characters from 0")
        return {"prefix": "", "suffix": "", **found}

    def stances(self, value: Value) -> dict[str, str]:
        """The fields that an account asserts or denies, each with what it says or ''."""
        found: dict[str, str] = {}
        if isinstance(value, Table):
            pairs = [(name, inner) for name, inner in value.rows.items()]
        else:
            pairs = [(self.scalar(item).text, item) for item in self.items(value)]
        for name, inner in pairs:
            if name not in facts.ACCOUNT_FIELDS:
                near = nearest(name, facts.ACCOUNT_FIELDS)
                hint = f"Did you mean '{near}'? " if near else ""
                raise self.bad(
                    inner,
                    f"'{name}' is no field that an account speaks of",
                    f"{hint}Use: {', '.join(facts.ACCOUNT_FIELDS)}",
                )
            found[name] = self.scalar(inner).text if isinstance(value, Table) else ""
        return found


def _plain(error: Invalid) -> str:
    return error.message.rstrip(".")
