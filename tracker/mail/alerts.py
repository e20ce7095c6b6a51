"""A parcel as mail: subject, text, HTML and headers. Rows in, bytes out; sent by transport.py."""

from datetime import datetime
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from tracker.instants import absolute, left
from tracker.selectors.parcels import Parcel, PledgeLines

from . import headlines, links


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
    page = f"{settings.SITE_URL}{links.page(pledge)}"
    end = pledge.warns_at or pledge.ends_at
    return {
        "name": pledge.title if pledge.is_told else pledge.ref,
        "row": pledge,
        "page": page,
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
        if len(pledge.readings) > 1
        else [],
        "alerts": [
            {
                "row": alert,
                "said": headlines.sentence(alert, pledge, at=at, zone=pledge.zone),
                "because": headlines.because(alert),
            }
            for alert in pledge.alerts
        ],
    }
