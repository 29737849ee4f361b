"""Every option, once: its names, its value, its meaning, where it means something, and the setting that it overrides.

The parsers, what the options before a command swallow, and the overrides handed to the settings come from this table.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tui_chat.cli.arguments import DEMO_PORT
from tui_chat.cli.commands import Command
from tui_chat.cli.flag_values import dollars, seconds, whole


class Flag(msgspec.Struct, frozen=True):
    """One option."""

    names: tuple[str, ...]
    """The long name last: messages call it so."""
    field: str
    """The field that holds its value, of the command's arguments or of `CommandLine`."""
    meaning: str
    commands: frozenset[Command]
    """Where it means something, and is listed by `--help`."""
    metavar: str = ""
    """Empty takes no value."""
    read: Callable[[str], object] = str
    """The value from the word that was typed."""
    choices: tuple[str, ...] | None = None
    stands_for: object = True
    """The value of one that takes none."""
    repeats: bool = False
    """May be given more than once; the field holds all of them."""
    setting: str = ""
    """The setting that it overrides; empty where it is none."""
    is_shared: bool = False
    """Every command takes it, also one in which it means nothing."""
    is_alternative: bool = False
    """Refused beside another alternative for the same field."""

    @property
    def takes_value(self) -> bool:
        """Whether the next word belongs to it."""
        return bool(self.metavar or self.choices)

    @property
    def long_name(self) -> str:
        """The name without an abbreviation."""
        return self.names[-1]


def _in(*commands: Command) -> frozenset[Command]:
    return frozenset(commands)


_CHATTING: Final = _in(Command.CHAT, Command.ASK)
_SHOWING: Final = _CHATTING | _in(Command.CONFIG)
_REACHING: Final = _SHOWING | _in(Command.MODELS)
_LISTINGS: Final = frozenset(
    command for command in Command if command not in (Command.CHAT, Command.ASK, Command.HISTORY_EXPORT, Command.DEMO)
)

FLAGS: Final[tuple[Flag, ...]] = (
    Flag(("-f", "--file"), "files", "attach a file (repeatable)", _in(Command.ASK), metavar="PATH", repeats=True),
    Flag(("--json",), "form", "one JSON object when done", _in(Command.ASK), stands_for="json",
         is_alternative=True),
    Flag(("--stream-json",), "form", "a JSON object a line as it runs", _in(Command.ASK), stands_for="stream-json",
         is_alternative=True),
    Flag(("--no-save",), "no_save", "keep nothing of it", _in(Command.ASK)),
    Flag(("--timeout",), "timeout_s", "give up after this long", _in(Command.ASK), metavar="SECONDS", read=seconds),
    Flag(("--retries",), "retries", "how often to try again (0 turns it off)", _in(Command.ASK), metavar="N",
         read=whole, setting="retries"),
    Flag(("--max-cost",), "max_cost_usd", "stop before the answer costs more", _in(Command.ASK), metavar="USD",
         read=dollars),
    Flag(("--refresh",), "refresh", "ask the gateway, also where the list is recent", _in(Command.MODELS)),
    Flag(("--limit",), "limit", "only the newest N", _in(Command.HISTORY_LIST), metavar="N", read=whole),
    Flag(("--format",), "format", "the form (default: markdown)", _in(Command.HISTORY_EXPORT),
         choices=("markdown", "json")),
    Flag(("-o", "--output"), "output", "a file that does not exist yet (default: print it)",
         _in(Command.HISTORY_EXPORT), metavar="PATH"),
    Flag(("--json",), "format", "the same as --format json", _in(Command.HISTORY_EXPORT), stands_for="json"),
    Flag(("--days",), "days", "only the last N days", _in(Command.USAGE), metavar="N", read=whole),
    Flag(("--port",), "port", f"0 picks a free one (default: {DEMO_PORT})", _in(Command.DEMO), metavar="PORT",
         read=whole),
    Flag(("--json",), "as_json", "for programs", _LISTINGS),
    Flag(("-m", "--model"), "model", "the model to ask", _SHOWING, metavar="ID", setting="model", is_shared=True),
    Flag(("--base-url",), "base_url", "the gateway (SOLROUTER_BASE_URL)", _REACHING, metavar="URL",
         setting="base_url", is_shared=True),
    Flag(("-s", "--system"), "system", "the system prompt", _SHOWING, metavar="TEXT", setting="system",
         is_shared=True),
    Flag(("-c", "--continue"), "continue_latest", "the latest conversation", _CHATTING, is_shared=True),
    Flag(("-r", "--resume"), "resume_id", "a conversation; a unique prefix is enough", _CHATTING, metavar="ID",
         is_shared=True),
    Flag(("--temporary",), "is_temporary", "write nothing", _CHATTING | _in(Command.MODELS), is_shared=True),
    Flag(("--theme",), "theme", "the colours", _in(Command.CHAT, Command.CONFIG), metavar="NAME", setting="theme",
         is_shared=True),
    Flag(("--config",), "config_file", "settings from this file", frozenset(Command) - _in(Command.DEMO),
         metavar="FILE", is_shared=True),
    Flag(("--tools",), "tools", "tools offered to the model: a JSON array", _SHOWING, metavar="FILE",
         setting="tools", is_shared=True),
    Flag(("--plain",), "plain", "a chat in lines, for screen readers; by itself where TERM is dumb or not set",
         _in(Command.CHAT, Command.CONFIG), setting="plain", is_shared=True),
)  # fmt: skip


def flags_of(command: Command) -> Iterable[Flag]:
    """The flags that a command takes."""
    return (flag for flag in FLAGS if flag.is_shared or command in flag.commands)


TAKES_VALUE: Final[Mapping[str, bool]] = {name: flag.takes_value for flag in FLAGS for name in flag.names}
"""By each name of each flag. One name takes a value in all commands or in none, so that a command can be found behind
options before it is known."""
