"""A comment: what members say among themselves about a fact, and whom they tell."""

from django.utils.translation import gettext_lazy as _

from tracker.actions.comments import LONGEST
from tracker.models import Comment
from tracker.models.comment import ABOUT

from .facts import FactForm
from .fields import About, References, Text


class CommentForm(FactForm):
    model = Comment

    about = About(_("A comment on"), *ABOUT)
    text = Text(
        _("Comment"),
        long=True,
        rows=5,
        required=True,
        max_length=LONGEST,
        help_text=_(
            "For members only, and kept for good. @ and a member’s name tells that person: @Ada."
        ),
    )
    mentions = References(
        _("Tell"),
        "member",
        help_text=_("Each is alerted once. Who is named in the text with an @ need not be ticked."),
    )
