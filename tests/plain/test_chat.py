"""The plain chat: what is said of answers, and what each command does."""

import asyncio
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import FakeClock, ScriptedCompleter, make_services, opening
from tests.hostile import ALL, LINE
from tests.memory_store import MemoryStore
from tests.plain.support import CTRL_C, NEVER_S, PlainChat, answer
from tests.store.values import question
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Media, Role, Text
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.sanitize import sanitize
from tui_chat.core.stream_events import (
    Connected,
    Outcome,
    ReasoningDelta,
    Reclassified,
    RetryScheduled,
    Stopped,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.tree import Conversation
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.workspace.command_table import names_for
from tui_chat.workspace.front_end import FrontEnd

HOUR_S = 3600
DONE = Stopped(Outcome.COMPLETE, "stop")
CALL = ToolCallDelta(0, "c1", "get_weather", '{"city": "Paris"}')
CALLED = Stopped(Outcome.COMPLETE, "tool_calls")
RATE_LIMITED = Failure(ErrorKind.RATE_LIMIT, "Too many requests.", "Wait a minute.", retryable=True, status=429)


def test_every_slash_command_of_the_screen_is_known_here() -> None:
    assert set(names_for(FrontEnd.SCREEN)) <= set(names_for(FrontEnd.PLAIN))


async def test_an_answer_is_labelled_and_ends_with_its_figures(tmp_path: Path) -> None:
    usage = UsageReported(TokenCounts(12, 34), Cost(Decimal("0.30000000000000004"), CostSource.GATEWAY), "{}")
    chat = PlainChat(tmp_path, [*opening("other/model"), TextDelta("Hello "), TextDelta("there."), usage, DONE])
    await chat.converse("hi")
    assert (
        "Assistant (other/model): Hello there.\nEnd of answer. 12 tokens in, 34 out; cost $0.30000000000000004; "
        in chat.said
    )


async def test_what_is_unknown_is_said_to_be_unknown(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Hello."))
    await chat.converse("hi")
    assert "End of answer. tokens unknown, about 2 out; cost unknown; " in chat.said


async def test_an_estimate_is_said_to_be_one(tmp_path: Path) -> None:
    usage = UsageReported(TokenCounts(10, 10), None, "{}")
    completer = ScriptedCompleter([*opening(), TextDelta("Hello."), usage, DONE])
    services = make_services(completer, models=[ModelInfo("test/model", price=Price(Decimal("1"), Decimal("1")))])
    chat = PlainChat(tmp_path, services=services)
    await chat.converse("hi")
    assert "cost about $20.00, estimated" in chat.said


async def test_reasoning_is_one_line_and_can_be_read_later(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), ReasoningDelta("Let me "), ReasoningDelta("see."), TextDelta("Yes."), DONE],
                     typed=["/reasoning"])  # fmt: skip
    await chat.converse("hi")
    before, _, after = chat.said.partition("/reasoning\n")
    assert "Thought for " in before
    assert "Let me see." not in before
    assert "Reasoning: Let me see." in after


async def test_text_that_turns_out_to_be_reasoning_is_said(tmp_path: Path) -> None:
    moved = [*opening(), TextDelta("17*20 is 340."), Reclassified(13), TextDelta("It is 408."), DONE]
    chat = PlainChat(tmp_path, moved)
    await chat.converse("hi")
    said = "What was said so far was reasoning. The answer follows.\nAssistant (test/model): It is 408.\n"
    assert f"17*20 is 340.\n{said}" in chat.said


async def test_reasoning_is_read_out_where_that_is_wanted(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), ReasoningDelta("Let me see."), TextDelta("Yes."), DONE], typed=["hi"])
    await chat.converse("/reasoning on")
    assert "Reasoning: Let me see.\nAssistant (test/model): Yes.\n" in chat.said


