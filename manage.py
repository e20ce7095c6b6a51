#!/usr/bin/env python
"""The command line. `up` starts everything and is answered here, since it loads no Django."""

import os
import sys


def main() -> int:
    if sys.argv[1:2] == ["up"]:
        from tracker.config.supervisor import main as up

        return up()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.config.settings")
    from django.core.management import execute_from_command_line

    from tracker.config.environment import SettingsError

    try:
        execute_from_command_line(sys.argv)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
