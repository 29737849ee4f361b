"""A whole app over scripted services, and a way to wait for what it does."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.app import App
from textual.keys import KEY_NAME_REPLACEMENTS
from textual.pilot import Pilot

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tui_chat.chat.services import Services
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.settings.load import load_settings
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import find_connection
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.workspace.connecting import Connector
from tui_chat.workspace.opening import Opening

WAIT_S = 5.0


def answer(*words: str) -> list[Step]:
    """A script that answers with these words and ends well."""
    return [*opening(), *(TextDelta(word) for word in words), Stopped(Outcome.COMPLETE, "stop")]


def chat_app(
    folder: Path,
    *scripts: Iterable[Step],
    services: Services | None = None,
    make: Callable[[], Services] | None = None,
    opens_with: Opening | None = None,
    connector: Connector | None = None,
    settings: str = "",
) -> ChatApp:
    """The app with its files in `folder` and answers from `scripts`."""
    paths = Paths(folder, folder, folder, folder)
    if settings:
        paths.config_file.write_text(settings)
    given = services or make_services(ScriptedCompleter(*scripts))
    loaded = load_settings(paths.config_file, {})
    return ChatApp(
        loaded,
        paths,
        opens_with or Opening(),
        find_connection(loaded, {}, paths.credentials_file),
        make_services=make or (lambda: given),
        connector=connector,
    )


@asynccontextmanager
async def starting(app: ChatApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    """The app on a headless terminal, its first frame shown; the conversation may still be opening."""
    async with app.run_test(size=size) as pilot:
        chat = app.screen
        assert isinstance(chat, ChatScreen)
        yield chat, pilot


@asynccontextmanager
async def running(app: ChatApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    """The app on a headless terminal, its conversation open."""
    async with starting(app, size) as (chat, pilot):
        await until(pilot, lambda: chat.conversation.is_open)
        yield chat, pilot


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Let the app run until something is so."""
    async with asyncio.timeout(WAIT_S):
        while not is_so():
            await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as one burst, and wait once until they were all for somebody; the pilot's own waits 50 ms for each."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        pilot.app.post_message(events.Key(_named(character) if character else key, character))
    await pilot.pause(0)  # the app has handed them on
    await pilot.pause()


def _named(character: str) -> str:
    """Textual's name for the key of a character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace(" ", "_").replace("-", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


async def asked_something(pilot: Pilot[None]) -> ChoiceDialog[object]:
    """The question that is shown, once keys count as answers to it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog) and pilot.app.screen.is_settled)
    dialog = pilot.app.screen
    assert isinstance(dialog, ChoiceDialog)
    return dialog


async def send(pilot: Pilot[None], chat: ChatScreen, text: str) -> None:
    """Write a text and press Enter."""
    chat.composer.put(text)
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


def notes(app: App[None]) -> str:
    """Everything that was said on the composer's edge, the newest first."""
    chat = app.screen_stack[0]
    assert isinstance(chat, ChatScreen)
    return "\n".join(note.words for note in chat.noting.notes.recent)


def list_files(folder: Path) -> tuple[Path, ...]:
    """Every file in a folder."""
    return tuple(file for file in folder.rglob("*") if file.is_file())
