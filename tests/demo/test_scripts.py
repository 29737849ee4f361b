"""What the scripted models say."""

import json
import re
from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.demo.asking import Reply, ask, demo_gateway
from tui_chat.core.partial_json import parse
from tui_chat.core.schema_marks import SchemaMarks
from tui_chat.demo import arithmetic, filling, tokens, tool_paths, tools, writer
from tui_chat.demo.flaky import HELP


@given(st.text())
def test_tokens_are_the_text_and_nothing_else(text: str) -> None:
    assert "".join(tokens.cut(text)) == text


@given(st.text())
def test_fragments_are_the_arguments_and_nothing_else(text: str) -> None:
    pieces = tokens.fragments(text)

    assert "".join(pieces) == text
    assert all(2 <= len(piece) <= 5 for piece in pieces[:-1])


def test_a_token_has_about_four_characters() -> None:
    text = writer.write("Write 2000 words about the sea")

    assert 3 <= len(text) / tokens.count(text) <= 5


@pytest.mark.parametrize("wanted", [100, 300, 1_000, 2_000, 10_000])
def test_the_writer_keeps_to_the_length_that_was_asked(wanted: int) -> None:
    words = len(writer.write(f"Write {wanted:,} words about the sea").split())

    assert 0.8 * wanted <= words <= 1.15 * wanted


def test_the_writer_shows_all_of_markdown() -> None:
    text = writer.write("Write 2000 words about gardens in winter")

    assert text.startswith("# Gardens in winter\n")
    for sign in ("\n## ", "\n   - ", "\n     - ", "\n- [x] ", "\n- [ ] ", "\n| ", "\n> ", "](https://", "**"):
        assert sign in text, sign
    languages = {line[3:] for line in text.splitlines() if line.startswith("```") and line != "```"}
    assert len(languages) >= 5
    assert text.count("```") % 2 == 0


def test_different_prompts_get_different_texts_and_the_same_prompt_the_same() -> None:
    assert writer.write("about tea") == writer.write("about tea")
    assert writer.write("about tea") != writer.write("about  tea, please")


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Write 2000 words about lighthouses.", "lighthouses"),
        ("Please write a very long text about the ocean", "the ocean"),
        ("Write a 500 word essay on the history of coffee.", "the history of coffee"),
        ("Write a story about a dragon, 300 words, in markdown", "a dragon"),
        ("Tell me about black holes", "black holes"),
        ("How does garbage collection work?", "garbage collection"),
        ("Compare Python and Rust", "Python and Rust"),
        ("Give me an overview of Kubernetes with examples", "Kubernetes"),
        ("Explain what SSE streaming is.", "SSE streaming"),
        ("hello", "writing while somebody reads along"),
        ("Write me a long answer with lists, tables and code", "writing while somebody reads along"),
    ],
)
def test_the_topic_is_what_the_prompt_is_about(prompt: str, topic: str) -> None:
    assert writer.topic_of(prompt) == topic


@pytest.mark.parametrize("language", ["python", "Rust", "TypeScript", "Go", "SQL"])
def test_code_in_the_language_that_was_named_comes_first(language: str) -> None:
    text = writer.write(f"Write something in {language}")

    first = next(line for line in text.splitlines() if line.startswith("```"))
    assert first == f"```{language.lower()}"


@pytest.mark.parametrize("prompt", ["", "   ", "?", "\n\n", "x" * 50_000, "{topic}", "日本語で書いて", "\x00\x1b[2J"])
@pytest.mark.parametrize("model", ["demo/guide", "demo/writer", "demo/thinker", "demo/tools", "demo/flaky"])
def test_every_model_has_something_to_say_to_anything(model: str, prompt: str) -> None:
    reply = ask(demo_gateway(), model, prompt)

    assert reply.status == 200
    assert reply.text or reply.calls


@pytest.mark.parametrize(
    ("prompt", "value"),
    [
        ("What is (17 + 4) * 2 / 3?", Fraction(14)),
        ("17 times 23", Fraction(391)),
        ("what is 15% of 80?", Fraction(12)),
        ("1,000 × 3.5 please", Fraction(3500)),
        ("2^64 - 1", Fraction(2**64 - 1)),
        ("1/3 + 1/6", Fraction(1, 2)),
        ("3 minus 5", Fraction(-2)),
        ("-2 - -3", Fraction(1)),
        ("10 / 0", None),
    ],
)
def test_the_thinker_works_sums_out(prompt: str, value: Fraction | None) -> None:
    found = arithmetic.find(prompt)

    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("prompt", ["", "no sum", "9**9**9", "1" * 5_000 + "*2", "(((((((1+", "2 ** 0.5", "a + b"])
