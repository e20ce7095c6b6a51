"""The channel “webhook”: a message as JSON, signed, to an address of its recipient's own.

Headers and signature are those of the Standard Webhooks specification. Text is plain text, never
HTML. Never raises for what a server or a network does. Must not live here: how an address is
called (calls.py), rows, keys.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tracker.domain import addresses
from tracker.domain.errors import Invalid
from tracker.domain.outbox import Attempt, Outcome
from tracker.selectors.parcels import AlertLine, Parcel, PledgeLines
from tracker.selectors.rows import iso
from tracker.words import cause, label

from .errors import CutOff, Unfit, Unreachable
from .signing import signature

if TYPE_CHECKING:
    from .calls import Answer

GONE = 410
LATER = frozenset({408, 425, 429})
BUSY = 429
SHOWN = 200  # characters of an answer


class SecretLost(Exception):
    """No key opens the secret: nothing can be signed with it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request, ready to be sent at ``at``."""

    address: str
    body: bytes
    headers: dict[str, str]
    at: datetime


class Posts:
    """Each recipient has a server of their own: these do not wait for each other.

    A server that does not answer is left alone after the first try: each costs up to 15 seconds.
    """

    hands = 20
    each = 5

    def __init__(self, *, unseal: Callable[[str], str | None]) -> None:
        self.unseal = unseal

    def lane(self, parcel: Parcel) -> int:
        return parcel.message.recipient_id

    def prepare(self, parcel: Parcel, *, at: datetime) -> Post | None:
        """None: the webhook was removed. Raises SecretLost."""
        if parcel.webhook is None:
            return None
        secret = self.unseal(parcel.webhook.sealed_secret)
        if secret is None:
            raise SecretLost("no key opens the webhook's secret: its owner can renew it")
        body = json.dumps(payload(parcel, at=at), ensure_ascii=False).encode()
        uid, stamp = str(parcel.message.uid), str(int(at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": uid,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret, uid, stamp, body),
        }
        return Post(parcel.webhook.address, body, headers, at)

    def send(self, post: Post) -> Attempt:
        from . import calls  # noqa: PLC0415 (most drains find nothing to call for)

        try:
            address = addresses.parse(post.address)
            answer = calls.post(address, body=post.body, headers=post.headers)
        except Invalid as error:  # it leads where nothing may be sent: now, or since it was set
            return Attempt(Outcome.ADDRESS_REFUSED, None, error.message)
        except Unreachable as error:
            return Attempt(Outcome.DEFERRED, None, error.message, halts=True)
        except (CutOff, Unfit) as error:
            return Attempt(Outcome.UNCERTAIN, None, error.message, halts=True)
        return attempt(answer, at=post.at)

    def close(self) -> None:
        """Nothing is kept open."""


def attempt(answer: "Answer", *, at: datetime) -> Attempt:
    """What an answer means."""
    code, detail = answer.status, _said(answer)
    if 200 <= code < 300:
        return Attempt(Outcome.SENT, code, detail)
    if code == GONE:
        return Attempt(Outcome.ADDRESS_REFUSED, code, detail)
    if code in LATER or code >= 500:
        wait = _asked(answer.headers.get("retry-after", ""), at)
        return Attempt(Outcome.DEFERRED, code, detail, wait, halts=wait is not None or code == BUSY)
    if 300 <= code < 400:
        place = answer.headers.get("location", "")[:SHOWN]
        detail = f"{code}: redirects are not followed. It leads to {place}"
    return Attempt(Outcome.CONTENT_REFUSED, code, detail)


def payload(parcel: Parcel, *, at: datetime) -> dict[str, Any]:
    """What is told. Of a pledge whose details may not be told: its reference, and what is due."""
    is_test = parcel.message.is_test
    return {
        "type": "test" if is_test else "pledge.alerts",
        "timestamp": iso(at),
        "data": {
            "id": str(parcel.message.uid),
            "is_late": parcel.is_late,
            "pledges": [_pledge(one) for one in parcel.pledges],
            "settings": f"{settings.SITE_URL}/settings/alerts/webhook/",
        },
    }


def _pledge(pledge: PledgeLines) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ref": pledge.ref,
        "link": f"{settings.SITE_URL}{pledge.path}",
        "alerts": [_alert(one, pledge) for one in pledge.alerts],
    }
    if not pledge.is_told:
        return found
    return found | {
        "title": pledge.title,
        "dossier": pledge.dossier,
        "stage": pledge.stage,
        "compliance": pledge.compliance,
        "ends_at": _iso(pledge.ends_at),
        "warns_at": _iso(pledge.warns_at),
        "zone": pledge.zone,
        "readings": [
            {
                "by": one.who,
                "ends_at": _iso(one.ends),
                "zone": one.zone,
                "is_open": one.is_open,
                "is_adopted": one.is_adopted,
            }
            for one in pledge.readings
        ],
    }


def _alert(alert: AlertLine, pledge: PledgeLines) -> dict[str, Any]:
    reasons = dict.fromkeys(str(one.get("by", "")) for one in alert.because)
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "label": cause(alert.kind),
        "lead": alert.lead,
        "about": alert.about if pledge.is_told else "",
        "true_at": iso(alert.true_at),
        "still_true": alert.still,
        "is_late": alert.is_late,
        "by_edit": alert.by_edit,
        "is_escalated": alert.is_escalated,
        "corrects": alert.corrects,
        "because": [{"by": by, "label": label("because", by)} for by in reasons],
        "link": f"{settings.SITE_URL}/alerts/{alert.pk}/",
    }


def _iso(instant: datetime | None) -> str | None:
    return iso(instant) if instant is not None else None


def _said(answer: "Answer") -> str:
    """The status and the beginning of what was answered, as text of one line."""
    text = answer.body[: 4 * SHOWN].decode(errors="replace")
    shown = "".join(c if c.isprintable() else " " for c in text)
    return f"{answer.status} {' '.join(shown.split())[:SHOWN]}".strip()


def _asked(text: str, at: datetime) -> timedelta | None:
    """How long Retry-After says to wait: seconds, or an instant. None where it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return max((when if when.tzinfo else when.replace(tzinfo=UTC)) - at, timedelta())
