"""The commands that make people: they can be run again, and no password passes through them."""

import re
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.actions.house import bare
from tests.actions.people import holds, person
from tracker.models import LedgerEntry, Membership, User
from tracker.selectors import people

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def link_in(said: str) -> str:
    found = re.search(r"http://localhost:\d+(/new-password/\S+)", said)
    assert found is not None
    return found[1]


class TestSiteAdmin:
    def test_makes_one_and_prints_a_link_that_sets_a_password(self) -> None:
        said = run("siteadmin", "Ada@Example.org", "--name", "Ada Lovelace")
        ada = User.objects.get()
        assert (ada.email, ada.name, ada.is_site_admin) == ("ada@example.org", "Ada Lovelace", True)
        assert not ada.has_usable_password()
        typed = {"password1": "a difference engine", "password2": "a difference engine"}
        client = Client()
        page = client.get(link_in(said), follow=True).request["PATH_INFO"]
        assert client.post(page, typed).status_code == 302
        ada.refresh_from_db()
        assert ada.check_password("a difference engine")
        holds("people")

    def test_again_changes_nothing_and_prints_another_link_until_a_password_is_set(self) -> None:
        run("siteadmin", "ada@example.org", "--name", "Ada")
        before = LedgerEntry.objects.count()
        link_in(run("siteadmin", "ada@example.org", "--name", "Other"))
        assert LedgerEntry.objects.count() == before
        assert User.objects.get().name == "Ada"

    def test_promotes_an_account_whose_password_stays(self) -> None:
        ann = person("ann")
        said = run("siteadmin", "ANN@example.org")
        assert "/new-password/" not in said
        assert people.admins() == {str(ann.uid)}
        assert "/new-password/" in run("siteadmin", "ann@example.org", "--link")
        ann.refresh_from_db()
        assert ann.check_password("correct horse battery staple")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("ada@example.org",), "needs a name"),
            (("ada", "--name", "Ada"), "no e-mail address"),
            (("gone@example.org",), "deactivated"),
        ],
    )
    def test_says_what_is_wrong(self, arguments: tuple[str, ...], words: str) -> None:
        User.objects.create_user("gone@example.org", name="Gone", is_active=False)
        with pytest.raises(CommandError, match=words):
            run("siteadmin", *arguments)
        assert people.admins() == set()


class TestDemoUser:
    def test_makes_both_logins_and_can_be_run_again(self, settings: Any, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path
        bare()
        passwords = []
        for _ in range(2):
            run("demouser")
            for name, email in (
                ("demo-login", "demo@localhost"),
                ("admin-login", "admin@localhost"),
            ):
                path = tmp_path / name
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
                told, password = path.read_text().split()
                assert told == email
                assert User.objects.get(email=email).check_password(password)
                passwords.append(password)
        assert len(set(passwords)) == 4
        assert User.objects.count() == 2
        demo, admin = (User.objects.get(email=f"{n}@localhost") for n in ("demo", "admin"))
        assert (demo.is_site_admin, admin.is_site_admin) == (False, True)
        assert Membership.objects.get().user == demo
        holds("case", "people")

    def test_production_has_none(self, settings: Any) -> None:
        settings.IS_PRODUCTION = True
        with pytest.raises(CommandError, match="local use"):
            run("demouser")
        assert not User.objects.exists()