def test_what_is_no_sum_or_too_large_is_left_alone(prompt: str) -> None:
    assert arithmetic.find(prompt) is None


@given(st.fractions(max_denominator=10_000))
def test_a_number_is_shown_exactly(number: Fraction) -> None:
    assert Fraction(arithmetic.exact(number)) == number


def test_the_thinker_reasons_first() -> None:
    reply = ask(demo_gateway(), "demo/thinker", "What is 12 * 12?")

    kinds = ["reasoning" if "reasoning" in delta else "content" for delta in reply.deltas[:-1]]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds[0] == "reasoning"
    assert "144" in reply.text


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Returns weather for a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


WRITE = {
    "type": "function",
    "function": {
        "name": "write_file",
        "parameters": {
            "type": "object",
            "properties": {"path": {"type": "string"}, "content": {"type": "string"}},
            "required": ["path", "content"],
        },
    },
}


def test_the_pages_tool_request_gets_the_pages_call() -> None:
    reply = ask(demo_gateway(), "openai/gpt-4o-mini", "What's the weather in Tokyo?", tools=[WEATHER])

    assert reply.calls == [("get_weather", {"city": "Tokyo"})]
    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    fragments = [call["function"]["arguments"] for delta in reply.deltas for call in delta.get("tool_calls", [])]
    assert fragments[0] == ""
    assert len(fragments) > 3


def test_two_cities_are_two_calls_with_ids_of_their_own() -> None:
    reply = ask(demo_gateway(), "demo/tools", "Weather in Tokyo and new york?", tools=[WEATHER])

    assert reply.calls == [("get_weather", {"city": "Tokyo"}), ("get_weather", {"city": "New York"})]
    ids = [call["id"] for delta in reply.deltas for call in delta.get("tool_calls", []) if "id" in call]
    assert len(set(ids)) == 2


def test_own_tools_are_called_where_none_are_offered() -> None:
    reply = ask(demo_gateway(), "demo/tools", "Search for sushi and get the weather in Kyoto")

    assert [name for name, _ in reply.calls] == ["get_weather", "search"]
    assert reply.calls[0][1] == {"city": "Kyoto", "unit": "celsius"}


def test_both_of_something_is_two_calls() -> None:
    assert len(ask(demo_gateway(), "demo/tools", "call both tools").calls) == 2
    assert len(ask(demo_gateway(), "demo/tools", "two calls please", tools=[WEATHER]).calls) == 2


def test_one_call_at_a_time_where_parallel_calls_are_off() -> None:
    reply = ask(demo_gateway(), "demo/tools", "Weather in Rome and Oslo?", parallel_tool_calls=False)

    assert len(reply.calls) == 1


def test_tool_choice_is_obeyed() -> None:
    other = {"type": "function", "function": {"name": "translate", "parameters": {}}}
    named = {"type": "function", "function": {"name": "translate"}}

    chosen = ask(demo_gateway(), "demo/tools", "Weather in Rome", tools=[WEATHER, other], tool_choice=named)
    assert [name for name, _ in chosen.calls] == ["translate"]
    assert not ask(demo_gateway(), "demo/tools", "Weather in Rome", tools=[WEATHER], tool_choice="none").calls


def fragments_of(reply: Reply) -> list[tuple[int, str]]:
    """The pieces of all calls in their order, with the index of their call."""
    calls = [call for delta in reply.deltas for call in delta.get("tool_calls", [])]
    return [(call["index"], call["function"]["arguments"]) for call in calls if call["function"]["arguments"]]


def test_without_a_word_all_ways_of_a_call_are_listed() -> None:
    text = ask(demo_gateway(), "demo/tools", "hello").text

    named = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert {"parallel", "interleaved", "code", "fault", "stalled", "cut", "loop"} <= named
    assert all(tool_paths.way(name) for name in named - {"parallel"})


def test_interleaved_calls_come_by_turns() -> None:
    reply = ask(demo_gateway(), "demo/tools", "interleaved please")

    turns = [index for index, _ in groupby(fragments_of(reply), key=lambda one: one[0])]
    assert turns[:4] == [0, 1, 0, 1]
    assert [name for name, _ in reply.calls] == ["get_weather", "search"]
    whole = ask(demo_gateway(), "demo/tools", "interleaved please", stream=False).json["choices"][0]["message"]
    assert [json.loads(call["function"]["arguments"]) for call in whole["tool_calls"]] == [
        one for _, one in reply.calls
    ]


