"""A running app that is driven to a state, by what a person would type and press."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from tests.ui.gallery_states.svg import picture
from tests.ui.gallery_states.world import World, build
from tests.ui.support import chat_app, press, running, send, until
from tui_chat.settings.command_line import CommandLine
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.wiring.load import load

MOST_LOOKS = 20
"""Looks at a screen that does not come to rest."""
LOOK_EVERY_S = 0.04
SETTINGS = 'theme = "{theme}"\nmotion = "reduced"\n'


@dataclass(frozen=True)
class Stage:
    """The app of a state, and how it is driven."""

    app: ChatApp
    chat: ChatScreen
    pilot: Pilot[None]
    title: str
    """Title of the window in its pictures."""
    closing: AsyncExitStack
    """What is closed when the state was drawn."""

    async def send(self, text: str) -> None:
        """Write a message or a command, and press Enter."""
        await send(self.pilot, self.chat, text)

    async def ask(self, text: str) -> None:
        """Send a message, and wait until its answer has ended."""
        await self.send(text)
        await self.until(self.rests)

    async def type(self, text: str) -> None:
        """Type a text where the focus is."""
        await press(self.pilot, *("space" if character == " " else character for character in text))

    async def press(self, *keys: str) -> None:
        """Press keys, each once the one before it was dealt with."""
        for key in keys:
            await press(self.pilot, key)

    async def paste(self, text: str) -> None:
        """Paste a text where the focus is."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        await until(self.pilot, is_so)

    async def dialog(self) -> None:
        """Wait until something lies over the chat."""
        await self.until(lambda: self.app.screen is not self.chat)
        await self.pilot.pause()

    async def changes(self) -> None:
        """Wait until the screen shows something else."""
        before = picture(self.app, self.title)
        await self.until(lambda: picture(self.app, self.title) != before)

    async def settles(self) -> str:
        """Wait until two looks in a row show the same, and return what they show."""
        seen = ""
        for _ in range(MOST_LOOKS):
            await self.pilot.pause(LOOK_EVERY_S)
            before, seen = seen, picture(self.app, self.title)
            if seen == before:
                break
        return seen

    def rests(self) -> bool:
        """No answer is being written, and none is due."""
        conversation = self.chat.conversation
        return bool(conversation.session.path) and not conversation.is_answering and not conversation.is_due

    async def said(self, words: str) -> None:
        """Wait until the answer that is being written holds these words."""
        await self.until(lambda: words in last_answer_text(self.chat.transcript.whole))


Drive = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class State:
    """One main state of the screen."""

    drive: Drive
    world: World = field(default_factory=World)


@asynccontextmanager
async def staged(
    state: State, folder: Path, theme: str, size: tuple[int, int], title: str = ""
) -> AsyncIterator[Stage]:
    """The app in a state."""
    services = await build(state.world, folder)
    connector = load(CommandLine(is_temporary=True), {"TUI_CHAT_HOME": str(folder / "other"), "HOME": str(folder)})
    settings = SETTINGS.format(theme=theme) + state.world.settings
    app = chat_app(folder, services=services, settings=settings, connector=connector)
    try:
        async with running(app, size) as (chat, pilot), AsyncExitStack() as closing:
            stage = Stage(app, chat, pilot, title, closing)
            await state.drive(stage)
            yield stage
    finally:
        await services.close()
