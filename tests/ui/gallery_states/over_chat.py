"""States of dialogs: what lies over the chat until it is answered or left."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from tests.full_disk import FullDisk
from tests.listed import RowStore
from tests.memory_store import MemoryStore
from tests.ui.gallery_states import scripts
from tests.ui.gallery_states.connecting import KEY
from tests.ui.gallery_states.stage import Drive, Stage, State
from tests.ui.gallery_states.words import NOW, QUESTION, damaged_file, searched_conversations
from tests.ui.gallery_states.world import World
from tests.ui.support import asked_something
from tui_chat.chat.found import SearchResult
from tui_chat.chat.ports import ConversationSummary
from tui_chat.core.errors import StoreError
from tui_chat.core.search_query import ALL, Filters, SearchQuery
from tui_chat.settings.problem import Problem
from tui_chat.settings.project import PROJECT_FILE, NamedFile, ProjectFile
from tui_chat.ui import dialogs
from tui_chat.ui.dialogs.history_picker import HistoryPicker

_ANSWERED = (scripts.answering(),)
_AT_WORK = World(
    (scripts.streaming, scripts.thinking, scripts.tool_asked, scripts.answering()), has_recent=True, at_each_size=True
)
_PRESETS = """
temperature = 0.7
[preset.short]
system = "Answer in one sentence."
temperature = 0.2
max_tokens = 200
[preset.exact]
model = "openai/gpt-4o-mini"
seed = 7
"""
_SETTINGS = """
timestamps = "absolute"
temprature = 0.7
vim = true
[preset.short]
temperature = 0.2
"""
_PROJECT = """\
model = "openai/gpt-4o-mini"  # the cheap one
tools = "tools.json"
[gateway.evil]
base_url = "https://example.org"
"""


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


async def _ask_for_project(stage: Stage) -> None:
    await stage.ask(QUESTION)
    file = Path("/work/lisbon") / PROJECT_FILE
    told = Problem(str(file), 3, "gateway", "not for a project file, which sets model, system, tools, theme, preset")
    named = (NamedFile(Path("/work/lisbon/tools.json"), b'[{"name": "weather"}]'),)
    found = ProjectFile(file, _PROJECT, {}, named, "digest", (told,))
    stage.app.push_screen(dialogs.project(found))
    await asked_something(stage.pilot)


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
    await stage.changes()  # the list comes half a second after the key, to whoever waits


def _write_a_file_that_is_in_the_way() -> None:
    Path("notes.md").write_text("Something else.\n")


async def _confirm(stage: Stage) -> None:
    await stage.ask(QUESTION)
    _write_a_file_that_is_in_the_way()
    await stage.send("/save notes.md")
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


async def _key_trial(stage: Stage) -> None:
    await _opened("/help", "t")(stage)
    await stage.pilot.pause()


async def _line(stage: Stage) -> None:
    await _palette(stage)
    await stage.type("rename")
    palette = stage.app.screen
    await stage.press("enter")
    await stage.until(lambda: stage.app.screen not in (palette, stage.chat))
    await stage.pilot.pause()


async def _notices(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.send("/fork")
    await stage.send("/notices")
    await stage.dialog()


async def _many_notices(stage: Stage) -> None:
    for number in range(50):
        stage.chat.noting.say(f"Note {number}")
    await stage.send("/notices")
    await stage.dialog()


async def _refuse_a_parameter(stage: Stage) -> None:
    await _opened("/params", "enter", words="9")(stage)
    await stage.press("enter")
    await stage.pilot.pause()


async def _stash(stage: Stage) -> None:
    for draft in ("Compare the two proposals", "Ask about the heating\nand the roof", "東京の天気"):
        stage.chat.composer.put(draft)
        await stage.press("ctrl+s")
        await stage.until(lambda: not stage.chat.composer.text)
    await stage.send("/pop")
    await stage.dialog()


async def _paste_view(stage: Stage) -> None:
    await stage.paste("".join(f"{number:,} lines of a long log, as it was written\n" for number in range(30_000)))
    await stage.pilot.pause()
    await stage.press("f4")
    await stage.dialog()


async def _ask_over_the_budget(stage: Stage) -> None:
    await stage.send("/budget day 0.000001")
    await stage.send(QUESTION)
    await stage.dialog()


async def _at_work(stage: Stage) -> None:
    """Three conversations out of sight, two of them at work while a call of the third waits, and one in sight."""
    for question in ("Summary of the RFC", "Names for a cat", "Weather in Tokyo"):
        await stage.send(question)
        await stage.until(lambda: stage.chat.conversation.session.path)
        await stage.press("ctrl+n")
        await stage.until(lambda: not stage.chat.conversation.session.path)
    await stage.ask(QUESTION)


async def _resume_at_work(stage: Stage) -> None:
    await _at_work(stage)
    await stage.press("f7")
    await stage.dialog()


async def _quit_at_work(stage: Stage) -> None:
    await _at_work(stage)
    await stage.press("ctrl+q")
    await stage.dialog()


async def _resume_nothing(stage: Stage) -> None:
    await stage.send("/resume")
    await stage.pilot.pause()


class _HalfIndexed(MemoryStore):
    """A store whose index is still being built."""

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        return replace(await super().search(query, limit), indexed=0.61)


class _Unsearchable(MemoryStore):
    """A store that cannot be read."""

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        raise damaged_file()


def _searching(words: str, *keys: str) -> Drive:
    """Search for words, once everything is there that is to be found."""

    async def drive(stage: Stage) -> None:
        for conversation, nodes in searched_conversations():
            await stage.chat.conversation.services.store.add(conversation, nodes)
        await stage.press("f9")
        await stage.dialog()
        await stage.type(words)
        await stage.settles()
        await stage.press(*keys)

    return drive

    return drive


def _picker(stage: Stage) -> HistoryPicker:
    assert isinstance(stage.app.screen, HistoryPicker)
    return stage.app.screen


def _in_rows(*keys: str, words: str = "") -> Drive:
    """Drive to the rows of the conversations, and press keys there until what the last one opens is there."""

    async def drive(stage: Stage) -> None:
        await _opened("/resume", "tab", *keys[:-1], asks=False)(stage)
        picker = _picker(stage)
        before = picker.focused, picker.shows_archive
        await stage.press(keys[-1])
        await stage.until(lambda: (picker.focused, picker.shows_archive) != before)
        await stage.type(words)

    return drive


async def _delete_one(stage: Stage) -> None:
    await _opened("/resume", "tab", "down", "d", asks=False)(stage)
    await stage.until(lambda: stage.chat.conversations.can_bring_back)
    await stage.pilot.pause()


async def _ask_to_delete_two(stage: Stage) -> None:
    await _opened("/resume", "tab", "space", "space", "d", asks=False)(stage)
    await asked_something(stage.pilot)


async def _in_empty_archive(stage: Stage) -> None:
    await _opened("/resume")(stage)
    await stage.press("f6")
    await stage.until(lambda: _picker(stage).shows_archive)


class _SlowStore(RowStore):
    """A store whose first page is there, and the rest never."""

    def __init__(self) -> None:
        super().__init__(ConversationSummary(f"c{n}", f"Talk {n}", "m", 0.0, NOW - n, 2) for n in range(300))

    async def list(self, limit: int | None = None, filters: Filters = ALL) -> tuple[ConversationSummary, ...]:
        if filters.until is not None:
            await asyncio.Event().wait()
        return await super().list(limit, filters)


class _FailingStore(RowStore):
    """A store that lists something, and cannot be read a second time."""

    is_broken = False

    def __init__(self) -> None:
        super().__init__([ConversationSummary("c1", "Trip to Lisbon", "openai/gpt-4o-mini", 0.0, NOW - 60, 2)])

    async def revision(self) -> int:
        if self.is_broken:
            raise StoreError("The file of the conversations cannot be read.", "See whether the disk is there.")
        return await super().revision()


async def _fail(stage: Stage) -> None:
    await _opened("/resume", asks=False)(stage)
    store = stage.chat.conversation.services.store
    assert isinstance(store, _FailingStore)
    store.is_broken = True
    _picker(stage).follow_change()
    await stage.changes()


async def _archive(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.send("/archive")
    await stage.until(lambda: stage.chat.conversations.is_archived)
    await stage.pilot.pause()


STATES: Mapping[str, State] = {
    "palette": State(_palette, World(_ANSWERED)),
    "palette-words": State(_palette_with_words, World(_ANSWERED)),
    "palette-no-match": State(_palette_without_match, World(_ANSWERED)),
    "resume-empty": State(_resume_nothing, World(at_each_size=True)),
    "resume": State(_opened("/resume", asks=False), World(has_recent=True)),
    "resume-labels": State(_opened("/resume", words="work", asks=False), World(has_recent=True)),
    "resume-rows": State(_opened("/resume", "tab", "down", asks=False), World(has_recent=True)),
    "resume-marked": State(_opened("/resume", "tab", "space", "down", "space", asks=False), World(has_recent=True)),
    "resume-sorted": State(_opened("/resume", "tab", "s", "s", asks=False), World(has_recent=True)),
    "resume-rename": State(_in_rows("down", "r"), World(has_recent=True)),
    "resume-label": State(_in_rows("down", "L", words="#wo"), World(has_recent=True)),
    "resume-deleted": State(_delete_one, World(has_recent=True)),
    "resume-delete-two": State(_ask_to_delete_two, World(has_recent=True)),
    "resume-reading": State(_opened("/resume", asks=False), World(store=lambda _: _SlowStore())),
    "resume-failed": State(_fail, World(store=lambda _: _FailingStore())),
    "resume-archive": State(_in_rows("f6"), World(has_recent=True)),
    "resume-archive-empty": State(_in_empty_archive, World(_ANSWERED)),
    "archived": State(_archive, World(_ANSWERED)),
    "resume-words": State(_opened("/resume", words="letter", asks=False), World(has_recent=True)),
    "at-work": State(_at_work, _AT_WORK),
    "resume-at-work": State(_resume_at_work, _AT_WORK),
    "quit-at-work": State(_quit_at_work, _AT_WORK),
    "resume-no-match": State(_opened("/resume", words="zebra", asks=False), World(has_recent=True)),
    "search-empty": State(_searching(""), World(has_recent=True)),
    "search-results": State(_searching("lifetime borrow", "down"), World(has_recent=True)),
    "search-rows": State(_searching("lifetime", *("down",) * 3, "tab"), World(has_recent=True)),
    "search-long": State(_searching("boundaries", "tab"), World(has_recent=True)),
    "search-filters": State(_searching("lifetime model:claude sinc:monday"), World(has_recent=True)),
    "search-completing": State(_searching("lifetime role:"), World(has_recent=True)),
    "search-nothing": State(_searching("lifetmie"), World(has_recent=True)),
    "search-indexing": State(_searching("lifetime"), World(has_recent=True, store=lambda _: _HalfIndexed())),
    "search-failed": State(_searching("lifetime"), World(has_recent=True, store=lambda _: _Unsearchable())),
    "search-none": State(_opened("/search", asks=False), World()),
    "settings": State(_opened("/settings"), World(_ANSWERED)),
    "settings-changed": State(_opened("/settings"), World(_ANSWERED, settings=_SETTINGS)),
    "settings-field": State(_opened("/settings retries", "enter"), World(_ANSWERED, settings=_SETTINGS)),
    "settings-refused": State(_opened("/settings retries", "enter", words="99"), World(_ANSWERED)),
    "settings-by-hand": State(_opened("/settings preset"), World(_ANSWERED)),
    "settings-no-match": State(_opened("/settings", "slash", words="zebra"), World(_ANSWERED)),
    "project-file": State(_ask_for_project, World(_ANSWERED)),
    "connect": State(_opened("/connect"), World(_ANSWERED)),
    "connect-key": State(_opened("/connect", words=KEY), World(_ANSWERED)),
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
    "key-trial": State(_key_trial, World(_ANSWERED)),
    "line": State(_line, World(_ANSWERED)),
    "notices": State(_notices, World(_ANSWERED)),
    "notices-many": State(_many_notices, World()),
    "notices-empty": State(_opened("/notices", asks=False), World()),
    "facts": State(_opened("/facts"), World(_ANSWERED)),
    "tree": State(_opened("/tree"), World(_ANSWERED)),
    "tree-no-match": State(_opened("/tree", "slash", words="zebra"), World(_ANSWERED)),
    "presets": State(_opened("/preset"), World(_ANSWERED, settings=_PRESETS)),
    "presets-no-match": State(_opened("/preset", words="zebra"), World(_ANSWERED, settings=_PRESETS)),
    "budget": State(_opened("/budget"), World(_ANSWERED)),
    "over-budget": State(_ask_over_the_budget, World(_ANSWERED)),
    "params": State(_opened("/params"), World(_ANSWERED)),
    "params-field": State(_opened("/params", "down", "enter", words="0.9"), World(_ANSWERED)),
    "params-refused": State(_refuse_a_parameter, World(_ANSWERED)),
    "stash": State(_stash, World(_ANSWERED)),
    "paste-view": State(_paste_view, World()),
}