def test_code_is_a_long_argument_at_the_speed_of_a_person() -> None:
    reply = ask(demo_gateway(1.0), "demo/tools", "some code", tools=[WRITE])

    [(name, arguments)] = reply.calls
    assert (name, arguments["path"]) == ("write_file", "joined.py")
    assert arguments["content"].count("\n") > 20
    characters = len(json.dumps(arguments))
    assert 20 < characters / sum(step.delay_s for step in reply.steps) < 80


def test_code_without_tools_goes_where_code_belongs() -> None:
    [(name, arguments)] = ask(demo_gateway(), "demo/tools", "code").calls
    assert (name, sorted(arguments)) == ("write_file", ["content", "path"])


def test_a_call_at_fault_has_every_fault_that_a_schema_tells() -> None:
    [(_, arguments)] = ask(demo_gateway(), "demo/tools", "a fault").calls

    marks = SchemaMarks(tools.OWN_TOOLS[0].parameters)
    marks.follow(parse(json.dumps(arguments)))
    assert {mark.verdict.value for mark in marks.marks} == {"wrong"}
    assert [missing.name for missing in marks.missing()] == ["unit"]


def test_a_stalled_call_waits_and_then_goes_on() -> None:
    reply = ask(demo_gateway(1.0), "demo/tools", "a stalled call")

    assert max(step.delay_s for step in reply.steps) == tool_paths.STALL_S
    assert reply.calls[0][0] == "get_weather"


@pytest.mark.parametrize(("word", "reason"), [("cut", None), ("limit", "length"), ("broken", "tool_calls")])
def test_a_call_may_never_be_whole(word: str, reason: str | None) -> None:
    reply = ask(demo_gateway(), "demo/tools", word)

    text = "".join(piece for _, piece in fragments_of(reply))
    assert text.startswith('{"city"')
    assert parse(text).problem is not None
    assert reply.chunks[-1]["choices"][0]["finish_reason"] == reason


def test_a_loop_calls_the_same_again_after_each_result() -> None:
    asked = ask(demo_gateway(), "demo/tools", "loop")
    name, arguments = asked.calls[0]
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    messages = [
        {"role": "user", "content": "loop"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "18 °C"},
    ]
    assert ask(demo_gateway(), "demo/tools", "", messages=messages).calls == asked.calls


def test_an_unknown_tool_may_be_called() -> None:
    [(name, _)] = ask(demo_gateway(), "demo/tools", "unknown").calls
    assert name not in {tool.name for tool in tools.OWN_TOOLS}


def test_results_are_made_into_an_answer() -> None:
    asked = ask(demo_gateway(), "demo/tools", "Weather in Tokyo and Paris?", tools=[WEATHER])
    calls = [
        {"id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for at, (name, arguments) in enumerate(asked.calls)
    ]
    messages = [
        {"role": "user", "content": "Weather in Tokyo and Paris?"},
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_0", "content": '{"temperature": "18 °C"}'},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain all day"},
    ]
    reply = ask(demo_gateway(), "demo/tools", "", messages=messages, tools=[WEATHER])

    assert not reply.calls
    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "stop"
    for words in ("**Tokyo**", "18 °C", "**Paris**", "rain all day"):
        assert words in reply.text


def test_arguments_fit_a_schema_with_everything_in_it() -> None:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 5},
            "deep": {"$ref": "#/$defs/deep"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "maybe": {"anyOf": [{"type": "null"}, {"type": "number"}]},
            "flag": {"type": ["boolean", "null"]},
            "fixed": {"const": 7},
            "usual": {"type": "string", "default": "x"},
            "extra": {"type": "string"},
        },
        "required": ["city", "unit", "days", "deep", "tags", "maybe", "flag", "fixed", "usual"],
        "$defs": {"deep": {"type": "object", "properties": {"deep": {"$ref": "#/$defs/deep"}}, "required": ["deep"]}},
    }
    value = filling.fill(json.loads(json.dumps(schema)), "Oslo for 9 days in fahrenheit")

    assert value["city"] == "Oslo"
    assert value["unit"] == "fahrenheit"
    assert value["days"] == 5
    assert isinstance(value["tags"], list)
    assert value["maybe"] == 9
    assert value["flag"] is True
    assert value["fixed"] == 7
    assert value["usual"] == "x"
    assert "extra" not in value


