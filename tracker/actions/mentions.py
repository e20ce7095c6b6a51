"""Owing alerts of mentions: once per comment and person, whatever is edited later.

Its author is told nothing, nor is who may not see the comment or has turned mentions off.
"""

from datetime import datetime

from tracker.domain.causes import MENTIONED, Dropped
from tracker.models import Alert, Comment, Snooze, User
from tracker.selectors import comments

from .named_alerts import to_named


def owe(*, comment: Comment, by: User | None, at: datetime) -> int:
    """An alert to each whom the comment tells and that was not told of it yet; how many."""
    if comment.withdrawn_at:
        return 0
    named = set(comment.mentions.values_list("pk", flat=True)) - {by.pk if by else None}
    insiders = comments.insiders({comment.dossier_id})[comment.dossier_id]
    wanted = comments.want_mentions(named & insiders)
    # One that was dropped because its mention was taken out before it left is owed again.
    Alert.objects.filter(comment=comment, recipient__in=wanted, dropped_why=Dropped.UNTRUE).update(
        dropped_at=None, dropped_why="", message=None, owed_at=at, due_at=at
    )
    told = set(Alert.objects.filter(comment=comment).values_list("recipient_id", flat=True))
    pledge = comments.pledge_of(comment)
    snoozes = dict(
        Snooze.objects.filter(pledge=pledge, user__in=wanted).values_list("user_id", "until")
        if pledge is not None
        else ()
    )
    return to_named(
        wanted - told,
        snoozes=snoozes,
        at=at,
        pledge=pledge,
        comment=comment,
        kind=MENTIONED,
        subject=comment.key,
        because=[{"by": "mention", "of": str(comment.pk)}],
    )
