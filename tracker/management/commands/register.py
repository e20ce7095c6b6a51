"""``manage.py register``: the pledges as evaluated at an instant, for terminals and scripts."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.clock import now
from tracker.domain import stated
from tracker.domain.access import Viewer
from tracker.domain.errors import DomainError
from tracker.domain.readings import Term
from tracker.domain.stated import Window
from tracker.selectors import register
from tracker.selectors.entries import Entry

OPERATOR = Viewer(uid="operator", is_site_admin=True)


class Command(BaseCommand):
    help = "Print each pledge with its stage, flags, ends and readings, as at an instant."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossier", metavar="SLUG", help="only this dossier")
        parser.add_argument(
            "--at", metavar="INSTANT", help="an ISO instant; a bare date is 00:00 UTC (now)"
        )
        parser.add_argument(
            "--known", metavar="INSTANT", help="what was recorded by then (needs --dossier)"
        )
        parser.add_argument("--json", action="store_true", help="a JSON list instead of text")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            at = stated.parse_instant(options["at"]) if options["at"] else now()
            known = stated.parse_instant(options["known"]) if options["known"] else None
            if known is not None and not options["dossier"]:
                raise CommandError("--known is answered within one dossier: add --dossier SLUG.")
            found = register.entries(
                viewer=OPERATOR, at=at, known=known, dossier=options["dossier"]
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([as_json(e) for e in found], indent=2, ensure_ascii=False))
            return
        if not found:
            self.stdout.write(f"No pledge is listed at {utc(at)}.")
        for entry in found:
            self.stdout.write("\n".join(as_text(entry)) + "\n")


def utc(instant: datetime | None) -> str | None:
    """An instant in UTC with Z, to the second; microseconds only where there are any."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(entry: Entry) -> dict[str, Any]:
    found = entry.found
    return {
        "ref": entry.ref,
        "dossier": entry.dossier,
        "title": entry.title,
        "pledgor": entry.pledgor.slug,
        "act": entry.state["act"],
        "subject": entry.state["subject"],
        "stage": entry.stage,
        "reasons": list(found.reasons),
        "overlays": list(found.overlays),
        "compliance": entry.compliance,
        "band": str(entry.band),
        "flags": [
            {
                "kind": f.kind,
                "subject": f.subject,
                "link": f.link,
                "lead": f.lead,
                "since": utc(f.since),
            }
            for f in found.flags
        ],
        "adopted": found.adopted,
        "adopted_end": utc(entry.ends_at) if found.adopted else None,
        "starts_at": utc(entry.starts_at),
        "ends_at": utc(entry.ends_at),
        "warns_at": utc(found.warns_at),
        "envelope": {
            "earliest": utc(entry.earliest_end),
            "latest": utc(entry.latest_end),
            "open": found.is_open,
        },
        "readings": [_reading(entry, term) for term in found.terms],
        "conditions": [
            {
                "key": c.key,
                "kind": c.state["kind"],
                "text": c.state["text"],
                "asserted_by": c.state.get("asserted_by"),
                "state": c.judged.get("condition", "pending"),
                "acknowledgement": c.judged.get("acknowledgement", "unacknowledged"),
                "binding": c.judged.get("binding") == "binding",
            }
            for c in entry.conditions
        ],
        "next_change_at": utc(found.next_change_at),
    }


def _window(window: Window | None) -> dict[str, str | None] | None:
    if window is None:
        return None
    return {"earliest": utc(window.earliest), "latest": utc(window.latest)}


def _reading(entry: Entry, term: Term) -> dict[str, Any]:
    told = term.reading
    return {
        "key": told.key,
        "speaker": told.speaker or None,
        "adopted": told.key == entry.adopted,
        "standing": term.is_standing,
        "duration": str(told.duration) if told.duration else None,
        "rule": told.rule,
        "zone": told.zone,
        "start": utc(term.start.earliest) if term.start else None,
        "end": utc(term.end.latest) if term.end else None,
        "end_window": _window(term.end),
        "open": str(term.current.open_end) if term.is_open else None,
        "awaiting": term.awaiting or None,
        "not_computable": term.current.missing or None,
        "segments": [
            {"link": s.link, "start": utc(s.start), "end": utc(s.end.latest) if s.end else None}
            for s in term.segments
        ],
        "why": [
            {"step": s.words, "instant": utc(s.instant), "because": s.because or None}
            for s in term.steps
        ],
    }


def as_text(entry: Entry) -> list[str]:
    found = entry.found
    lines = [
        f"{entry.ref}  {entry.title}",
        f"  dossier      {entry.dossier}" + ("  (practice)" if entry.is_practice else ""),
        f"  pledgor      {entry.pledgor.name}",
        f"  stage        {words(entry.stage)}"
        + "".join(f" · {words(o)}" for o in found.overlays)
        + f"  — {entry.stage_reason}",
        f"  compliance   {words(entry.compliance)}",
        f"  flags        {', '.join(_flag(f) for f in found.flags) or 'none'}",
    ]
    if found.adopted:
        end = utc(entry.ends_at) or "none"
        lines.append(f"  adopted end  {end}  (reading {found.adopted})")
    else:
        lines.append("  adopted end  none is adopted")
    latest = "open" if found.is_open else utc(entry.latest_end) or "none"
    lines.append(f"  envelope     {utc(entry.earliest_end) or 'none'} … {latest}")
    for term in found.terms:
        mark = "*" if term.reading.key == found.adopted else " " if term.is_standing else "-"
        lines.append(f"  {mark} reading    {term.reading.key}: {_end_words(term)}")
    lines.append(f"  next change  {utc(found.next_change_at) or 'none'}")
    return lines


def _flag(flag: Any) -> str:
    about = " ".join(x for x in (flag.lead, flag.subject) if x)
    return f"{words(flag.kind)}{f' ({about})' if about else ''} since {utc(flag.since)}"


def _end_words(term: Term) -> str:
    start = utc(term.start.earliest) if term.start else "start not known"
    if term.end is not None:
        end = str(utc(term.end.latest))
        if not term.end.is_point:
            end = f"between {utc(term.end.earliest)} and {end}"
    elif term.current.stopped:
        end = "no end while the clock is stopped"
    elif term.current.missing:
        end = f"not computable: {term.current.missing}"
    else:
        end = f"no end ({words(str(term.current.open_end))})"
    return f"{start} → {end}"


def words(name: str) -> str:
    return name.replace("_", " ").replace(":", ": ")
