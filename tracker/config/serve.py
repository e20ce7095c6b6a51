"""`python -m tracker.config.serve web|worker|beat`: become that process. For service managers."""

import os
import sys

from . import environment
from .processes import COMMANDS, python


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Say which process: {', '.join(COMMANDS)}.")
    environment.read_or_exit()
    argv = python(*COMMANDS[sys.argv[1]])
    os.execv(argv[0], argv)  # noqa: S606 (no shell is meant)


if __name__ == "__main__":
    main()
