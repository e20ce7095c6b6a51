"""A parcel as mail: subject, text, HTML and headers. Rows in, bytes out; sent by transport.py."""

from datetime import datetime
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from tracker.domain.causes import MENTIONED, REVIEW_DUE
from tracker.instants import absolute, left
from tracker.selectors.parcels import Parcel, PledgeLines

from . import headlines, links

COMMENT = "comment"


def letter(parcel: Parcel, *, at: datetime) -> EmailMultiAlternatives:
    """The message to be sent. The same parcel at the same instant gives the same one.

    A header holds one line whatever titles and names hold. RFC 8058: a POST to the address in
    List-Unsubscribe ends what sent it, without signing in.
    """
    site = settings.SITE_URL
    subject = " ".join(headlines.subject(parcel, at=at).split())
    leave = site + links.unsubscribe(parcel.message)
    context = {
        "site": site,
        "subject": subject,
        "at": at,
        "parcel": parcel,
        "is_late": parcel.is_late,
        "pledges": [_pledge(one, parcel, at) for one in parcel.pledges],
        "because": list(dict.fromkeys(headlines.because(alert) for alert in parcel.alerts)),
        "acknowledge": site + links.acknowledge(parcel.message) if parcel.pledges else "",
        "unsubscribe": leave,
        "settings": f"{site}/settings/alerts/",
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string("mail/alerts.txt", context).strip() + "\n",
        to=[parcel.to],
        headers={
            "Message-ID": f"<{parcel.message.uid}@{urlsplit(site).hostname or 'localhost'}>",
            "Date": formatdate(at.timestamp()),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("mail/alerts.html", context), "text/html")
    return message


def _pledge(pledge: PledgeLines, parcel: Parcel, at: datetime) -> dict[str, object]:
    site = settings.SITE_URL
    may_enter = pledge.is_told and pledge.may_enter and pledge.noun == "pledge"
    is_comment = all(alert.kind == MENTIONED for alert in pledge.alerts)
    end = pledge.warns_at or pledge.ends_at
    return {
        "name": pledge.title if pledge.is_told else pledge.ref,
        "row": pledge,
        "opens": COMMENT if is_comment else pledge.noun,
        "page": f"{site}{pledge.path}",
        "verify": f"{site}{links.enter('verification', pledge)}" if may_enter else "",
        "extend": f"{site}{links.enter('extension', pledge)}" if may_enter else "",
        "reviews": f"{site}/queues/review/"
        if any(alert.kind == REVIEW_DUE for alert in pledge.alerts)
        else "",
        "left": left(end - at) if end is not None and end > at else "",
        "ends": absolute(end, pledge.zone, is_end=True) if end is not None else "",
        "ends_here": absolute(end, parcel.zone)
        if end is not None and parcel.zone not in (pledge.zone, "UTC")
        else "",
        "readings": [
            {
                "who": reading.who,
                "is_adopted": reading.is_adopted,
                "ends": absolute(reading.ends, reading.zone, is_end=True)
                if reading.ends is not None
                else "",
                "is_open": reading.is_open,
            }
            for reading in pledge.readings
        ]
        if len(pledge.readings) > 1 and not is_comment
        else [],
        "alerts": _said(pledge, at),
    }


def _said(pledge: PledgeLines, at: datetime) -> list[dict[str, object]]:
    """Each alert in a sentence; several that say the same, as leads of one end may, are one."""
    found: dict[str, dict[str, object]] = {}
    for alert in pledge.alerts:
        said = headlines.sentence(alert, pledge, at=at, zone=pledge.zone)
        quoted = alert.said if pledge.is_told else ""
        found.setdefault(
            said + quoted,
            {"said": said, "quoted": quoted},
        )
    return list(found.values())
