#!/usr/bin/env python3
"""Run a management command of Lianxin, with the virtual environment beside this file where Django is not at hand."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    python = here / ".venv" / "bin" / "python"
    if find_spec("django") is None:
        if not python.exists():
            sys.exit("Lianxin is not set up yet. Run: make setup")
        os.execv(python, [str(python), *sys.argv])  # noqa: S606  the same command again, inside the environment
    os.umask(0o077)  # what is kept in DATA is for this account alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