@pytest.mark.parametrize(("lasts_s", "is_said"), [(0.0, True), (NEVER_S, False)])
async def test_a_state_is_said_only_where_it_lasts(tmp_path: Path, lasts_s: float, is_said: bool) -> None:
    gate = asyncio.Event()
    chat = PlainChat(tmp_path, [Connected(), gate, TextDelta("Hello."), DONE], lasts_s=lasts_s)
    asyncio.get_running_loop().call_later(0.02, gate.set)
    await chat.converse("hi")
    assert chat.said.count("Waiting for test/model.") == is_said


async def test_a_retry_says_why_and_when(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [RetryScheduled(1, 3.0, RATE_LIMITED, 3), *answer("Hello.")])
    await chat.converse("hi")
    assert "Rate limited: Too many requests. Retrying in 3.0 s, retry 1 of 3.\n" in chat.said


async def test_a_failure_says_what_to_do(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [Stopped(Outcome.ERROR, failure=RATE_LIMITED)])
    await chat.converse("hi")
    assert "Rate limited (HTTP 429): Too many requests.\nWait a minute. /retry asks again, " in chat.said


async def test_a_call_is_answered_by_number_and_the_model_goes_on(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), CALL, CALLED], answer("It is sunny."), typed=["1", "22 degrees"])
    await chat.converse("hi")
    assert 'Tool call 1: get_weather, arguments {"city": "Paris"}\n' in chat.said
    assert "Assistant (test/model): It is sunny." in chat.said
    tool = next(node for node in chat.chat.session.path if node.message.role is Role.TOOL)
    assert tool.message.parts[0].content == "22 degrees"  # type: ignore[union-attr]  # a tool's part is a result


async def test_who_answers_a_call_is_told_what_is_wrong_with_its_arguments(tmp_path: Path) -> None:
    tool = ToolDefinition("get_weather", "", {"properties": {"city": {"type": "integer"}}})
    scripts = ([*opening(), CALL, CALLED], answer("So."))
    services = make_services(ScriptedCompleter(*scripts), tools=(tool,))
    chat = PlainChat(tmp_path, typed=["1", "22 degrees"], services=services)
    await chat.converse("hi")
    assert "For get_weather:\nIts arguments do not fit the schema: city: " in chat.said


async def test_a_call_that_is_left_waits_for_the_tools_command(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), CALL, CALLED], answer("Sorry."), typed=["q", "/tools", "3"])
    await chat.converse("hi")
    assert "Left without a result." in chat.said
    assert chat.said.rstrip().count("Assistant (test/model): Sorry.") == 1
    tool = next(node for node in chat.chat.session.path if node.message.role is Role.TOOL)
    assert tool.message.parts[0].is_error  # type: ignore[union-attr]  # a tool's part is a result


async def test_calls_are_narrowed_by_words_and_states_and_read_with_their_results(tmp_path: Path) -> None:
    other = ToolCallDelta(1, "c2", "search", '{"query": "news"}')
    typed = ["1", "22 degrees", "2", "none today", "/tools", "failed", "tool:weather", "1"]
    chat = PlainChat(tmp_path, [*opening(), CALL, other, CALLED], answer("It is sunny."), typed=typed)
    await chat.converse("hi")
    assert '1 fits:\n1. search, failed, arguments {"query": "news"}\n' in chat.said
    assert '1 fits:\n1. get_weather, answered, arguments {"city": "Paris"}\n' in chat.said
    assert 'Arguments of get_weather: {"city": "Paris"}\nResult: 22 degrees\n' in chat.said


async def test_words_behind_tools_list_the_calls_that_fit_them(tmp_path: Path) -> None:
    other = ToolCallDelta(1, "c2", "search", '{"query": "news"}')
    typed = ["1", "22 degrees", "2", "none today", "/tools failed", "1", "/tools zebra"]
    chat = PlainChat(tmp_path, [*opening(), CALL, other, CALLED], answer("It is sunny."), typed=typed)
    await chat.converse("hi")
    assert "Arguments of search:" in chat.said.partition("/tools failed")[2]
    assert "1. get_weather" not in chat.said.partition("/tools failed")[2]
    assert "No call has “zebra”." in chat.said


