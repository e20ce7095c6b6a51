"""What becomes of a proposed change in a dossier with four eyes."""

from enum import StrEnum


class Standing(StrEnum):
    """Only an open one can be decided; what was decided stays."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by who proposed it
