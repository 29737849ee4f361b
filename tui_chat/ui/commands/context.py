"""Everything that a command may touch: the chat as its handlers see it, in small parts by subject.

Whoever runs commands offers these names. Handlers know no screen, no app and no table of commands.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:  # nothing of it is needed before the first frame
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.core.errors import Failure
    from tui_chat.core.tree import Node
    from tui_chat.settings.kept import SettingsKeeper
    from tui_chat.settings.load import Loaded
    from tui_chat.settings.problem import Problem
    from tui_chat.settings.secrets import Connection
    from tui_chat.settings.theme_files import Themes
    from tui_chat.ui.composing.composer import Composer
    from tui_chat.ui.composing.external_editor import ExternalEditor
    from tui_chat.ui.dialogs.notices import Said
    from tui_chat.ui.driver.outside import Outside
    from tui_chat.ui.keys.command import OwnKeys
    from tui_chat.ui.theming.wearing import Wearing
    from tui_chat.ui.transcript.view import TranscriptView
    from tui_chat.workspace.command import Command
    from tui_chat.workspace.connecting import Connector
    from tui_chat.workspace.conversation import OpenConversation
    from tui_chat.workspace.conversations import Conversations
    from tui_chat.workspace.deciding import CallKey
    from tui_chat.workspace.open_conversations import OpenConversations
    from tui_chat.workspace.own_prompts import OwnPrompts
    from tui_chat.workspace.search import RecentSearches
    from tui_chat.workspace.stash import Stashed

Result = TypeVar("Result")


class Editing(Protocol):
    """The question that is being edited."""

    def begin(self, question: "Node") -> None: ...
    def end(self) -> None: ...


class Attaching(Protocol):
    """Attachments of the next message."""

    @property
    def names(self) -> tuple[str, ...]: ...
    def attach(self, path: str) -> None: ...
    def detach(self, name: str = "") -> str: ...


class Stash(Protocol):
    """Stashed drafts."""

    async def push(self, pieces: tuple[str, ...]) -> bool: ...
    async def read(self) -> "tuple[Stashed, ...]": ...
    async def drop(self, stashed: "Stashed") -> None: ...


class Queueing(Protocol):
    """The queued messages."""

    def give_back(self) -> None: ...
    def toggle_focus(self) -> None: ...


class Drafting(Protocol):
    """The file of the draft."""

    def kept(self) -> None: ...
    async def flush(self) -> None: ...


class Writing(Protocol):
    """Unsent text, and what belongs to it."""

    @property
    def editing(self) -> Editing: ...
    @property
    def attaching(self) -> Attaching: ...
    @property
    def stash(self) -> Stash: ...
    @property
    def queueing(self) -> Queueing: ...
    @property
    def drafting(self) -> Drafting: ...


class Panes(Protocol):
    """The panes beside the transcript."""

    @property
    def is_open(self) -> bool: ...
    @property
    def has_focus(self) -> bool: ...
    @property
    def help_page(self) -> str:
        """The page of the manual on the pane that has the focus."""

    async def close(self) -> None: ...
    async def toggle_models(self) -> None: ...
    async def find_models(self, words: str) -> None: ...
    async def toggle_tools(self) -> None: ...
    async def seek_calls(self, words: str) -> None: ...
    async def show_call(self, key: "CallKey", *, output: bool) -> None: ...
    async def toggle_usage(self, word: str = "") -> None: ...
    def show_model(self, model: str) -> None: ...


class Dispatching(Protocol):
    """Running commands."""

    @property
    def used_last(self) -> tuple[str, ...]: ...
    def why_not(self, command: "Command") -> str: ...
    def run(self, work: Awaitable[None], name: str) -> None:
        """Run what somebody asked for otherwise than by a command, and say why not."""


class Notes(Protocol):
    """What was said in passing."""

    @property
    def recent(self) -> "Sequence[Said]": ...


class Noting(Protocol):
    """Notes on the composer's edge."""

    @property
    def notes(self) -> Notes: ...


class Copying(Protocol):
    """Copying, and the selection."""

    def copy(self, text: str, what: str, *, is_selection: bool = False) -> None: ...
    def selected(self) -> str: ...
    def drop_selection(self) -> None: ...


