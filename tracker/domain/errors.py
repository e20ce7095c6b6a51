"""Refusals: what is wrong, where, and how to mend it."""


class DomainError(ValueError):
    """A refusal by a rule. ``message`` says what is wrong, ``field`` where, ``mend`` what to do."""

    def __init__(self, message: str, *, field: str | None = None, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class Invalid(DomainError):
    """What was entered cannot be understood or breaks a rule."""


class Conflict(DomainError):
    """Somebody else changed the record since it was read."""


class NotAllowed(DomainError):
    """The person may see the record but may not do this to it."""


class NotFound(DomainError):
    """There is no such record, or the person may not know of it."""
