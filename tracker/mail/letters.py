"""Single letters to one person: rendered from templates/mail and sent at once.

Sent after the transaction that they tell of. Must not live here: alerts, which are rows first.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

log = structlog.get_logger("tracker.mail")


def send(name: str, *, to: str, context: Mapping[str, Any]) -> bool:
    """Renders ``mail/<name>`` (subject, text and HTML) and sends it; whether it went out.

    ``context`` has ``site``, the address of this instance without a slash at its end.
    The subject is one line whatever its words hold. A failure is logged without the address.
    """
    subject = " ".join(render_to_string(f"mail/{name}.subject.txt", dict(context)).split())
    given = {**context, "email": to, "subject": subject}
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"mail/{name}.txt", given).strip() + "\n",
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"mail/{name}.html", given), "text/html")
    try:
        sent = message.send()
    except (OSError, ImproperlyConfigured) as error:  # smtplib's errors are among the first
        log.warning("letter not sent", letter=name, error=type(error).__name__)
        return False
    return bool(sent)
