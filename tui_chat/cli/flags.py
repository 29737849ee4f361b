"""Every option, once: its names, its value, its help text, the subcommands that use it, and the setting it overrides.

The parsers, the splitting of the command line, and the overrides of settings are made from this table.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tui_chat.cli.commands import Subcommand
from tui_chat.cli.flag_values import (
    DEMO_PORT,
    EXPORT_FORMATS,
    GROUPINGS,
    conversation_id,
    day,
    dollars,
    groupings,
    parameter,
    port,
    role,
    seconds,
    whole,
)


class Flag(msgspec.Struct, frozen=True):
    """One option."""

    names: tuple[str, ...]
    """All names, the long one last: messages use that."""
    field: str
    """Field that holds its value, of the subcommand's arguments or of `CommandLine`."""
    meaning: str
    commands: frozenset[Subcommand]
    """Subcommands that use it, and list it under `--help`."""
    metavar: str = ""
    """Name of the value in the help; empty where it takes none."""
    read: Callable[[str], object] = str
    """Reads the value from the word that was typed."""
    choices: tuple[str, ...] | None = None
    stands_for: object = True
    """Value of an option that takes none."""
    repeats: bool = False
    """It may be given more than once; the field holds all values."""
    setting: str = ""
    """Setting that it overrides; empty where it overrides none."""
    is_shared: bool = False
    """Every subcommand accepts it, also one that has no use for it."""
    is_alternative: bool = False
    """It is refused beside another alternative for the same field."""

    @property
    def takes_value(self) -> bool:
        """The next word is its value."""
        return bool(self.metavar or self.choices)

    @property
    def long_name(self) -> str:
        """The long name, by which messages call it."""
        return self.names[-1]


def _in(*commands: Subcommand) -> frozenset[Subcommand]:
    return frozenset(commands)


_CHATTING: Final = _in(Subcommand.CHAT, Subcommand.ASK)
_SHOWING: Final = _CHATTING | _in(Subcommand.CONFIG)
_REACHING: Final = _SHOWING | _in(Subcommand.MODELS)
_NARROWED: Final = _in(Subcommand.HISTORY_LIST, Subcommand.HISTORY_SEARCH, Subcommand.USAGE)
_OTHER_JSON: Final = _in(Subcommand.HISTORY_EXPORT, Subcommand.USAGE)
_LISTINGS: Final = frozenset(Subcommand) - _CHATTING - _OTHER_JSON - _in(Subcommand.DEMO)
_DAY: Final = "2026-11-23, monday, yesterday, 7d"

