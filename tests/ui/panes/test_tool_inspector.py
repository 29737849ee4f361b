"""The tool inspector: calls from their first fragment to their result, and half-typed results that are not lost."""

import json

import pytest
from textual.pilot import Pilot

from tests.ui.pane_app import PaneApp, alone
from tests.ui.support import until
from tests.work import counted
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew, SessionEvent, ToolAsked, ToolFinished
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Fragment, Message, Role, ToolCall, ToolResult, user_message
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import Outcome, ToolCallDelta
from tui_chat.core.tree import Node, pending_calls
from tui_chat.ui.composing.keys import KEYS, with_enter
from tui_chat.ui.keys.command import keymap
from tui_chat.ui.panes.call_view import CallView, View
from tui_chat.ui.panes.result_editor import ResultEditor
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.rows.frame import Divider
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import CallBoard

WEATHER = ToolDefinition(
    "get_weather",
    "Returns [weather] for a city",
    {"type": "object", "properties": {"city": {"type": "string"}, "unit": {}}, "required": ["city", "unit"]},
)

STRICT = ToolDefinition(
    "get_weather",
    "",
    {
        "properties": {
            "city": {"type": "string"},
            "unit": {"enum": ["celsius", "kelvin"]},
            "days": {"type": "integer"},
        },
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
)


def answer(
    node_id: str,
    *calls: ToolCall,
    outcome: Outcome | None = Outcome.COMPLETE,
    reason: str | None = "tool_calls",
    parent: str | None = None,
) -> Node:
    info = AnswerInfo("demo/tools", outcome=outcome, finish_reason=reason)
    return Node(node_id, parent, 0.0, Message(Role.ASSISTANT, calls), info)


def result(call_id: str, content: str = "Sunny", *, is_error: bool = False) -> Node:
    part = ToolResult(call_id, "get_weather", content, is_error)
    return Node(f"r-{call_id}", None, 0.0, Message(Role.TOOL, (part,)))


def call(call_id: str = "c1", arguments: str = '{"city": "Rome", "unit": "c"}', name: str = "get_weather") -> ToolCall:
    return ToolCall(call_id, name, arguments)


def grown(
    fragment: str, *, index: int = 0, at_s: float = 1.0, call_id: str = "c1", name: str = "get_weather"
) -> ReplyGrew:
    return ReplyGrew("n", at_s, ToolCallDelta(index, call_id, name, fragment))


def board(*path: Node) -> CallBoard:
    made = CallBoard()
    made.show(path, pending_calls(path))
    return made


def states(of: CallBoard) -> list[CallState]:
    return [one.state for one in of.calls]


# The board, without a screen


def test_the_newest_answers_calls_come_first_and_keep_their_order() -> None:
    made = board(answer("a", call("c1"), call("c2")), result("c1"), result("c2"), answer("b", call("c3"), call("c4")))
    assert [one.id for one in made.calls] == ["c3", "c4", "c1", "c2"]


def test_a_call_is_waiting_answered_or_left() -> None:
    path = (answer("a", call("c1"), call("c2")), result("c1"), Node("q", "a", 0.0, user_message("go on")))
    assert states(board(*path[:2])) == [CallState.ANSWERED, CallState.WAITING]
    assert states(board(*path)) == [CallState.ANSWERED, CallState.LEFT]
    assert states(board(path[0], result("c2", is_error=True))) == [CallState.WAITING, CallState.ANSWERED_AS_ERROR]


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        (Outcome.CANCELLED, None, "stopped"),
        (Outcome.TRUNCATED, None, "cut off"),
        (Outcome.ERROR, None, "failed"),
        (Outcome.COMPLETE, "length", "length limit"),
        (Outcome.COMPLETE, "content_filter", "filter"),
    ],
)
def test_a_call_of_an_answer_that_did_not_end_well_must_not_be_acted_on(
    outcome: Outcome, reason: str | None, words: str
) -> None:
    (only,) = board(answer("a", call(), outcome=outcome, reason=reason)).calls
    assert only.state is CallState.NOT_TO_BE_ACTED_ON
    assert words in only.why


def test_a_call_is_there_from_its_first_fragment_on() -> None:
    made = CallBoard()
    made.apply(grown("", at_s=0.5))
    (only,) = made.calls
    assert (only.name, only.state, only.size_bytes) == ("get_weather", CallState.ARRIVING, 0)
    made.apply(grown('{"city": "Zü', at_s=2.0))
    assert (only.size_bytes, len(only.fragments), only.elapsed_s) == (13, 1, 1.5)


