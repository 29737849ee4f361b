"""What each command was asked to do, as frozen values: beyond the parser nobody sees argparse.

The fields are named as the table of flags names them, and a default stands here alone.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

import msgspec

from tui_chat.cli.commands import Command
from tui_chat.settings.command_line import CommandLine

DEMO_PORT: Final = 8765


class ChatArguments(msgspec.Struct, frozen=True):
    """`tui-chat`."""

    prompt: tuple[str, ...] = ()
    """Words that were not quoted are several; together they are the prompt."""
    model: str = ""
    """Asked also where a conversation goes on; empty leaves it its own."""
    system: str | None = None
    resume_id: str = ""
    continue_latest: bool = False


class AskArguments(msgspec.Struct, frozen=True):
    """`tui-chat ask`."""

    prompt: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    model: str = ""
    system: str | None = None
    resume_id: str = ""
    continue_latest: bool = False
    form: Literal["plain", "json", "stream-json"] = "plain"
    no_save: bool = False
    timeout_s: float | None = None
    max_cost_usd: Decimal | None = None


class ModelsArguments(msgspec.Struct, frozen=True):
    """`tui-chat models`."""

    words: tuple[str, ...] = ()
    refresh: bool = False
    as_json: bool = False


class HistoryList(msgspec.Struct, frozen=True):
    """`tui-chat history list`."""

    limit: int | None = None
    as_json: bool = False


class HistoryShow(msgspec.Struct, frozen=True):
    """`tui-chat history show`."""

    id: str
    as_json: bool = False


class HistorySearch(msgspec.Struct, frozen=True):
    """`tui-chat history search`."""

    words: tuple[str, ...]
    as_json: bool = False


class HistoryExport(msgspec.Struct, frozen=True):
    """`tui-chat history export`."""

    id: str
    format: Literal["markdown", "json"] = "markdown"
    output: str = ""
    """Empty prints it."""


class HistoryImport(msgspec.Struct, frozen=True):
    """`tui-chat history import`."""

    file: str
    as_json: bool = False


class HistoryDelete(msgspec.Struct, frozen=True):
    """`tui-chat history delete`."""

    id: str
    as_json: bool = False


class UsageArguments(msgspec.Struct, frozen=True):
    """`tui-chat usage`."""

    days: int | None = None
    """None is all of them."""
    as_json: bool = False


class ConfigArguments(msgspec.Struct, frozen=True):
    """`tui-chat config`."""

    what: Literal["path"] | None = None
    """None is every setting."""
    as_json: bool = False


class DemoArguments(msgspec.Struct, frozen=True):
    """`tui-chat demo`."""

    port: int = DEMO_PORT
    """0 picks a free one."""


HistoryArguments = HistoryList | HistoryShow | HistorySearch | HistoryExport | HistoryImport | HistoryDelete
Arguments = (
    ChatArguments | AskArguments | ModelsArguments | HistoryArguments | UsageArguments | ConfigArguments | DemoArguments
)

ARGUMENTS: Final[Mapping[Command, type[Arguments]]] = {
    Command.CHAT: ChatArguments,
    Command.ASK: AskArguments,
    Command.MODELS: ModelsArguments,
    Command.HISTORY_LIST: HistoryList,
    Command.HISTORY_SHOW: HistoryShow,
    Command.HISTORY_SEARCH: HistorySearch,
    Command.HISTORY_EXPORT: HistoryExport,
    Command.HISTORY_IMPORT: HistoryImport,
    Command.HISTORY_DELETE: HistoryDelete,
    Command.USAGE: UsageArguments,
    Command.CONFIG: ConfigArguments,
    Command.DEMO: DemoArguments,
}


class Invocation(msgspec.Struct, frozen=True):
    """One command line, understood."""

    command_line: CommandLine
    arguments: Arguments
