"""Who must remain, and until when an invitation stands."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.errors import NotAllowed
from tracker.domain.members import (
    INVITED_FOR,
    Outcome,
    check_admin_remains,
    check_owner_remains,
    stands,
)

AT = datetime(2026, 3, 4, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("check", [check_owner_remains, check_admin_remains])
def test_the_last_one_cannot_go(check: object) -> None:
    assert callable(check)
    with pytest.raises(NotAllowed) as refused:
        check({"ann"}, "ann")
    assert "first" in refused.value.mend
    for others in (set(), {"ben"}, {"ann", "ben"}, {"ben", "cleo"}):
        check(others, "ann")  # another remains, or ann was none of them


def test_an_invitation_stands_for_fourteen_days_and_not_at_their_end() -> None:
    assert timedelta(days=14) == INVITED_FOR
    end = AT + INVITED_FOR
    assert stands(Outcome.OPEN, expires_at=end, at=AT)
    assert stands(Outcome.OPEN, expires_at=end, at=end - TICK)
    assert not stands(Outcome.OPEN, expires_at=end, at=end)
    assert not stands(Outcome.OPEN, expires_at=end, at=end + TICK)


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REVOKED])
def test_what_was_answered_stands_no_more(outcome: Outcome) -> None:
    assert not stands(outcome, expires_at=AT + INVITED_FOR, at=AT)