def test_two_calls_that_arrive_at_once_stay_apart() -> None:
    made = CallBoard()
    for index, fragment in ((0, "{"), (1, "["), (0, "}"), (1, "]")):
        made.apply(grown(fragment, index=index, call_id=f"c{index}"))
    assert [one.arguments for one in made.calls] == ["{}", "[]"]


@pytest.mark.parametrize("asks_first", [True, False])
def test_a_call_that_has_arrived_waits_and_is_answered(asks_first: bool) -> None:
    made = CallBoard()
    made.apply(grown("{}"))
    events: list[SessionEvent] = [ToolAsked("n", call("c1", "{}")), AnswerEnded(answer("n", call("c1", "{}")))]
    for event in events if asks_first else reversed(events):
        made.apply(event)
    assert states(made) == [CallState.WAITING]
    made.apply(ToolFinished("c1", result("c1")))
    assert states(made) == [CallState.ANSWERED]
    assert made.calls[0].result == ToolResult("c1", "get_weather", "Sunny")


def test_a_call_without_an_id_is_asked_once_and_not_twice() -> None:
    made = CallBoard()
    made.apply(grown("{}", call_id=""))
    made.apply(ToolAsked("n", call("call_0", "{}")))
    made.apply(AnswerEnded(answer("n", call("call_0", "{}"))))
    assert [one.id for one in made.calls] == ["call_0"]


def test_a_stopped_answer_settles_its_calls_as_partial() -> None:
    made = CallBoard()
    made.apply(grown('{"ci'))
    made.apply(AnswerEnded(answer("n", call("c1", '{"ci'), outcome=Outcome.CANCELLED, reason=None)))
    assert states(made) == [CallState.NOT_TO_BE_ACTED_ON]


def test_a_new_question_leaves_what_waited() -> None:
    made = board(answer("a", call()))
    made.apply(AnswerStarted(Node("q", "a", 0.0, user_message("else")), answer("b", outcome=None)))
    assert states(made) == [CallState.LEFT]


def test_the_same_id_in_two_answers_means_two_calls() -> None:
    made = board(answer("a", call("call_0")), result("call_0", "first"), answer("b", call("call_0")))
    assert states(made) == [CallState.WAITING, CallState.ANSWERED]


# The pane


def text(app: PaneApp, selector: str) -> str:
    return "\n".join(app.lines(selector))


async def painted(app: PaneApp, pilot: Pilot[None]) -> None:
    """The next frame, without waiting for its time."""
    app.query_one(ToolInspector).action_view("parsed")
    await pilot.pause()


def feed(app: PaneApp, board: CallBoard, event: SessionEvent) -> None:
    """An event, as the pane gets to know it: the board has followed it already."""
    board.apply(event)
    app.query_one(ToolInspector).apply(event)


def showing(*path: Node, of: CallBoard | None = None) -> ToolInspector:
    pane = ToolInspector({"get_weather": WEATHER}, board=of)
    pane.show(path, pending_calls(path))
    return pane


async def test_arguments_are_laid_out_while_they_arrive() -> None:
    calls = CallBoard()
    async with alone(ToolInspector(board=calls)) as (app, pilot):
        feed(app, calls, grown('{"city": "To'))
        await painted(app, pilot)
        assert app.lines("#call-view") == ['  city  "To▏']
        assert "● writing" in app.query_one("#call-name", Divider).words
        assert "12 B · 1 piece" in text(app, "#call-facts")
        feed(app, calls, grown('kyo"}', at_s=2.5))
        await painted(app, pilot)
        assert app.lines("#call-view") == ['  city  "Tokyo"']
        assert "17 B · 2 pieces · 1.5 s · 11 B/s" in text(app, "#call-facts")


