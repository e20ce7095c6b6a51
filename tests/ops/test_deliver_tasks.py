"""The outbox's tasks: one for mail, and one for webhooks that never runs twice on a machine."""

import multiprocessing
from collections.abc import Callable
from typing import Any

import pytest

from tracker.actions import deliveries
from tracker.tasks import delivery


@pytest.fixture
def drained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    def drain(*, now: Callable[[], Any], within: float, channels: tuple[str, ...]) -> int:
        found.append(channels)
        if len(found) == 1 and channels == ("webhook",):
            delivery.deliver_webhooks()  # while the first is at it
            delivery.deliver()
        return 0

    monkeypatch.setattr(deliveries, "drain", drain)
    return found


def test_webhooks_are_sent_by_one_at_a_time_and_mail_does_not_wait(
    drained: list[tuple[str, ...]],
) -> None:
    delivery.deliver_webhooks()
    assert drained == [("webhook",), ("mail",)]
    delivery.deliver_webhooks()
    assert drained[-1] == ("webhook",)


@pytest.mark.processes
def test_the_lock_ends_with_the_process_that_held_it(drained: list[tuple[str, ...]]) -> None:
    drained.append(("none",))
    fork = multiprocessing.get_context("fork")
    theirs, ours = fork.Pipe()

    def hold() -> None:
        with delivery._alone() as is_mine:
            theirs.send(is_mine)
            theirs.recv()

    holder = fork.Process(target=hold)
    holder.start()
    try:
        assert ours.recv() is True
        delivery.deliver_webhooks()
        assert drained == [("none",)]
    finally:
        holder.kill()
        holder.join()
    delivery.deliver_webhooks()
    assert drained[-1] == ("webhook",)
