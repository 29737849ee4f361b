"""What can be chosen while a slash command is typed: its name, then what may follow it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_chat.core import figures
from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.commands.table import BY_ID, BY_SLASH, COMMANDS
from tui_chat.ui.composing.completion import Candidate
from tui_chat.ui.keys.command import first_label

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen

MOST_CONVERSATIONS = 500


def names(chat: "ChatScreen") -> list[Candidate]:
    """Every slash name, with the key that does the same now."""
    return [
        Candidate(
            f"/{command.slash}",
            f"{command.arguments}  {command.help}".strip(),
            key=first_label(command, chat.own_keys, BY_ID["leader"]),
            is_whole=not command.needs_arguments,
            others=tuple(f"/{alias}" for alias in command.aliases),
        )
        for command in COMMANDS
        if command.slash
    ]


async def values(chat: "ChatScreen", name: str) -> Sequence[Candidate]:
    """What may follow a slash name; nothing where it may be anything, or nothing."""
    command = BY_SLASH.get(name)
    source = _SOURCES.get(command.slash) if command else None
    if source is not None:
        return source(chat)
    if command is not None and command.slash == "resume" and chat.has_session:
        return await _conversations(chat)
    return ()


async def _conversations(chat: "ChatScreen") -> list[Candidate]:
    clock = chat.services.clock
    try:
        summaries = await chat.services.store.list()
    except ChatError:
        return []  # the command itself says what is wrong
    return [
        Candidate(
            summary.id,
            f"{figures.age(clock.now() - summary.updated_at)} · {summary.model}",
            label=sanitize_line(summary.title, 60) or "(no title)",
        )
        for summary in summaries[:MOST_CONVERSATIONS]
    ]


def _models(chat: "ChatScreen") -> list[Candidate]:
    known = chat.services.catalog.known().models if chat.has_session else ()
    recent = chat.models.recent
    ordered = sorted(known, key=lambda model: -recent.index(model.id) if model.id in recent else 1)
    return [Candidate(model.id, model.name) for model in ordered]


def _themes(chat: "ChatScreen") -> list[Candidate]:
    themes = chat.chat_app.themes
    return [Candidate(name, "in use" if name == chat.chat_app.theme else "") for name in themes.names()]


def _formats(chat: "ChatScreen") -> list[Candidate]:
    del chat
    return [Candidate("markdown", "to read"), Candidate("json", "with everything in it")]


def _copies(chat: "ChatScreen") -> list[Candidate]:
    del chat
    return [Candidate("all", "the whole conversation")]


def _topics(chat: "ChatScreen") -> list[Candidate]:
    from tui_chat.ui.dialogs.help_pages import KEYS_PAGE, help_pages  # the manual is read from disk

    pages = help_pages(chat.own_keys)
    return [Candidate("keys" if page.slug == KEYS_PAGE else page.slug, page.title) for page in pages]


def _attached(chat: "ChatScreen") -> list[Candidate]:
    return [Candidate(name) for name in chat.attaching.names]


_SOURCES: dict[str, Callable[["ChatScreen"], list[Candidate]]] = {
    "model": _models,
    "retry": _models,
    "theme": _themes,
    "export": _formats,
    "copy": _copies,
    "help": _topics,
    "detach": _attached,
}
