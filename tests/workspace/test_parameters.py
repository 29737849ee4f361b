"""Parameters, reasoning effort and presets of the open conversation."""

import json

import msgspec
import pytest

from tests.fakes import ScriptedCompleter, make_services
from tests.workspace.conversing import completer_of, said, saying, stored_conversation, talking
from tui_chat.chat.session import Session
from tui_chat.core.models import ModelInfo
from tui_chat.core.request import Sampling
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks
from tui_chat.settings.presets import Preset
from tui_chat.workspace import parameters
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.opening import Opening, open_asked
from tui_chat.workspace.parameters import change, rows, set_effort, switch_preset
from tui_chat.workspace.refusal import CommandRefused

STRICT = ModelInfo("test/model", supported_parameters=("temperature", "max_tokens"))
SHORT = Preset("short", "preset/model", "Be brief.", Sampling(temperature=0.1, max_tokens=100))
PRESETS = {"short": SHORT, "odd": Preset("odd", sampling=Sampling(seed=9))}


def sent(conversation: OpenConversation) -> Sampling:
    return completer_of(conversation).requests[-1].sampling


def with_settings(conversation: OpenConversation, sampling: Sampling) -> OpenConversation:
    conversation.session.use(msgspec.structs.replace(conversation.services, sampling=sampling))
    return conversation


async def test_what_was_changed_counts_from_the_next_question_and_its_answer_says_so() -> None:
    conversation = talking(saying("One."), saying("Two."))
    await said(conversation, "first")
    words = await change(conversation.session, "temperature=0.2 top_k=40")
    await said(conversation, "second")
    wanted = Sampling(temperature=0.2, extra=(("top_k", "40"),))
    assert words == "From the next question on: temperature 0.2, top_k 40."
    assert sent(conversation) == wanted
    asked = [node.answer.sampling for node in conversation.session.path if node.answer]
    assert asked == [Sampling(), wanted]
    assert (await stored_conversation(conversation)).sampling == wanted


async def test_a_wrong_value_changes_nothing_not_even_the_right_ones_beside_it() -> None:
    session = talking().session
    for pairs, words in (
        ("seed=1 temperature=5", "temperature must be a number from 0 to 2"),
        ("seed=1 model=x", "model is set by the chat itself"),
        ("seed", "seed is no NAME=VALUE"),
    ):
        with pytest.raises(CommandRefused, match=words):
            await change(session, pairs)
    assert session.conversation.sampling == Sampling()


async def test_taking_a_value_away_lets_the_one_below_count_and_says_whose_it_is() -> None:
    conversation = with_settings(talking(), Sampling(temperature=0.7))
    await switch_preset(conversation, PRESETS, "short")
    await change(conversation.session, "temperature=1.5 seed=3")
    assert await change(conversation.session, "temperature= seed=default") == (
        "From the next question on: temperature 0.1 (preset short), seed as the model has it."
    )


async def test_a_slip_of_the_keys_is_sent_and_said() -> None:
    assert "(did you mean temperature?)" in await change(talking().session, "temprature=1")


async def test_each_value_says_where_it_comes_from() -> None:
    conversation = with_settings(talking(models=[ModelInfo("other")]), Sampling(seed=4, temperature=0.7))
    await switch_preset(conversation, PRESETS, "short")
    await change(conversation.session, "max_tokens=50 top_k=3")
    told = {row.name: (row.value, row.source) for row in rows(conversation.session)}
    assert told["max_tokens"] == ("50", "this conversation")
    assert told["temperature"] == ("0.1", "preset short")
    assert told["seed"] == ("4", "settings")
    assert told["top_p"] == ("", "the model's own")
    assert told["top_k"] == ("3", "this conversation")


async def test_what_the_model_does_not_take_is_not_sent_and_the_answer_names_it() -> None:
    conversation = talking(saying("Yes."), models=[STRICT])
    assert "seed 7 (not taken by test/model)" in await change(conversation.session, "seed=7 temperature=1")
    await said(conversation, "hello")
    request = completer_of(conversation).requests[-1]
    assert (request.sampling, request.left_out) == (Sampling(temperature=1.0), ("seed",))
    assert {row.name for row in rows(conversation.session) if not row.is_taken} == {
        "top_p", "stop", "seed", "frequency_penalty", "presence_penalty", "reasoning_effort",
    }  # fmt: skip


