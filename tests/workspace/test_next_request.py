"""The estimate of the next request: all that would be sent, marked as an estimate, and never zero for unknown."""

from decimal import Decimal

import pytest

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tui_chat.chat.session import Session
from tui_chat.core.marks import Marks
from tui_chat.core.models import Ability, ModelInfo
from tui_chat.core.parts import File, Image, user_message
from tui_chat.core.request import Request, ToolDefinition
from tui_chat.core.request_size import RequestSize, size_of_parts, size_of_request
from tui_chat.core.stream_events import Outcome, ReasoningDelta, Stopped, TextDelta, UsageReported
from tui_chat.core.usage import Price, TokenCounts
from tui_chat.workspace.next_request import NextRequest, size_words

ANSWER = [*opening(), TextDelta("word" * 100), Stopped(Outcome.COMPLETE, "stop")]
NOTHING = RequestSize()
TOOL = ToolDefinition("get_weather", "The weather in a city.", {"type": "object"})


def session_with(price: Price | None, *tools: ToolDefinition) -> Session:
    models = [ModelInfo("test/model", price=price)] if price else []
    return Session.new(make_services(ScriptedCompleter(ANSWER), models=models, tools=tools))


async def test_the_whole_path_goes_along_and_an_edit_replaces_its_end() -> None:
    session, following = session_with(None), NextRequest()
    assert following.size(session, "word", NOTHING).tokens == 1

    async for _ in session.send(user_message("question" * 10)):
        pass

    assert following.size(session, "word", NOTHING).tokens == 20 + 100 + 1
    assert following.size(session, "word" * 3, RequestSize(50)).tokens == 20 + 100 + 3 + 50
    assert following.size(session, "word", NOTHING, replaces=session.path[0]).tokens == 1


async def test_what_the_gateway_counted_is_not_estimated_again_for_the_model_that_it_was_counted_for() -> None:
    counted = [*ANSWER[:-1], UsageReported(TokenCounts(70, 130, 200), None, "{}"), ANSWER[-1]]
    session = Session.new(
        make_services(ScriptedCompleter(counted), models=[ModelInfo("test/model", context_tokens=1_000)])
    )
    following = NextRequest()
    async for _ in session.send(user_message("question" * 10)):
        following.size(session, "word", NOTHING)

    fill = following.fill(session)
    assert following.size(session, "word", NOTHING).tokens == 200 + 1
    assert (fill.words, fill.share_words) == ("200", "20 %")
    assert following.size(session, "word", NOTHING, replaces=session.path[0]).tokens == 1
    await session.set_model("test/other")
    assert following.size(session, "word", NOTHING).tokens == 20 + 100 + 1


def counted(words: str, prompt: int, completion: int) -> list[Step]:
    """An answer with what the gateway counted."""
    usage = UsageReported(TokenCounts(prompt, completion, prompt + completion), None, "{}")
    return [*opening(), TextDelta(words), usage, Stopped(Outcome.COMPLETE, "stop")]


async def asked(*questions: str, answers: list[list[Step]]) -> Session:
    """A conversation of these questions."""
    session = Session.new(make_services(ScriptedCompleter(*answers)))
    for question in questions:
        async for _ in session.send(user_message(question)):
            pass
    return session


@pytest.mark.parametrize("marks", [Marks(is_muted=True), Marks(is_deleted=True)], ids=["muted", "deleted"])
async def test_what_is_not_sent_any_more_is_not_counted_any_more(marks: Marks) -> None:
    answers = [counted("word" * 100, 500, 100), counted("word" * 100, 630, 100)]
    session, following = await asked("word" * 500, "word" * 20, answers=answers), NextRequest()
    assert following.size(session, "word", NOTHING).tokens == 730 + 1
    await session.mark(session.path[0].id, marks)
    assert following.size(session, "word", NOTHING).tokens < 300
    assert following.fill(session).words == f"~{following.size(session, '', NOTHING).tokens}"
    await session.mark(session.tree.nodes()[0].id, Marks())
    assert following.size(session, "word", NOTHING).tokens == 730 + 1
    assert following.fill(session).words == "730"