async def test_half_a_call_is_not_to_be_answered(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), CALL, Stopped(Outcome.TRUNCATED)])
    await chat.converse("hi")
    assert "Not to be acted on. The answer was cut off: this may be half a call." in chat.said
    assert "Choose" not in chat.said


async def test_what_is_typed_meanwhile_is_sent_after_an_answer_that_ended_well(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), lambda: chat.lines.type_early("and then?"), DONE], answer("Nothing."))
    await chat.converse("hi")
    assert "Queued, for after this answer: and then?\n" in chat.said
    assert "You: and then?\nAssistant (test/model): Nothing." in chat.said


async def test_what_is_typed_meanwhile_is_done_in_its_order(tmp_path: Path) -> None:
    def type_all() -> None:
        for text in ("second", "/model other/model", "third"):
            chat.lines.type_early(text)

    chat = PlainChat(tmp_path, [*opening(), type_all, DONE], answer("2."), answer("3."))
    await chat.converse("first")
    questions = [node for node in chat.chat.session.path if node.message.role is Role.USER]
    assert [node.message.text for node in questions] == ["first", "second", "third"]
    answers = [node.answer.requested_model for node in chat.chat.session.path if node.answer]
    assert answers == ["test/model", "test/model", "other/model"]


async def test_an_edit_that_is_refused_replaces_nothing_later(tmp_path: Path) -> None:
    typed = ["/edit", "see @./none.txt", "another"]
    chat = PlainChat(tmp_path, answer("1."), answer("2."), typed=typed)
    await chat.converse("first")
    assert "./none.txt: no such file." in chat.said
    assert [node.message.text for node in chat.chat.session.path] == ["first", "1.", "another", "2."]


async def test_after_one_that_did_not_it_is_sent_only_if_that_is_still_wanted(tmp_path: Path) -> None:
    cut = Stopped(Outcome.TRUNCATED)
    chat = PlainChat(tmp_path, [*opening(), lambda: chat.lines.type_early("and then?"), cut], typed=["n"])
    await chat.converse("hi")
    assert "Still to be sent: and then? Send it now? y or n: n" in chat.said
    assert chat.kept == ["hi", "and then?"]


async def test_stop_counts_at_once(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, [*opening(), TextDelta("Hello."), lambda: chat.lines.type_early("/stop")])
    await chat.converse("hi")
    assert "Stopped: what had arrived is kept." in chat.said
    assert chat.chat.session.path[-1].message.text == "Hello."


async def test_a_mistyped_command_is_told_the_nearest(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path)
    await chat.converse("/modle")
    assert "There is no command /modle. Did you mean /model?" in chat.said


async def test_work_that_breaks_leaves_a_report_and_the_chat_goes_on(tmp_path: Path) -> None:
    def broken() -> None:
        raise RuntimeError("with sr_secret_key_1234 in it")

    chat = PlainChat(tmp_path, [*opening(), broken], answer("Hello."), typed=["again"])
    await chat.converse("hi")
    assert "Something broke. A report without your texts and keys is in " in chat.said
    assert "sr_secret" not in chat.said
    assert "Assistant (test/model): Hello." in chat.said


async def test_ctrl_c_clears_and_twice_quits(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, typed=["half" + CTRL_C, CTRL_C, CTRL_C, "never read"])
    assert not await chat.converse()
    assert chat.lines.remembered == ["half"]
    assert "never read" not in chat.said


MODELS = [ModelInfo("a/one", context_tokens=8_000), ModelInfo("b/two", price=Price(Decimal(0), Decimal(0)))]


