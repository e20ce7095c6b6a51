"""Who may see and do what: every role on an own, a foreign and a public dossier."""

from collections.abc import Callable

import pytest

from tracker.domain import access
from tracker.domain.access import ANONYMOUS, Door, Role, Viewer
from tracker.domain.errors import NotAllowed, NotFound

PRIVATE, PUBLIC = Door("own", is_public=False), Door("public", is_public=True)
STRANGER = Viewer(uid="s", roles={"other": Role.OWNER})
ADMIN = Viewer(uid="a", is_site_admin=True)


def member(role: Role, of: str = "own") -> Viewer:
    return Viewer(uid="m", roles={of: role})


@pytest.mark.parametrize("viewer", [ANONYMOUS, STRANGER])
def test_strangers_learn_nothing_of_a_private_dossier(viewer: Viewer) -> None:
    for check in (
        access.check_see,
        access.check_edit,
        access.check_own,
        access.check_read_in_full,
        access.check_see_members,
    ):
        with pytest.raises(NotFound):
            check(viewer, PRIVATE)


@pytest.mark.parametrize("viewer", [ANONYMOUS, STRANGER])
def test_anyone_sees_a_public_dossier_and_changes_nothing(viewer: Viewer) -> None:
    assert access.see(viewer, PUBLIC)
    for check in (
        access.check_edit,
        access.check_own,
        access.check_read_in_full,
        access.check_see_members,
    ):
        with pytest.raises(NotAllowed):
            check(viewer, PUBLIC)


@pytest.mark.parametrize(
    ("role", "edits", "owns"),
    [
        (Role.READER, False, False),
        (Role.ANALYST, True, False),
        (Role.REVIEWER, True, False),
        (Role.OWNER, True, True),
    ],
)
def test_what_each_role_may_do(role: Role, edits: bool, owns: bool) -> None:
    viewer = member(role)
    assert access.see(viewer, PRIVATE)
    assert access.read_in_full(viewer, PRIVATE)
    assert access.see_members(viewer, PRIVATE)
    assert access.edit(viewer, PRIVATE) is edits
    assert access.own(viewer, PRIVATE) is owns


@pytest.mark.parametrize(
    "check", [access.see, access.edit, access.own, access.read_in_full, access.see_members]
)
def test_a_site_administrator_may_do_all(check: Callable[[Viewer, Door], bool]) -> None:
    assert check(ADMIN, PRIVATE)
    assert check(ADMIN, PUBLIC)


def test_a_refusal_names_the_role_that_it_takes() -> None:
    with pytest.raises(NotAllowed, match="analyst"):
        access.check_edit(member(Role.READER), PRIVATE)
    with pytest.raises(NotAllowed, match="owner"):
        access.check_own(member(Role.REVIEWER), PRIVATE)


@pytest.mark.parametrize("viewer", [ANONYMOUS, STRANGER, member(Role.OWNER)])
def test_the_people_pages_exist_for_site_administrators_alone(viewer: Viewer) -> None:
    with pytest.raises(NotFound):
        access.check_run_site(viewer)
    access.check_run_site(ADMIN)
