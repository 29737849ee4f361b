"""Runs a subcommand, and imports only what it needs."""

from typing import TYPE_CHECKING, assert_never

from tui_chat.cli.arguments import (
    AskArguments,
    ChatArguments,
    ConfigArguments,
    DemoArguments,
    HistoryArchive,
    HistoryBackup,
    HistoryDelete,
    HistoryExport,
    HistoryImport,
    HistoryList,
    HistoryRename,
    HistoryRestore,
    HistorySearch,
    HistoryShow,
    HistoryTree,
    Invocation,
    ModelsArguments,
    ToolsArguments,
    UsageArguments,
)

if TYPE_CHECKING:
    from tui_chat.terminal.early import EarlyScreen


def run(invocation: Invocation, begun: "EarlyScreen | None" = None) -> int:
    """Run what a command line asks for; returns the exit status. `begun` is the terminal where it was taken already."""
    line = invocation.command_line
    match invocation.arguments:
        case ChatArguments() as arguments:
            from tui_chat.cli.chat import run_chat

            return run_chat(line, arguments, begun)
        case AskArguments() as arguments:
            from tui_chat.cli.ask import run_ask

            return run_ask(line, arguments)
        case ModelsArguments() as arguments:
            from tui_chat.cli.models import run_models

            return run_models(line, arguments)
        case (
            HistoryList()
            | HistoryShow()
            | HistoryTree()
            | HistorySearch()
            | HistoryExport()
            | HistoryImport()
            | HistoryRename()
            | HistoryArchive()
            | HistoryRestore()
            | HistoryDelete()
            | HistoryBackup()
        ) as arguments:
            from tui_chat.cli.history import run_history

            return run_history(line, arguments)
        case UsageArguments() as arguments:
            from tui_chat.cli.usage import run_usage

            return run_usage(line, arguments)
        case ToolsArguments() as arguments:
            from tui_chat.cli.tools import run_tools

            return run_tools(line, arguments)
        case ConfigArguments() as arguments:
            from tui_chat.cli.config import run_config

            return run_config(line, arguments)
        case DemoArguments(port=port):
            from tui_chat.demo.serve import serve

            return serve(port, lambda url: print(url, flush=True))
        case _:
            assert_never(invocation.arguments)