async def test_a_stalled_call_is_told_from_one_at_work() -> None:
    now = [10.0]
    calls = CallBoard(lambda: now[0])
    async with alone(ToolInspector(board=calls, monotonic=lambda: now[0])) as (app, pilot):
        feed(app, calls, grown("{", at_s=1.0))
        feed(app, calls, grown("{", index=1, name="run_sql", at_s=1.0))
        now[0] = 14.0
        feed(app, calls, grown('"a', index=1, at_s=5.0))
        await painted(app, pilot)
        assert "● writing" in text(app, "#call-facts") + text(app, "#call-list")
        assert "Nothing came" not in text(app, "#call-facts")
        now[0] = 16.0
        await painted(app, pilot)
        first, second = app.lines("#call-list")
        assert "▲ nothing for 6 s" in first
        assert "● writing" in second
        assert "Nothing came for 6 s" in text(app, "#call-facts")
        assert "1 stalled" in app.edges()[0]


async def test_what_is_wrong_with_the_arguments_is_said() -> None:
    async with alone(showing(answer("a", call(arguments='{"city" "Rome"}')))) as (app, _):
        assert "Not JSON: a colon is missing, at character 9." in text(app, "#call-facts")
    async with alone(showing(answer("a", call(arguments="[1]")))) as (app, _):
        assert "Not an object" in text(app, "#call-facts")


async def test_members_are_marked_against_the_schema_as_they_come() -> None:
    calls = CallBoard()
    async with alone(ToolInspector({"get_weather": STRICT}, board=calls), 70) as (app, pilot):
        feed(app, calls, grown('{"city": "Par'))
        await painted(app, pilot)
        assert app.lines("#call-view") == ['✓ city  "Par▏', '○ unit  "celsius" or "kelvin", not yet']
        feed(app, calls, grown('is", "days": "3'))
        await painted(app, pilot)
        assert app.lines("#call-view")[1] == '✗ days  "3▏   must be a whole number'
        feed(app, calls, grown('", "zone": 1}'))
        await painted(app, pilot)
        assert app.lines("#call-view")[1:] == [
            '✗ days  "3"   must be a whole number',
            "✗ zone  1   not in the schema",
            '✗ unit  missing: "celsius" or "kelvin"',
        ]


async def test_what_only_a_validator_can_tell_is_told_when_the_arguments_are_whole() -> None:
    schema: JsonObject = {
        "properties": {"low": {"type": "number"}, "to": {"not": {"type": "null"}}, "n": {"not": {"const": 1}}},
        "dependentRequired": {"low": ["high"]},
    }
    pane = ToolInspector({"get_weather": ToolDefinition("get_weather", "", schema)})
    path = (answer("a", call(arguments='{"low": 1, "to": null, "n": 2}')),)
    async with alone(pane) as (app, pilot):
        pane.show(path, pending_calls(path))
        await until(pilot, lambda: "✗ to" in text(app, "#call-view"))
        assert [row[:5].rstrip() for row in app.lines("#call-view")][::2] == ["✓ low", "✓ n"]
        assert "'high' is a dependency of 'low'" in text(app, "#call-facts")


async def test_a_long_text_is_unfolded_with_its_language() -> None:
    arguments = json.dumps(
        {"path": "a.py", "content": "def f():\n\treturn 1\n" * 10, "tags": ["a", "b"], "at": {"x": 1}}
    )
    async with alone(showing(answer("a", call(arguments=arguments), outcome=Outcome.CANCELLED))) as (app, _):
        rows = app.lines("#call-view")
        assert rows[0] == '▲ path     "a.py"   not in the schema'
        assert rows[1].split() == ["▲", "content", "python,", "21", "lines", "not", "in", "the", "schema"]
        assert rows[2:4] == ["    def f():", "        return 1"]
        assert '▲ tags     ["a", "b"]   not in the schema' in rows
        assert '▲ at       {"x": 1}   not in the schema' in rows


async def test_two_calls_that_arrive_at_once_are_seen_together_where_there_is_room() -> None:
    calls = CallBoard()
    async with alone(ToolInspector(board=calls), 120, 40) as (app, pilot):
        feed(app, calls, grown('{"a": 1'))
        await painted(app, pilot)
        assert not app.query_one("#other-section").display
        feed(app, calls, grown('{"b": 2', index=1, name="run_sql"))
        await painted(app, pilot)
        assert app.lines("#call-view") == ["  a     1▏"]
        assert app.lines("#other-view") == ["  b     2▏"]
        assert "run_sql" in app.query_one("#other-name", Divider).words
        await pilot.press("2")
        assert [app.lines(view) for view in ("#call-view", "#other-view")] == [['{"a": 1'], ['{"b": 2']]
        await pilot.resize_terminal(100, 40)
        await painted(app, pilot)
        assert not app.query_one("#other-section").display


