"""Tools and structured output in one call of `ask`."""

import io
import json
from collections.abc import Iterable
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.workspace.test_deciding import HERE, Runner, asking, tool
from tui_chat.ask.result import KEPT_NOWHERE
from tui_chat.ask.run import Question, ask
from tui_chat.chat.tool_plans import Toolbox
from tui_chat.chat.turn import ToolUse
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, UsageReported
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.workspace.opening import Opening

DONE = Stopped(Outcome.COMPLETE, "stop")


def billed(usd: str) -> UsageReported:
    return UsageReported(TokenCounts(10, 2, 12), Cost(Decimal(usd), CostSource.GATEWAY), "{}")


def saying(text: str, *more: Step) -> list[Step]:
    return [*opening(), TextDelta(text), *more, DONE]


class Asked:
    """One call of `ask`, with tools `list` and `remove`."""

    def __init__(self, *scripts: Iterable[Step]) -> None:
        self.runner = Runner()
        self.completer = ScriptedCompleter(*scripts)
        self.out, self.err = io.StringIO(), io.StringIO()

    async def run(self, form: str = "plain", **changes: object) -> int:
        models = [ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004")))]
        services = make_services(self.completer, models=models)
        use = ToolUse(self.runner, toolbox=Toolbox(map(tool, ("list", "remove"))))
        question = msgspec.structs.replace(Question(user_message("hi")), **changes)
        return await ask(replace(services, tool_use=use), question, form, self.out, self.err)

    @property
    def result(self) -> JsonObject:
        lines = [json.loads(line) for line in self.out.getvalue().splitlines()]
        found: JsonObject = lines[-1].get("result", lines[-1])
        return found


CALL = ("list", HERE)


async def test_without_leave_calls_are_told_and_not_run() -> None:
    asked = Asked(asking(CALL))
    assert await asked.run() == 0
    assert asked.runner.ran == []
    assert f"The model calls list with {HERE}\n" in asked.err.getvalue()
    assert "Not run: list. --allow list lets it run.\n" in asked.err.getvalue()


@pytest.mark.parametrize(("denied", "end"), [((), "--allow list tells the model so."), (("*",), "'string'.")])
async def test_a_call_at_fault_is_told_with_its_fault_and_not_as_if_leave_would_let_it_run(
    denied: tuple[str, ...], end: str
) -> None:
    asked = Asked(asking(("list", '{"path": 5}')))
    assert await asked.run(denied=denied) == 0
    (said,) = [line for line in asked.err.getvalue().splitlines() if line.startswith("Not run")]
    assert said.startswith("Not run: list. The arguments do not fit the schema: path: 5 is not of type 'string'.")
    assert said.endswith(end)


@pytest.mark.parametrize("form", ["plain", "json", "stream-json"])
async def test_a_call_that_a_person_answers_is_told_as_not_run(form: str) -> None:
    asked = Asked(asking(("by_hand", HERE)))
    assert await asked.run(form, allowed=("*",)) == 0
    assert "Not run: by_hand. A person answers: tui-chat -c goes on there.\n" in asked.err.getvalue()


@pytest.mark.parametrize(
    ("allowed", "denied", "ran"),
    [
        (("list",), (), 1),
        (("l*",), (), 1),
        (("*",), (), 1),
        (("nothing", "list"), (), 1),
        (("*",), ("list",), 0),
        (("list",), ("l*",), 0),
        (("List",), (), 0),
        (("lis",), (), 0),
        ((), ("remove",), 0),
    ],
)
async def test_names_and_patterns_let_tools_run_and_deny_wins(
    allowed: tuple[str, ...], denied: tuple[str, ...], ran: int
) -> None:
    asked = Asked(asking(CALL), saying("Two files."))
    assert await asked.run(allowed=allowed, denied=denied) == 0
    assert len(asked.runner.ran) == ran
    assert ("--deny excludes it" in asked.err.getvalue()) == (bool(allowed) and bool(denied))


async def test_plain_output_is_the_last_answer_alone() -> None:
    first = [*opening(), TextDelta("I will look."), *asking(CALL)[2:]]
    asked = Asked(first, saying("Two files."))
    assert await asked.run(allowed=("list",)) == 0
    assert asked.out.getvalue() == "Two files.\n"
    assert "I will look.\n" in asked.err.getvalue()
    assert "Running list: list -- /here\n" in asked.err.getvalue()


async def test_the_object_sums_up_all_rounds_and_has_the_runs() -> None:
    first = [*opening(), TextDelta("one"), *asking(CALL)[2:-1], billed("0.01"), asking(CALL)[-1]]
    asked = Asked(first, saying("two", billed("0.02")))
    assert await asked.run("json", allowed=("list",)) == 0
    result = asked.result
    assert isinstance(result["tool_runs"], list)
    (run,) = result["tool_runs"]
    assert isinstance(run, dict)
    assert (run["id"], run["name"], run["arguments"], run["is_error"]) == ("call_0", "list", HERE, False)
    assert str(run["result"]).endswith("done ␛[31m")
    assert (result["text"], result["tool_calls"]) == ("two", [])
    assert result["cost"] == {"usd": "0.03", "source": "gateway"}
    assert isinstance(result["usage"], dict)
    assert (result["usage"]["prompt_tokens"], result["usage"]["reasoning_tokens"]) == (20, None)


async def test_the_cost_of_all_rounds_is_unknown_where_one_is() -> None:
    first = [*opening(), *asking(CALL)[2:-1], asking(CALL)[-1]]
    asked = Asked(first, saying("two", billed("0.02")))
    asked_usage = await asked.run("json", allowed=("list",))
    assert asked_usage == 0
    assert asked.result["usage"] is None


async def test_the_stream_has_each_run_when_it_begins_and_ends() -> None:
    asked = Asked(asking(CALL), saying("ok"))
    await asked.run("stream-json", allowed=("list",))
    lines = [json.loads(line) for line in asked.out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["start", "tool_call", "tool_run", "tool_run", "text", "end"]
    began, ended = (line for line in lines if line["event"] == "tool_run")
    assert began == {"event": "tool_run", "id": "call_0", "name": "list"}
    assert (ended["name"], ended["is_error"]) == ("list", False)
    assert ended["result"].endswith("done ␛[31m")


async def test_the_limit_of_rounds_leaves_calls_unrun_and_says_so() -> None:
    asked = Asked(*(asking(CALL) for _ in range(3)))
    assert await asked.run("json", allowed=("list",), max_rounds=2) == 0
    assert len(asked.runner.ran) == 2
    assert isinstance(asked.result["tool_calls"], list)
    assert len(asked.result["tool_calls"]) == 1
    assert "The limit of 2 rounds is reached (--max-rounds)." in asked.err.getvalue()


async def test_arguments_that_do_not_fit_go_back_and_never_run() -> None:
    asked = Asked(asking(("list", '{"path": 5}')), asking(("list", "{")), saying("sorry"))
    assert await asked.run(allowed=("*",)) == 0
    assert asked.runner.ran == []
    assert "do not fit the schema" in asked.err.getvalue()
    assert asked.out.getvalue() == "sorry\n"


async def test_what_the_rounds_cost_together_counts_against_the_limit() -> None:
    call = [*asking(CALL)[:-1], billed("0.009"), asking(CALL)[-1]]
    asked = Asked(call, call, call, saying("never"))
    assert await asked.run("json", allowed=("list",), max_cost_usd=Decimal("0.01")) == 4
    assert len(asked.completer.requests) < 4
    assert isinstance(error := asked.result["error"], dict)
    assert error["message"] == "The rounds so far have cost $0.018: the next one would go over --max-cost $0.01."
    assert "--over-budget" in str(error["advice"])


async def test_arguments_that_no_reader_of_json_would_take_are_told_as_text_alone() -> None:
    asked = Asked(asking(("remove", '{"n": -1e999}')))
    assert await asked.run("json") == 0
    assert isinstance(calls := asked.result["tool_calls"], list)
    assert isinstance(call := calls[0], dict)
    assert (call["arguments"], call["parsed"]) == ('{"n": -1e999}', None)
    assert call["error"] == "not valid JSON: -1e999 is too large a number"


async def test_where_nothing_is_kept_no_note_says_that_it_could_go_on() -> None:
    asked = Asked(asking(("by_hand", HERE)))
    assert await asked.run(opening=Opening(is_temporary=True)) == 0
    assert f"A person answers: {KEPT_NOWHERE}\n" in asked.err.getvalue()
    asked = Asked([*opening(), TextDelta("half"), Stopped(Outcome.COMPLETE, "length")])
    await asked.run(opening=Opening(is_temporary=True))
    assert KEPT_NOWHERE in asked.err.getvalue()
    assert "-c goes on" not in asked.err.getvalue()


SCHEMA: JsonObject = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


@pytest.mark.parametrize(
    ("text", "status", "output", "words"),
    [
        ('{"n": 5}', 0, {"n": 5}, ""),
        (' {"n": 5}\n', 0, {"n": 5}, ""),
        ('{"n": "5"}', 9, None, "does not meet the schema: n: '5' is not of type 'integer'."),
        ("{}", 9, None, "'n' is a required property"),
        ("five", 9, None, "it is not JSON"),
        ('{"n": NaN}', 9, None, "it is not JSON: NaN is no JSON"),
        ('{"n": 1e999}', 9, None, "it is not JSON: 1e999 is too large a number"),
        ("[" * 100_000, 9, None, "it is not JSON: it is nested too deeply"),
        ("", 9, None, "it is not JSON"),
    ],
)
async def test_a_schema_is_asked_for_and_the_answer_is_held_against_it(
    text: str, status: int, output: JsonObject | None, words: str
) -> None:
    asked = Asked(saying(text))
    assert await asked.run("json", schema=SCHEMA) == status
    assert asked.result["output"] == output
    assert words in asked.err.getvalue()
    extra = dict(asked.completer.requests[0].sampling.extra)
    assert json.loads(extra["response_format"]) == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA},
    }


