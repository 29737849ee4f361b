"""The command line: says which front end runs, and imports only that one.

`tui-chat` without a command opens the chat, so its first word may as well be a prompt: the words in `COMMANDS` are
commands, whatever options stand before them, and everything else is a prompt (`--` before it settles doubts).
"""

import argparse
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from tui_chat import __version__

if TYPE_CHECKING:
    from tui_chat.settings.load import Loaded
    from tui_chat.wiring import Wiring

WRONG_USE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141

COMMANDS = {
    "ask": "one answer without the screen",
    "models": "the catalogue: context and prices",
    "history": "saved conversations: list, show, search, export, import, delete",
    "usage": "what was spent, by day, model and conversation",
    "config": "each setting, its value and where it comes from",
    "demo": "serve the embedded gateway to other clients",
}
_WITH_VALUE = {
    "-m", "--model", "--base-url", "-s", "--system", "-r", "--resume", "--theme", "--config", "--tools", "-f", "--file",
    "--timeout", "--retries", "--max-cost", "--port", "--days", "-o", "--output", "--format", "--limit",
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    command, words = _split_command(words)
    parser = _parser(command)
    arguments = parser.parse_args(words)
    run: Callable[[argparse.Namespace], int] = {
        "": _chat,
        "ask": _ask,
        "models": _listing,
        "history": _listing,
        "usage": _listing,
        "config": _config,
        "demo": _demo,
    }[command]
    arguments.command = command
    try:
        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not fail again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


def _split_command(words: list[str]) -> tuple[str, list[str]]:
    """The command among the words and the words without it; the first that is no option decides."""
    skip = False
    for position, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            break
        elif word.startswith("-") and word != "-":
            skip = word in _WITH_VALUE
        elif word in COMMANDS:
            return word, words[:position] + words[position + 1 :]
        else:
            break
    return "", words


def _parser(command: str) -> argparse.ArgumentParser:
    prog = f"tui-chat {command}".strip()
    parser = argparse.ArgumentParser(
        prog=prog,
        description=COMMANDS.get(command, "A full-screen chat for SolRouter and every OpenAI-compatible gateway."),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    match command:
        case "ask":
            _add_ask(parser)
        case "models":
            parser.add_argument(
                "words", nargs="*", metavar="WORDS", help="only models whose id or name has all of these"
            )
            parser.add_argument("--refresh", action="store_true", help="ask the gateway, also where the list is recent")
            _add_json(parser)
        case "history":
            _add_history(parser)
        case "usage":
            parser.add_argument("--days", type=_whole, metavar="N", help="only the last N days")
            _add_json(parser)
        case "config":
            parser.add_argument("what", nargs="?", choices=("path",), help="print the settings file's path")
            _add_json(parser)
        case "demo":
            parser.add_argument("--port", type=_whole, default=8765, help="0 picks a free one (default: 8765)")
        case _:
            width = max(map(len, COMMANDS))
            parser.epilog = "commands (each has --help):\n" + "\n".join(
                f"  {name:{width}}  {meaning}" for name, meaning in COMMANDS.items()
            )
            parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="sent at once")
            parser.add_argument(
                "--plain",
                action="store_true",
                default=None,
                help="a chat in lines, for screen readers; by itself where TERM is dumb or not set",
            )
    _add_shared(parser)
    return parser


def _add_shared(parser: argparse.ArgumentParser) -> None:
    shared = parser.add_argument_group("shared options")
    shared.add_argument("-m", "--model", metavar="ID", help="the model to ask")
    shared.add_argument("--base-url", metavar="URL", help="the gateway (SOLROUTER_BASE_URL)")
    shared.add_argument("-s", "--system", metavar="TEXT", help="the system prompt")
    shared.add_argument("-c", "--continue", dest="continue_latest", action="store_true", help="the latest conversation")
    shared.add_argument("-r", "--resume", metavar="ID", help="a conversation; a unique prefix is enough")
    shared.add_argument("--temporary", action="store_true", help="write nothing")
    shared.add_argument("--theme", metavar="NAME", help="the colours")
    shared.add_argument("--config", metavar="FILE", help="settings from this file")
    shared.add_argument("--tools", metavar="FILE", help="tools offered to the model: a JSON array")
    shared.add_argument("--version", action="version", version=f"tui-chat {__version__}")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="standard input follows it where it is no terminal")
    parser.add_argument("-f", "--file", action="append", default=[], metavar="PATH", help="attach a file (repeatable)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="one JSON object when done")
    form.add_argument(
        "--stream-json", action="store_const", dest="form", const="stream-json", help="a JSON object a line as it runs"
    )
    parser.set_defaults(form="plain")
    parser.add_argument("--no-save", action="store_true", help="keep nothing of it")
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="give up after this long")
    parser.add_argument("--retries", type=_whole, metavar="N", help="how often to try again (0 turns it off)")
    parser.add_argument("--max-cost", type=_dollars, metavar="USD", help="stop before the answer costs more")


