"""The estimate of the next request: all that would be sent, marked as an estimate, and never zero for unknown."""

from decimal import Decimal

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tui_chat.chat.session import Session
from tui_chat.core.models import Ability, ModelInfo
from tui_chat.core.parts import File, Image, user_message
from tui_chat.core.request import Request, ToolDefinition
from tui_chat.core.request_size import RequestSize, size_of_parts, size_of_request
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.usage import Price
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
