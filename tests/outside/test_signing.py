"""Signatures, against the example that libraries for Standard Webhooks are tested with."""

import re
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

from tracker.outside.signing import new_secret, signature


def test_the_specifications_own_example() -> None:
    made = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_id_time_and_body_are_signed_together() -> None:
    secret = new_secret()
    given = ("a", "1", b"2")
    for other in (("b", "1", b"2"), ("a", "2", b"2"), ("a", "1", b"3"), ("a.1", "", b"2")):
        assert signature(secret, *other) != signature(secret, *given)
    assert signature(new_secret(), *given) != signature(secret, *given)


def test_a_secret_is_long_and_new() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(b64decode(one.removeprefix("whsec_"))) for one in made} == {32}


def test_what_the_docs_tell_programs_to_check_holds_and_finds_what_is_false() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "watch.md").read_text()
    (code,) = re.findall(r"```python\n(.+?)```", page, flags=re.DOTALL)
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102 (the page's own)
    secret, stamp = new_secret(), str(int(time.time()))
    headers = {
        "webhook-id": "a",
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, "a", stamp, b"{}"),
    }
    assert known["is_ours"](secret, headers, b"{}")
    assert not known["is_ours"](secret, headers, b"{} ")
    assert not known["is_ours"](new_secret(), headers, b"{}")
    assert not known["is_ours"](secret, headers | {"webhook-id": "b"}, b"{}")
    old = str(int(stamp) - 600)
    late = {"webhook-timestamp": old, "webhook-signature": signature(secret, "a", old, b"{}")}
    assert not known["is_ours"](secret, headers | late, b"{}")
