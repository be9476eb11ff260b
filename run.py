#!/usr/bin/env python3
"""Sets Mingshu up in this folder and runs it; see `python3 run.py help`.

Only the standard library until the environment stands.
"""

import os
import shutil
import sys

OLDEST = (3, 11)


def newer_python():
    """Another Python on PATH that is new enough, or None."""
    for minor in range(14, OLDEST[1] - 1, -1):
        path = shutil.which("python3.{}".format(minor))
        if path:
            return path
    return None


def main():
    """Hand over to a Python that is new enough, then to the launcher."""
    if sys.version_info < OLDEST:
        other = newer_python()
        if other:
            os.execv(other, [other, os.path.abspath(__file__), *sys.argv[1:]])
        sys.exit(
            "Mingshu needs Python {}.{} or newer; this is {}.{} ({}).\n"
            "On Debian 12 or Ubuntu 24.04: apt install python3 python3-venv".format(
                *OLDEST, *sys.version_info[:2], sys.executable
            )
        )
    from launcher.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
