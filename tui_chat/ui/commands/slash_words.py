"""Candidates while a slash command is typed: names, then arguments."""

from collections.abc import Sequence
from typing import assert_never

from tui_chat.core import figures
from tui_chat.core.branches import excerpt, speaker_of
from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.unmarked import unmarked
from tui_chat.settings.parameters import DEFAULT
from tui_chat.settings.presets import NONE
from tui_chat.settings.theme_files import AUTO
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.composing.completion import Candidate
from tui_chat.ui.keys.command import first_label, leader_in
from tui_chat.workspace.command import ArgumentKind
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.parameters import EFFORTS, preset_words, rows

MOST_CONVERSATIONS = 500
MOST_MESSAGES = 50
USED_MOST = ("model", "new", "resume", "retry", "edit", "save")
"""The commands that people use most."""


def names(context: CommandContext) -> list[Candidate]:
    """Every slash name, by use, with the key in force for the same command."""
    leader = leader_in(context.commands)
    by_use = [*USED_MOST, *(id_ for id_ in context.dispatch.used_last if id_ not in USED_MOST)]
    commands = [command for command in context.commands if command.slash]
    commands.sort(key=lambda command: by_use.index(command.id) if command.id in by_use else len(by_use))
    listed = [
        Candidate(
            f"/{command.slash}",
            unmarked(command.help),
            arguments=command.usage,
            key=first_label(command, context.own_keys, leader),
            is_whole=not command.needs_arguments,
            others=tuple(f"/{alias}" for alias in command.aliases),
        )
        for command in commands
    ]
    own = context.program.own_prompts.offered(FrontEnd.SCREEN)
    return [*listed, *(Candidate(f"/{prompt.name}", f"your prompt: {prompt.description}") for prompt in own)]


async def values(context: CommandContext, name: str, typed: str = "") -> Sequence[Candidate]:
    """Candidates for a command's argument, of which so much is typed; none where any text will do."""
    command = find_command(name, FrontEnd.SCREEN)
    if command is None or not command.arguments:
        return ()
    match command.arguments[0].kind:
        case ArgumentKind.MODEL:
            return _models(context)
        case ArgumentKind.CONVERSATION:
            return await _conversations(context)
        case ArgumentKind.THEME:
            return _themes(context)
        case ArgumentKind.SETTING:
            return _settings()
        case ArgumentKind.GATEWAY:
            return _gateways(context)
        case ArgumentKind.FORMAT:
            return [
                Candidate("markdown", "to read"),
                Candidate("html", "one file for a browser"),
                Candidate("text", "plain text"),
                Candidate("json", "with everything in it"),
                Candidate("jsonl", "the same, a message a line"),
                Candidate("parts", "the pictures, sound and files of the last answer with any"),
            ]
        case ArgumentKind.COPIED:
            code = Candidate("code", "the last block of code of the last answer; with a number, another one")
            return [code, Candidate("all", "the whole conversation"), *_messages(context)]
        case ArgumentKind.TOPIC:
            return _topics(context)
        case ArgumentKind.ATTACHED:
            return [Candidate(name) for name in context.writing.attaching.names]
        case ArgumentKind.FILE:
            return ()  # files are looked for as they are typed: see `FileWords`
        case ArgumentKind.PARAMETER:
            return _parameters(context)
        case ArgumentKind.EFFORT:
            return [Candidate(level) for level in (*EFFORTS, DEFAULT)]
        case ArgumentKind.PRESET:
            return _presets(context)
        case ArgumentKind.PROMPT:
            return [Candidate(prompt.name, prompt.description) for prompt in context.program.own_prompts.read()]
        case ArgumentKind.MESSAGE:
            return _messages(context)
        case ArgumentKind.TOOLS:
            from tui_chat.ui.commands.tool_words import tool_words  # takes what takes calls again along

            return tool_words(context, typed)
        case ArgumentKind.TARGET | ArgumentKind.CHOICE | ArgumentKind.TEXT:
            return ()
        case kind:
            assert_never(kind)


async def _conversations(context: CommandContext) -> Sequence[Candidate]:
    if not context.conversation.is_open:
        return ()
    services = context.conversation.services
    try:
        summaries = await services.store.list(MOST_CONVERSATIONS)
    except ChatError:
        return ()  # the command itself reports the failure
    return [
        Candidate(
            summary.id,
            f"{figures.age(services.clock.now() - summary.updated_at)} · {summary.model}",
            label=sanitize_line(summary.title, 60) or "(no title)",
        )
        for summary in summaries
    ]


def _messages(context: CommandContext) -> list[Candidate]:
    """The last messages by their numbers, which are counted from the end."""
    if not context.conversation.is_open:
        return []
    last = context.conversation.session.path[-1 : -MOST_MESSAGES - 1 : -1]
    return [
        Candidate(str(number), f"{speaker_of(node)}: {sanitize_line(unmarked(excerpt(node)[:2_000]), 200)}")
        for number, node in enumerate(last, 1)
    ]


def _models(context: CommandContext) -> list[Candidate]:
    conversation, recent = context.conversation, context.conversation.recent.ids
    known = conversation.services.catalog.known().offered if conversation.is_open else ()
    ordered = sorted(known, key=lambda model: -recent.index(model.id) if model.id in recent else 1)
    return [Candidate(model.id, model.name) for model in ordered]


def _themes(context: CommandContext) -> list[Candidate]:
    program = context.program
    themes = [Candidate(name, "in use" if name == program.theme else "") for name in program.themes.names()]
    return [Candidate(AUTO, "follows the terminal"), *themes]


def _settings() -> list[Candidate]:
    from tui_chat.settings.model import SETTINGS

    return [Candidate(setting.key, setting.meaning) for setting in SETTINGS]


def _gateways(context: CommandContext) -> list[Candidate]:
    connector = context.program.connector
    gateways = connector.gateways if connector is not None else {}
    return [Candidate(name, sanitize_line(address, 200)) for name, address in gateways.items()]


def _parameters(context: CommandContext) -> list[Candidate]:
    if not context.conversation.is_open:
        return []
    return [
        Candidate(f"{row.name}=", row.allowed or row.source, is_whole=False, is_open=True)
        for row in rows(context.conversation.session)
        if row.is_taken
    ]


def _presets(context: CommandContext) -> list[Candidate]:
    declared = context.program.loaded.settings.preset
    return [*(Candidate(name, preset_words(each)) for name, each in declared.items()), Candidate(NONE, "no preset")]


def _topics(context: CommandContext) -> list[Candidate]:
    from tui_chat.ui.dialogs.help_pages import help_pages  # the manual is read from disk

    pages = help_pages(context.commands, context.own_keys)
    return [Candidate(page.slug, page.title) for page in pages]