async def test_another_theme_draws_the_same_rows_anew() -> None:
    async with alone(showing(answer("a", call(), outcome=Outcome.CANCELLED))) as (app, pilot):
        view = app.query_one(CallView)
        before = view.render_line(0)
        assert view.render_line(0) == before
        app.theme = "textual-light"
        await pilot.pause()
        assert view.render_line(0).text == before.text
        assert view.render_line(0) != before


async def test_the_lines_around_a_call_are_those_of_the_frame() -> None:
    async with alone(showing(answer("a", call("c1"), call("c2")), result("c1"))) as (app, pilot):
        pane, section = app.query_one(ToolInspector), app.query_one("#call-section")
        for is_behind in (False, True):
            pane.stand_behind(is_behind)
            await pilot.pause()
            sides = [app.query_one(part).styles.border_left for part in ("#call-list", "#call-view", "#call-tabs")]
            assert len(set(sides)) == 1
            assert section.styles.border_left[0] == ""


async def test_the_output_is_a_view_where_there_is_one() -> None:
    path = (answer("a", call("c1"), call("c2")), result("c1", "line 1\nline 2"))
    async with alone(showing(*path)) as (app, pilot):
        app.query_one("#call-list").focus()
        await pilot.press("5")
        assert "5" not in text(app, "#call-tabs")
        await pilot.press("up", "5")
        assert app.lines("#call-view") == ["line 1", "line 2"]
        assert "[5 Output]" in text(app, "#call-tabs")
        await pilot.press("f6")
        assert "[1 Arguments]" in text(app, "#call-tabs")


async def test_what_was_taken_again_says_that_it_is_not_saved() -> None:
    calls = board(answer("a", call()), result("c1"))
    again = calls.take_again(calls.calls[0], "{}", CallState.ANSWERED)
    async with alone(ToolInspector(board=calls)) as (app, pilot):
        app.query_one(ToolInspector).choose(again.key, View.PARSED)
        await pilot.pause()
        assert app.lines("#call-facts")[-1] == "Not saved: gone when you leave this chat."


async def test_a_gap_between_pieces_is_drawn() -> None:
    one = ToolCall("c1", "get_weather", '{"a"}', (Fragment(0.5, 2), Fragment(3.0, 3)))
    async with alone(showing(answer("a", one, outcome=Outcome.CANCELLED))) as (app, pilot):
        await pilot.press("3")
        assert app.lines("#call-view")[1].split() == ["┆", "nothing", "for", "2.5", "s", "░░░░░"]


async def test_views_are_changed_by_keys() -> None:
    fragments = (Fragment(0.5, 2), Fragment(0.75, 3))
    one = ToolCall("c1", "get_weather", '{"a"}', fragments)
    async with alone(showing(answer("a", one, outcome=Outcome.CANCELLED))) as (app, pilot):
        await pilot.press("r")
        assert app.lines("#call-view") == ['{"a"}']
        await pilot.press("f")
        rows = app.lines("#call-view")
        assert rows[0].split() == ["1", "0.500", "s", "+", "0.000", "2", '{\\"']
        assert rows[1].split() == ["2", "0.750", "s", "+", "0.250", "3", 'a\\"}']
        await pilot.press("s")
        assert "Returns [weather] for a city" in text(app, "#call-view")
        assert '"required": [' in text(app, "#call-view")
        await pilot.press("f6")
        assert app.lines("#call-view")[0] == "{"


async def test_a_result_is_typed_and_sent_with_the_composers_keys() -> None:
    async with alone(showing(answer("a", call()))) as (app, pilot):
        await pilot.press(*"sun", "ctrl+j", *"ny", "enter")
        await pilot.pause()
        (sent,) = app.said(ToolInspector.Answered)
        assert isinstance(sent, ToolInspector.Answered)
        assert (sent.call_id, sent.content, sent.is_error) == ("c1", "sun\nny", False)
        await pilot.press("enter")
        await pilot.pause()
        assert len(app.said(ToolInspector.Answered)) == 1


async def test_a_result_can_be_an_error() -> None:
    async with alone(showing(answer("a", call()))) as (app, pilot):
        await pilot.press(*"boom", "f8")
        assert "(•) error" in text(app, "#call-choice")
        await pilot.press("enter")
        await pilot.pause()
        (sent,) = app.said(ToolInspector.Answered)
        assert isinstance(sent, ToolInspector.Answered)
        assert sent.is_error


