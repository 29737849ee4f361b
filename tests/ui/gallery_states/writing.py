"""States around the composer: completion, drafts, queue, attachments, search line, notes."""

from collections.abc import Mapping
from pathlib import Path

from tests.ui.gallery_states import scripts
from tests.ui.gallery_states.stage import Stage, State
from tests.ui.gallery_states.words import HALF, LONG_PASTE, QUESTION
from tests.ui.gallery_states.world import World

_ANSWERED = (scripts.answering(),)
_DRAFT = "Compare these two, please:\n\n1. what they promise\n2. what they cost"


async def _slash(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.type("/")


async def _slash_with_letters(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.type("/re")


async def _slash_argument(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.type("/theme ")


async def _draft(stage: Stage) -> None:
    await stage.ask(QUESTION)
    stage.chat.composer.put(_DRAFT)


async def _paste(stage: Stage) -> None:
    await stage.type("What went wrong here? ")
    await stage.paste(LONG_PASTE)


async def _vim(stage: Stage) -> None:
    await stage.ask(QUESTION)
    stage.chat.composer.put(_DRAFT)
    await stage.press("escape", "k", "v", "w")


async def _queue(stage: Stage) -> None:
    await stage.send(QUESTION)
    await stage.said(HALF[-20:])
    await stage.send("And with httpx?")
    await stage.send("What of a proxy that buffers?")


async def _queue_entered(stage: Stage) -> None:
    await _queue(stage)
    await stage.press("alt+q")


def _write_files() -> None:
    Path("notes.md").write_text("Some notes.\n" * 90)
    Path("log of today.txt").write_text(LONG_PASTE)


async def _files(stage: Stage) -> None:
    _write_files()
    await stage.type("Read @")


async def _attach(stage: Stage) -> None:
    _write_files()
    stage.chat.composer.put('Read @notes.md and @"log of today.txt", please')
    await stage.pilot.pause()


async def _edit(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.send("/edit")


async def _find(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+f")
    await stage.type("chunk")


async def _find_nothing(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+f")
    await stage.type("zebra")


async def _note(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.send("/fork")


async def _temporary(stage: Stage) -> None:
    await stage.send("/temporary")
    await stage.ask(QUESTION)


STATES: Mapping[str, State] = {
    "slash": State(_slash, World(_ANSWERED)),
    "slash-letters": State(_slash_with_letters, World(_ANSWERED)),
    "slash-argument": State(_slash_argument, World(_ANSWERED)),
    "draft": State(_draft, World(_ANSWERED)),
    "paste": State(_paste, World()),
    "vim": State(_vim, World(_ANSWERED, settings="vim = true\n")),
    "queue": State(_queue, World((scripts.streaming,), at_each_size=True)),
    "queue-entered": State(_queue_entered, World((scripts.streaming,), at_each_size=True)),
    "files": State(_files, World()),
    "attachments": State(_attach, World()),
    "edit": State(_edit, World(_ANSWERED)),
    "find": State(_find, World(_ANSWERED)),
    "find-none": State(_find_nothing, World(_ANSWERED)),
    "note": State(_note, World(_ANSWERED, at_each_size=True)),
    "temporary": State(_temporary, World(_ANSWERED, at_each_size=True)),
}
