"""Runs the commands without a screen: builds the services, runs one coroutine, and lets go of the store."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tui_chat.ask.run import Question, ask
from tui_chat.chat.attachments import LIMIT_BYTES, attachment
from tui_chat.chat.services import Services
from tui_chat.core.errors import ChatError, SettingsError
from tui_chat.core.parts import File, Image, user_message
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.wiring import Wiring

UNEXPECTED = 1
WRONG_USE = 2


def run_ask(wiring: Wiring, arguments: argparse.Namespace) -> int:
    """`tui-chat ask`."""
    try:
        question = _question(arguments)
    except SettingsError as error:
        return _say(error)
    return _run(wiring, lambda services: ask(services, question, arguments.form, sys.stdout, sys.stderr))


def run_listing(wiring: Wiring, arguments: argparse.Namespace) -> int:
    """`tui-chat models`, `history` and `usage`."""
    return _run(wiring, lambda services: _listing(services, arguments))


async def _listing(services: Services, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "models":
            from tui_chat.listings.models import list_models

            words = " ".join(arguments.words)
            return await list_models(
                services, sys.stdout, words=words, refresh=arguments.refresh, as_json=arguments.json
            )
        case "usage":
            from tui_chat.listings.usage import report_usage

            return await report_usage(services, sys.stdout, days=arguments.days, as_json=arguments.json)
        case _:
            from tui_chat.listings.history import run_history

            return await run_history(services, sys.stdout, arguments)


def _run(wiring: Wiring, work: Callable[[Services], Awaitable[int]]) -> int:
    async def run() -> int:
        services = wiring.services()
        try:
            return await work(services)
        finally:
            for notice in services.store.notices():
                print(f"tui-chat: {sanitize_line(notice, 500)}", file=sys.stderr)
            await services.close()

    try:
        return asyncio.run(run())
    except ChatError as error:
        return _say(error)


def _say(error: ChatError) -> int:
    failure = error.failure
    print(sanitize(f"tui-chat: {failure.message}\n{failure.advice}"), file=sys.stderr)
    return WRONG_USE if isinstance(error, SettingsError) else UNEXPECTED


def _question(arguments: argparse.Namespace) -> Question:
    """The question on the command line, with what came on standard input behind its words.

    Raises:
        SettingsError: there is nothing to ask, or a file cannot be attached.
    """
    words = [arguments.prompt] if arguments.prompt else []
    if sys.stdin is not None and not sys.stdin.isatty():
        piped = sys.stdin.buffer.read(LIMIT_BYTES + 1)
        if len(piped) > LIMIT_BYTES:
            raise SettingsError("Standard input is larger than 20 MB.", "Ask about less at a time.")
        if text := piped.decode("utf-8", "replace").rstrip("\n"):
            words.append(text)
    files = tuple(_read(Path(path)) for path in arguments.file)
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


def _read(path: Path) -> File | Image:
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Check the path given with -f.") from None
    return attachment(path.name, data)
