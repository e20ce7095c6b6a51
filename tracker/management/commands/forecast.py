"""`manage.py forecast`: every alert to come, if nothing is entered meanwhile."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.clock import now
from tracker.models import Pledge, User
from tracker.selectors.forecasts import Forecast, forecast
from tracker.words import cause


class Command(BaseCommand):
    help = "List every alert that will become due, to whom, and when it leaves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=90, help="how far ahead; 90")
        parser.add_argument("--pledge", default="", help="only of this reference")
        parser.add_argument("--user", default="", help="only to this e-mail address")
        parser.add_argument("--json", action="store_true", help="a list of objects; times in UTC")

    def handle(self, *_: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 36_500:
            raise CommandError("--days is from 1 to 36500.")
        at = now()
        found = forecast(
            at=at,
            until=at + timedelta(days=options["days"]),
            pledges=self._pledges(options["pledge"]),
            users=self._users(options["user"]),
        )
        if options["json"]:
            self.stdout.write(json.dumps([_plain(one) for one in found], indent=2))
            return
        for one in found:
            self.stdout.write(
                f"{one.due_at:%Y-%m-%d %H:%M}Z  {one.ref}  {cause(one.kind)}"
                f"{f' ({one.lead})' if one.lead else ''}  {one.name}, {one.channel}"
            )
        self.stdout.write(f"{len(found)} alerts in the next {options['days']} days.")

    def _pledges(self, ref: str) -> list[int] | None:
        if not ref:
            return None
        found = list(Pledge.objects.filter(ref=ref).values_list("pk", flat=True))
        if not found:
            raise CommandError(f"There is no pledge “{ref}”.")
        return found

    def _users(self, email: str) -> list[int] | None:
        if not email:
            return None
        found = list(User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True))
        if not found:
            raise CommandError(f"There is nobody with the address “{email}”.")
        return found


def _plain(one: Forecast) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "kind": one.kind,
        "subject": one.subject,
        "link": one.link,
        "lead": one.lead,
        "true_at": f"{one.true_at:%Y-%m-%dT%H:%M:%SZ}",
        "to": one.name,
        "channel": one.channel,
        "due_at": f"{one.due_at:%Y-%m-%dT%H:%M:%SZ}",
        "because": list(one.because),
    }
