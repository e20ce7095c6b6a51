"""``manage.py suggest FILE``: candidate statements in an English text. It enters nothing."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from tracker.selectors import register
from tracker.suggestions import KnownParty, Moment, Named, Suggestion, suggest


class Command(BaseCommand):
    help = "Propose candidate statements in an English text: a table, or JSON. Nothing is entered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a text file in UTF-8, or - for standard input")
        parser.add_argument(
            "--published",
            default="",
            help="the day of publication, YYYY-MM-DD: weekdays and dates without a year need it",
        )
        parser.add_argument("--json", action="store_true", help="a list of objects")

    def handle(self, *_: Any, **options: Any) -> None:
        index = register.party_index()
        found = suggest(
            _text(options["file"]),
            parties=[
                KnownParty(slug, name, tuple(index.aliases.get(slug, ())))
                for slug, name in sorted(index.names.items())
                if index.merged.of(slug) == slug
            ],
            published=_day(options["published"]),
        )
        if options["json"]:
            self.stdout.write(json.dumps([plain(one) for one in found], indent=2))
            return
        for one in found:
            self.stdout.write(f"{one.start}-{one.end}  {_headline(one)}")
            for line in _particulars(one):
                self.stdout.write(f"    {line}")
            self.stdout.write(f"    “{' '.join(one.passage.split())}”")
        self.stdout.write(f"{len(found)} suggestions.")


def _text(name: str) -> str:
    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"“{name}” cannot be read: {error.strerror}.") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"“{name}” is not text in UTF-8 (byte {error.start}).") from error


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{typed}” is not a day. Write 2025-03-18.")
    return day


def _headline(one: Suggestion) -> str:
    sort = one.position or one.condition
    return one.kind.replace("_", " ") + (f" ({sort.replace('_', ' ')})" if sort else "")


def _particulars(one: Suggestion) -> list[str]:
    told = {
        "whose": ", ".join(party.name for party in one.pledgors),
        "to": ", ".join(party.name for party in one.addressees),
        "act": " ".join(filter(None, [one.act, one.subject])).replace("_", " "),
        "duration": f"{one.duration} ({one.duration_text})" if one.duration else "",
        "begins": _moment(one.begins),
        "ends": _moment(one.ends),
        "said by": one.speaker.text if one.speaker else "",
        "count": str(one.count or ""),
        "marks": ", ".join(one.marks),
    }
    return [f"{name}: {value}" for name, value in told.items() if value]


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return ""
    rests = f" — {'; '.join(moment.rests_on)}" if moment.rests_on else ""
    return f"{moment.stated or 'not computed'} (“{moment.text}”){rests}"


def plain(one: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON has it: the register's stored values, times in the canonical text."""
    return {
        "start": one.start,
        "end": one.end,
        "passage": one.passage,
        "kind": one.kind,
        "noun": one.noun,
        "position": one.position,
        "condition": one.condition,
        "pledgors": [_party(party) for party in one.pledgors],
        "addressees": [_party(party) for party in one.addressees],
        "act": one.act,
        "subject": one.subject,
        "duration": str(one.duration) if one.duration else None,
        "begins": _time(one.begins),
        "ends": _time(one.ends),
        "speaker": _party(one.speaker),
        "on_behalf": _party(one.on_behalf),
        "count": one.count,
        "marks": list(one.marks),
        "rule": one.rule,
    }


def _party(party: Named | None) -> dict[str, Any] | None:
    if party is None:
        return None
    return {
        "text": party.text,
        "start": party.start,
        "end": party.end,
        "name": party.name,
        "slug": party.slug or None,
        "iso": party.iso or None,
    }


def _time(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    stated = moment.stated
    return {
        "text": moment.text,
        "start": moment.start,
        "end": moment.end,
        "stated": str(stated) if stated else None,
        "precision": stated.precision if stated else None,
        "zone": stated.zone if stated else None,
        "event": moment.event,
        "rests_on": list(moment.rests_on),
    }
