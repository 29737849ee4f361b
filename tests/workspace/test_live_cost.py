"""The estimate of an answer while it is written: what was sent and what came, at the list's prices."""

from decimal import Decimal

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ReplyGrew
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.usage import Cost, CostSource, Price
from tui_chat.workspace.live_cost import LiveCost

PRICE = Price(Decimal("0.001"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("price", "cost"),
    [(PRICE, Cost(Decimal("0.220"), CostSource.ESTIMATE)), (Price(Decimal("0.001")), None), (None, None)],
)
async def test_an_answer_costs_what_was_sent_and_what_was_written_while_its_price_is_known(
    price: Price | None, cost: Cost | None
) -> None:
    models = [ModelInfo("test/model", price=price)] if price else []
    steps = [*opening(), TextDelta("word" * 20), Stopped(Outcome.COMPLETE, "stop")]
    session, live = Session.new(make_services(ScriptedCompleter(steps), models=models)), LiveCost()
    seen = []
    async for event in session.send(user_message("word" * 20)):
        if isinstance(event, ReplyGrew) and isinstance(event.event, TextDelta):
            assert not live.is_measured(session)
            assert live.at(session, 20) is None
            live.measure(session)
            assert live.is_measured(session)
            seen.append(live.at(session, 20))
    assert seen == [cost]
    assert live.at(session, 20) is None
