"""`tui-chat`: the chat on the screen, or in plain mode where that was chosen or the terminal can do nothing else."""

import gc
import os
import sys
from collections.abc import Awaitable, Callable

from tui_chat.cli.arguments import ChatArguments
from tui_chat.cli.loading import load_or_refuse, preset_or_refuse
from tui_chat.cli.wrong_use import refuse
from tui_chat.settings.command_line import CommandLine
from tui_chat.wiring.root import Wiring
from tui_chat.workspace.opening import Opening


def run_chat(line: CommandLine, arguments: ChatArguments) -> int:
    """Chat until the person leaves, and return the exit status.

    Raises:
        SystemExit: there is no terminal; a message has been printed.
    """
    wiring = load_or_refuse(line)
    is_new = not (arguments.resume_id or arguments.continue_latest)
    opening = Opening(
        prompt=" ".join(arguments.prompt),
        resume_id=arguments.resume_id,
        continue_latest=arguments.continue_latest,
        is_temporary=wiring.is_temporary,
        model=arguments.model,
        system=arguments.system,
        preset=preset_or_refuse(wiring, arguments.preset, is_new=is_new),
    )
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if wiring.loaded.settings.plain or (is_terminal and _can_only_write_lines()):
        from tui_chat.plain.app import run as run_plain

        return run_plain(
            wiring.keeping,
            wiring.paths,
            opening,
            wiring.connection,
            make_services=wiring.services,
            connector=wiring,
            copy=_copier(wiring),
        )
    if not is_terminal:
        refuse("the chat needs a terminal; `tui-chat ask` and `tui-chat --plain` do without one")
    gc.disable()  # imports make a hundred thousand objects and no garbage; the app collects once its screen is there
    from tui_chat.ui.app import run

    return run(
        wiring.keeping,
        wiring.paths,
        opening,
        wiring.connection,
        make_services=wiring.services,
        connector=wiring,
    )


def _copier(wiring: Wiring) -> Callable[[str, str, bool], Awaitable[str]]:
    """Make the function with which plain mode copies a text: with the system's tools, else into a file."""

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
    """Say whether the terminal cannot draw a screen: `TERM` is `dumb` or not set, which on Windows means nothing."""
    return os.environ.get("TERM", "") in ("", "dumb") and os.name != "nt"
