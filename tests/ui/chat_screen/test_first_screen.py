"""The first screen: what it offers to begin with, and what Enter does there."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import make_services
from tests.ui.pane_app import PaneApp
from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.chat.ports import ConversationSummary
from tui_chat.chat.services import Gateway
from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.chat_screen.first_screen import MOST_RECENT, RECENT, FirstScreen, Line, begin_lines, recent_lines
from tui_chat.ui.rows.pick_list import PickList

DEMO = Gateway("http://demo.invalid", is_demo=True, has_key=False)
WITH_KEY = Gateway("https://gateway.invalid/ai", is_demo=False, has_key=True)
NOW = 1_750_000_000.0


def summary(number: int, title: str = "") -> ConversationSummary:
    """A conversation that was used `number` days ago."""
    used_at = NOW - number * 86_400
    return ConversationSummary(f"c{number}", title, "test/model", used_at, used_at, 2)


def nothing() -> None:
    """Do nothing."""


class Taken:
    """What the lines did."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    def ask(self, model: str, question: str) -> None:
        self.done.append((model, question))

    def run(self, id_: str, arguments: str = "") -> None:
        self.done.append((id_, arguments))

    def lines(self, gateway: Gateway, last: ConversationSummary | None = None) -> list[Line]:
        return begin_lines(gateway, ask=self.ask, run=self.run, last=last, age="yesterday" if last else "")


def test_on_the_demo_one_begins_with_its_guide_and_everything_there_is_of_the_demo() -> None:
    taken = Taken()
    for line in taken.lines(DEMO):
        line.take()
    assert taken.done[-1] == ("connect", "")
    assert [model for model, _ in taken.done[:-1]] == ["demo/guide", "demo/tools"]


def test_with_a_gateway_no_line_sends_a_question_that_could_be_billed() -> None:
    taken = Taken()
    for line in taken.lines(WITH_KEY, summary(1, "Lisbon")):
        line.take()
    assert taken.done == [("models", ""), ("resume", "c1")]


@pytest.mark.parametrize("gateway", [DEMO, WITH_KEY])
def test_the_conversation_used_last_can_be_gone_on_with_and_where_there_is_none_no_line_says_so(
    gateway: Gateway,
) -> None:
    taken = Taken()
    assert all("Go on" not in line.words for line in taken.lines(gateway))
    last = taken.lines(gateway, summary(1, "Lisbon\x1b[31m"))[-1]
    assert (last.words, last.detail) == ("Go on with “Lisbon␛[31m”", "yesterday")
    assert taken.lines(gateway, summary(1))[-1].words == "Go on with “(no title)”"


def test_a_few_recent_conversations_are_offered_with_model_and_age_under_a_heading() -> None:
    taken = Taken()
    lines = recent_lines([summary(number, f"Trip {number}") for number in range(2, 12)], NOW, taken.run)
    assert len(lines) == MOST_RECENT
    assert lines[0][:3] == ("Trip 2", "open", "test/model")
    assert {line.heading for line in lines} == {"Recent"}
    assert lines[0].aside == "2 days ago"
    lines[1].take()
    assert taken.done == [("resume", "c3")]


async def test_the_edge_says_what_enter_does_on_the_marked_line(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("ok"))) as (chat, pilot):
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter open the list · Ctrl+P"))
        await send(pilot, chat, "hello")
        await until(pilot, lambda: len(chat.conversation.session.path) == 2)
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter open the list · ↓ next"))
        await pilot.press("down")
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter go on · Ctrl+P"))
        await pilot.press("enter")
        await until(pilot, lambda: len(chat.conversation.session.path) == 2 and chat.transcript.display)
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Ctrl+P commands"))
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter open the list"))
        chat.composer.insert_text("x")
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter send"))


async def test_the_marked_line_is_lit_only_while_the_composer_has_the_keys(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path), (120, 40)) as (chat, pilot):
        await until(pilot, lambda: chat.query("FirstScreen > PickList"))
        lines = chat.query_one("FirstScreen > PickList", PickList)
        await until(pilot, lambda: lines.is_marked(1))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: not lines.is_marked(1))
        await pilot.press("escape")
        await until(pilot, lambda: lines.is_marked(1))
        await pilot.press("f1")
        await until(pilot, lambda: not lines.is_marked(1))


@pytest.mark.parametrize(
    ("height", "begin", "recent"), [(10, 4, 0), (13, 4, 0), (14, 4, 3), (14, 6, 1), (14, 8, 0), (40, 4, 5)]
)
async def test_recent_conversations_give_way_with_their_heading(height: int, begin: int, recent: int) -> None:
    first = FirstScreen(DEMO)
    app = PaneApp(first)
    async with app.run_test(size=(80, height)) as pilot:
        offered = [("begin", "Begin", begin), ("recent", RECENT, 5)]
        first.offer(
            [Line(f"{word} {n}", "", "", nothing, heading) for word, heading, count in offered for n in range(count)]
        )
        await pilot.pause()
        rows = [row.strip("▌ ") for row in app.lines("PickList")]
        assert [row for row in rows if row.startswith("begin")] == [f"begin {n}" for n in range(begin)]
        assert [row for row in rows if row.startswith("recent")] == [f"recent {n}" for n in range(recent)]
        assert (RECENT in rows) is bool(recent)
        assert not app.query_one(PickList).max_scroll_y


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), "Enter ask the guide · ↓ next · Ctrl+P commands · Ctrl+L models · F1 help"),
        ((40, 10), "Enter ask · ↓ next · Ctrl+P · F1"),
    ],
)
async def test_who_is_new_here_sees_what_leads_everywhere(size: tuple[int, int], keys: str, tmp_path: Path) -> None:
    services = replace(make_services(), gateway=DEMO)
    async with running(chat_app(tmp_path, services=services), size) as (chat, pilot):
        edge = chat.frame.top_edge if size[1] < LOW else chat.frame.bottom_edge
        await until(pilot, lambda: edge.words == keys)
