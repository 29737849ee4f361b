"""`ask` as a function: what it writes where, and the status it ends with."""

import io
import json
import os
import signal
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from tests.fakes import FakeCatalog, ScriptedCompleter, Step, make_services, opening
from tests.full_disk import FullDisk
from tests.memory_store import MemoryStore
from tui_chat.ask.output import JsonOutput
from tui_chat.ask.run import Question, ask
from tui_chat.core.errors import PROGRAM_ENDED, ErrorKind, Failure
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import Foreign, Image, Source, user_message
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import (
    AudioDelta,
    FieldLeftOut,
    Outcome,
    PartReceived,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    SecretHidden,
    SourceFound,
    Stopped,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.workspace.attachments import attachment
from tui_chat.workspace.opening import Opening

DONE = Stopped(Outcome.COMPLETE, "stop")
KEYS = {
    "conversation", "requested_model", "model", "text", "reasoning", "refusal", "tool_calls", "partial_tool_calls",
    "finish_reason", "outcome", "error", "usage", "cost", "timing", "retries",
    "tool_runs", "output", "parts", "sources",
    "left_out",
}  # fmt: skip


async def run(*script: Step, form: str = "plain", **changes: object) -> tuple[int, str, str]:
    question = msgspec.structs.replace(Question(user_message("hi")), **changes)
    out, err = io.StringIO(), io.StringIO()
    models = [ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004")))]
    services = make_services(ScriptedCompleter([*opening(), *script]), models=models)
    status = await ask(services, question, form, out, err)
    return status, out.getvalue(), err.getvalue()


async def run_json(*script: Step) -> tuple[int, JsonObject]:
    status, out, _ = await run(*script, form="json")
    result: JsonObject = json.loads(out)
    return status, result


async def test_plain_output_is_only_the_answer_and_one_newline() -> None:
    status, out, err = await run(ReasoningDelta("let me see"), TextDelta("Hello\n"), TextDelta("there.\n\n"), DONE)
    assert (status, out) == (0, "Hello\nthere.\n")
    assert "let me see" in err


async def test_plain_output_carries_no_control_sequence() -> None:
    _, out, err = await run(ReasoningDelta("\x1b]0;x\x07"), TextDelta("a\x1b[2Jb\x9b"), TextDelta("c\r"), DONE)
    assert not any((ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 for char in out + err)


class _OnDisk(FakeCatalog):
    """A catalogue that is read from disk when somebody wants it."""

    is_read = False

    def known(self) -> Catalog:
        return self.catalog if self.is_read else Catalog()

    async def cached(self) -> Catalog:
        self.is_read = True
        return self.catalog


async def test_what_the_model_does_not_take_by_the_kept_catalogue_is_left_out_and_named() -> None:
    completer = ScriptedCompleter([*opening(), TextDelta("Hello"), DONE])
    catalog = _OnDisk(ModelInfo("test/model", supported_parameters=("temperature",)))
    wanted = Opening(sampling=Sampling(temperature=0.5, seed=3))
    services = replace(make_services(completer), catalog=catalog)
    await ask(services, Question(user_message("hi"), opening=wanted), "json", io.StringIO(), io.StringIO())
    sent = completer.requests[0]
    assert (sent.sampling, sent.left_out) == (Sampling(temperature=0.5), ("seed",))


MOVED = (TextDelta("17*20 is 340."), Reclassified(13), TextDelta("408"), DONE)


async def test_text_that_turns_out_to_be_reasoning_is_said_and_ends_its_line() -> None:
    _, out, err = await run(*MOVED)
    assert out == "17*20 is 340.\n408\n"
    assert "The 13 characters so far were the model's reasoning." in err


@pytest.mark.parametrize("form", ["json", "stream-json"])
async def test_the_final_object_knows_text_that_turned_out_to_be_reasoning(form: str) -> None:
    _, out, _ = await run(*MOVED, form=form)
    lines = [json.loads(line) for line in out.splitlines()]
    result = lines[-1].get("result", lines[-1])
    assert (result["reasoning"], result["text"]) == ("17*20 is 340.", "408")
    if form == "stream-json":
        said = [line.get("text", line.get("characters")) for line in lines[1:-1]]
        assert said == ["17*20 is 340.", 13, "408"]
        assert lines[2]["event"] == "reclassify"


async def test_a_refusal_is_printed() -> None:
    _, out, _ = await run(RefusalDelta("I cannot."), DONE)
    assert out == "I cannot.\n"


async def test_json_has_exactly_the_contracts_keys() -> None:
    usage = UsageReported(TokenCounts(14, 6, 20), Cost(Decimal("0.0000027"), CostSource.GATEWAY), "{}")
    status, result = await run_json(TextDelta("Low latency"), usage, DONE)
    assert status == 0
    assert set(result) == KEYS
    assert result["text"] == "Low latency"
    assert result["cost"] == {"usd": "0.0000027", "source": "gateway"}
    assert result["outcome"] == "complete"
    assert result["error"] is None


async def test_an_unknown_usage_is_null_and_not_zero() -> None:
    _, result = await run_json(TextDelta("x"), DONE)
    assert result["usage"] is None
    assert result["cost"] is None


async def test_calls_are_parsed_and_bad_arguments_are_explained() -> None:
    _, result = await run_json(
        ToolCallDelta(0, "a", "f", '{"x": 1}'),
        ToolCallDelta(1, "b", "g", "{broken"),
        ToolCallDelta(2, "", "h", ""),
        Stopped(Outcome.COMPLETE, "tool_calls"),
    )
    calls = result["tool_calls"]
    assert isinstance(calls, list)
    first, second, third = (call for call in calls if isinstance(call, dict))
    assert first == {"id": "a", "name": "f", "arguments": '{"x": 1}', "parsed": {"x": 1}, "error": None}
    assert second["parsed"] is None
    assert second["error"]
    assert third["arguments"] == "{}"
    assert third["id"]
    assert result["partial_tool_calls"] == []


@pytest.mark.parametrize(
    "end",
    [Stopped(Outcome.COMPLETE, "length"), Stopped(Outcome.COMPLETE, "content_filter"), Stopped(Outcome.TRUNCATED)],
)
async def test_calls_of_an_answer_that_did_not_end_well_are_partial(end: Stopped) -> None:
    _, result = await run_json(ToolCallDelta(0, "a", "f", '{"x": 1}'), end)
    assert result["tool_calls"] == []
    assert isinstance(result["partial_tool_calls"], list)
    assert len(result["partial_tool_calls"]) == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ErrorKind.AUTHENTICATION, 3),
        (ErrorKind.PERMISSION, 3),
        (ErrorKind.PAYMENT, 4),
        (ErrorKind.NOT_FOUND, 5),
        (ErrorKind.RATE_LIMIT, 6),
        (ErrorKind.GATEWAY, 7),
        (ErrorKind.NETWORK, 7),
    ],
)
async def test_each_failure_has_its_status_and_its_words(kind: ErrorKind, status: int) -> None:
    failure = Failure(kind, "what happened", "what to do", status=499)
    got, out, err = await run(TextDelta("half"), Stopped(Outcome.ERROR, failure=failure))
    assert (got, out) == (status, "half\n")
    assert "what happened" in err
    assert "what to do" in err


