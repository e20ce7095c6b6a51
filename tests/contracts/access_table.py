"""Who gets what at each address: one row per name of the urlconf. New addresses are entered here.

A row says how to build the address in a dossier, and who gets in: a Door for each dossier, read in
the order of VISITORS. An address that belongs to no dossier has one Door for itself.

    ok   GET and HEAD: 200. POST: it is taken, or sent back to be mended (200, 302, 409, 422)
    in   sent to sign in, and from there back
    go   sent on, because there is nothing to do here
    400 to 599: that refusal
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# Nobody has a role in ``far`` or ``open``; ``shut`` and ``far`` are private, ``open`` is public.
DOSSIERS = ("shut", "far", "open")
VISITORS = ("anonymous", "stranger", "reader", "analyst", "reviewer", "owner", "admin")

Door = tuple[str, ...]
Doors = Mapping[str, Door]


def door(text: str) -> Door:
    """What each of VISITORS gets."""
    found = tuple(text.split())
    assert len(found) == len(VISITORS), text
    return found


def doors(*, shut: str, far: str, open_: str) -> Doors:
    return {"shut": door(shut), "far": door(far), "open": door(open_)}


#                     anonymous stranger reader analyst reviewer owner admin
ALL = door("           ok        ok       ok     ok      ok       ok    ok")
SIGNED_IN = door("     in        ok       ok     ok      ok       ok    ok")
NOT_YET = door("       ok        go       go     go      go       go    go")  # sign-in and such
OWNERS = door("        in        403      403    403     403      ok    ok")  # owner of any dossier
ADMINS = door("        in        403      403    403     403      403   ok")
SEERS = doors(  # whoever may see the dossier
    shut="             404       404      ok     ok      ok       ok    ok",
    far="              404       404      404    404     404      404   ok",
    open_="            ok        ok       ok     ok      ok       ok    ok",
)
MEMBERS = doors(  # readers and above look behind the pages
    shut="             404       404      ok     ok      ok       ok    ok",
    far="              404       404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)
EDITORS = doors(  # forms: whoever has not signed in is asked to, wherever it is
    shut="             in        404      403    ok      ok       ok    ok",
    far="              in        404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)
KEEPERS = doors(  # forms of owners: members, publication
    shut="             in        404      403    403     403      ok    ok",
    far="              in        404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)


@dataclass(frozen=True, slots=True)
class Row:
    """``where`` names the address's parts, given a dossier's slug. ``takes``: the methods.

    ``sends`` is what a good form would send; by default nothing, which a form sends back. Both may
    read the database: the house is built, and each of VISITORS is there as NAME@example.org.
    """

    who: Door | Doors
    where: Callable[[str], dict[str, str]] = lambda _: {}
    takes: tuple[str, ...] = ("GET", "HEAD")
    sends: Callable[[str], dict[str, str]] = lambda _: {}
    ok: tuple[int, ...] = field(default=(200,))


def form(
    who: Door | Doors,
    where: Callable[[str], dict[str, str]] = lambda _: {},
    sends: Callable[[str], dict[str, str]] = lambda _: {},
) -> Row:
    """A page with a form."""
    return Row(who, where, ("GET", "HEAD", "POST"), sends)


def slug(dossier: str) -> dict[str, str]:
    return {"slug": dossier}


def pledge(dossier: str) -> dict[str, str]:
    return {"ref": f"{dossier.upper()}-HALT"}


def source(dossier: str) -> dict[str, str]:
    return {"dossier": dossier, "key": "readout"}


TABLE: dict[str, Row] = {
    "healthz": Row(ALL),
    "readyz": Row(ALL, ok=(200, 503)),
    "board": Row(ALL),
    "dossier": Row(SEERS, slug),
    "pledge": Row(SEERS, pledge),
    "party": Row(ALL, lambda _: {"slug": "alpha"}),
    "source": Row(SEERS, source),
    "sign_in": form(NOT_YET),
    "sign_out": form(ALL),
}
