"""Calls that may run, decided about in the inspector: nothing runs that was not allowed, and what was shown runs."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.fakes import ScriptedCompleter, Step, make_services
from tests.ui.support import answer, chat_app, notes, press, running, send, until
from tests.workspace.test_deciding import HERE, Runner, asking, tool
from tui_chat.chat.policy import Breadth
from tui_chat.chat.tool_plans import Toolbox
from tui_chat.chat.turn import ToolUse
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.ui.dialogs.names_list import NamesList
from tui_chat.ui.dialogs.prompt import LineDialog, TextDialog
from tui_chat.ui.panes import call_decision
from tui_chat.ui.panes.call_decision import CallDecision, Decision
from tui_chat.ui.panes.call_list import CallList
from tui_chat.ui.panes.call_section import CallSection
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.panes.tool_list import ToolList
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.workspace.allowed import allowed_in
from tui_chat.workspace.call_states import CallState

SIZE = (100, 36)


async def go_to_question(chat: ChatScreen, pilot: Pilot[None]) -> None:
    """Go to the question about a call that waits, once it is there."""
    await until(pilot, lambda: chat.query(CallDecision) and chat.query_one(CallDecision).display)
    await press(pilot, "ctrl+o")
    await until(pilot, lambda: chat.query_one(CallDecision).has_focus)


@asynccontextmanager
async def waiting(
    folder: Path, runner: Runner, *scripts: Iterable[Step], size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    """A chat in which a call waits and the question about it has the focus."""
    use = ToolUse(runner, toolbox=Toolbox(map(tool, ("list", "remove"))))
    made = make_services(ScriptedCompleter(*scripts))
    services = replace(made, tool_use=use, tools=tuple(tool(name).definition for name in ("list", "remove")))
    async with running(chat_app(folder, services=services), size) as (chat, pilot):
        await send(pilot, chat, "look")
        await go_to_question(chat, pilot)
        await until(pilot, lambda: chat.query_one(CallDecision).may_run)
        yield chat, pilot


def said(chat: ChatScreen) -> str:
    """What is shown above the answers."""
    label = chat.query_one("#call-plan", RowsLabel)
    return "\n".join("".join(text for _, text in row) for row in label.rows)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question has been there for long enough."""
    monkeypatch.setattr(call_decision, "SETTLES_S", 0.0)


@pytest.mark.usefixtures("settled")
async def test_a_call_runs_once_after_its_key_and_the_model_goes_on(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", HERE)), answer("Two files.")) as (chat, pilot):
        assert "list -- /here" in said(chat)
        assert runner.ran == []
        await press(pilot, "r")
        await until(pilot, lambda: "Two files." in str(chat.conversation.session.path))
        assert runner.ran == [("list", "--", "/here")]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("is_wanted", [False, True])
async def test_an_inspector_that_opened_by_itself_does_not_hide_the_answer(tmp_path: Path, is_wanted: bool) -> None:
    async with waiting(tmp_path, Runner(), asking(("list", HERE)), answer("Two files.")) as (chat, pilot):
        if is_wanted:
            await press(pilot, "ctrl+o", "ctrl+o")
            await until(pilot, lambda: chat.query(CallDecision) and chat.query_one(CallDecision).may_run)
        await press(pilot, "r")
        await until(pilot, lambda: "Two files." in str(chat.conversation.session.path))
        assert bool(chat.query(ToolInspector)) == is_wanted


@pytest.mark.usefixtures("settled")
async def test_enter_takes_the_first_answer_which_denies(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("remove", HERE)), answer("Sorry.")) as (chat, pilot):
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(chat.app.screen, LineDialog))
        await press(pilot, *"keep", "enter")
        await until(pilot, lambda: "Sorry." in str(chat.conversation.session.path))
        assert "The user denied this call. Reason: keep" in str(chat.conversation.session.path)
        assert runner.ran == []