FLAGS: Final[tuple[Flag, ...]] = (
    Flag(("-f", "--file"), "files", "attach a file (repeatable)", _in(Subcommand.ASK), metavar="PATH", repeats=True),
    Flag(("--json",), "form", "one JSON object when done", _in(Subcommand.ASK), stands_for="json",
         is_alternative=True),
    Flag(("--stream-json",), "form", "a JSON object a line as it runs", _in(Subcommand.ASK), stands_for="stream-json",
         is_alternative=True),
    Flag(("--no-save",), "no_save", "save neither question nor answer", _in(Subcommand.ASK)),
    Flag(("--timeout",), "timeout_s", "give up after this long", _in(Subcommand.ASK), metavar="SECONDS", read=seconds),
    Flag(("--retries",), "retries", "how often to try again (0: never)", _in(Subcommand.ASK), metavar="N",
         read=whole, setting="retries"),
    Flag(("--over-budget",), "over_budget", "go over the budgets, this once", _in(Subcommand.ASK)),
    Flag(("--max-cost",), "max_cost_usd", "stop before the answer costs more", _in(Subcommand.ASK), metavar="USD",
         read=dollars),
    Flag(("--param",), "params", "a parameter, as temperature=0.2 (repeatable); the value as JSON where it is JSON",
         _in(Subcommand.ASK), metavar="NAME=VALUE", read=parameter, repeats=True),
    Flag(("--allow",), "allowed", "let this tool run; a name, or a pattern like fs_* (repeatable)", _in(Subcommand.ASK),
         metavar="NAME", repeats=True),
    Flag(("--deny",), "denied", "never let this tool run, whatever --allow says (repeatable)", _in(Subcommand.ASK),
         metavar="NAME", repeats=True),
    Flag(("--max-rounds",), "max_rounds", "how often the model goes on after its calls were run (default: 16)",
         _in(Subcommand.ASK), metavar="N", read=whole),
    Flag(("--schema",), "schema", "a JSON Schema that the answer has to fit; exit 9 where it does not",
         _in(Subcommand.ASK), metavar="FILE"),
    Flag(("--refresh",), "refresh", "ask the gateway even if the list is recent", _in(Subcommand.MODELS)),
    Flag(("-m", "--model"), "models", "only where the model's name contains this (repeatable: any of them)", _NARROWED,
         metavar="NAME", repeats=True),
    Flag(("--since",), "since", f"only from this day on: {_DAY}", _NARROWED, metavar="DATE", read=day),
    Flag(("--until",), "until", "only up to this day, which counts", _NARROWED, metavar="DATE", read=day),
    Flag(("--label",), "labels", "only conversations with this label (repeatable: all of them)", _NARROWED,
         metavar="LABEL", repeats=True),
    Flag(("--role",), "role", "only what was said by: you, assistant, tool, system", _in(Subcommand.HISTORY_SEARCH),
         metavar="ROLE", read=role),
    Flag(("--archived",), "archived", "those in the archive instead", _in(Subcommand.HISTORY_LIST)),
    Flag(("--limit",), "limit", "only the newest N", _in(Subcommand.HISTORY_LIST), metavar="N", read=whole),
    Flag(("--limit",), "limit", "the best N (default: 50)", _in(Subcommand.HISTORY_SEARCH), metavar="N", read=whole),
    Flag(("--format",), "format", "the form (default: what the ending of -o says, else markdown)",
         _in(Subcommand.HISTORY_EXPORT), choices=EXPORT_FORMATS),
    Flag(("--json",), "format", "the same as --format json", _in(Subcommand.HISTORY_EXPORT), stands_for="json"),
    Flag(("--all",), "all_branches", "every branch, not only the one that is read (json and jsonl always have all)",
         _in(Subcommand.HISTORY_EXPORT)),
    Flag(("--branch",), "branch", "the newest line through this message; the beginning of its id is enough",
         _in(Subcommand.HISTORY_EXPORT), metavar="MESSAGE"),
    Flag(("--last",), "last", "only the last N messages", _in(Subcommand.HISTORY_EXPORT), metavar="N", read=whole),
    Flag(("--redact",), "redact", "hide keys, and what the setting redact finds; standard error says what was hidden",
         _in(Subcommand.HISTORY_EXPORT)),
    Flag(("--no-facts",), "no_facts", "without models, times, usage and cost", _in(Subcommand.HISTORY_EXPORT)),
    Flag(("-o", "--output"), "output", "a file that does not exist yet (default: print it), or a folder",
         _in(Subcommand.HISTORY_EXPORT), metavar="PATH"),
    Flag(("--yes",), "yes", "delete without a question", _in(Subcommand.HISTORY_DELETE)),
    Flag(("--by",), "by", f"sums by any of {','.join(GROUPINGS)} (default: day,model,conversation)",
         _in(Subcommand.USAGE), metavar="WORDS", read=groupings),
    Flag(("--days",), "days", "only the last N days, today included", _in(Subcommand.USAGE), metavar="N", read=whole),
    Flag(("--json",), "form", "print JSON, for programs", _in(Subcommand.USAGE), stands_for="json",
         is_alternative=True),
    Flag(("--csv",), "form", "print one table of comma-separated values, for spreadsheets", _in(Subcommand.USAGE),
         stands_for="csv", is_alternative=True),
    Flag(("--port",), "port", f"0 picks a free one (default: {DEMO_PORT})", _in(Subcommand.DEMO), metavar="PORT",
         read=port),
    Flag(("--json",), "as_json", "print JSON, for programs", _LISTINGS),
    Flag(("-m", "--model"), "model", "the model to ask", _SHOWING, metavar="ID", setting="model", is_shared=True),
    Flag(("--base-url",), "base_url", "the gateway (SOLROUTER_BASE_URL)", _REACHING, metavar="URL",
         setting="base_url", is_shared=True),
    Flag(("--gateway",), "gateway", "a gateway of the settings, by its name", _REACHING, metavar="NAME",
         is_shared=True),
    Flag(("-s", "--system"), "system", "the system prompt", _SHOWING, metavar="TEXT", setting="system",
         is_shared=True),
    Flag(("-p", "--preset"), "preset", "a preset of the settings, by its name", _CHATTING, metavar="NAME",
         is_shared=True),
    Flag(("-c", "--continue"), "continue_latest", "continue the latest conversation", _CHATTING, is_shared=True),
    Flag(("-r", "--resume"), "resume_id", "resume a conversation; the beginning of its id is enough", _CHATTING,
         metavar="ID", read=conversation_id, is_shared=True),
    Flag(("--temporary",), "is_temporary", "write nothing to disk", _CHATTING | _in(Subcommand.MODELS), is_shared=True),
    Flag(("--theme",), "theme", "the colours", _in(Subcommand.CHAT, Subcommand.CONFIG), metavar="NAME", setting="theme",
         is_shared=True),
    Flag(("--config",), "config_file", "read settings from this file", frozenset(Subcommand) - _in(Subcommand.DEMO),
         metavar="FILE", is_shared=True),
    Flag(("--tools",), "tools", "tools offered to the model: TOML, or a JSON array",
         _SHOWING | _in(Subcommand.TOOLS), metavar="FILE",
         setting="tools", is_shared=True),
    Flag(("--plain",), "plain", "the chat in lines, for screen readers; automatic where TERM is dumb or not set",
         _in(Subcommand.CHAT, Subcommand.CONFIG), setting="plain", is_shared=True),
)  # fmt: skip


def flags_of(command: Subcommand) -> Iterable[Flag]:
    """Flags that a subcommand accepts. One of its own takes the place of a shared one of the same name."""
    own = {name for flag in FLAGS if not flag.is_shared and command in flag.commands for name in flag.names}
    return (flag for flag in FLAGS if (own.isdisjoint(flag.names) if flag.is_shared else command in flag.commands))


TAKES_VALUE: Final[Mapping[str, bool]] = {name: flag.takes_value for flag in FLAGS for name in flag.names}
"""Tells, for each name of each flag, if it takes a value. A name takes one in all subcommands or in none, so that the
subcommand can be found behind options."""