async def test_a_cut_answer_ends_with_8_and_keeps_its_text() -> None:
    status, result = await run_json(TextDelta("half"), Stopped(Outcome.TRUNCATED))
    assert status == 8
    assert (result["text"], result["outcome"]) == ("half", "truncated")


async def test_a_timeout_stops_the_answer_and_says_so() -> None:
    status, out, err = await run(TextDelta("half"), timeout_s=0.05)
    assert (status, out) == (8, "half\n")
    assert "0.05 s" in err


async def test_a_timeout_before_anything_came_is_a_failure() -> None:
    question = Question(user_message("hi"), timeout_s=0.05)
    out = io.StringIO()
    status = await ask(make_services(ScriptedCompleter([])), question, "json", out, io.StringIO())
    result = json.loads(out.getvalue())
    assert status == 7
    assert (result["outcome"], result["error"]["kind"]) == ("error", "timeout")


async def test_stream_json_is_a_line_an_event_and_ends_with_the_result() -> None:
    retry = RetryScheduled(1, 0.5, Failure(ErrorKind.GATEWAY, "500", "wait", True))
    _, out, _ = await run(retry, TextDelta("a"), ToolCallDelta(0, "c", "f", "{}"), DONE, form="stream-json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["event"] for line in lines] == ["start", "retry", "text", "tool_call", "end"]
    assert lines[1] == {"event": "retry", "after_s": 0.5, "attempt": 1, "why": "500"}
    assert set(lines[-1]["result"]) == KEYS
    assert lines[-1]["result"]["retries"] == 1


PICTURE = Image("data:image/png;base64,AAAA")
PAGE = Source("https://example.org/tides", "Tides", 1)
PICTURE_OBJECT = {
    "type": "image", "media_type": "image/png", "name": None, "bytes": 3, "path": None, "url": None,
}  # fmt: skip
PAGE_OBJECT = {"n": 1, "title": "Tides", "url": "https://example.org/tides"}


async def test_json_names_what_came_beside_words() -> None:
    unknown = Foreign("hologram", "{}")
    status, result = await run_json(PartReceived(PICTURE), PartReceived(unknown), SourceFound(PAGE), DONE)
    assert status == 0
    assert result["parts"] == [
        PICTURE_OBJECT,
        {**PICTURE_OBJECT, "type": "hologram", "media_type": None, "bytes": 2},
    ]
    assert result["sources"] == [PAGE_OBJECT]


async def test_json_says_that_nothing_came_beside_words() -> None:
    _, result = await run_json(TextDelta("a"), DONE)
    assert (result["parts"], result["sources"]) == ([], [])


async def test_stream_json_tells_each_part_and_source_once() -> None:
    script = (PartReceived(PICTURE), AudioDelta("AA"), AudioDelta("AA", "audio/wav"), SourceFound(PAGE), DONE)
    _, out, _ = await run(*script, form="stream-json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line for line in lines if line["event"] in ("part", "source")] == [
        {"event": "part", **PICTURE_OBJECT},
        {"event": "source", **PAGE_OBJECT},
        {"event": "part", **PICTURE_OBJECT, "type": "audio", "media_type": "audio/wav"},
    ]


async def test_plain_output_says_beside_the_answer_what_came_with_it() -> None:
    _, out, err = await run(TextDelta("Here."), PartReceived(PICTURE), SourceFound(PAGE), DONE)
    assert out == "Here.\n"
    assert "Picture: image/png, 3 B" in err
    assert "[1] Tides · https://example.org/tides" in err


async def test_a_picture_alone_is_no_empty_answer() -> None:
    _, _, err = await run(PartReceived(PICTURE), DONE)
    assert "empty" not in err


async def test_json_is_ascii_whatever_the_model_sends() -> None:
    _, out, _ = await run(TextDelta("\x9b \u202e é 🦊"), DONE, form="json")
    assert out.isascii()
    assert json.loads(out)["text"] == "\x9b \u202e é 🦊"


async def test_a_prompt_over_the_budget_is_never_sent() -> None:
    completer = ScriptedCompleter([*opening(), DONE])
    models = [ModelInfo("test/model", price=Price(Decimal(1), Decimal(1)))]
    out, err = io.StringIO(), io.StringIO()
    question = Question(user_message("hi"), max_cost_usd=Decimal("0.5"))
    status = await ask(make_services(completer, models=models), question, "plain", out, err)
    assert status == 4
    assert completer.requests == []
    assert "--over-budget" in err.getvalue()


@pytest.mark.parametrize("is_over_budget", [False, True])
async def test_a_fallback_without_a_price_is_asked_under_a_budget_only_where_that_is_allowed(
    is_over_budget: bool,
) -> None:
    completer = ScriptedCompleter([*opening(), TextDelta("Yes."), DONE])
    models = [ModelInfo("test/model", price=Price(Decimal(0), Decimal(0)))]
    services = replace(make_services(completer, models=models), fallbacks=("test/other",))
    out, err = io.StringIO(), io.StringIO()
    question = Question(user_message("hi"), max_cost_usd=Decimal("0.5"), is_over_budget=is_over_budget)
    status = await ask(services, question, "plain", out, err)
    assert (status, len(completer.requests)) == ((0, 1) if is_over_budget else (4, 0))
    assert ("what test/other costs is not known" in err.getvalue()) is not is_over_budget


async def test_an_answer_that_grows_over_the_budget_is_stopped_and_kept() -> None:
    status, out, err = await run(*(TextDelta("word ") for _ in range(5000)), max_cost_usd=Decimal("0.001"))
    assert status == 4
    assert out.startswith("word word")
    assert "Stopped by the budget of an answer" in err


async def test_a_complete_answer_that_was_billed_over_its_budget_says_so_in_the_object_too() -> None:
    bill = UsageReported(TokenCounts(1, 1, 2), Cost(Decimal("0.02"), CostSource.GATEWAY), "{}")
    status, out, _ = await run(TextDelta("x"), bill, DONE, form="json", max_cost_usd=Decimal("0.01"))
    result = json.loads(out)
    assert (status, result["outcome"], result["error"]["kind"]) == (4, "complete", "budget")


async def test_an_answer_is_saved_unless_told_otherwise() -> None:
    store = MemoryStore()
    for is_saved in (False, True):
        services = make_services(ScriptedCompleter([*opening(), TextDelta("x"), DONE]), store=store)
        out = io.StringIO()
        await ask(
            services, Question(user_message("hi"), Opening(is_temporary=not is_saved)), "json", out, io.StringIO()
        )
        assert (json.loads(out.getvalue())["conversation"] is not None) is is_saved
        assert len(await store.list()) == is_saved


async def test_continuing_sends_what_was_said_before() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE])
    services = make_services(completer, store=store)
    await ask(services, Question(user_message("first")), "plain", io.StringIO(), io.StringIO())
    question = Question(user_message("second"), Opening(continue_latest=True))
    await ask(services, question, "plain", io.StringIO(), io.StringIO())
    assert [message.text for message in completer.requests[1].messages] == ["first", "one", "second"]