async def test_a_key_that_may_have_been_pressed_before_the_question_does_nothing(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", HERE))) as (chat, pilot):
        question = chat.query_one(CallDecision)
        question.ask(("other", 0), question.planned, is_seen=True)
        await press(pilot, "r", "a", "enter")
        await pilot.pause()
        assert runner.ran == []
        assert chat.app.screen is chat


@pytest.mark.usefixtures("settled")
async def test_each_call_of_an_answer_is_decided_about_by_itself(tmp_path: Path) -> None:
    runner = Runner()
    other = '{"path": "/there"}'
    scripts = asking(("list", HERE), ("list", other)), answer("Both.")
    async with waiting(tmp_path, runner, *scripts) as (chat, pilot):
        await press(pilot, "r")
        await until(pilot, lambda: len(runner.ran) == 1)
        question = chat.query_one(CallDecision)
        await until(pilot, lambda: "/there" in said(chat) and question.may_run and question.has_focus)
        assert len(runner.ran) == 1
        await press(pilot, "r")
        await until(pilot, lambda: "Both." in str(chat.conversation.session.path))
        assert runner.ran == [("list", "--", "/here"), ("list", "--", "/there")]


async def test_what_is_asked_no_more_can_still_be_drawn(tmp_path: Path) -> None:
    async with waiting(tmp_path, Runner(), asking(("list", HERE))) as (chat, pilot):
        question = chat.query_one(CallDecision)
        question.forget()
        question.refresh()
        await pilot.pause()
        assert question.size.height
        assert not any(cell.text.strip() for y in range(question.size.height) for cell in question.render_line(y))


async def test_what_is_hidden_as_the_focus_goes_elsewhere_takes_it_from_nobody(tmp_path: Path) -> None:
    async with waiting(tmp_path, Runner(), asking(("list", HERE))) as (chat, pilot):
        inspector = chat.query_one(ToolInspector)
        chat.composer.focus()
        inspector.show(chat.conversation.session.path, ())
        await until(pilot, lambda: not chat.query_one(CallDecision).display)
        await pilot.pause()
        assert chat.composer.has_focus


async def test_a_decision_about_a_call_that_is_not_shown_any_more_does_nothing(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", HERE), ("remove", HERE))) as (chat, pilot):
        question = chat.query_one(CallDecision)
        stale = CallDecision.Taken(Decision.RUN, ("another", 0), question.planned)
        question.post_message(stale)
        await pilot.pause()
        await pilot.pause()
        assert runner.ran == []
        assert len(chat.conversation.session.pending_calls) == 2


@pytest.mark.usefixtures("settled")
async def test_it_is_left_waiting_by_leaving_the_pane(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", HERE))) as (chat, pilot):
        await press(pilot, "escape")
        await until(pilot, lambda: not chat.query(CallDecision))
        assert len(chat.conversation.session.pending_calls) == 1
        assert runner.ran == []


@pytest.mark.usefixtures("settled")
async def test_nothing_runs_before_the_end_of_its_arguments_was_in_sight(tmp_path: Path) -> None:
    runner = Runner()
    long = '{"path": "' + "a/" * 3_000 + '"}'
    async with running_long(tmp_path, runner, long) as (chat, pilot):
        question = chat.query_one(CallDecision)
        await press(pilot, "r")
        await pilot.pause()
        assert runner.ran == []
        view = chat.query_one("#call-view")
        view.focus()
        await until(pilot, lambda: view.has_focus)
        await press(pilot, "end")
        await until(pilot, lambda: question.may_run)
        question.focus()
        await until(pilot, lambda: question.has_focus)
        await press(pilot, "r")
        await until(pilot, lambda: runner.ran)


@asynccontextmanager
async def running_long(folder: Path, runner: Runner, arguments: str) -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    use = ToolUse(runner, toolbox=Toolbox([tool("list")]))
    completer = ScriptedCompleter(asking(("list", arguments)), answer("Done."))
    services = replace(make_services(completer), tool_use=use)
    async with running(chat_app(folder, services=services), SIZE) as (chat, pilot):
        await send(pilot, chat, "look")
        await go_to_question(chat, pilot)
        await asyncio.sleep(0)
        yield chat, pilot


@pytest.mark.usefixtures("settled")
async def test_edited_arguments_are_asked_about_anew_and_run_as_they_were_shown(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("remove", HERE)), answer("ok")) as (chat, pilot):
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(chat.app.screen, TextDialog))
        chat.app.screen.query_one(TextArea).load_text('{"path": 5}')
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "5 is not of type" in notes(chat.app))
        await until(pilot, lambda: isinstance(chat.app.screen, TextDialog))
        chat.app.screen.query_one(TextArea).load_text('{"path": "/there"}')
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        assert runner.ran == []
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: runner.ran)
        assert runner.ran == [("remove", "--", "/there")]