async def test_effort_goes_around_and_is_refused_where_the_model_takes_none() -> None:
    session = talking().session
    seen = []
    for _ in range(4):
        await set_effort(session, parameters.next_effort(session))
        seen.append(parameters.sent_effort(session))
    assert seen == ["low", "medium", "high", ""]
    assert await set_effort(session, "minimal") == "Reasoning effort: minimal."
    assert parameters.effort_choices(session)[-1] == "minimal"
    with pytest.raises(CommandRefused, match="not taken by test/model"):
        await set_effort(talking(models=[STRICT]).session, "low")


async def test_effort_goes_around_above_the_one_of_the_settings() -> None:
    session = with_settings(talking(), Sampling(reasoning_effort="high")).session
    seen = []
    for _ in range(3):
        await set_effort(session, parameters.next_effort(session))
        seen.append(parameters.sent_effort(session))
    assert seen == ["low", "medium", "high"]


async def test_a_preset_brings_model_and_prompt_and_stays_below_what_was_set_by_hand() -> None:
    conversation = with_settings(talking(saying("Yes.")), Sampling(temperature=0.7, top_p=0.5))
    await change(conversation.session, "max_tokens=7")
    words = await switch_preset(conversation, PRESETS, "short")
    await said(conversation, "hello")
    assert sent(conversation) == Sampling(temperature=0.1, top_p=0.5, max_tokens=7)
    told = await stored_conversation(conversation)
    assert (told.model, told.system, told.preset) == ("preset/model", "Be brief.", "short")
    assert "keeps its own max_tokens" in words
    assert "preset/model" in conversation.recent.ids


async def test_another_preset_takes_the_place_of_one_and_none_takes_it_away() -> None:
    conversation = talking()
    await switch_preset(conversation, PRESETS, "short")
    await switch_preset(conversation, PRESETS, "odd")
    assert conversation.session.conversation.preset_sampling == Sampling(seed=9)
    await switch_preset(conversation, PRESETS, "none")
    told = conversation.session.conversation
    assert (told.preset, told.preset_sampling, told.model) == ("", Sampling(), "preset/model")
    with pytest.raises(CommandRefused, match="Did you mean short"):
        await switch_preset(conversation, PRESETS, "shot")


async def test_a_conversation_keeps_the_values_that_its_preset_had() -> None:
    services = make_services(ScriptedCompleter(saying("One."), saying("Two.")))
    conversation = OpenConversation((await open_asked(services, Opening(preset=SHORT))).session)
    await said(conversation, "hello")
    again = await Session.resume(services, conversation.id)
    assert (again.conversation.preset, again.conversation.preset_sampling) == ("short", SHORT.sampling)


async def test_flags_go_before_a_preset() -> None:
    asked = Opening(preset=SHORT, model="flag/model", system="", sampling=Sampling(temperature=1.0))
    told = (await open_asked(make_services(), asked)).session.conversation
    assert (told.model, told.system) == ("flag/model", "")
    assert told.sampling_over(Sampling()) == Sampling(temperature=1.0, max_tokens=100)


async def test_preferences_among_providers_are_rows_of_their_own_and_go_out_as_one_object() -> None:
    conversation = with_settings(talking(saying("One.")), Sampling(extra=(("provider", '{"only":["azure"]}'),)))
    words = await change(conversation.session, "provider.sort=price")
    assert words == "From the next question on: provider.sort price."
    listed = {row.name: (row.value, row.source) for row in rows(conversation.session) if row.name[:9] == "provider."}
    assert listed == {
        "provider.order": ("", "the gateway's own"),
        "provider.only": ("azure", "settings"),
        "provider.sort": ("price", "this conversation"),
    }
    await said(conversation, "first")
    body = json.loads(OpenAIChat().request(completer_of(conversation).requests[-1], Quirks()).body)
    assert body["provider"] == {"only": ["azure"], "sort": "price"}
