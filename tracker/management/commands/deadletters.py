"""``manage.py deadletters``: the messages that were given up or refused, and sending them again."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.actions import outbox
from tracker.clock import now
from tracker.selectors import undelivered
from tracker.selectors.undelivered import Undelivered
from tracker.words import cause, label


class Command(BaseCommand):
    help = "List the messages that did not arrive, with what the server said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--send-again",
            nargs="*",
            metavar="ID",
            help="try these for another day, or all where none is named",
        )
        parser.add_argument("--json", action="store_true", help="a list of objects; times in UTC")

    def handle(self, *_: Any, **options: Any) -> None:
        found = undelivered.told(undelivered.messages())
        if options["send_again"] is not None:
            self._send_again(found, options["send_again"])
            return
        if options["json"]:
            self.stdout.write(json.dumps([_plain(one) for one in found], indent=2))
            return
        for one in found:
            self.stdout.write(_line(one))
        self.stdout.write(f"{len(found)} did not arrive.")

    def _send_again(self, found: list[Undelivered], named: list[str]) -> None:
        by_id = {str(one.message.uid): one for one in found}
        unknown = [uid for uid in named if uid not in by_id]
        if unknown:
            raise CommandError(f"No message “{unknown[0]}” was given up or refused.")
        for one in [by_id[uid] for uid in named] if named else found:
            outbox.send_again(message=one.message, by=None, at=now())
        number = len(named or found)
        goes = "message goes" if number == 1 else "messages go"
        self.stdout.write(f"{number} {goes} again.")


def _line(one: Undelivered) -> str:
    message = one.message
    said = f"  {one.last.detail}" if one.last is not None and one.last.detail else ""
    what = ", ".join(map(cause, one.kinds)) or "test message"
    about = f" ({', '.join(one.refs)})" if one.refs else ""
    return (
        f"{message.uid}  {message.ended_at:%Y-%m-%d %H:%M}Z  {label('message', message.state)}"
        f"  {message.recipient.email}, {message.channel}  {what}{about}{said}"
    )


def _plain(one: Undelivered) -> dict[str, Any]:
    return {
        "id": str(one.message.uid),
        "state": str(one.message.state),
        "ended_at": f"{one.message.ended_at:%Y-%m-%dT%H:%M:%SZ}",
        "to": one.message.recipient.email,
        "channel": one.message.channel,
        "kinds": list(one.kinds),
        "refs": list(one.refs),
        "code": one.last.code if one.last is not None else None,
        "said": one.last.detail if one.last is not None else "",
    }