async def test_an_answer_that_is_cut_is_not_judged() -> None:
    asked = Asked([*opening(), TextDelta('{"n":'), Stopped(Outcome.TRUNCATED)])
    assert await asked.run("json", schema=SCHEMA) == 8
    assert asked.result["output"] is None


async def test_a_run_that_is_cut_by_the_time_limit_is_said_once_and_its_time_counts() -> None:
    asked = Asked(asking(CALL), saying("never"))
    asked.runner = Runner(waits=True)
    assert await asked.run("json", allowed=("list",), timeout_s=0.05) == 8
    result = asked.result
    assert result["outcome"] == "truncated"
    assert isinstance(result["error"], dict)
    assert result["error"]["kind"] == "timeout"
    assert result["tool_calls"] == []
    assert isinstance(result["tool_runs"], list)
    assert "lets it run" not in asked.err.getvalue()
    assert [(run["is_error"], run["result"]) for run in result["tool_runs"] if isinstance(run, dict)] == [
        (True, "begun\n")
    ]
    ran_s = [run["total_s"] for run in result["tool_runs"] if isinstance(run, dict)]
    assert all(isinstance(each, float) and each >= 0.01 for each in ran_s)
    assert isinstance(result["timing"], dict)
    assert isinstance(total_s := result["timing"]["total_s"], float)
    assert total_s >= 0.01


async def test_calls_that_run_side_by_side_are_told_apart() -> None:
    """Of two calls of one tool lines say which, events have ids, and runs stand in the order of the calls."""
    asked = Asked(asking(CALL, CALL, ("remove", HERE)), saying("ok"))
    assert await asked.run(allowed=("*",)) == 0
    told = [line.partition(" after")[0] for line in asked.err.getvalue().splitlines() if " is done" in line]
    assert told == ["list is done", "list (2) is done", "remove is done"]
    streamed = Asked(asking(CALL, CALL, ("remove", HERE)), saying("ok"))
    await streamed.run("stream-json", allowed=("*",))
    events = [json.loads(line) for line in streamed.out.getvalue().splitlines()]
    ids = [event["id"] for event in events if event["event"] == "tool_run"]
    assert ids == ["call_0", "call_1", "call_2"] * 2  # all have begun before the first has ended
    assert [run["id"] for run in events[-1]["result"]["tool_runs"]] == ["call_0", "call_1", "call_2"]
