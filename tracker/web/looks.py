"""How somebody wants lists to look: how dense, and which columns. Kept in this browser alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

COOKIE = "look"
YEAR = 365 * 24 * 60 * 60
COLUMNS = ("dossier", "tags", "judged", "checked", "conditions", "analyst")
DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Look:
    """``hidden``: columns that are left out."""

    is_dense: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each, and whether it is shown."""
        return [(name, name not in self.hidden) for name in COLUMNS]

    @property
    def text(self) -> str:
        return ".".join([DENSE] * self.is_dense + list(self.hidden))


def of(request: HttpRequest) -> Look:
    """Whatever a browser sends: what is unknown of it is nothing."""
    words = request.COOKIES.get(COOKIE, "").split(".")
    return Look(DENSE in words, tuple(name for name in COLUMNS if name in words))


def chosen(shown: Iterable[str], *, is_dense: bool) -> Look:
    kept = set(shown)
    return Look(is_dense, tuple(name for name in COLUMNS if name not in kept))


def keep(response: HttpResponse, look: Look, *, is_secure: bool) -> None:
    response.set_cookie(
        COOKIE, look.text, max_age=YEAR, secure=is_secure, httponly=True, samesite="Lax"
    )
