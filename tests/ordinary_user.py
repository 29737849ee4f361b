"""The program run by somebody whom permissions hold back. Root passes over them; where root runs the tests, the program
runs as root without that right, which is the same to it and needs no copy that another user can read."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

_DROP: Final = """
import ctypes, os, sys
for right in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.argv[1], sys.argv[1:])
"""
SOMEBODY_ELSE: Final = 65534


def as_ordinary(argv: list[str]) -> list[str]:
    """The command, held back by permissions."""
    return argv if os.geteuid() else [sys.executable, "-c", _DROP, *argv]


def can_be_somebody_elses() -> bool:
    """Whether a file can be given away, so that it is somebody else's."""
    return os.geteuid() == 0


@cache
def is_held_back(folder: Path) -> bool:
    """Whether permissions do hold back what `as_ordinary` runs; tried in this folder."""
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0)
    look = "import os,sys; os.listdir(sys.argv[1])"
    done = subprocess.run(
        as_ordinary([sys.executable, "-c", look, str(closed)]), capture_output=True, check=False, timeout=30
    )
    closed.rmdir()
    return b"PermissionError" in done.stderr