async def test_counts_of_a_request_in_which_most_was_muted_are_none_of_the_whole() -> None:
    session = await asked("word" * 500, answers=[counted("word" * 100, 500, 100), counted("word" * 100, 220, 100)])
    await session.mark(session.path[0].id, Marks(is_muted=True))
    async for _ in session.send(user_message("word" * 20)):
        pass
    await session.mark(session.path[0].id, Marks())
    assert NextRequest().size(session, "word", NOTHING).tokens == 500 + 100 + 20 + 100 + 1


async def test_a_question_whose_answer_has_no_words_is_counted_once() -> None:
    answers = [counted("word" * 100, 20, 100), counted("", 650, 1_000)]
    session = await asked("word" * 20, "word" * 500, answers=answers)
    assert NextRequest().size(session, "word", NOTHING).tokens == pytest.approx(20 + 100 + 500 + 1, abs=2)


@pytest.mark.parametrize(("thought", "sent"), [("", 30 + 100), ("word" * 900, 30 + 1_000)], ids=["hidden", "shown"])
async def test_thoughts_that_did_not_come_are_not_sent_again(thought: str, sent: int) -> None:
    *begun, usage, end = counted("word" * 100, 30, 1_000)
    usage = UsageReported(TokenCounts(30, 1_000, 1_030, reasoning_tokens=900), None, "{}")
    session = await asked("word" * 30, answers=[[*begun, *([ReasoningDelta(thought)] if thought else ()), usage, end]])
    assert NextRequest().size(session, "word", NOTHING).tokens == sent + 1


async def test_an_answer_that_was_cut_behind_its_counts_counts_with_all_that_came() -> None:
    *begun, usage, _ = counted("word" * 300, 300, 1)
    session = await asked("word" * 300, answers=[[begun[0], usage, *begun[1:], Stopped(Outcome.TRUNCATED)]])
    assert NextRequest().size(session, "word", NOTHING).tokens == 300 + 300 + 1


async def test_what_is_counted_stays_so_beside_a_long_question() -> None:
    session = await asked("十" * 400, answers=[counted("百" * 400, 400, 400)])
    long = user_message("word" * 5_000)
    assert session.request_size(long, session.conversation.head_id).tokens == 800 + 5_000


def test_the_tools_that_are_offered_count() -> None:
    assert NextRequest().size(session_with(None, TOOL), "word", NOTHING).tokens > 10


def test_a_picture_has_no_estimate_and_says_so() -> None:
    parts = (File("a", "word" * 5), Image("data:image/png;base64,AAAA"))
    assert size_of_parts(parts) == RequestSize(5, is_whole=False, pictures=1)
    assert size_words(session_with(None), size_of_parts(parts)) == "at least ~5 tok"


def test_a_picture_costs_what_the_list_says_and_nothing_where_it_is_told_in_words() -> None:
    dear = Price(Decimal(0), Decimal(0), image_usd=Decimal("0.005"))
    picture = user_message("word", (Image("data:image/png;base64,AAAA"), Image("data:image/png;base64,AAAA")))
    session = session_with(dear)
    size = session.request_size(picture, None)
    assert size_words(session, size) == "at least ~1 tok · ~$0.01"
    assert size_words(session, size._replace(pictures=0)) == "at least ~1 tok · free"
    blind = size_of_request(Request("m", (picture,), not_taken=frozenset({Ability.PICTURES})))
    assert blind.pictures == 0


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (Price(Decimal("0.0000004"), Decimal(1)), "~1.0k tok · ~$0.0004"),
        (Price(Decimal("0.0000004"), None), "~1.0k tok · ~$0.0004"),
        (Price(Decimal(0), Decimal(0)), "~1.0k tok · free"),
        (Price(None, Decimal(1)), "~1.0k tok"),
        (None, "~1.0k tok"),
    ],
)
def test_the_price_is_said_where_the_models_input_has_one(price: Price | None, words: str) -> None:
    assert size_words(session_with(price), RequestSize(1_000)) == words


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (6_000, "~6.0k tok"),
        (7_000, "~7.0k tok of 8.0k"),
        (8_000, "~8.0k tok of 8.0k"),
        (9_000, "~9.0k tok of 8.0k, too long"),
    ],
)
def test_what_nears_or_passes_the_models_window_is_said_before_it_is_sent(tokens: int, words: str) -> None:
    services = make_services(models=[ModelInfo("test/model", context_tokens=8_000)])
    assert size_words(Session.new(services), RequestSize(tokens)) == words