class Finding(Protocol):
    """The search in the conversation, and what was searched for in all of them."""

    @property
    def searches(self) -> "RecentSearches": ...
    async def open(self, words: str) -> None: ...
    def mark(self, words: tuple[str, ...], node_id: str) -> None:
        """Go to a message and mark words in it, and wherever else they are."""


class Completing(Protocol):
    """The completion list."""

    def take_key(self, key: str) -> bool:
        """Give the list a key; True where it was for the list."""


class Program(Protocol):
    """The program around the chat: its settings, themes and connection, and the way to leave it."""

    theme: str

    @property
    def themes(self) -> "Themes": ...
    @property
    def loaded(self) -> "Loaded": ...
    @property
    def connection(self) -> "Connection": ...
    @property
    def connector(self) -> "Connector | None": ...
    @property
    def problems(self) -> tuple[str, ...]: ...
    @property
    def faults(self) -> "tuple[Problem | str, ...]": ...
    @property
    def outside(self) -> "Outside": ...
    @property
    def editor(self) -> "ExternalEditor": ...
    @property
    def is_temporary(self) -> bool: ...
    @property
    def tells_all_keys(self) -> bool: ...
    @property
    def wearing(self) -> "Wearing": ...
    @property
    def own_prompts(self) -> "OwnPrompts": ...
    @property
    def keeping(self) -> "SettingsKeeper": ...
    def set_class(self, add: bool, *names: str) -> object: ...
    def remember_prompt(self, prompt: str, conversation_id: str) -> None: ...
    def survive(self, error: BaseException) -> None: ...
    def action_command_palette(self) -> None: ...
    def leave(self, code: int) -> None: ...


class Models(Protocol):
    """The model that the next question goes to."""

    def switch(self, model: str) -> Awaitable[None]:
        """Ask this model from this call on; awaiting saves and shows it."""


class CommandContext(Protocol):
    """The chat, as far as commands go."""

    interrupted_at: float
    """Time at which Ctrl+C last had nothing to do, by the monotonic clock."""

    @property
    def commands(self) -> "Sequence[Command]": ...
    @property
    def own_keys(self) -> "OwnKeys": ...
    @property
    def conversation(self) -> "OpenConversation": ...
    @property
    def conversations(self) -> "Conversations": ...
    @property
    def opened(self) -> "OpenConversations": ...
    @property
    def dispatch(self) -> Dispatching: ...
    @property
    def noting(self) -> Noting: ...
    @property
    def models(self) -> Models: ...
    @property
    def writing(self) -> Writing: ...
    @property
    def composer(self) -> "Composer": ...
    @property
    def completing(self) -> Completing: ...
    @property
    def transcript(self) -> "TranscriptView": ...
    @property
    def finding(self) -> Finding: ...
    @property
    def copying(self) -> Copying: ...
    @property
    def panes(self) -> Panes: ...
    @property
    def program(self) -> Program: ...
    async def open(self, session: "Session") -> None:
        """Show another conversation; this one goes on out of sight."""

    async def show_path(self) -> None:
        """Show the path as it is now: it was turned to another branch, or messages are marked otherwise."""

    async def connect(self, services: "Services", found: str = "") -> None:
        """Go on through another gateway, and say what was found there."""

    def show_facts(self) -> None:
        """Show title, model and figures as they are now."""

    def follow(self) -> None:
        """Show the queue, and follow the turn that is due."""

    def note(self, words: str, *, severity: "SeverityLevel" = "information", timeout: float | None = None) -> None:
        """Say something on the composer's edge. Its words are never parsed as markup."""

    def tell(self, failure: "Failure") -> None:
        """Show a failure, and what to do about it."""

    async def ask(self, dialog: "Screen[Result]") -> "Result | None":
        """Open a dialog and wait for its answer; None where it was left."""

    def push(self, dialog: "Screen[Result]", then: "Callable[[Result | None], None]") -> None:
        """Open a dialog at once, before the next key of the same read, and call `then` with its answer."""

    def execute(self, command: "Command", arguments: str = "") -> None:
        """Run a command."""


Handler = Callable[[CommandContext, str], Awaitable[None] | None]
"""Runs a command with the words that followed its slash name. An awaitable that it returns runs in a worker."""