async def test_what_is_half_typed_is_kept_per_call() -> None:
    async with alone(showing(answer("a", call("c1"), call("c2")))) as (app, pilot):
        editor = app.query_one(ResultEditor)
        app.query_one("#call-list").focus()
        await pilot.press("enter", *"one")
        app.query_one("#call-list").focus()
        await pilot.press("down", "enter", *"two")
        app.query_one("#call-list").focus()
        await pilot.press("up")
        assert editor.text == "one"
        await pilot.press("down")
        assert editor.text == "two"


async def test_what_is_half_typed_outlives_the_pane() -> None:
    path = (answer("a", call()),)
    kept = CallBoard()
    async with alone(showing(*path, of=kept)) as (_, pilot):
        await pilot.press(*"half")
    async with alone(showing(*path, of=kept)) as (app, _):
        assert app.query_one(ResultEditor).text == "half"


async def test_the_next_call_that_waits_is_shown_when_one_was_answered() -> None:
    calls = CallBoard()
    async with alone(showing(answer("a", call("c1"), call("c2")), of=calls)) as (app, pilot):
        feed(app, calls, ToolFinished("c1", result("c1")))
        await painted(app, pilot)
        assert "c2" in text(app, "#call-facts")
        feed(app, calls, ToolFinished("c2", result("c2")))
        await painted(app, pilot)
        assert not app.query_one(ResultEditor).display
        assert "result Sunny" in text(app, "#call-result")


async def test_a_growing_answer_does_not_disturb_what_is_typed() -> None:
    calls = CallBoard()
    async with alone(showing(answer("a", call()), of=calls)) as (app, pilot):
        await pilot.press(*"half")
        for number in range(5):
            feed(app, calls, ReplyGrew("a", 1.0, ToolCallDelta(number + 1, f"x{number}", "t", "{")))
            await painted(app, pilot)
        assert app.query_one(ResultEditor).text == "half"
        assert app.query_one(ResultEditor).has_focus


@pytest.mark.parametrize(("key", "saves"), [("c", False), ("y", False), ("w", True)])
@pytest.mark.parametrize("outcome", Outcome)
async def test_what_the_view_shows_is_taken_however_the_answer_ended(key: str, saves: bool, outcome: Outcome) -> None:
    async with alone(showing(answer("a", call(arguments='{"a":\x1b}'), outcome=outcome))) as (app, pilot):
        app.query_one(CallView).focus()
        await pilot.press(key, "4", key)
        await pilot.pause()
        arguments, schema = app.said(ToolInspector.Taken)
        assert isinstance(arguments, ToolInspector.Taken)
        assert isinstance(schema, ToolInspector.Taken)
        assert (arguments.text, arguments.what, arguments.saves) == ('{"a":\x1b}', "arguments", saves)
        assert (json.loads(schema.text), schema.what) == (WEATHER.parameters, "schema")


async def test_hostile_names_arguments_and_results_are_shown_as_text() -> None:
    evil = ToolCall("[/id]\x07", "[bold]n[/x]\x1b[2J", '{"k[/]": "\x9b31m\u202e[/nope]"} \x1b]0;t\x07\r\n\tend')
    async with alone(showing(answer("a", evil), result("[/id]\x07", "\x1b[2J[/r]"))) as (app, pilot):
        for key in "prfs":
            await pilot.press(key)
            seen = "\n".join(text(app, view) for view in ("#call-list", "#call-facts", "#call-view", "#call-result"))
            assert not [letter for letter in seen if letter != "\n" and (letter < " " or "\x7f" <= letter <= "\x9f")]
            assert "\u202e" not in seen
        assert "[bold]n[/x]␛[2J" in app.query_one("#call-name", Divider).words


@pytest.mark.parametrize(("width", "height"), [(36, 10), (40, 10), (80, 24), (120, 40)])
async def test_every_size_has_room_for_arguments_and_for_typing(width: int, height: int) -> None:
    async with alone(showing(answer("a", call("c1"), call("c2"), call("c3"))), width, height) as (app, pilot):
        await pilot.press(*"x")
        assert app.query_one("#call-view").region.height >= 2
        editor = app.query_one(ResultEditor).region
        assert editor.height >= 1
        assert editor.bottom <= height
        assert app.query_one(ToolInspector).bottom_edge.region.bottom <= height


