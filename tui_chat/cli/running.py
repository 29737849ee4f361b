"""Runs the commands without a screen: builds the services, runs one coroutine, and lets go of the store."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path

from tui_chat.ask.run import Question, ask, refuse
from tui_chat.chat.services import Services
from tui_chat.core.errors import AttachmentError, ChatError, SettingsError
from tui_chat.core.parts import user_message
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.wiring import Wiring
from tui_chat.workspace.advice import FrontEnd, advise
from tui_chat.workspace.attachments import LIMIT_BYTES, read_attachment
from tui_chat.workspace.exit_status import exit_status_for


def run_ask(wiring: Wiring, arguments: argparse.Namespace) -> int:
    """`tui-chat ask`."""
    form: str = arguments.form
    try:
        question = _question(arguments)
        services = wiring.services()
    except (AttachmentError, SettingsError) as error:
        return refuse(error.failure, form, sys.stdout, sys.stderr, model=arguments.model or "")
    return _run(services, ask(services, question, form, sys.stdout, sys.stderr))


def run_listing(wiring: Wiring, arguments: argparse.Namespace) -> int:
    """`tui-chat models`, `history` and `usage`."""
    try:
        services = wiring.services()
        return _run(services, _listing(services, arguments))
    except ChatError as error:
        print(sanitize(f"tui-chat: {error.failure.message}\n{advise(error.failure, FrontEnd.SHELL)}"), file=sys.stderr)
        return exit_status_for(error.failure)


async def _listing(services: Services, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "models":
            from tui_chat.cli.models import list_models

            words = " ".join(arguments.words)
            return await list_models(
                services, sys.stdout, words=words, refresh=arguments.refresh, as_json=arguments.json
            )
        case "usage":
            from tui_chat.cli.usage import report_usage

            return await report_usage(services, sys.stdout, days=arguments.days, as_json=arguments.json)
        case _:
            from tui_chat.cli.history import run_history

            return await run_history(services, sys.stdout, arguments)


def _run(services: Services, work: Coroutine[None, None, int]) -> int:
    """Run the work to its end, and let go of what it used."""

    async def run() -> int:
        try:
            return await work
        finally:
            for notice in services.store.notices():
                print(f"tui-chat: {sanitize_line(notice, 500)}", file=sys.stderr)
            await services.close()

    return asyncio.run(run())


def _question(arguments: argparse.Namespace) -> Question:
    """The question on the command line, with what came on standard input behind its words.

    Raises:
        SettingsError: there is nothing to ask.
        AttachmentError: a file cannot be attached.
    """
    words = [arguments.prompt] if arguments.prompt else []
    if sys.stdin is not None and not sys.stdin.isatty():
        piped = sys.stdin.buffer.read(LIMIT_BYTES + 1)
        if len(piped) > LIMIT_BYTES:
            raise SettingsError("Standard input is larger than 20 MB.", "Ask about less at a time.")
        if text := piped.decode("utf-8", "replace").rstrip("\n"):
            words.append(text)
    files = tuple(read_attachment(Path(path), Path(path).name) for path in arguments.file)
    if not words and not files:
        raise SettingsError("There is nothing to ask.", "Give a prompt, a file with -f, or text on standard input.")
    return Question(
        message=user_message("\n\n".join(words), files),
        model=arguments.model or "",
        system=arguments.system,
        resume_id=arguments.resume or "",
        continue_latest=arguments.continue_latest,
        is_saved=not (arguments.no_save or arguments.temporary),
        timeout_s=arguments.timeout,
        max_cost_usd=arguments.max_cost,
    )