KEYWORDS = st.sampled_from(
    ["type", "properties", "required", "items", "enum", "anyOf", "$ref", "minimum", "format", "default", "a"]
)
TYPES = st.sampled_from(["object", "array", "integer", "number", "boolean", "null", "string", "#/a", "date"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | TYPES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYWORDS, JSON, max_size=5), st.text(max_size=30))
@example({"required": [[]], "properties": {}}, "")
@example({"required": ["a", {}], "properties": {"a": {"type": [[], "null"], "enum": {}, "$ref": []}}}, "")
@example({"properties": {"a": {"type": "number", "minimum": float("inf"), "maximum": float("nan")}}}, "")
@example({"properties": {"a": {"type": "number", "minimum": 10**400}}}, "")
def test_any_schema_whatever_gets_arguments(schema: dict[str, object], prompt: str) -> None:
    value = filling.fill(json.loads(json.dumps(schema)), prompt)

    assert isinstance(value, dict)
    json.dumps(value)


def test_a_schema_that_refers_to_itself_many_times_gets_arguments_of_a_bounded_size() -> None:
    names = [f"field{number}" for number in range(40)]
    itself = {"type": "object", "properties": {name: {"$ref": "#/$defs/itself"} for name in names}, "required": names}

    value = filling.fill(json.loads(json.dumps({"$ref": "#/$defs/itself", "$defs": {"itself": itself}})), "")

    assert len(json.dumps(value)) < 100_000


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 429, 500, 502, 503])
def test_flaky_fails_with_the_status_that_was_named(status: int) -> None:
    reply = ask(demo_gateway(), "demo/flaky", f"{status} always")

    assert reply.status == status
    assert set(reply.json["error"]) == {"message", "type", "code"}
    assert reply.headers.get("retry-after") == ("2" if status == 429 else None)


@pytest.mark.parametrize("name", ["429", "500", "503"])
def test_flaky_recovers_on_the_second_try_and_then_forgets(name: str) -> None:
    gateway = demo_gateway()

    statuses = [ask(gateway, "demo/flaky", name).status for _ in range(4)]

    assert statuses == [int(name), 200, int(name), 200]


def test_flaky_remembers_each_client_for_itself() -> None:
    gateway = demo_gateway()

    assert ask(gateway, "demo/flaky", "500").status == 500
    assert ask(gateway, "demo/flaky", "500", {"authorization": "Bearer sr_other"}).status == 500


def test_flaky_sends_an_error_inside_the_stream_after_some_text() -> None:
    reply = ask(demo_gateway(), "demo/flaky", "error")

    assert reply.text
    assert reply.chunks[-1]["error"]["code"] == "upstream_error"
    assert b"[DONE]" not in reply.body


@pytest.mark.parametrize(("name", "breaks"), [("close", True), ("cut", False)])
def test_flaky_ends_early(name: str, breaks: bool) -> None:
    reply = ask(demo_gateway(), "demo/flaky", name)

    assert reply.text.endswith("mid")
    assert reply.steps[-1].breaks is breaks
    assert not any(chunk["choices"][0]["finish_reason"] for chunk in reply.chunks)


@pytest.mark.parametrize("model", ["demo/writer", "demo/fast", "demo/flaky"])
def test_an_answer_that_stands_last_is_written_on_from_its_last_letter(model: str) -> None:
    prompt = "cut" if model == "demo/flaky" else "a haiku about tides"
    begun = ask(demo_gateway(), model, prompt).text[: None if model == "demo/flaky" else 9]
    messages = [{"role": "user", "content": prompt}, {"role": "assistant", "content": begun}]
    reply = ask(demo_gateway(), model, prompt, messages=messages)
    whole = ask(demo_gateway(), model, prompt).text

    assert (begun + reply.text == whole) if model != "demo/flaky" else reply.text.startswith("dle of a word.")
    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_flaky_is_slow_with_signs_of_life() -> None:
    reply = ask(demo_gateway(1.0), "demo/flaky", "slow")

    before = reply.steps[: next(at for at, step in enumerate(reply.steps) if b"content" in step.data)]
    assert sum(step.delay_s for step in before) >= 5
    assert sum(step.data.startswith(b": ") for step in before) >= 5


def test_flaky_falls_silent() -> None:
    reply = ask(demo_gateway(1.0), "demo/flaky", "silence")

    assert reply.text
    assert max(step.delay_s for step in reply.steps) >= 300


def test_flaky_says_what_it_knows() -> None:
    assert ask(demo_gateway(), "demo/flaky", "hi").text == HELP


def test_without_a_stream_an_error_is_a_status() -> None:
    assert ask(demo_gateway(), "demo/flaky", "error", stream=False).status == 500
