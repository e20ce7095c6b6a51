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

from tests.web.house import AT
from tracker.models import Dossier, IncidentImport, Proposal, SavedView, User

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
WATCHERS = doors(  # whoever has signed in and may see it
    shut="             in        404      ok     ok      ok       ok    ok",
    far="              in        404      404    404     404      404   ok",
    open_="            in        ok       ok     ok      ok       ok    ok",
)
LOOKERS = doors(  # members who have signed in
    shut="             in        404      ok     ok      ok       ok    ok",
    far="              in        404      404    404     404      404   ok",
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


LISTED = doors(  # who belongs to a dossier is for those who do
    shut="             in        404      ok     ok      ok       ok    ok",
    far="              in        404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)
FILED = doors(  # a source's file, or an earlier version: whole texts are for members; here is none
    shut="             404       404      404    404     404      404   404",
    far="              404       404      404    404     404      404   404",
    open_="            in        403      403    403     403      403   404",
)
KEPT = doors(  # a member, where there is one
    shut="             in        404      403    403     403      ok    ok",
    far="              in        404      404    404     404      404   404",
    open_="            in        403      403    403     403      403   404",
)
INVITATIONS = doors(  # one that there is not
    shut="             in        404      403    403     403      404   404",
    far="              in        404      404    404     404      404   404",
    open_="            in        403      403    403     403      403   404",
)
UNDOERS = doors(  # that a dossier was opened is its owners' to undo, and here nobody's
    shut="             in        404      403    403     403      404   404",
    far="              in        404      404    404     404      404   404",
    open_="            in        403      403    403     403      403   404",
)
DECIDERS = doors(  # of what others propose
    shut="             in        404      403    403     ok       ok    ok",
    far="              in        404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)
ANALYSTS = door("      in        403      403    ok      ok       ok    ok")  # in any dossier
UNENTERED = doors(  # an import that is to be undone, and is not entered yet
    shut="             in        404      403    go      go       go    go",
    far="              in        404      404    404     404      404   go",
    open_="            in        403      403    403     403      403   go",
)
FILES_OF_IMPORTS = doors(
    shut="             404       404      403    ok      ok       ok    ok",
    far="              404       404      404    404     404      404   ok",
    open_="            in        403      403    403     403      403   ok",
)
SITE = door("          in        404      404    404     404      404   ok")
AGAIN = door("         in        go       go     go      go       go    go")  # asks who it is
NOTHING_YET = door("   in        404      404    404     404      404   404")
MISSING = door("       404       404      404    404     404      404   404")
NOBODY = "00000000-0000-0000-0000-000000000000"


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
    posts: Door | Doors | None = None  # where fewer may send than may look
    is_one_click: bool = False  # taken from a mail program, which has no form of ours (RFC 8058)


def form(
    who: Door | Doors,
    where: Callable[[str], dict[str, str]] = lambda _: {},
    sends: Callable[[str], dict[str, str]] = lambda _: {},
    *,
    is_one_click: bool = False,
) -> Row:
    """A page with a form."""
    return Row(who, where, ("GET", "HEAD", "POST"), sends, is_one_click=is_one_click)


def slug(dossier: str) -> dict[str, str]:
    return {"slug": dossier}


def pledge(dossier: str) -> dict[str, str]:
    return {"ref": f"{dossier.upper()}-HALT"}


def of_dossier(dossier: str) -> dict[str, str]:
    return {"dossier": dossier}


def noun(dossier: str) -> dict[str, str]:
    return {"dossier": dossier, "noun": "source"}


def typed_source(dossier: str) -> dict[str, str]:
    return {"title": "A letter", "kind": "other", "reliability": "F", "public": "2026-03-01 UTC"}


def typed_trigger(dossier: str) -> dict[str, str]:
    return {"title": "A signature", "kind": "signature", "public": "2026-03-01 UTC"}


def fact(dossier: str) -> dict[str, str]:
    return noun(dossier) | {"key": "readout"}


def deed(dossier: str) -> dict[str, str]:
    return fact(dossier) | {"deed": "withdraw"}


def person(dossier: str) -> dict[str, str]:
    return {"uid": str(User.objects.get(email="reader@example.org").uid)}


def owner(dossier: str) -> dict[str, str]:
    """Who owns ``shut``, and is no member elsewhere."""
    return slug(dossier) | {"uid": str(User.objects.get(email="owner@example.org").uid)}


def invitation(dossier: str) -> dict[str, str]:
    return slug(dossier) | {"uid": NOBODY}


def source(dossier: str) -> dict[str, str]:
    return {"dossier": dossier, "key": "readout"}


def shared(_: str) -> dict[str, str]:
    """A view of the analyst's whose link is for others."""
    owner = User.objects.get(email="analyst@example.org")
    made = {"name": "Halts", "filters": {"act": ["halt"]}, "made_at": AT, "changed_at": AT}
    view, _new = SavedView.objects.get_or_create(owner=owner, is_shared=True, defaults=made)
    return {"uid": str(view.uid)}


def proposed(dossier: str) -> dict[str, str]:
    """What the analyst proposed there, whatever became of it."""
    one = Dossier.objects.get(slug=dossier)
    by = User.objects.get(email="analyst@example.org")
    made = {"title": "A change", "made_at": AT}
    row, _new = Proposal.objects.get_or_create(dossier=one, by=by, defaults=made)
    return {"uid": str(row.uid)}


def imported(dossier: str) -> dict[str, str]:
    """A table that the analyst chose there, which is not entered yet."""
    one = Dossier.objects.get(slug=dossier)
    by = User.objects.get(email="analyst@example.org")
    content = b"date,notes\n2026-03-01,A shot\n"
    made = {"content": content, "size": len(content), "sha256": "0" * 64, "made_at": AT, "by": by}
    row, _new = IncidentImport.objects.get_or_create(dossier=one, file_name="t.csv", defaults=made)
    return {"uid": str(row.uid)}


TABLE: dict[str, Row] = {
    "time": Row(ALL),
    "pledge_new": form(ANALYSTS),
    "pledge_bulk": form(ANALYSTS),
    "term_preview": form(EDITORS, of_dossier),
    # Tables of incidents, and what they may bear on.
    "imports": form(ANALYSTS),
    "import_new": form(ANALYSTS),
    "import_one": form(EDITORS, imported),
    "import_undo": form(UNENTERED, imported),
    "import_file": Row(FILES_OF_IMPORTS, imported),
    "matches": form(EDITORS, of_dossier, lambda d: {"pair": f"shot {d.upper()}-HALT"}),
    "healthz": Row(ALL),
    "readyz": Row(ALL, ok=(200, 503)),
    "board": Row(ALL),
    "keys": Row(ALL),
    "look": Row(ALL, takes=("POST",)),
    "news": Row(ALL),
    "search": Row(ALL),
    "dossier": Row(SEERS, slug),
    "pledge": Row(SEERS, pledge),
    "pledge_compliance": Row(SEERS, pledge),
    "pledge_numbers": Row(SEERS, pledge),
    "dossier_compliance": Row(SEERS, slug),
    "dossier_numbers": Row(SEERS, slug),
    "party": Row(ALL, lambda _: {"slug": "alpha"}),
    "source": Row(SEERS, source),
    "source_file": Row(FILED, source),
    "source_difference": Row(FILED, source),
    "source_quote": form(
        EDITORS, source, lambda _: {"quotation": "whole text", "noun": "position"}
    ),
    "source_suggestions": form(
        EDITORS, source, lambda _: {"start": "0", "end": "9", "kind": "demand"}
    ),
    # Single facts, and what they are entered in.
    "dossier_new": form(OWNERS),
    "dossier_edit": form(KEEPERS, slug),
    "dossier_freshness": form(KEEPERS, slug),
    "facts": Row(MEMBERS, of_dossier),
    "facts_of": Row(MEMBERS, noun),
    "fact": Row(MEMBERS, fact),
    "source_new": form(EDITORS, of_dossier, typed_source),
    "fact_new": form(EDITORS, lambda d: noun(d) | {"noun": "trigger"}, typed_trigger),
    "fact_edit": form(EDITORS, fact),
    "fact_deed": form(EDITORS, deed),
    "party_new": form(ANALYSTS, sends=lambda _: {"name": "Gamma", "kind": "state"}),
    "party_edit": form(ANALYSTS, lambda _: {"slug": "alpha"}),
    "party_merge": form(ANALYSTS, lambda _: {"slug": "alpha"}),
    "party_part": form(door("in 403 403 go go go go"), lambda _: {"slug": "alpha"}),
    "coalition_member_new": form(ANALYSTS, lambda _: {"slug": "alpha"}),
    "coalition_member_edit": form(
        door("in 403 403 404 404 404 404"), lambda _: {"slug": "alpha", "key": "none"}
    ),
    # Who belongs to a dossier.
    "members": Row(LISTED, slug, ("GET", "HEAD", "POST"), posts=KEEPERS),
    "member": form(KEPT, owner),
    "member_end": form(KEPT, owner),
    "dossier_invitation": form(INVITATIONS, invitation),
    "invitation": form(MISSING, lambda _: {"token": "none"}),
    # What one typed and did not send; undoing one's last change.
    "drafts": Row(SIGNED_IN),
    "draft": form(door("in 404 404 404 404 404 404"), lambda _: {"uid": NOBODY}),
    "draft_save": Row(SIGNED_IN, takes=("POST",)),
    "draft_state": Row(SIGNED_IN),
    "undo": form(UNDOERS, lambda d: {"chain": d, "first": "1", "last": "1"}),
    # Being told.
    "alerts": form(SIGNED_IN),
    "alert": form(door("in 404 404 404 404 404 404"), lambda _: {"pk": "999999"}),
    "alert_settings": form(SIGNED_IN),
    "webhook": form(SIGNED_IN),
    "unverified_queue": Row(SIGNED_IN),
    "expired_queue": Row(SIGNED_IN),
    "contested_queue": Row(SIGNED_IN),
    # A review that there is not; who finishes which: tests/web/test_review_queue.py.
    "review_queue": Row(SIGNED_IN, takes=("GET", "HEAD", "POST"), posts=NOTHING_YET),
    # What an analyst proposed; who decides: tests/web/test_proposal.py.
    "proposal_queue": Row(SIGNED_IN),
    "proposal": Row(
        LOOKERS,
        proposed,
        ("GET", "HEAD", "POST"),
        lambda _: {"do": "decline", "why": "No source"},
        posts=DECIDERS,
    ),
    "pledge_watch": form(WATCHERS, pledge),
    "pledge_alerts": form(LOOKERS, pledge),
    "pledge_bundle": Row(LOOKERS, pledge),
    "pledge_evidence": Row(LOOKERS, pledge),
    "pledge_merge": form(EDITORS, pledge),
    "dossier_watch": form(WATCHERS, slug),
    "party_watch": form(SIGNED_IN, lambda _: {"slug": "alpha"}),
    # Saved views.
    "views": form(SIGNED_IN),
    "view_new": form(SIGNED_IN, sends=lambda _: {"name": "Halts", "act": "halt"}),
    "view": Row(ALL, shared),
    "view_edit": form(door("in 404 404 ok 404 404 404"), shared),
    "view_watch": form(SIGNED_IN, shared),
    # The links in a message.
    "mail_leave": form(MISSING, lambda _: {"token": "none"}, is_one_click=True),
    "mail_acknowledge": form(MISSING, lambda _: {"token": "none"}),
    # People, for site administrators.
    "people": form(SITE),
    "undelivered": form(SITE),
    "person": form(SITE, person),
    "person_deactivate": form(SITE, person),
    "person_deed": form(SITE, lambda dossier: person(dossier) | {"deed": "reset"}),
    # Signing in.
    "account_login": form(NOT_YET),
    "mfa_authenticate": form(door("in go go go go go go")),  # a step of signing in
    "mfa_login_webauthn": form(door("in go go go go go go")),
    "account_logout": form(door("go ok ok ok ok ok ok")),
    "account_reset_password": form(ALL),
    "account_reset_password_done": Row(ALL),
    "account_reset_password_from_key": form(MISSING, lambda _: {"uidb36": "1", "key": "wrong"}),
    "account_reset_password_from_key_done": Row(ALL),
    "account_confirm_email": form(MISSING, lambda _: {"token": "wrong"}),
    # One's own account.
    "account": form(SIGNED_IN),
    "account_data": Row(SIGNED_IN),
    "account_erasure": form(SIGNED_IN),
    "account_email": form(SIGNED_IN),
    "account_change_password": form(SIGNED_IN),
    "account_set_password": form(AGAIN),
    "account_reauthenticate": form(SIGNED_IN),
    "mfa_reauthenticate": form(AGAIN),
    "mfa_reauthenticate_webauthn": form(AGAIN),
    "mfa_index": form(AGAIN),
    "mfa_activate_totp": form(AGAIN),
    "mfa_totp_picture": Row(NOTHING_YET),
    "mfa_deactivate_totp": form(NOTHING_YET),
    "mfa_view_recovery_codes": Row(NOTHING_YET, takes=("GET",)),  # shows them once
    "mfa_generate_recovery_codes": form(AGAIN),
    "mfa_download_recovery_codes": Row(NOTHING_YET),
    "mfa_list_webauthn": form(AGAIN),
    "mfa_add_webauthn": form(AGAIN),
    "mfa_edit_webauthn": form(AGAIN, lambda _: {"pk": "1"}),
    "mfa_remove_webauthn": form(AGAIN, lambda _: {"pk": "1"}),
    # Local use: whoever sits at this machine. Behind these: tests/web/test_mailbox.py.
    "mailbox": Row(ALL),
    "mailbox_empty": form(ALL),
    "mailbox_message": Row(MISSING, lambda _: {"name": "none"}),
    "mailbox_html": Row(MISSING, lambda _: {"name": "none"}),
    "mailbox_raw": Row(MISSING, lambda _: {"name": "none"}),
    "mailbox_attachment": Row(MISSING, lambda _: {"name": "none", "number": "1"}),
}
