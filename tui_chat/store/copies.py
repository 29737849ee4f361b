"""Files of ours that hold conversations as they were, and that no deletion changes: how they are found and named.

They are made before a change of form and after damage, so that nothing is lost; whoever deletes a conversation is told
of them.
"""

import contextlib
from pathlib import Path
from typing import Final

from tui_chat.chat.ports import KeptCopy

BEFORE_NEW_FORM: Final = ".format-"
"""Before the number of steps that a copy has taken."""
DAMAGED: Final = ".corrupt-"
"""Before the time at which a damaged file was put aside."""


def rescued(path: Path) -> Path:
    """The file that takes the place of a damaged one once all that can be read is in it."""
    return path.with_name(f".{path.name}.rescued")


def copies_of(path: Path) -> tuple[KeptCopy, ...]:
    """The copies beside the conversations file, with their companions, the oldest first."""
    found: list[KeptCopy] = []
    for pattern in (f"{path.name}{BEFORE_NEW_FORM}*", f"{path.name}{DAMAGED}*", f"{rescued(path).name}*"):
        for file in path.parent.glob(pattern):
            with contextlib.suppress(OSError):
                found.append(KeptCopy(file, file.stat().st_mtime))
    return tuple(sorted(found, key=lambda copy: (copy.made_at, copy.path)))
