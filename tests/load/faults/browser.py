"""Somebody who has signed in, as a web process of the run sees them: by their cookies."""

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from tests.load.instance import Web
from tracker.models import User

SEAL = "a" * 32  # what the form sends back is what the cookie says


def cookies_of(user: User) -> str:
    """The cookies of a session of theirs, which is in the database."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return (
        f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={SEAL}"
    )


def enter_party(web: Web, name: str, cookies: str) -> int:
    """Enters a party through the form; the status: 302 acknowledges it."""
    sent = {"name": name, "kind": "state", "csrfmiddlewaretoken": SEAL}
    return web.post("/parties/new/", sent, cookies=cookies)[0]
