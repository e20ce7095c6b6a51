"""Ending what somebody is signed in with."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from tracker.models import User


def end(*, user: User) -> int:
    """Ends every session of the user; how many there were. A session tells only itself whose."""
    mine = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()
    return len(mine)
