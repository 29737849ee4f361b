"""The commands of the screen: the shared table, and the keys of its widgets."""

from collections.abc import Mapping
from typing import Final

from tui_chat.ui.composing.keys import KEYS
from tui_chat.ui.keys.pane_keys import PANE_KEYS
from tui_chat.ui.transcript.keys import VIEW_KEYS
from tui_chat.workspace.command import Command
from tui_chat.workspace.command_table import commands_for
from tui_chat.workspace.front_end import FrontEnd

COMMANDS: Final[tuple[Command, ...]] = (*KEYS, *commands_for(FrontEnd.SCREEN), *VIEW_KEYS, *PANE_KEYS)
BY_ID: Final[Mapping[str, Command]] = {command.id: command for command in COMMANDS}