@pytest.mark.parametrize("form", ["plain", "json", "stream-json"])
async def test_an_answer_that_its_program_did_not_end_is_told_of_on_stderr_before_it_is_gone_on_from(form: str) -> None:
    died = Failure(ErrorKind.INTERNAL, "The program ended before the answer did.", "", code=PROGRAM_ENDED)
    cut = [*opening(), TextDelta("half"), Stopped(Outcome.TRUNCATED, failure=died)]
    services = make_services(
        ScriptedCompleter(cut, *([*opening(), TextDelta("whole"), DONE],) * 2), store=MemoryStore()
    )
    await ask(services, Question(user_message("first")), "plain", io.StringIO(), io.StringIO())
    said = []
    for words in ("second", "third"):
        err = io.StringIO()
        await ask(services, Question(user_message(words), Opening(continue_latest=True)), form, io.StringIO(), err)
        said.append(err.getvalue())
    assert said == ["The latest answer of this conversation was cut when the program ended.\n", ""]


async def test_continuing_without_saving_leaves_the_saved_conversation_alone() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE])
    services = make_services(completer, store=store)
    await ask(services, Question(user_message("first")), "plain", io.StringIO(), io.StringIO())
    question = Question(user_message("second"), Opening(continue_latest=True, is_temporary=True))
    await ask(services, question, "plain", io.StringIO(), io.StringIO())
    _, nodes = await store.load(await store.latest_id() or "")
    assert [node.message.text for node in nodes] == ["first", "one"]


