"""The keyboard shortcuts in words, as the sheet tells them.

What they do is in static/js/keys.js; which link has which, in the templates (``data-keys``).
"""

from django.utils.translation import gettext

Group = tuple[str, list[tuple[list[str], str]]]


def groups(*, is_known: bool) -> list[Group]:
    """By what they are for. ``is_known``: somebody has signed in, for whom there is more."""
    places = [
        (["g", "b"], gettext("the board")),
        (["g", "d"], gettext("the dossier of this page")),
        (["/"], gettext("the search")),
    ]
    deeds = [(["?"], gettext("this sheet"))]
    if is_known:
        places += [
            (["g", "v"], gettext("your views")),
            (["g", "a"], gettext("your alerts")),
            (["g", "q"], gettext("the queues of what waits for you")),
        ]
        deeds = [
            (["n"], gettext("enter a pledge: on the board, a dossier’s page or another pledge’s")),
            (["e"], gettext("edit what the page shows")),
            *deeds,
        ]
    return [
        (gettext("Go to"), places),
        (
            gettext("In a list"),
            [
                (["j"], gettext("the next row")),
                (["k"], gettext("the row before")),
                (["o"], gettext("open it; Enter does so too")),
            ],
        ),
        (gettext("Do"), deeds),
    ]
