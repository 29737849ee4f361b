"""Loads everything once the composer can be typed into: transcript, drafts, services, the conversation asked for.

Apart from the app because the first frame waits for nothing in here, nor for anything that it imports.
"""

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from tui_chat.core.errors import ChatError, FileError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.opening import (
    NOTHING_TO_CONTINUE,
    Opening,
    cut_answer_words,
    end_asked_for,
    open_first,
    with_project_preset,
)
from tui_chat.workspace.prompts_file import not_kept_words, read_prompts

if TYPE_CHECKING:
    from pathlib import Path

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.core.errors import Failure
    from tui_chat.core.tree import Node
    from tui_chat.settings.paths import Paths
    from tui_chat.ui.commands.context import Program, Result
    from tui_chat.ui.composing.composer import Composer
    from tui_chat.workspace.conversation import OpenConversation

MOST_PROBLEMS = 2
LONGEST_PROBLEM = 200
GC_THRESHOLDS = (50_000, 50, 1_000)
"""A look for garbage among so many objects takes less than a frame."""
PAINTED_S = 0.2
"""Longest wait for a frame before the rest of a conversation is read."""


class Persistent(Protocol):
    """Text that is kept on disk."""

    async def begin(self, folder: "Path") -> None:
        """Keep it in this folder from now on."""


class Favoured(Protocol):
    """Favourite models that are kept on disk."""

    async def begin(self, file: "Path", *, may_write: bool) -> None:
        """Keep them in this file from now on."""


class FavouredPanes(Protocol):
    """The panes, as far as starting goes."""

    @property
    def models(self) -> Favoured: ...


class PromptSender(Protocol):
    """Sends prompts as they are."""

    def ask(self, prompt: str) -> None:
        """Send them."""


class EndShowing(Protocol):
    """The transcript, as far as starting goes."""

    def show(self, path: "Sequence[Node]", *, is_end: bool) -> None:
        """Show the end of a path; the rest comes later."""


class StartingChat(Protocol):
    """The chat screen, as far as starting goes."""

    @property
    def program(self) -> "Program": ...
    @property
    def composer(self) -> "Composer": ...
    @property
    def drafting(self) -> Persistent: ...
    @property
    def stash(self) -> Persistent: ...
    @property
    def panes(self) -> FavouredPanes: ...
    @property
    def dispatch(self) -> PromptSender: ...
    @property
    def transcript(self) -> EndShowing: ...
    @property
    def conversation(self) -> "OpenConversation": ...
    def call_after_refresh(self, callback: Callable[[], object]) -> bool: ...
    async def mount_transcript(self) -> None: ...
    async def open(self, session: "Session") -> None: ...
    async def ask(self, dialog: "Screen[Result]") -> "Result | None": ...
    def tell(self, failure: "Failure") -> None: ...
    def note(self, words: str, *, severity: "SeverityLevel" = "information") -> None: ...


async def start(
    chat: StartingChat,
    opening: Opening,
    paths: "Paths",
    make_services: "Callable[[], Services]",
    has_started: asyncio.Event,
) -> None:
    """Make a painted screen into a chat that can be used, and set `has_started`; the garbage collector, off until here,
    goes on behind it."""
    try:
        services = await _load(chat, opening, paths, make_services)
    finally:
        has_started.set()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        gc.enable()
    await asyncio.to_thread(_warm_up)
    if services is not None:
        await asyncio.to_thread(services.warm_up)


async def _load(
    chat: StartingChat, opening: Opening, paths: "Paths", make_services: "Callable[[], Services]"
) -> "Services | None":
    await asyncio.to_thread(_import_transcript)
    await chat.mount_transcript()
    program = chat.program
    chat.composer.use_vim(program.loaded.settings.vim)
    try:
        chat.composer.prompts.begin_with(await asyncio.to_thread(read_prompts, paths.prompts_file))
    except FileError as error:
        if not program.is_temporary:
            chat.note(not_kept_words(error), severity="warning")
    _say_problems(chat, program.problems)
    await chat.drafting.begin(paths.drafts)
    await chat.stash.begin(paths.stash)
    await chat.panes.models.begin(paths.favourites, may_write=not program.is_temporary)
    if program.keeping.asks_for_project:
        from tui_chat.ui.commands.actions.settings import ask_for_project  # only where there is a project file

        await ask_for_project(chat)
    try:
        services = await asyncio.to_thread(make_services)
    except ChatError as error:
        chat.tell(error.failure)
        return None
    from tui_chat.ui.transcript.earlier import END

    if end := await end_asked_for(services, opening, END):
        chat.transcript.show(end, is_end=True)
        await _painted(chat)
    opened = await open_first(services, with_project_preset(opening, program.loaded))
    if opened.has_nothing_to_continue:
        chat.note(NOTHING_TO_CONTINUE, severity="warning")
    if opened.words:
        chat.note(opened.words, severity="warning")
    if opened.failure is not None:
        chat.tell(opened.failure)
    await chat.open(opened.session)
    await chat.conversation.recent.recall(services)
    if opening.prompt:
        chat.dispatch.ask(opening.prompt)
    if words := await cut_answer_words(services.store, opening):
        chat.note(words)
    return services


async def _painted(chat: StartingChat) -> None:
    """Wait until what is shown is painted, which reading would slow down; not where something covers it."""
    painted = asyncio.Event()
    chat.call_after_refresh(painted.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(painted.wait(), PAINTED_S)


def _say_problems(chat: StartingChat, problems: Sequence[str]) -> None:
    """Say how many problems there are with the settings, and the first of them; the settings page has them all."""
    if problems:
        count = len(problems)
        more = f"{count} problems, see /settings: " if count > 1 else ""
        said = " ".join(sanitize_line(problem, LONGEST_PROBLEM) for problem in problems[:MOST_PROBLEMS])
        chat.note(f"{more}{said}", severity="warning")


def _import_transcript() -> None:
    """Import the transcript, and the Markdown engine that it would else import in its first frame."""
    import tui_chat.ui.transcript.view  # noqa: F401 - imported for its own sake
    from tui_chat.ui.transcript.parser import markdown

    markdown()


def _warm_up() -> None:
    """Import what the first key press or code block would otherwise wait for."""
    import tui_chat.ui.commands.handlers
    import tui_chat.ui.commands.slash_words
    import tui_chat.ui.composing.completion
    import tui_chat.ui.dialogs.palette
    import tui_chat.ui.dialogs.search_page
    import tui_chat.ui.panes.model_pane
    import tui_chat.ui.panes.tool_inspector
    import tui_chat.ui.panes.usage_pane  # noqa: F401 - imported for its own sake, as are those before it
    from tui_chat.ui.transcript import lexing

    lexing.warm_up()