@pytest.mark.parametrize("outcome", [Outcome.COMPLETE, Outcome.TRUNCATED])
async def test_six_lines_are_enough(outcome: Outcome) -> None:
    path = answer("a", call("c1", '{"x": 1}'), call("c2"), outcome=outcome)
    async with alone(showing(path), 40, 6) as (app, _):
        assert app.query_one("#call-view").region.height >= 1
        assert app.query_one(ToolInspector).bottom_edge.region.bottom <= 6


async def test_where_one_call_has_no_row_for_its_name_the_title_names_it() -> None:
    async with alone(showing(answer("a", call("c1"))), 40, 7) as (app, _):
        assert app.query_one(ToolInspector).top_edge.words.startswith("get_weather")
    async with alone(showing(answer("a", call("c1"), call("c2"))), 40, 7) as (app, _):
        assert app.query_one(ToolInspector).top_edge.words.startswith("Tools")


async def test_a_result_that_could_not_be_kept_can_be_sent_again() -> None:
    path = (answer("a", call()),)
    async with alone(showing(*path)) as (app, pilot):
        await pilot.press(*"sunny", "enter")
        await pilot.pause()
        app.query_one(ToolInspector).show(path, pending_calls(path))
        await pilot.press("enter")
        await pilot.pause()
        assert len(app.said(ToolInspector.Answered)) == 2


async def test_half_a_megabyte_of_arguments_stays_cheap_per_frame() -> None:
    whole = json.dumps({"content": "    return {value: 1}\n" * 22_000})
    assert len(whole) > 500_000
    frames: list[int] = []
    calls = CallBoard()
    async with alone(ToolInspector(board=calls), 60, 24) as (app, pilot):
        for start in range(0, len(whole), 4_000):
            for at in range(start, start + 4_000, 4):
                feed(app, calls, grown(whole[at : at + 4]))
            if start % 40_000 == 0:
                with counted(ours=True) as work:
                    await painted(app, pilot)
                frames.append(work.calls)
        await painted(app, pilot)
        rows = app.lines("#call-view")
        assert len(rows) == 201
        assert "22,001 lines, the last 200 rows" in rows[0]
    assert frames[-1] < 1.1 * frames[2]


async def test_an_empty_result_is_sent_by_pressing_enter_twice() -> None:
    async with alone(ToolInspector()) as (app, pilot):
        pane = app.query_one(ToolInspector)
        path = (answer("n", call()),)
        pane.show(path, pending_calls(path))
        pane.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert app.said(ToolInspector.Answered) == []
        assert "sends it empty" in " ".join(app.lines("#call-choice"))
        await pilot.press("enter")
        await pilot.pause()
        (sent,) = app.said(ToolInspector.Answered)
        assert isinstance(sent, ToolInspector.Answered)
        assert sent.content == ""


async def test_where_enter_begins_a_line_a_result_is_sent_as_messages_are() -> None:
    own_keys = with_enter({}, sends=False)
    async with alone(ToolInspector(own_keys=own_keys)) as (app, pilot):
        app.set_keymap(keymap(KEYS, own_keys))
        pane = app.query_one(ToolInspector)
        path = (answer("n", call()),)
        pane.show(path, pending_calls(path))
        pane.focus()
        await pilot.pause()
        assert "Ctrl+J send" in app.edges()[1]
        await pilot.press("a", "enter", "b", "shift+\r")
        await pilot.pause()
        (sent,) = app.said(ToolInspector.Answered)
        assert isinstance(sent, ToolInspector.Answered)
        assert sent.content == "a\nb"


@pytest.mark.parametrize(("width", "height"), [(40, 6), (36, 10), (80, 12), (80, 24)])
async def test_whether_the_result_is_an_error_is_shown_at_every_size(width: int, height: int) -> None:
    async with alone(showing(answer("a", call())), width, height) as (app, pilot):
        await pilot.press("f8")
        choice = app.query_one("#call-choice")
        assert choice.display
        assert choice.region.height == 1
        assert app.query_one(ToolInspector).region.contains_region(choice.region)
        await pilot.press("enter")
        await pilot.pause()
        assert "Nothing is written" in text(app, "#call-choice")
