"""Entry point: parses the command line, and imports only what the named subcommand needs."""

import sys
from collections.abc import Sequence
from typing import Final, assert_never

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
from tui_chat.cli.parser import parse
from tui_chat.cli.streams import OutputLost, give_up_output, give_up_terminal, make_ready

INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status. Without `argv` the process is the program's own, and so are its
    streams and what is told of its crashes.

    Raises:
        SystemExit: 0 after `--help` and `--version`, 2 after wrong use.
    """
    is_own_process = argv is None
    if is_own_process:
        make_ready()
    try:
        try:
            invocation = parse(sys.argv[1:] if argv is None else argv)
            if is_own_process:
                from tui_chat.crash_report import watch  # `--help` does without

                watch()
            return _run(invocation)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OutputLost as lost:
        return give_up_output(lost)
    except OSError as error:
        return give_up_terminal(error)


def _run(invocation: Invocation) -> int:
    line = invocation.command_line
    match invocation.arguments:
        case ChatArguments() as arguments:
            from tui_chat.cli.chat import run_chat

            return run_chat(line, arguments)
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