async def test_resuming_what_is_not_there_is_said_also_in_json() -> None:
    out = io.StringIO()
    question = Question(user_message("hi"), Opening(resume_id="nope"))
    status = await ask(make_services(), question, "json", out, io.StringIO())
    result = json.loads(out.getvalue())
    assert status == 2
    assert set(result) == KEYS
    assert result["error"]["kind"] == "store"


async def test_without_a_model_the_gateways_first_is_asked() -> None:
    completer = ScriptedCompleter([*opening(), DONE])
    services = make_services(completer, models=[ModelInfo("local/one"), ModelInfo("local/two")], default_model="")
    await ask(services, Question(user_message("hi")), "plain", io.StringIO(), io.StringIO())
    assert completer.requests[0].model == "local/one"


async def test_a_picture_is_not_sent_to_a_model_that_takes_none() -> None:
    completer = ScriptedCompleter()
    blind, seeing = (
        ModelInfo("blind", input_modalities=("text",)),
        ModelInfo("eyes", input_modalities=("text", "image")),
    )
    services = make_services(completer, models=[blind, seeing], default_model="blind")
    picture = Image("data:image/png;base64,iVBORw0KGgo=", "cat.png")
    out, err = io.StringIO(), io.StringIO()
    status = await ask(services, Question(user_message("what is it?", (picture,))), "json", out, err)
    result = json.loads(out.getvalue())
    assert status == 2
    assert completer.requests == []
    assert (result["error"]["kind"], result["conversation"]) == ("attachment", None)
    assert "eyes" in result["error"]["advice"]


