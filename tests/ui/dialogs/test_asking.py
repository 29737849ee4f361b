"""The dialogs about how a model is asked, in the chat around them."""

from pathlib import Path

import msgspec
from textual.pilot import Pilot
from textual.widgets import Input

from tests.fakes import ScriptedCompleter, make_services
from tests.ui.cells import lines
from tests.ui.support import answer, chat_app, notes, press, running, send, until
from tui_chat.core.models import ModelInfo
from tui_chat.core.request import Sampling
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.names_list import NamesList
from tui_chat.ui.dialogs.parameters_board import ParametersBoard
from tui_chat.ui.dialogs.prompt import LineDialog
from tui_chat.ui.fields.row_field import RowField

STRICT = ModelInfo("test/model", supported_parameters=("temperature", "seed", "reasoning"))
PRESETS = '[preset.short]\nmodel = "preset/model"\ntemperature = 0.1\n[preset.odd]\nseed = 9\n'


def own(chat: ChatScreen) -> Sampling:
    return chat.conversation.session.conversation.sampling


async def open_by(chat: ChatScreen, pilot: Pilot[None], line: str, dialog: type) -> None:
    chat.dispatch.submit(line)
    await until(pilot, lambda: isinstance(pilot.app.screen, dialog) and pilot.app.screen.focused)


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a text into the field that has the focus, and take it."""
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = text
    await press(pilot, "enter")


async def test_each_parameter_has_a_row_with_where_it_comes_from(tmp_path: Path) -> None:
    services = msgspec.structs.replace(make_services(models=[STRICT]), sampling=Sampling(seed=4))
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await chat.conversation.session.set_sampling(Sampling(temperature=0.3, top_p=0.5), "", Sampling())
        await open_by(chat, pilot, "/params", ParametersBoard)
        shown = [line.strip(" │▌").split() for line in lines(pilot.app)]
        rows = {name: " ".join(words) for name, *words in filter(None, shown)}
    assert rows["seed"] == "4 settings"
    assert (rows["top_p"], rows["stop"]) == ("0.5 this conversation", "–")
    names = list(rows)
    assert names.index("seed") < names.index("Not") < names.index("top_p") < names.index("Others")


async def test_a_value_is_changed_in_its_row_and_counts_at_once(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("Yes."))) as (chat, pilot):
        await open_by(chat, pilot, "/params", ParametersBoard)
        await press(pilot, "enter")
        await write(pilot, "0.4")
        await until(pilot, lambda: own(chat) == Sampling(temperature=0.4))
        await press(pilot, "end", "enter")
        await write(pilot, 'top_k=40 provider={"order": ["a"]}')
        await until(pilot, lambda: dict(own(chat).extra) == {"top_k": "40", "provider": '{"order":["a"]}'})
        await press(pilot, "home", "d")
        await until(pilot, lambda: own(chat).temperature is None)
        await press(pilot, "escape")
        await send(pilot, chat, "hi")
        await until(pilot, lambda: len(chat.conversation.session.path) == 2)
        completer = chat.conversation.services.completer
        assert isinstance(completer, ScriptedCompleter)
        assert completer.requests[-1].sampling == own(chat)


async def test_a_wrong_value_is_told_and_stays_to_be_mended(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await open_by(chat, pilot, "/params", ParametersBoard)
        await press(pilot, "enter")
        await write(pilot, "9")
        await until(pilot, lambda: "temperature must be a number from 0 to 2" in "\n".join(lines(pilot.app)))
        await until(pilot, lambda: isinstance(pilot.app.focused, RowField) and pilot.app.focused.value == "9")
        await write(pilot, "1")
        await until(pilot, lambda: own(chat) == Sampling(temperature=1.0))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.focused, RowField))
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.focused, RowField))
        assert isinstance(pilot.app.screen, ParametersBoard)
        assert own(chat) == Sampling(temperature=1.0)


async def test_a_field_stands_over_its_value_at_every_size(tmp_path: Path) -> None:
    for size in ((80, 24), (40, 10), (200, 50)):
        async with running(chat_app(tmp_path), size) as (chat, pilot):
            await open_by(chat, pilot, "/params", ParametersBoard)
            await press(pilot, "down", "enter")
            await write_only(pilot, "0.25")
            row = next(line for line in lines(pilot.app) if "top_p" in line)
            assert "0.25" in row


async def write_only(pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.focused, RowField))
    field = pilot.app.focused
    assert isinstance(field, RowField)
    field.value = text
    await pilot.pause()


async def test_parameters_are_changed_by_typing_them(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.dispatch.submit("/params seed=3")
        await until(pilot, lambda: "seed 3" in notes(pilot.app))
        chat.dispatch.submit("/params seed=x")
        await until(pilot, lambda: "seed must be a whole number" in notes(pilot.app))
        assert chat.composer.text == "/params seed=x"
        assert own(chat) == Sampling(seed=3)


async def told(pilot: Pilot[None], words: str) -> None:
    """Wait until the status line says this."""
    await until(pilot, lambda: words in lines(pilot.app)[-1])


async def test_alt_e_goes_through_the_levels_and_the_status_line_shows_them(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        for level in ("low", "medium", "high"):
            await press(pilot, "alt+e")
            await told(pilot, f"test/model · {level}  ready")
        await press(pilot, "alt+e")
        await until(pilot, lambda: "·" not in lines(pilot.app)[-1].partition("ready")[0])
        assert own(chat) == Sampling()


async def test_effort_is_chosen_from_a_list_where_the_model_takes_it(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await open_by(chat, pilot, "/effort", NamesList)
        await press(pilot, "down", "enter")
        await until(pilot, lambda: own(chat).reasoning_effort == "low")
    none = make_services(models=[ModelInfo("test/model", supported_parameters=("temperature",))])
    async with running(chat_app(tmp_path, services=none)) as (chat, pilot):
        await press(pilot, "alt+e")
        await until(pilot, lambda: "not taken by test/model" in notes(pilot.app))
        assert own(chat) == Sampling()


async def test_a_preset_is_chosen_from_a_list(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=PRESETS)) as (chat, pilot):
        await open_by(chat, pilot, "/preset", NamesList)
        await write(pilot, "short")
        await until(pilot, lambda: "preset/model" in lines(pilot.app)[-1])
        told = chat.conversation.session.conversation
        assert (told.preset, told.preset_sampling) == ("short", Sampling(temperature=0.1))
        chat.dispatch.submit("/preset shrt")
        await until(pilot, lambda: "Did you mean short?" in notes(pilot.app))


async def test_a_prompt_asks_for_its_places_and_fills_the_composer(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "review.md").write_text("Review {path}\nin {language}, {{so}}.")
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await open_by(chat, pilot, "/review", LineDialog)
        await write(pilot, "x.rs")
        await until(pilot, lambda: "review · language" in "\n".join(lines(pilot.app)))
        await write(pilot, "Rust")
        await until(pilot, lambda: chat.composer.text == "Review x.rs\nin Rust, {so}.")
        assert not chat.conversation.session.path
        await open_by(chat, pilot, "/prompt review y.rs", LineDialog)
        await press(pilot, "escape")
        await until(pilot, lambda: "nothing was written" in notes(pilot.app))
        assert chat.composer.text == "Review x.rs\nin Rust, {so}."


async def test_prompts_stand_among_the_slash_words_but_for_the_names_of_commands(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "zebra.md").write_text("# About zebras")
    (tmp_path / "prompts" / "model.md").write_text("Which model?")
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await press(pilot, *"/zeb")
        await until(pilot, lambda: "your prompt: About zebras" in "\n".join(lines(pilot.app)))
        await press(pilot, "enter")
        await until(pilot, lambda: chat.composer.text == "# About zebras")
        chat.composer.put("")
        await press(pilot, *"/mode")
        await until(pilot, lambda: "/model" in "\n".join(lines(pilot.app)))
        assert "Which model?" not in "\n".join(lines(pilot.app))
        chat.composer.put("")
        await open_by(chat, pilot, "/prompt", NamesList)
        await write(pilot, "model")
        await until(pilot, lambda: chat.composer.text == "Which model?")
