"""Every address of the app, for every visitor. An address that is not listed here fails."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web import house
from tracker.models import User

NOBODY = "00000000-0000-4000-8000-000000000000"
VISITORS = ("anonymous", "stranger", "member")

# name → (arguments, status for anonymous, stranger, member)
ADDRESSES: dict[str, list[tuple[dict[str, str], tuple[int, int, int]]]] = {
    "healthz": [({}, (200, 200, 200))],
    "readyz": [],  # depends on a broker: tests/ops
    "board": [({}, (200, 200, 200))],
    "dossier": [
        ({"slug": "open"}, (200, 200, 200)),
        ({"slug": "shut"}, (404, 404, 200)),
    ],
    "dossier_new": [({}, (302, 403, 403))],
    "dossier_edit": [
        ({"slug": "open"}, (302, 403, 403)),
        ({"slug": "shut"}, (302, 404, 403)),
    ],
    "pledge": [
        ({"ref": "OPEN-HALT"}, (200, 200, 200)),
        ({"ref": "SHUT-HALT"}, (404, 404, 200)),
    ],
    "party": [({"slug": "alpha"}, (200, 200, 200))],
    "party_new": [({}, (302, 403, 403))],
    "party_edit": [({"slug": "alpha"}, (302, 403, 403))],
    "coalition_member_new": [({"slug": "alpha"}, (302, 403, 403))],
    "coalition_member_edit": [({"slug": "alpha", "key": "alpha.beta"}, (302, 403, 403))],
    "source": [
        ({"dossier": "open", "key": "readout"}, (200, 200, 200)),
        ({"dossier": "shut", "key": "readout"}, (404, 404, 200)),
    ],
    "facts": [
        ({"dossier": "open"}, (302, 403, 403)),
        ({"dossier": "shut"}, (404, 404, 200)),
    ],
    "facts_of": [
        ({"dossier": "open", "noun": "source"}, (302, 403, 403)),
        ({"dossier": "shut", "noun": "source"}, (404, 404, 200)),
    ],
    "fact": [
        ({"dossier": "open", "noun": "source", "key": "readout"}, (302, 403, 403)),
        ({"dossier": "shut", "noun": "source", "key": "readout"}, (404, 404, 200)),
    ],
    "fact_new": [
        ({"dossier": "open", "noun": "source"}, (302, 403, 403)),
        ({"dossier": "shut", "noun": "source"}, (302, 404, 403)),
    ],
    "fact_edit": [
        ({"dossier": "open", "noun": "source", "key": "readout"}, (302, 403, 403)),
        ({"dossier": "shut", "noun": "source", "key": "readout"}, (302, 404, 403)),
    ],
    "fact_deed": [
        (
            {"dossier": "open", "noun": "source", "key": "readout", "deed": "withdraw"},
            (302, 403, 403),
        ),
        (
            {"dossier": "shut", "noun": "source", "key": "readout", "deed": "withdraw"},
            (302, 404, 403),
        ),
    ],
    # Local use: whoever sits at this machine. Behind these: tests/web/test_mailbox.py.
    "mailbox": [({}, (200, 200, 200))],
    "mailbox_empty": [({}, (200, 200, 200))],
    "mailbox_message": [({"name": "none"}, (404, 404, 404))],
    "mailbox_html": [({"name": "none"}, (404, 404, 404))],
    "mailbox_raw": [({"name": "none"}, (404, 404, 404))],
    "mailbox_attachment": [({"name": "none", "number": "1"}, (404, 404, 404))],
    "members": [
        ({"slug": "open"}, (302, 403, 403)),
        ({"slug": "shut"}, (302, 404, 200)),
    ],
    "member": [({"slug": "shut", "uid": NOBODY}, (302, 404, 403))],
    "member_end": [({"slug": "shut", "uid": NOBODY}, (302, 404, 403))],
    "dossier_invitation": [({"slug": "shut", "uid": NOBODY}, (302, 404, 403))],
    "invitation": [({"token": "none"}, (404, 404, 404))],
    "set_password": [({"uid": NOBODY, "token": "none"}, (404, 404, 404))],
    "people": [({}, (302, 404, 404))],
    "person": [({"uid": NOBODY}, (302, 404, 404))],
    "person_deactivate": [({"uid": NOBODY}, (302, 404, 404))],
    "person_deed": [({"uid": NOBODY, "deed": "erase"}, (302, 404, 404))],
    "account_data": [({}, (302, 200, 200))],
    "account_erasure": [({}, (302, 200, 200))],
    "account_login": [({}, (200, 302, 302))],
    "mfa_authenticate": [({}, (302, 302, 302))],  # a step of signing in
    "mfa_login_webauthn": [({}, (302, 302, 302))],
    "account_logout": [({}, (302, 200, 200))],
    "account_reset_password": [({}, (200, 200, 200))],
    "account_reset_password_done": [({}, (200, 200, 200))],
    "account_reset_password_from_key": [({"uidb36": "1", "key": "wrong"}, (404, 404, 404))],
    "account_reset_password_from_key_done": [({}, (200, 200, 200))],
    "account_confirm_email": [({"token": "wrong"}, (404, 404, 404))],
    "account": [({}, (302, 200, 200))],
    "account_email": [({}, (302, 200, 200))],
    "account_change_password": [({}, (302, 200, 200))],
    "account_set_password": [({}, (302, 302, 302))],  # asks again who it is
    "account_reauthenticate": [({}, (302, 200, 200))],
    "mfa_reauthenticate": [({}, (302, 302, 302))],
    "mfa_reauthenticate_webauthn": [({}, (302, 302, 302))],
    "mfa_index": [({}, (302, 302, 302))],
    "mfa_activate_totp": [({}, (302, 302, 302))],
    "mfa_totp_picture": [({}, (302, 404, 404))],
    "mfa_deactivate_totp": [({}, (302, 404, 404))],
    "mfa_view_recovery_codes": [({}, (302, 404, 404))],
    "mfa_generate_recovery_codes": [({}, (302, 302, 302))],
    "mfa_download_recovery_codes": [({}, (302, 404, 404))],
    "mfa_list_webauthn": [({}, (302, 302, 302))],
    "mfa_add_webauthn": [({}, (302, 302, 302))],
    "mfa_edit_webauthn": [({"pk": "1"}, (302, 302, 302))],
    "mfa_remove_webauthn": [({"pk": "1"}, (302, 302, 302))],
}


def names(patterns: list[URLPattern | URLResolver]) -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += names(pattern.url_patterns)
        else:
            found.append(str(pattern.name))
    return found


def test_every_address_is_listed() -> None:
    assert sorted(names(get_resolver().url_patterns)) == sorted(ADDRESSES)


@pytest.fixture
def visitors(db: None) -> dict[str, Client]:
    house.load(house.PARTIES)
    house.dossier("open", public=True)
    house.dossier("shut", public=False)
    clients = {name: Client() for name in VISITORS}
    clients["stranger"].force_login(house.person("bob"))
    clients["member"].force_login(house.person("alice", shut="reader"))
    assert User.objects.count() == 2
    return clients


def test_each_address_answers_each_visitor_as_listed(visitors: dict[str, Client]) -> None:
    found = {
        (name, str(arguments)): tuple(
            visitors[who].get(reverse(name, kwargs=arguments)).status_code for who in VISITORS
        )
        for name, cases in ADDRESSES.items()
        for arguments, _ in cases
    }
    assert found == {
        (name, str(arguments)): statuses
        for name, cases in ADDRESSES.items()
        for arguments, statuses in cases
    }


def test_nothing_is_written_by_reading(visitors: dict[str, Client]) -> None:
    from tracker.models import LedgerEntry

    before = LedgerEntry.objects.count()
    for name, cases in ADDRESSES.items():
        for arguments, _ in cases:
            visitors["member"].get(reverse(name, kwargs=arguments))
    assert LedgerEntry.objects.count() == before
