"""Ending what somebody is signed in with."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from tracker.models import User


def end(*, user: User) -> int:
    """Ends every session of the user, also one that has only entered the password; how many.

    A session tells only itself whose it is.
    """
    mine = [
        session.pk
        for session in Session.objects.iterator()
        if str(user.pk) in _whose(session.get_decoded())
    ]
    Session.objects.filter(pk__in=mine).delete()
    return len(mine)


def _whose(held: dict[str, Any]) -> set[str]:
    """Who is signed in, and who has begun to sign in and not ended (kept so by allauth)."""
    begun = held.get("account_login") or {}
    return {str(held.get(SESSION_KEY)), str(begun.get("user_pk"))}