def _add_history(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = commands.add_parser("list", help="every conversation, the newest first")
    listing.add_argument("--limit", type=_whole, metavar="N")
    show = commands.add_parser("show", help="print a conversation")
    search = commands.add_parser("search", help="messages that have all the words")
    search.add_argument("words", nargs="+", metavar="WORDS")
    export = commands.add_parser("export", help="write a conversation as Markdown or JSON")
    for wants_id in (show, export):
        wants_id.add_argument("id", metavar="ID")
    export.add_argument("--format", choices=("markdown", "json"), default="markdown")
    export.add_argument("-o", "--output", metavar="PATH", help="a file that does not exist yet (default: print it)")
    importing = commands.add_parser("import", help="read a conversation from a JSON export")
    importing.add_argument("file", metavar="FILE")
    delete = commands.add_parser("delete", help="delete a conversation for good")
    delete.add_argument("id", metavar="ID")
    for action in (listing, show, search, export, importing, delete):
        _add_json(action)
        action.argument_default = argparse.SUPPRESS  # what stood before the action counts where nothing follows it
        _add_shared(action)


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def _dollars(text: str) -> object:
    from decimal import Decimal, InvalidOperation

    try:
        value = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount in US dollars")
    return value


def _load(arguments: argparse.Namespace) -> "Wiring":
    """Settings and what is built from them; a flag that is wrong ends the program, everything else is a note."""
    from tui_chat.wiring import load

    wiring = load(arguments, os.environ)
    for problem in wiring.loaded.problems:
        if problem.where.startswith("--"):
            _refuse(f"{problem.where}: {problem.message}")
    return wiring


def _chat(arguments: argparse.Namespace) -> int:
    from tui_chat.workspace.opening import Opening

    wiring = _load(arguments)
    opening = Opening(
        prompt=arguments.prompt or "",
        resume_id=arguments.resume or "",
        continue_latest=arguments.continue_latest,
        is_temporary=arguments.temporary,
        model=arguments.model or "",
        system=arguments.system,
    )
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if wiring.loaded.settings.plain or (is_terminal and _can_only_write_lines()):
        from tui_chat.plain.app import run as run_plain

        return run_plain(
            wiring.loaded,
            wiring.paths,
            opening,
            wiring.connection,
            make_services=wiring.services,
            connector=wiring,
            copy=_copier(wiring),
        )
    if not is_terminal:
        _refuse("the chat needs a terminal; `tui-chat ask` and `tui-chat --plain` do without one")
    gc.disable()  # imports make a hundred thousand objects and no garbage; the app collects once its screen is there
    from tui_chat.ui.app import run

    return run(
        wiring.loaded,
        wiring.paths,
        opening,
        wiring.connection,
        make_services=wiring.services,
        connector=wiring,
    )


def _copier(wiring: "Wiring") -> Callable[[str, str, bool], Awaitable[str]]:
    """Copies a text without a screen: with the system's tools, else into a file; for the arguments, see `plain`."""

    async def copy(text: str, what: str, may_write_file: bool) -> str:
        from tui_chat.terminal.clipboard import (  # only where something is copied
            Clipboard,
            copied_words,
            not_copied_words,
        )

        way = wiring.loaded.settings.clipboard
        clipboard = Clipboard(lambda _: None, way="tool" if way == "auto" else way, folder=wiring.paths.state)
        try:
            return copied_words(await clipboard.put(text, may_write_file=may_write_file), what)
        except OSError as error:
            return not_copied_words(error, what)

    return copy


def _can_only_write_lines() -> bool:
    """The terminal says that it cannot draw a screen, or says nothing; on Windows none says anything."""
    return os.environ.get("TERM", "") in ("", "dumb") and os.name != "nt"


def _ask(arguments: argparse.Namespace) -> int:
    from tui_chat.cli.running import run_ask

    return run_ask(_noted(_load(arguments)), arguments)


def _listing(arguments: argparse.Namespace) -> int:
    from tui_chat.cli.running import run_listing

    return run_listing(_noted(_load(arguments)), arguments)


def _config(arguments: argparse.Namespace) -> int:
    from tui_chat.cli.config import show_config

    wiring = _load(arguments)
    return show_config(wiring.loaded, wiring.connection, sys.stdout, what=arguments.what, as_json=arguments.json)


def _demo(arguments: argparse.Namespace) -> int:
    from tui_chat.demo.serve import serve

    return serve(arguments.port, lambda line: print(line, flush=True))


def _noted(wiring: "Wiring") -> "Wiring":
    """Say on stderr what was ignored."""
    from tui_chat.core.sanitize import sanitize_line

    loaded: Loaded = wiring.loaded
    for problem in (*loaded.problems, *wiring.connection.problems):
        print(f"tui-chat: {sanitize_line(str(problem), 500)}", file=sys.stderr)
    return wiring


def _refuse(message: str) -> NoReturn:
    print(f"tui-chat: {message}", file=sys.stderr)
    raise SystemExit(WRONG_USE)