async def test_models_are_chosen_by_number(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, services=make_services(models=MODELS), typed=["two", "1"])
    await chat.converse("/model")
    assert "1. a/one, context 8.0k, price unknown\n2. b/two, context unknown, free\n" in chat.said
    assert chat.chat.session.conversation.model == "b/two"


async def test_words_filter_the_models_and_what_they_mean_is_said(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, services=make_services(models=MODELS), typed=["1"])
    await chat.converse("/models free")
    assert "1 of 2 fit “free” (free).\n1. b/two, context unknown, free\n" in chat.said
    assert chat.chat.session.conversation.model == "b/two"


async def test_a_switch_that_loses_something_is_a_numbered_choice_and_enter_stays(tmp_path: Path) -> None:
    strict = ModelInfo("a/strict", supported_parameters=("stop",))
    services = make_services(ScriptedCompleter(answer("Yes.")), models=[ModelInfo("test/model"), strict])
    services = replace(services, sampling=Sampling(seed=3))
    chat = PlainChat(tmp_path, services=services, typed=["/model a/strict", "", "/model a/strict", "2"])
    await chat.converse("Well?")
    assert "Switch to strict?\nContext: ~3 are in this chat; not known how much it takes.\n" in chat.said
    assert "Take care. Parameters: it does not take seed: not sent.\n" in chat.said
    assert "1. Keep test/model\n2. Switch all the same\n" in chat.said
    assert "The model stays test/model." in chat.said
    assert chat.chat.session.conversation.model == "a/strict"


async def test_a_model_that_nobody_lists_is_taken_as_typed(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, services=make_services(models=MODELS))
    await chat.converse("/model nobody/knows")
    assert chat.chat.session.conversation.model == "nobody/knows"
    assert "The catalogue does not have it" in chat.said


async def test_a_conversation_is_resumed_by_number_and_read_by_number(tmp_path: Path) -> None:
    typed = ["/new", "/resume", "1", "/messages", "1", "/read 2", "/find FIRST", "1"]
    chat = PlainChat(tmp_path, answer("The first answer."), typed=typed)
    await chat.converse("What comes first?")
    assert "Conversation: What comes first?, 2 messages." in chat.said
    listed = "2. You: What comes first? (just now)\n1. Assistant (test/model): The first answer. (just now)\n"
    assert listed in chat.said
    assert "The last is Assistant (test/model): The first answer. (just now)\n" in chat.said
    assert "\nYou: What comes first?\nTime: just now.\n" in chat.said
    assert "2. message 1, Assistant (test/model): The first answer." in chat.said


