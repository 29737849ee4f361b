"""What is wrong with keys that a person wants, as all commands together tell it."""

from collections.abc import Mapping

from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.keys.own_keys import key_problems, read_own_keys


def faults_of_keys(given: Mapping[str, tuple[str, ...]], leader: str) -> tuple[str, ...]:
    """A sentence for each fault of such a table of keys, and of this leader."""
    own, unreadable = read_own_keys(given, leader)
    return *unreadable, *key_problems(COMMANDS, own)
