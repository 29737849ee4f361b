"""The status line: the model and the state never vanish, unknown is not zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult

from tests.ui.support import until
from tui_chat.chat.session_events import AnswerEnded, Phase, PhaseChanged, ReplyGrew, Retrying
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Message, Role
from tui_chat.core.request_size import RequestSize
from tui_chat.core.stream_events import Outcome, TextDelta
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.ui.chat_screen.status_words import Status, lay_out, state_words, token_words
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.workspace.context_fill import ContextFill

SPENT = Spending().plus(TokenCounts(1_000, 234), Cost(Decimal("0.0123"), CostSource.GATEWAY))


@pytest.mark.parametrize("width", [38, 40, 80, 120])
def test_all_four_facts_fit_forty_columns(width: int) -> None:
    layout = lay_out(Status("demo/writer", Phase.WRITING, spending=SPENT, badges=("demo",), seconds=12), width)
    assert layout.model == "demo/writer"
    assert layout.state[0].startswith("● writing")
    assert any(words.startswith("1.2k") for words, _ in layout.right)
    assert ("$0.0123", "figure") in layout.right


@given(
    st.text(min_size=1, max_size=80),
    st.sampled_from(Phase),
    st.text(max_size=40),
    st.integers(20, 200),
    st.lists(st.sampled_from(["demo", "temporary"]), max_size=2),
)
def test_nothing_overflows_and_model_and_state_stay(
    model: str, phase: Phase, detail: str, width: int, badges: list[str]
) -> None:
    layout = lay_out(Status(model, phase, detail, 3, spending=SPENT, badges=tuple(badges), queued=2), width)
    right = layout.separator.join(words for words, _ in layout.right)
    line = layout.model + "  " + layout.state[0] + " " * layout.gap + right
    assert cell_len(line) <= width
    assert layout.model
    assert layout.state[0]
    assert len(layout.right) >= (2 if width >= 40 else 1)


@pytest.mark.parametrize(("width", "is_there"), [(120, True), (80, True), (46, False), (40, False)])
def test_how_many_are_at_work_gives_way_before_lasting_badges(width: int, is_there: bool) -> None:
    layout = lay_out(Status("demo/writer", spending=SPENT, badges=("temporary",), at_work=2), width)
    words = [words for words, _ in layout.right]
    assert ("2 at work" in words) is is_there
    assert "temporary" in words
    assert not is_there or words.index("2 at work") < words.index("temporary")


@pytest.mark.parametrize("badge", ["temporary", "unsaved", "archived", "2 at work"])
def test_on_a_narrow_line_the_model_gives_way_to_a_badge_and_the_state_stays(badge: str) -> None:
    badges, at_work = ((), 2) if badge == "2 at work" else ((badge,), 0)
    status = Status("anthropic/claude-sonnet-4", spending=SPENT, badges=badges, at_work=at_work)
    layout = lay_out(status, 38)
    assert badge in [words for words, _ in layout.right]
    assert len(layout.right) == 3
    assert layout.state[0] == "ready"
    assert layout.model.startswith("…")


def test_unknown_tokens_are_a_dash_and_partly_known_ones_are_marked() -> None:
    assert token_words(Status()) == "0"
    assert token_words(Status(spending=Spending().plus(None, None))) == "–"
    assert token_words(Status(spending=SPENT.plus(None, None))) == "≥1.2k"
    assert token_words(Status(phase=Phase.WRITING, live_tokens=100, spending=SPENT)) == "~1.3k"


def test_the_context_is_urgent_from_four_fifths_on_and_then_stays_on_a_narrow_line() -> None:
    def right(used: int, width: int, *, is_estimated: bool = False) -> list[str]:
        size = RequestSize(used, counted=0 if is_estimated else used)
        status = Status("m", spending=SPENT, context=ContextFill(size, 100_000))
        return [words for words, _ in lay_out(status, width).right]

    assert right(900, 80)[0] == "context ░░░░░ 900 of 100k"
    assert right(900, 50)[0] == "░░░░░ 900 of 100k"
    assert right(31_000, 80)[0] == "context ██░░░ 31k of 100k"
    assert right(82_000, 80)[0] == "context ▲ ████░ 82 % of 100k"
    assert right(96_000, 80)[0] == "context ✗ █████ 96 % of 100k"
    assert right(31_000, 42)[0] == "1.2k tok"
    assert right(31_000, 80, is_estimated=True)[0] == "context ██░░░ ~31k of 100k"
    assert right(96_000, 47, is_estimated=True)[0] == "✗ ~96 % of 100k"
    assert right(96_000, 46)[0] == "✗ 96 % of 100k"


def test_a_call_that_waits_is_not_work_and_names_the_key_that_leads_there() -> None:
    status = Status("m", Phase.CALLING, "run_sql", waits_for="run_sql", waits_key="Ctrl+O", spending=SPENT)
    assert lay_out(status, 80).state == ("▲ waits for you · Ctrl+O", "warning")
    narrow = lay_out(status, 34)
    assert narrow.state[0] == "▲ waits for you"
    assert [words for words, _ in narrow.right] == ["1.2k", "$0.0123"]


def test_states_read_as_the_contract_names_them() -> None:
    assert state_words(Status(phase=Phase.RETRYING, seconds=4)) == "retrying in 4 s"
    assert state_words(Status(phase=Phase.CALLING, detail="get\x1b[31m")) == "calling get␛[31m"
    assert state_words(Status(phase=Phase.WAITING, seconds=12)) == "waiting 12 s"
    assert state_words(Status(phase=Phase.READY, seconds=12)) == "ready"


class Clock:
    """Seconds that a test turns on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Alone(ThemedApp[None]):
    """The line by itself."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._line_clock = clock

    def compose(self) -> ComposeResult:
        yield StatusLine(clock=self._line_clock)


async def test_a_retry_counts_down() -> None:
    clock = Clock()
    async with Alone(clock).run_test(size=(60, 3)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.apply(PhaseChanged(Phase.RETRYING))
        line.apply(Retrying(2, 4.2, Failure(ErrorKind.RATE_LIMIT, "slow down", "wait"), 3))
        assert state_words(line.status) == "retrying in 5 s · 2 of 3"
        clock.now += 2
        await until(pilot, lambda: state_words(line.status) == "retrying in 3 s · 2 of 3")


async def test_offline_says_since_when_until_there_is_another_gateway() -> None:
    clock = Clock()
    async with Alone(clock).run_test(size=(60, 3)) as pilot:
        line = pilot.app.query_one(StatusLine)
        info = AnswerInfo("m", outcome=Outcome.ERROR, failure=Failure(ErrorKind.NETWORK, "No way.", ""))
        line.apply(AnswerEnded(Node("a", None, 0.0, Message(Role.ASSISTANT, ()), info)))
        clock.now += 12
        await until(pilot, lambda: state_words(line.status) == "offline 12 s")
        assert lay_out(line.status, 60).state == ("✗ offline 12 s", "full")
        clock.now += 120
        await until(pilot, lambda: state_words(line.status) == "offline 2 min")
        line.show(gateway="http://other")
        assert state_words(line.status) == "ready"


def test_over_a_budget_the_amount_is_said_where_there_is_room() -> None:
    status = Status("m", is_over_budget=True, budget_used="$5.02 of $5.00 today", spending=SPENT)
    assert lay_out(status, 80).state == ("✗ over budget · $5.02 of $5.00 today", "full")
    assert lay_out(status, 40).state[0] == "✗ over budget"


async def test_what_was_counted_while_a_round_was_written_is_counted_once_when_it_is_over() -> None:
    clock = Clock()
    async with Alone(clock).run_test(size=(60, 3)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.apply(PhaseChanged(Phase.WRITING))
        line.apply(ReplyGrew("a", 0.1, TextDelta("word" * 100)))
        clock.now += 2
        await until(pilot, lambda: token_words(line.status) == "~100")
        line.show(spending=SPENT)
        line.apply(AnswerEnded(Node("a", None, 0.0, Message(Role.ASSISTANT, ()))))
        line.apply(PhaseChanged(Phase.RUNNING, "get_weather"))
        assert token_words(line.status) == "1.2k"

        line.apply(ReplyGrew("b", 0.1, TextDelta("word")))
        clock.now += 2
        await until(pilot, lambda: token_words(line.status) == "~1.2k")


async def test_it_says_offline_where_there_was_no_way_to_the_gateway_until_there_is_one() -> None:
    unreachable = Failure(ErrorKind.NETWORK, "Cannot reach it.", "Check the network.")
    async with Alone(Clock()).run_test(size=(60, 3)) as pilot:
        line = pilot.app.query_one(StatusLine)
        said = []
        for info in (
            AnswerInfo("m", outcome=Outcome.ERROR, failure=unreachable),
            AnswerInfo("m", outcome=Outcome.TRUNCATED, failure=unreachable),
            AnswerInfo("m", outcome=Outcome.ERROR, failure=unreachable),
        ):
            line.apply(AnswerEnded(Node("a", None, 0.0, Message(Role.ASSISTANT, ()), info)))
            said.append(state_words(line.status))
        line.show(gateway="https://elsewhere.test")
        assert [*said, state_words(line.status)] == ["offline", "ready", "offline", "ready"]


async def test_a_model_id_is_never_markup() -> None:
    async with Alone(Clock()).run_test(size=(60, 3)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.show(model="evil/[/red][@click=app.quit]x")
        await pilot.pause()
        assert "[/red][@click=app.quit]x" in line.render().plain


@pytest.mark.parametrize(
    ("before", "live", "words"),
    [
        (SPENT, Cost(Decimal("0.0011"), CostSource.ESTIMATE), "~$0.0134"),
        (Spending(), Cost(Decimal("0.0011"), CostSource.ESTIMATE), "~$0.0011"),
        (SPENT, Cost(Decimal(0), CostSource.ESTIMATE), "$0.0123"),
        (SPENT, None, "at least $0.0123"),
        (Spending(), None, "cost unknown"),
    ],
)
def test_the_cost_counts_while_an_answer_is_written_where_the_price_is_known(
    before: Spending, live: Cost | None, words: str
) -> None:
    status = Status("m", Phase.WRITING, spending=before, live_tokens=400, live_cost=live)
    assert lay_out(status, 80).right[-1][0] == words


def test_where_the_whole_id_does_not_fit_the_room_it_leaves_is_for_units() -> None:
    dear = Spending().plus(TokenCounts(80_000, 8_000), Cost(Decimal("0.0921"), CostSource.GATEWAY)).plus(None, None)
    layout = lay_out(Status("anthropic/claude-sonnet-4", spending=dear), 42)
    assert (layout.model, layout.state[0]) == ("claude-sonnet-4", "ready")
    assert [words for words, _ in layout.right] == ["≥88k tok", "≥$0.0921"]


def test_the_tokens_of_a_first_answer_are_unknown_while_it_is_written() -> None:
    written = lay_out(Status("m", Phase.WRITING), 80)
    ready = lay_out(Status("m", Phase.READY), 80)

    assert [words for words, _ in written.right] == ["– tok", "cost unknown"]
    assert [words for words, _ in ready.right] == ["0 tok", "$0"]


@pytest.mark.parametrize("badge", ["temporary", "unsaved"])
def test_what_becomes_of_the_words_outranks_who_provides_the_model(badge: str) -> None:
    layout = lay_out(Status("openai/gpt-4o-mini", spending=SPENT, badges=(badge,)), 46)
    assert layout.model == "gpt-4o-mini"
    assert badge in [words for words, _ in layout.right]
