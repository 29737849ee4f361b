"""Runs plain mode: builds the chat, greets, and converses until the person leaves."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from tui_chat import __version__
from tui_chat.chat.services import Services
from tui_chat.core.errors import ChatError, FileError
from tui_chat.core.slash import typed_as_message
from tui_chat.plain.apart import run_in_thread
from tui_chat.plain.chat import Chat, Context
from tui_chat.plain.leaving import NOT_SAVED_STATUS, converse_and_leave
from tui_chat.plain.lines import Lines, PipedLines
from tui_chat.plain.projects import ask_for_project
from tui_chat.plain.prompts import PROMPT
from tui_chat.plain.signals import Ended, Signals
from tui_chat.plain.speech import Speech
from tui_chat.plain.terminal_lines import ReadlineLines, TerminalLines
from tui_chat.plain.wording import failure_words, gateway_words, name_of
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import Connection
from tui_chat.workspace.connecting import Connector
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.exit_status import INTERRUPTED, exit_status_for, exit_status_of
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.opening import (
    NOTHING_TO_CONTINUE,
    Opened,
    Opening,
    cut_answer_words,
    open_first,
    with_project_preset,
)
from tui_chat.workspace.prompts_file import append_prompt, not_kept_words, read_prompts
from tui_chat.workspace.saving import END_WITHIN_S, LEAVE_WITHIN_S


def run(
    keeping: SettingsKeeper,
    paths: Paths,
    opening: Opening,
    connection: Connection,
    *,
    make_services: Callable[[], Services],
    connector: Connector,
    copy: Callable[[str, str, bool], Awaitable[str]],
) -> int:
    """Chat until the person leaves or the input ends, and return the exit status.

    That is 0 where a person left. A script, whose input is no terminal, gets the status of the last answer, as from
    `ask`. `copy` is given a text, its name for people, and whether a file may hold it; it copies the text and returns
    words that say where it went.
    """
    remember = partial(append_prompt, paths.prompts_file)
    context = Context(keeping, paths, opening, connection, connector, remember, copy)
    try:
        return asyncio.run(_run(context, make_services))
    except Ended as end:
        _discard_output()
        return end.status


async def _run(context: Context, make_services: Callable[[], Services]) -> int:
    signals = Signals()
    with signals.installed():
        speech = Speech(sys.stdout, signals.writing)
        lines = _lines(context, speech, signals)
        ask_for_project(context.keeping, speech, lines)
        context = replace(context, opening=with_project_preset(context.opening, context.loaded))
        try:
            services = make_services()
        except ChatError as error:
            speech.say(failure_words(error.failure))
            return exit_status_for(error.failure)
        services.titles.run_with(run_in_thread)
        try:
            opened = await open_first(services, context.opening)
            chat = Chat(OpenConversation(opened.session, front_end=FrontEnd.PLAIN), speech, lines, signals, context)
            await chat.conversation.recent.recall(services)
            with suppress(ChatError):  # whoever saves is told what is wrong with the file
                await chat.conversations.look_up()
            try:
                return await _chat(chat, opened)
            except Ended as end:
                await chat.saving.save(END_WITHIN_S)
                if end.text.strip():
                    chat.remember(end.text)
                raise
            finally:
                chat.lines.close()
                services = chat.services  # the connections to others are closed
        finally:
            with suppress(TimeoutError, ChatError):
                within_s = END_WITHIN_S if signals.ending_status else LEAVE_WITHIN_S
                await asyncio.wait_for(services.close(), within_s)


async def _chat(chat: Chat, opened: Opened) -> int:
    is_terminal = chat.lines.is_terminal
    _greet(chat, opened)
    if opened.failure is not None and not is_terminal:
        return exit_status_for(opened.failure)
    if words := await cut_answer_words(chat.services.store, chat.context.opening):
        chat.say(words)
    prompt = chat.context.opening.prompt
    if prompt:
        chat.say(f"{PROMPT}{prompt}")
    if not await converse_and_leave(chat, typed_as_message(prompt)):
        return INTERRUPTED
    if chat.saving.is_owed and not chat.has_written_elsewhere:
        return NOT_SAVED_STATUS
    if is_terminal:
        session = chat.session
        if session.path and not session.is_temporary:
            chat.say(f"Saved. It goes on with: tui-chat --plain -r {session.conversation.id}")
        return 0
    return exit_status_of(chat.last_answer) if chat.last_answer else 0


def _lines(context: Context, speech: Speech, signals: Signals) -> Lines:
    if not sys.stdin.isatty():
        return PipedLines(speech, signals)
    if not sys.stdout.isatty() or os.environ.get("TERM", "") in ("", "dumb"):
        return TerminalLines(speech, signals)
    prompts: tuple[str, ...] = ()
    try:
        prompts = read_prompts(context.paths.prompts_file)
    except FileError as error:
        if not context.opening.is_temporary:
            speech.say(not_kept_words(error))
    try:
        return ReadlineLines(speech, signals, prompts)
    except ImportError:
        return TerminalLines(speech, signals)


def _greet(chat: Chat, opened: Opened) -> None:
    """Greet in two lines; more only where there is more to say."""
    context = chat.context
    for problem in (*context.loaded.problems, *context.connection.problems):
        chat.say(f"Setting ignored: {problem}" if problem.is_setting else str(problem))
    chat.say_notices()
    model, gateway = name_of(chat.session.conversation.model), gateway_words(chat.services.gateway)
    chat.say(f"tui-chat {__version__}, plain mode. Model: {model}. Gateway: {gateway}.")
    chat.say("Type a message and press Enter. /help lists the commands, /quit leaves.")
    if opened.failure is not None:
        chat.tell(opened.failure)
    if opened.has_nothing_to_continue:
        chat.say(NOTHING_TO_CONTINUE)
    if opened.words:
        chat.say(opened.words)
    if chat.session.path or chat.session.is_temporary:
        chat.say_where()


def _discard_output() -> None:
    """Discard buffered output, so that the interpreter's last flush does not wait for a terminal that is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
