"""States of dialogs: what lies over the chat until it is answered or left."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from tests.full_disk import FullDisk
from tests.ui.gallery_states import scripts
from tests.ui.gallery_states.stage import Drive, Stage, State
from tests.ui.gallery_states.words import QUESTION
from tests.ui.gallery_states.world import World

_ANSWERED = (scripts.answering(),)
_KEY = "sr_live_0123456789abcdef"


def _opened(command: str, *keys: str, words: str = "", asks: bool = True) -> Drive:
    """Drive to the dialog of a slash command: some keys, then some words."""

    async def drive(stage: Stage) -> None:
        if asks:
            await stage.ask(QUESTION)
        await stage.send(command)
        await stage.dialog()
        await stage.press(*keys)
        await stage.type(words)

    return drive


async def _palette(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+p")
    await stage.dialog()


async def _palette_with_words(stage: Stage) -> None:
    await _palette(stage)
    await stage.type("mod")


async def _palette_without_match(stage: Stage) -> None:
    await _palette(stage)
    await stage.type("zebra")


async def _leader(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+x")
    await stage.dialog()
    await asyncio.sleep(0.7)  # the list comes half a second after the key, to whoever waits


async def _confirm(stage: Stage) -> None:
    await stage.ask(QUESTION)
    target = stage.folder / "notes.md"
    target.write_text("Something else.\n")
    await stage.send(f"/save {target}")
    await stage.dialog()


async def _quit_unsaved(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+q")
    await stage.dialog()


async def _prompt_search(stage: Stage) -> None:
    for question in (QUESTION, "And with httpx?", "What of a proxy that buffers?\nIt is nginx."):
        await stage.ask(question)
    await stage.press("ctrl+r")
    await stage.dialog()


async def _prompt_search_with_words(stage: Stage) -> None:
    await _prompt_search(stage)
    await stage.type("prox")


async def _stash(stage: Stage) -> None:
    for draft in ("Compare the two proposals", "Ask about the heating\nand the roof", "東京の天気"):
        stage.chat.composer.put(draft)
        await stage.press("ctrl+s")
        await stage.until(lambda: not stage.chat.composer.text)
    await stage.send("/pop")
    await stage.dialog()


async def _paste_view(stage: Stage) -> None:
    await stage.paste("one line of a long log, as it was written\n" * 30_000)
    await stage.pilot.pause()
    await stage.press("f4")
    await stage.dialog()


async def _connect_and_be_refused(stage: Stage) -> None:
    await stage.send("/connect")
    await stage.dialog()
    await stage.press("up")
    with suppress(TimeoutError):
        await stage.type("ftp://")
        await stage.press("home")
    await stage.press("ctrl+u", "ctrl+k")
    await stage.type("ftp://nowhere")
    await stage.press("enter")


STATES: Mapping[str, State] = {
    "palette": State(_palette, World(_ANSWERED)),
    "palette-words": State(_palette_with_words, World(_ANSWERED)),
    "palette-no-match": State(_palette_without_match, World(_ANSWERED)),
    "resume": State(_opened("/resume", asks=False), World(has_recent=True)),
    "resume-words": State(_opened("/resume", words="letter", asks=False), World(has_recent=True)),
    "resume-no-match": State(_opened("/resume", words="zebra", asks=False), World(has_recent=True)),
    "settings": State(_opened("/settings"), World(_ANSWERED)),
    "connect": State(_opened("/connect"), World(_ANSWERED)),
    "connect-key": State(_opened("/connect", words=_KEY), World(_ANSWERED)),
    "connect-refused": State(_connect_and_be_refused, World()),
    "themes": State(_opened("/theme"), World(_ANSWERED)),
    "help": State(_opened("/help"), World(_ANSWERED)),
    "help-second-page": State(_opened("/help", "right"), World(_ANSWERED)),
    "keys": State(_opened("/keys"), World(_ANSWERED)),
    "leader": State(_leader, World(_ANSWERED)),
    "confirm": State(_confirm, World(_ANSWERED)),
    "system": State(_opened("/system"), World(_ANSWERED)),
    "unsaved": State(_quit_unsaved, World(_ANSWERED, store=lambda _: FullDisk())),
    "prompt-search": State(_prompt_search, World(_ANSWERED * 3)),
    "prompt-search-words": State(_prompt_search_with_words, World(_ANSWERED * 3)),
    "stash": State(_stash, World(_ANSWERED)),
    "paste-view": State(_paste_view, World()),
}
