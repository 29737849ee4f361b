"""Arguments of each subcommand as frozen values, so that argparse stays inside the parser.

The fields have the names that the table of flags gives them. Defaults are set here and nowhere else.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import msgspec

from tui_chat.cli.commands import Subcommand
from tui_chat.cli.flag_values import DEMO_PORT
from tui_chat.settings.command_line import CommandLine


class ChatArguments(msgspec.Struct, frozen=True):
    """`tui-chat`."""

    prompt: tuple[str, ...] = ()
    """The words of the prompt: several where they were not quoted."""
    model: str = ""
    """Model to ask, also in a saved conversation; empty keeps the conversation's own."""
    system: str | None = None
    preset: str | None = None
    resume_id: str = ""
    continue_latest: bool = False


class AskArguments(msgspec.Struct, frozen=True):
    """`tui-chat ask`."""

    prompt: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    """Names of parameters, and their values as JSON text."""
    model: str = ""
    system: str | None = None
    preset: str | None = None
    resume_id: str = ""
    continue_latest: bool = False
    form: Literal["plain", "json", "stream-json"] = "plain"
    no_save: bool = False
    timeout_s: float | None = None
    max_cost_usd: Decimal | None = None
    over_budget: bool = False
    allowed: tuple[str, ...] = ()
    """Names or patterns of names of the tools that may run."""
    denied: tuple[str, ...] = ()
    max_rounds: int | None = None
    schema: str = ""
    """Path of the JSON Schema that the answer has to fit; empty for none."""


class ModelsArguments(msgspec.Struct, frozen=True):
    """`tui-chat models`."""

    words: tuple[str, ...] = ()
    refresh: bool = False
    as_json: bool = False


class Narrowed(msgspec.Struct, frozen=True):
    """What lists of conversations, messages and spending are narrowed to; all conditions hold together."""

    models: tuple[str, ...] = ()
    """Parts of names of models; one of them is enough."""
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    labels: tuple[str, ...] = ()
    """The conversation has all of them."""


class HistoryList(Narrowed, frozen=True):
    """`tui-chat history list`."""

    archived: bool = False
    """Those in the archive, in place of all others."""
    limit: int | None = None
    as_json: bool = False


class HistoryShow(msgspec.Struct, frozen=True):
    """`tui-chat history show`."""

    id: str
    as_json: bool = False


class HistoryTree(msgspec.Struct, frozen=True):
    """`tui-chat history tree`."""

    id: str
    as_json: bool = False


class HistorySearch(Narrowed, frozen=True):
    """`tui-chat history search`."""

    words: tuple[str, ...] = ()
    role: str = ""
    """The value of a `Role`; empty for anybody."""
    limit: int | None = None
    """Most hits that are printed; None prints a usual number."""
    as_json: bool = False


class HistoryExport(msgspec.Struct, frozen=True):
    """`tui-chat history export`."""

    id: str | None = None
    """None exports every conversation to a folder."""
    format: str | None = None
    """A name of `SUFFIXES`; None goes by the ending of the file, and is Markdown where there is none."""
    all_branches: bool = False
    branch: str = ""
    last: int | None = None
    redact: bool = False
    no_facts: bool = False
    output: str = ""
    """File or folder to write; empty prints the document."""


class HistoryImport(msgspec.Struct, frozen=True):
    """`tui-chat history import`."""

    file: str
    as_json: bool = False


class HistoryRename(msgspec.Struct, frozen=True):
    """`tui-chat history rename`."""

    id: str
    name: tuple[str, ...]
    """The words of the name: several where they were not quoted."""
    as_json: bool = False


class HistoryArchive(msgspec.Struct, frozen=True):
    """`tui-chat history archive`."""

    id: str
    as_json: bool = False


class HistoryRestore(msgspec.Struct, frozen=True):
    """`tui-chat history restore`."""

    id: str
    as_json: bool = False


class HistoryDelete(msgspec.Struct, frozen=True):
    """`tui-chat history delete`."""

    id: str
    yes: bool = False
    """The answer to the question, given beforehand."""
    as_json: bool = False


class HistoryBackup(msgspec.Struct, frozen=True):
    """`tui-chat history backup`."""

    path: str
    as_json: bool = False


class UsageArguments(Narrowed, frozen=True):
    """`tui-chat usage`."""

    by: tuple[str, ...] = ("day", "model", "conversation")
    """Words of `GROUPINGS`."""
    days: int | None = None
    """Number of days to report, today as the last; None reports all."""
    form: Literal["table", "json", "csv"] = "table"


class ToolsArguments(msgspec.Struct, frozen=True):
    """`tui-chat tools`."""

    words: tuple[str, ...] = ()
    """`run`, the name of a tool and its arguments as JSON; `ready` and names of tools that come along; `allowed`;
    `forget` and names of tools; none to list the tools."""
    as_json: bool = False


class ConfigArguments(msgspec.Struct, frozen=True):
    """`tui-chat config`."""

    what: Literal["path", "forget"] | None = None
    """`path` prints the path of the settings file, `forget` takes back that the project file here counts; None prints
    every setting."""
    as_json: bool = False


class DemoArguments(msgspec.Struct, frozen=True):
    """`tui-chat demo`."""

    port: int = DEMO_PORT
    """0 picks a free one."""


HistoryArguments = (
    HistoryList
    | HistoryShow
    | HistoryTree
    | HistorySearch
    | HistoryExport
    | HistoryImport
    | HistoryRename
    | HistoryArchive
    | HistoryRestore
    | HistoryDelete
    | HistoryBackup
)
Arguments = (
    ChatArguments
    | AskArguments
    | ModelsArguments
    | HistoryArguments
    | UsageArguments
    | ToolsArguments
    | ConfigArguments
    | DemoArguments
)

ARGUMENTS: Final[Mapping[Subcommand, type[Arguments]]] = {
    Subcommand.CHAT: ChatArguments,
    Subcommand.ASK: AskArguments,
    Subcommand.MODELS: ModelsArguments,
    Subcommand.HISTORY_LIST: HistoryList,
    Subcommand.HISTORY_SHOW: HistoryShow,
    Subcommand.HISTORY_TREE: HistoryTree,
    Subcommand.HISTORY_SEARCH: HistorySearch,
    Subcommand.HISTORY_EXPORT: HistoryExport,
    Subcommand.HISTORY_IMPORT: HistoryImport,
    Subcommand.HISTORY_RENAME: HistoryRename,
    Subcommand.HISTORY_ARCHIVE: HistoryArchive,
    Subcommand.HISTORY_RESTORE: HistoryRestore,
    Subcommand.HISTORY_DELETE: HistoryDelete,
    Subcommand.HISTORY_BACKUP: HistoryBackup,
    Subcommand.USAGE: UsageArguments,
    Subcommand.TOOLS: ToolsArguments,
    Subcommand.CONFIG: ConfigArguments,
    Subcommand.DEMO: DemoArguments,
}


class Invocation(msgspec.Struct, frozen=True):
    """A parsed command line."""

    command_line: CommandLine
    arguments: Arguments
