"""What can go wrong with a call, told apart by what the other side may have got of it.

An address that may not be called at all is domain.errors.Invalid, as where it is entered.
"""

from tracker.domain.errors import DomainError


class Unreachable(DomainError):
    """Nobody answers, or not as who was meant: nothing was sent."""


class CutOff(DomainError):
    """The request was sent, and no whole answer came: it may have been taken."""


class Unfit(DomainError):
    """The answer is beyond what is read of any: its size, its headers, where it leads."""