async def test_an_old_conversation_is_read_with_its_days_and_times(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('timestamps = "absolute"\n')
    now = datetime(2026, 3, 5, 14, 30).timestamp()
    times = (now - 50 * HOUR_S, now - 50 * HOUR_S + 2, now - 5 * HOUR_S, now - 1)
    parents = [None, "q0", "q1", "q2"]
    path = [question(f"q{number}", parent_id=parents[number], at=at) for number, at in enumerate(times)]
    store = MemoryStore()
    await store.add(Conversation("c", times[0], "Why?", "test/model", head_id="q3"), path)
    services = replace(make_services(store=store), clock=FakeClock(now))
    chat = PlainChat(tmp_path, services=services, typed=["/messages", "4"])
    await chat.converse("/resume c")
    assert (
        "4. You: Why? (3 Mar 12:30)\n3. You: Why? (3 Mar 12:30)\n"
        "Thu 5 Mar\n2. You: Why? (09:30)\n4 h later\n1. You: Why? (14:29)\n"
    ) in chat.said
    assert "\nYou: Why?\nTime: 3 Mar 12:30.\n" in chat.said


async def test_a_question_is_asked_differently_in_its_place(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("One."), answer("Two."), typed=["/edit", "better"])
    await chat.converse("good")
    assert chat.lines.prefills[1] == "good"
    assert [node.message.text for node in chat.chat.session.path] == ["better", "Two."]


async def test_what_is_saved_is_not_written_over_unasked(tmp_path: Path) -> None:
    file = tmp_path / "talk.md"
    chat = PlainChat(
        tmp_path, answer("Hello."), typed=[f"/save {file}", f"/save {file}", "n", "/copy", "/copy 2", "/copy code"]
    )
    await chat.converse("hi")
    assert "Hello." in file.read_text()
    assert "exists already. Replace it? y or n: n\nNot saved." in chat.said
    assert chat.copied == ["Hello.", "hi"]
    assert "The last answer has no code block." in chat.said


async def test_a_file_goes_along(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("what the file says")
    chat = PlainChat(tmp_path, answer("I see."), typed=["read it"])
    await chat.converse(f"/attach {notes}")
    assert f"Attached: {notes}" in chat.said
    completer = chat.services.completer
    assert isinstance(completer, ScriptedCompleter)
    sent = completer.requests[0].messages[-1].parts[0]
    assert isinstance(sent, Text)
    assert "what the file says" in sent.text


async def test_a_pdf_goes_along(tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7")
    chat = PlainChat(tmp_path, answer("I see."), typed=["read it"])
    await chat.converse(f"/attach {paper}")
    assert f"Attached: {paper}" in chat.said
    completer = chat.services.completer
    assert isinstance(completer, ScriptedCompleter)
    sent = completer.requests[0].messages[-1].parts[0]
    assert isinstance(sent, Media)
    assert sent.media_type == "application/pdf"


async def test_a_message_is_written_in_the_editor_and_an_empty_one_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", 'sh -c \'printf "two\\nlines\\n" > "$0"\'')
    chat = PlainChat(tmp_path, answer("I see."))
    await chat.converse("/editor")
    assert chat.chat.session.path[0].message.text == "two\nlines"
    monkeypatch.setenv("VISUAL", "true")
    await chat.converse("/editor")
    assert "Nothing was written, so nothing is sent." in chat.said
    monkeypatch.setenv("VISUAL", "false")
    await chat.converse("/editor")
    assert "The editor ended with 1; nothing is sent." in chat.said


async def test_the_nth_code_block_is_copied(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("```py\none\n```\nand\n\n    two\n"), typed=["/copy code 2", "/copy code 3"])
    await chat.converse("hi")
    assert chat.copied == ["two\n"]
    assert "The last answer has 2 code blocks" in chat.said


async def test_help_answers_a_question_and_names_what_is_nearest_to_another(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path)
    await chat.converse("/help how do I quit")
    await chat.converse("/help write a poem about the sea")
    await chat.converse("/help tools")
    assert "## Keys › Stopping and quitting\n" in chat.said
    assert "The manual has no answer to that. Nearest to it:\n\n- " in chat.said
    assert "# Tools\n" in chat.said


COMMANDS = (
    *("/messages", "", "/read 1", "/read 2", "/reasoning", "/find needle", "", "/tools", "", "/usage", "/system", ""),
    *("/resume", "", "/model needle", "", "/rename " + LINE, "/help " + LINE, "/settings", "/copy all", "/" + LINE),
)


async def test_nothing_from_outside_reaches_the_terminal_raw(tmp_path: Path) -> None:
    hostile = [
        Connected(),
        *opening(LINE),
        ReasoningDelta(ALL),
        TextDelta(ALL),
        ToolCallDelta(0, "c1", LINE, ALL),
        Stopped(Outcome.ERROR, failure=Failure(ErrorKind.GATEWAY, LINE, LINE)),
    ]
    models = [ModelInfo(LINE, name=LINE, owned_by=LINE), ModelInfo("test/model")]
    services = make_services(ScriptedCompleter(hostile), models=models)
    chat = PlainChat(tmp_path, services=services, typed=COMMANDS, lasts_s=0.0)
    await chat.chat.session.set_system(ALL)
    await chat.converse(ALL)
    assert "needle" in chat.said
    assert sanitize(chat.said) == chat.said