async def test_a_pdf_is_not_sent_to_a_model_that_takes_none_and_goes_to_one_that_does() -> None:
    reading = ModelInfo("reading", input_modalities=("text", "file"))
    pdf = attachment("papers/a.pdf", b"%PDF-1.7")
    question = Question(user_message("what is it?", (pdf,)))
    for model, status, requests in (("blind", 2, 0), ("reading", 0, 1)):
        completer = ScriptedCompleter([*opening(), TextDelta("A paper."), DONE])
        models = [ModelInfo("blind", input_modalities=("text",)), reading]
        services = make_services(completer, models=models, default_model=model)
        out = io.StringIO()
        assert await ask(services, question, "json", out, io.StringIO()) == status
        assert len(completer.requests) == requests
        if status:
            assert json.loads(out.getvalue())["error"]["message"] == "blind takes no PDFs (a.pdf is one)."


async def test_what_was_left_out_of_the_request_is_said_in_every_form() -> None:
    script = (FieldLeftOut("seed", "seed is unknown"), TextDelta("so"), DONE)
    _, result = await run_json(*script)
    assert result["left_out"] == ["seed"]
    _, out, _ = await run(*script, form="stream-json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert {"event": "left_out", "left_out": ["seed"], "why": "seed is unknown"} in lines
    assert lines[-1]["result"]["left_out"] == ["seed"]
    _, _, err = await run(*script)
    assert "without seed" in err


async def test_a_call_that_cannot_be_run_is_partial_and_said_beside_one_that_can() -> None:
    calls = (ToolCallDelta(0, "a", "f", "{}"), ToolCallDelta(1, "b", "", "{}"), Stopped(Outcome.COMPLETE, "tool_calls"))
    _, result = await run_json(*calls)
    runnable, partial = result["tool_calls"], result["partial_tool_calls"]
    assert isinstance(runnable, list)
    assert isinstance(partial, list)
    assert [call["id"] for call in runnable if isinstance(call, dict)] == ["a"]
    assert [(call["id"], call["error"]) for call in partial if isinstance(call, dict)] == [("b", "It names no tool.")]
    _, _, err = await run(*calls)
    assert "names no tool" in err


@pytest.mark.parametrize("form", ["plain", "json", "stream-json"])
async def test_an_answer_that_could_not_be_saved_is_said_and_has_no_conversation(form: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    services = make_services(ScriptedCompleter([*opening(), TextDelta("x"), DONE]), store=FullDisk())
    assert await ask(services, Question(user_message("hi")), form, out, err) == 1
    assert err.getvalue().count("The disk is full.") == 1
    assert "this output alone" in err.getvalue()
    assert "memory" not in err.getvalue()
    objects = [json.loads(line) for line in out.getvalue().splitlines()] if form != "plain" else []
    for each in objects:
        assert each.get("conversation") is None
        assert each.get("result", {}).get("conversation") is None


async def test_an_answer_that_could_be_saved_at_its_end_is_saved() -> None:
    out, err = io.StringIO(), io.StringIO()
    store = FullDisk()

    def make_room() -> None:
        store.has_room = True

    services = make_services(ScriptedCompleter([*opening(), make_room, TextDelta("x"), DONE]), store=store)
    assert await ask(services, Question(user_message("hi")), "json", out, err) == 0
    assert err.getvalue() == ""
    assert [row.id for row in await store.list()] == [json.loads(out.getvalue())["conversation"]]


async def test_half_a_call_is_not_said_to_be_one() -> None:
    cut = Stopped(Outcome.TRUNCATED)
    _, _, err = await run(ToolCallDelta(0, "a", "run_shell", '{"comm'), cut)
    assert "The model calls" not in err
    assert 'Not to be acted on: a call of run_shell, of which this came: {"comm (' in err
    assert "The answer was cut off" in err


async def test_a_call_in_which_the_key_was_hidden_is_partial_and_said() -> None:
    call = ToolCallDelta(0, "a", "f", '{"k": "[key hidden]"}', is_masked=True)
    script = (
        ReasoningDelta("hm"),
        call,
        SecretHidden(),
        SecretHidden("reasoning_details"),
        Stopped(Outcome.COMPLETE, "tool_calls"),
    )
    _, result = await run_json(*script)
    assert result["tool_calls"] == []
    _, _, err = await run(*script)
    assert "hm\nKey hidden: The gateway sent your key back." in err
    assert "sent your key in reasoning_details, which was dropped" in err
    assert "Not to be acted on: a call of f" in err


@pytest.mark.parametrize(
    "flawed",
    [
        ToolCallDelta(1, "b", "", "{}"),
        ToolCallDelta(1, "b", "g", "{}", "custom"),
        ToolCallDelta(1, "b", "g", '{"k": "[key hidden]"}', is_masked=True),
    ],
)
async def test_an_answer_that_calls_what_can_never_be_run_ends_as_an_error(flawed: ToolCallDelta) -> None:
    ended = Stopped(Outcome.COMPLETE, "tool_calls")
    status, result = await run_json(ToolCallDelta(0, "a", "f", "{}"), flawed, ended)
    assert (status, result["outcome"], result["finish_reason"]) == (7, "error", "tool_calls")
    assert isinstance(result["error"], dict)
    assert "can never be run" in str(result["error"]["message"])
    assert isinstance(result["tool_calls"], list)
    assert [call["name"] for call in result["tool_calls"] if isinstance(call, dict)] == ["f"]


async def test_a_call_that_came_whole_ends_as_complete() -> None:
    status, result = await run_json(ToolCallDelta(0, "a", "f", "{}"), Stopped(Outcome.COMPLETE, "tool_calls"))
    assert (status, result["outcome"]) == (0, "complete")


async def test_what_was_left_out_of_a_question_that_was_answered_is_no_refusal() -> None:
    status, _, err = await run(FieldLeftOut("tools", "no tools here"), TextDelta("x"), DONE)
    assert status == 0
    assert "Asked otherwise: Asked without tools, which the gateway does not take: no tools here" in err
    assert "refused" not in err


@pytest.mark.parametrize("text", ["", "short", '🐎\n"é' * 50_000, "\ud83d" * 70_000])
def test_a_long_text_is_written_as_json_writes_it(text: str) -> None:
    result: JsonObject = {"text": text, "calls": [{"arguments": text}, None, [], {}], "usage": None, "ok": True}
    out = io.StringIO()
    JsonOutput(out, io.StringIO(), lambda: "c1").finish(result)

    assert out.getvalue() == json.dumps(result) + "\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_the_answer_and_what_arrived_is_written(number: signal.Signals) -> None:
    before = signal.signal(number, signal.default_int_handler)  # these tests may themselves be run by `nohup`
    try:
        status, result = await run_json(TextDelta("half"), lambda: os.kill(os.getpid(), number))
    finally:
        signal.signal(number, before)
    assert (status, result["outcome"], result["text"]) == (128 + number, "cancelled", "half")