@pytest.mark.usefixtures("settled")
async def test_what_is_always_allowed_is_asked_about_no_more(tmp_path: Path) -> None:
    runner = Runner()
    scripts = asking(("list", HERE)), asking(("list", HERE)), answer("Done.")
    async with waiting(tmp_path, runner, *scripts) as (chat, pilot):
        await press(pilot, "a")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss(Breadth.CONVERSATION.value)
        await until(pilot, lambda: "Done." in str(chat.conversation.session.path))
        assert len(runner.ran) == 2


@pytest.mark.usefixtures("settled")
async def test_a_call_that_cannot_run_says_why_and_is_sent_back(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", "{}")), answer("ok")) as (chat, pilot):
        assert "do not fit the schema" in said(chat)
        await press(pilot, "r", "t")
        await until(pilot, lambda: "The call was not run." in str(chat.conversation.session.path))
        assert runner.ran == []


@pytest.mark.usefixtures("settled")
async def test_what_was_allowed_is_listed_and_taken_back(tmp_path: Path) -> None:
    runner = Runner()
    scripts = asking(("list", HERE)), answer("Done."), asking(("list", HERE))
    async with waiting(tmp_path, runner, *scripts) as (chat, pilot):
        await press(pilot, "a")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss(Breadth.CONVERSATION.value)
        await until(pilot, lambda: "Done." in str(chat.conversation.session.path))
        await until(pilot, lambda: chat.composer.has_focus)
        await send(pilot, chat, "/tools allowed")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss("list, this tool, in this conversation")
        await until(pilot, lambda: "list asks again." in notes(chat.app))
        await send(pilot, chat, "once more")
        await until(pilot, lambda: chat.conversation.session.pending_calls)
        assert len(runner.ran) == 1
        assert await allowed_in(chat.conversation.session) == {}


@pytest.mark.usefixtures("settled")
async def test_the_arguments_that_have_to_stay_are_named(tmp_path: Path) -> None:
    runner = Runner()
    scripts = asking(("list", HERE)), asking(("list", HERE)), asking(("list", '{"path": "/there"}'))
    async with waiting(tmp_path, runner, *scripts) as (chat, pilot):
        await press(pilot, "a")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss(Breadth.FIELDS.value)
        await until(pilot, lambda: isinstance(chat.app.screen, LineDialog))
        asked = chat.app.screen
        await press(pilot, "h", "enter")
        await until(pilot, lambda: "commas between them: path." in notes(chat.app))
        await until(pilot, lambda: isinstance(chat.app.screen, LineDialog) and chat.app.screen is not asked)
        await pilot.pause()
        await press(pilot, *"path", "enter")
        await until(pilot, lambda: len(runner.ran) == 2 and chat.conversation.session.pending_calls)
        assert runner.ran == [("list", "--", "/here")] * 2


async def test_that_nothing_is_allowed_is_said(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await send(pilot, chat, "/tools allowed")
        await until(pilot, lambda: "Nothing runs without asking." in notes(chat.app))


async def test_tools_are_switched_off_and_on_and_the_inspector_says_so(tmp_path: Path) -> None:
    toolbox = Toolbox(map(tool, ("list", "remove")))
    completer = ScriptedCompleter(answer("ok"))
    use = ToolUse(Runner(), toolbox=toolbox)
    services = replace(make_services(completer), tools=toolbox.definitions, tool_use=use)
    async with running(chat_app(tmp_path, services=services), SIZE) as (chat, pilot):
        await send(pilot, chat, "/tools off")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        await press(pilot, "enter")
        await until(pilot, lambda: "On: remove. Off in this conversation: list." in notes(chat.app))
        await send(pilot, chat, "/tools on nothing")
        await until(pilot, lambda: "There is no tool nothing." in notes(chat.app))
        await send(pilot, chat, "look")
        await until(pilot, lambda: len(completer.requests) == 1)
        assert [each.name for each in completer.requests[0].tools] == ["remove"]
        await send(pilot, chat, "/tools")
        await until(pilot, lambda: chat.query("#call-none"))
        label = chat.query_one("#call-none", RowsLabel)
        words = "1 tool is offered, 1 is off in this chat."
        await until(pilot, lambda: words in " ".join("".join(t for _, t in r) for r in label.rows))
        await until(pilot, lambda: chat.query_one(ToolList).has_focus)
        await press(pilot, "space")
        await until(pilot, lambda: "list is on." in notes(chat.app))
        await press(pilot, "down", "space")
        await until(pilot, lambda: chat.conversation.session.tools_off.off == {"remove"})


@pytest.mark.usefixtures("settled")
async def test_a_call_is_taken_again_by_its_key_stopped_and_put_in_place(tmp_path: Path) -> None:
    runner = Runner()
    async with waiting(tmp_path, runner, asking(("list", HERE)), answer("Sorry.")) as (chat, pilot):
        session, board = chat.conversation.session, chat.conversation.calls
        chat.query_one(CallDecision).post_message(
            CallDecision.Taken(Decision.DENY, board.calls[0].key, chat.query_one(CallDecision).planned)
        )
        await until(pilot, lambda: isinstance(chat.app.screen, LineDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: "Sorry." in str(session.path))
        chat.query_one(CallList).focus() if chat.query(CallList) else await press(pilot, "ctrl+o")
        await until(pilot, lambda: chat.query(CallList) and chat.panes.has_focus)
        runner.may_end.clear()
        await press(pilot, "a")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(chat.app.screen, TextDialog))
        chat.app.screen.query_one(TextArea).text = '{"path": "/there"}'
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        assert runner.ran == []
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: runner.ran == [("list", "--", "/there")])
        await until(pilot, lambda: chat.app.screen is chat and chat.panes.has_focus)
        await press(pilot, "x")
        await until(pilot, lambda: board.calls[0].state is CallState.STOPPED)
        await press(pilot, "escape")
        await until(pilot, lambda: chat.composer.has_focus)
        await send(pilot, chat, f"/tools again 1 run {HERE}")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: len(runner.ran) == 2)
        await chat.settle()  # as whoever leaves does
        await until(pilot, lambda: board.calls[0].state is CallState.STOPPED and chat.panes.has_focus)
        await press(pilot, "escape")
        await until(pilot, lambda: chat.composer.has_focus)
        await send(pilot, chat, f"/tools again 1 run {HERE}")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: len(runner.ran) == 3 and chat.panes.has_focus)
        await press(pilot, "escape")
        await until(pilot, lambda: chat.composer.has_focus)
        runner.may_end.set()
        await until(pilot, lambda: "list, taken again: answered." in notes(chat.app))
        await pilot.pause()
        assert chat.composer.has_focus  # the end takes nobody from what they do
        assert not chat.panes.is_open
        before = len(session.path)
        await send(pilot, chat, "/tools again 1 put")
        await until(pilot, lambda: "done" in str(session.path) and len(session.path) == before - 1)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: chat.panes.has_focus)
        await press(pilot, "t")
        await until(pilot, lambda: chat.query_one(ToolList).has_focus and not chat.query_one(CallList).display)
        await press(pilot, "space")
        await until(pilot, lambda: session.tools_off.off == {"list"})
        await press(pilot, "t")
        await until(pilot, lambda: chat.query_one(CallList).has_focus)


@pytest.mark.usefixtures("settled")
async def test_where_there_is_little_room_one_key_reads_on_from_the_arguments_to_all_that_runs(tmp_path: Path) -> None:
    async with waiting(tmp_path, Runner(), asking(("list", "{}")), size=(40, 10)) as (chat, pilot):
        decision, section = chat.query_one(CallDecision), chat.query_one(CallSection)
        assert section.display
        assert decision.size.height == 1
        await press(pilot, "pagedown")
        await until(pilot, lambda: not section.display)
        assert decision.size.height >= 2
        await press(pilot, "pageup")
        await until(pilot, lambda: section.display)
