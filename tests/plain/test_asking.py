"""Parameters, effort, presets and prompts of one's own, in lines."""

from pathlib import Path

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.plain.support import PlainChat, answer
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Role
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import FieldLeftOut, Outcome, ProviderData, Stopped, TextDelta

PRESETS = '[preset.short]\nsystem = "Be brief."\ntemperature = 0.1\n[preset.odd]\nseed = 9\n'


def questions(chat: PlainChat) -> list[str]:
    return [node.message.text for node in chat.chat.session.path if node.message.role is Role.USER]


async def test_parameters_are_changed_and_told_in_words(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Yes."), typed=["/params", "/params top_p=7", "hi", "/usage"])
    await chat.converse("/params temperature=0.2")
    assert "From the next question on: temperature 0.2." in chat.said
    assert "temperature: 0.2, this conversation. It takes a number from 0 to 2." in chat.said
    assert "seed: the model's own. It takes a whole number." in chat.said
    assert "top_p must be a number from 0 to 1." in chat.said
    assert "asked with temperature 0.2." in chat.said


async def test_what_was_left_out_is_told_as_not_sent_and_not_as_asked_with(tmp_path: Path) -> None:
    script = [FieldLeftOut("temperature", "no"), *opening(), TextDelta("Yes."), Stopped(Outcome.COMPLETE, "stop")]
    chat = PlainChat(tmp_path, script, typed=["hi", "/usage", "/facts"])
    await chat.converse("/params temperature=0.2 seed=7")
    assert "asked with seed 7." in chat.said
    assert "asked with: seed 7" in chat.said
    assert "not sent: temperature" in chat.said


async def test_who_served_an_answer_behind_the_gateway_is_told_with_its_cost(tmp_path: Path) -> None:
    script = [*opening(), ProviderData("provider", '"Groq"'), TextDelta("Yes."), Stopped(Outcome.COMPLETE, "stop")]
    chat = PlainChat(tmp_path, script, typed=["/usage"])
    await chat.converse("hi")
    assert "; served by Groq." in chat.said


async def test_what_the_model_does_not_take_is_told(tmp_path: Path) -> None:
    services = make_services(
        ScriptedCompleter(), models=[ModelInfo("test/model", supported_parameters=("temperature",))]
    )
    chat = PlainChat(tmp_path, services=services, typed=["/effort low"])
    await chat.converse("/params")
    assert "seed: the model's own, not taken by test/model." in chat.said
    assert "Reasoning effort is not taken by test/model." in chat.said


async def test_effort_is_set_by_word_or_by_number(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, typed=["4", "/effort default"])
    await chat.converse("/effort")
    assert "Reasoning effort is the model's own.\n1. default, the model's own\n2. low" in chat.said
    assert "Reasoning effort: high." in chat.said
    assert "Reasoning effort: the model's own." in chat.said


async def test_a_preset_is_used_by_name_or_by_number(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(PRESETS)
    chat = PlainChat(tmp_path, typed=["/preset", "2", "/preset shrt"])
    await chat.converse("/preset short")
    assert "Preset short: system “Be brief.” · temperature 0.1." in chat.said
    assert (
        "The preset is short. Use:\n1. short: system “Be brief.” · temperature 0.1\n2. odd: seed 9\n3. none"
        in chat.said
    )
    assert "There is no preset shrt. Did you mean short?" in chat.said
    told = chat.chat.session.conversation
    assert (told.preset, told.preset_sampling, told.system) == ("odd", Sampling(seed=9), "Be brief.")


async def test_a_preset_wants_the_settings_to_have_one(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path)
    await chat.converse("/preset")
    assert "a table like [preset.short] makes one" in chat.said


def own(folder: Path, **files: str) -> None:
    (folder / "prompts").mkdir()
    for name, text in files.items():
        (folder / "prompts" / f"{name}.md").write_text(text)


async def test_a_prompt_is_filled_read_out_and_sent(tmp_path: Path) -> None:
    own(tmp_path, review="Review {path} in {language}.")
    chat = PlainChat(tmp_path, answer("Good."), typed=["Rust", "y"])
    await chat.converse("/review x.rs")
    assert "language: Rust\nThe message:\nReview x.rs in Rust.\nSend it? y or n: y" in chat.said
    assert questions(chat) == ["Review x.rs in Rust."]


async def test_a_prompt_that_is_not_wanted_is_not_sent(tmp_path: Path) -> None:
    own(tmp_path, review="/Review", model="Which model?")
    chat = PlainChat(tmp_path, typed=["1", "n", "/prompt nothing"])
    await chat.converse("/prompt")
    assert "1. model: Which model?\n2. review: /Review" in chat.said
    assert "Not sent." in chat.said
    assert "There is no prompt nothing." in chat.said
    assert questions(chat) == []


async def test_without_prompts_it_is_said_where_they_go(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path)
    await chat.converse("/prompt")
    assert f"Markdown files in {tmp_path}/prompts are offered here." in chat.said
