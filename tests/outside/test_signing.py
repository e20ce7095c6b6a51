"""Signatures, against the example that libraries for Standard Webhooks are tested with."""

from base64 import b64decode

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
