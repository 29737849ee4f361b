"""States of what opens beside the transcript: tool calls, models, usage."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fakes import FakeCatalog
from tests.ui.cells import lines
from tests.ui.gallery_states import scripts
from tests.ui.gallery_states.spent import BrokenStore, SilentStore
from tests.ui.gallery_states.stage import Drive, Stage, State
from tests.ui.gallery_states.svg import picture
from tests.ui.gallery_states.words import QUESTION
from tests.ui.gallery_states.world import StillClock, World
from tui_chat.core.budget import Budget
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.models import Catalog

_WEATHER = "What is the weather in Tokyo and in Paris?"
_RESULT = '{"sky": "light rain", "temperature": 11}'


class _SilentCatalog(FakeCatalog):
    """A catalogue that is being read for ever."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        await asyncio.Event().wait()
        return self.catalog


class _BrokenCatalog(FakeCatalog):
    """A catalogue that cannot be read."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        message = "Cannot reach api.example.org (refused)."
        advice = "Check that the server runs and that the base URL is right, then ask again."
        raise GatewayError(Failure(ErrorKind.NETWORK, message, advice, retryable=True))


async def _arrive(stage: Stage) -> None:
    await stage.send(_WEATHER)
    await stage.said("look that up")


async def _arrive_together(stage: Stage) -> None:
    await stage.send(_WEATHER)
    await stage.said("look both up")
    if not stage.chat.panes.is_open:
        await stage.press("ctrl+o")
    await stage.until(lambda: stage.chat.panes.is_open)


async def _arrive_in_pieces(stage: Stage) -> None:
    await _arrive_together(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "down", "3")


async def _arrive_unfolded(stage: Stage) -> None:
    await _arrive_together(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "down")


async def _wait_for_result(stage: Stage) -> None:
    await stage.ask(_WEATHER)
    await stage.until(lambda: stage.chat.conversation.session.pending_calls and stage.chat.panes.is_open)
    await stage.press("ctrl+o")
    await stage.until(lambda: stage.chat.panes.has_focus)


async def _wait_for_decision(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.until(lambda: "once its arguments" not in picture(stage.app, ""))
    clock = stage.chat.conversation.services.clock
    assert isinstance(clock, StillClock)
    clock.forward(1.0)


async def _wait_behind_the_chat(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.press("escape")


async def _raw_view(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.press("shift+tab", "r")


async def _choose_call(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.press("shift+tab", "shift+tab", "down")


async def _write_result(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.type(_RESULT)


async def _write_error(stage: Stage) -> None:
    await _wait_for_result(stage)
    await stage.type("no such city")
    await stage.press("f8")


async def _give_both_results(stage: Stage) -> None:
    await _wait_for_result(stage)
    while pending := stage.chat.conversation.session.pending_calls:
        await stage.settles()  # the field of the next call is open
        await stage.type(_RESULT)
        await stage.press("enter")
        await stage.until(partial(_is_fewer, stage, len(pending)))
    await stage.until(stage.rests)


def _is_fewer(stage: Stage, than: int) -> bool:
    return len(stage.chat.conversation.session.pending_calls) < than


async def _inspect_what_is_done(stage: Stage) -> None:
    await _give_both_results(stage)
    if not stage.chat.panes.is_open:
        await stage.press("ctrl+o")


async def _read_output(stage: Stage) -> None:
    await _inspect_what_is_done(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "5")


async def _inspect_schema(stage: Stage) -> None:
    await _inspect_what_is_done(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "4")


async def _inspect_nothing(stage: Stage) -> None:
    await stage.send("/tools")
    await stage.until(lambda: stage.chat.panes.is_open)


async def _switch_tools(stage: Stage) -> None:
    await _inspect_what_is_done(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "t", "down", "space")
    await stage.until(lambda: bool(stage.chat.conversation.session.tools_off))


async def _filter_calls(stage: Stage, words: str) -> None:
    await _inspect_what_is_done(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "slash")
    await stage.type(words)


async def _take_again(stage: Stage) -> None:
    await _inspect_what_is_done(stage)
    await stage.press(*(("ctrl+o",) if not stage.chat.panes.has_focus else ()), "a")
    await stage.until(lambda: stage.app.screen is not stage.chat)


async def _hold_against(stage: Stage) -> None:
    await _give_both_results(stage)
    await stage.chat.panes.close()
    with TemporaryDirectory() as folder:
        file = Path(folder, "schema.json")
        file.write_text(_SCHEMA)  # noqa: ASYNC240 - a file of the test, at once
        await stage.send(f"/tools again 1 schema {file}")
        await stage.until(lambda: stage.chat.conversation.calls.calls[0].notes)


async def _models(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.send("/models")
    await stage.until(lambda: stage.chat.panes.is_open)


async def _models_with_words(stage: Stage) -> None:
    await _models(stage)
    await stage.type("gem")


async def _models_without_match(stage: Stage) -> None:
    await _models(stage)
    await stage.type("zebra")


async def _usage(stage: Stage) -> None:
    await stage.send("/usage")
    await stage.until(lambda: stage.chat.panes.is_open)


async def _usage_of_two(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.ask("And in other words?")
    await _usage(stage)


def _board(view: str, *keys: str) -> Drive:
    async def drive(stage: Stage) -> None:
        await stage.send(f"/usage {view}")
        await stage.until(lambda: stage.chat.panes.is_open)
        await stage.until(lambda: "Reading" not in picture(stage.app, ""))
        await stage.settles()
        await stage.press(*keys)

    return drive


async def _board_of_nothing(stage: Stage) -> None:
    await stage.send("/usage days")
    await stage.until(lambda: "Nothing" in "".join(lines(stage.app)))


async def _board_that_failed(stage: Stage) -> None:
    await stage.send("/usage days")
    await stage.until(lambda: "damaged" in "".join(lines(stage.app)))


async def _board_that_reads(stage: Stage) -> None:
    await stage.send("/usage days")
    await stage.until(lambda: "Reading what" in "".join(lines(stage.app)))


_SCHEMA = '{"properties": {"city": {"maxLength": 3}, "days": {}}, "required": ["days"]}'
_BUDGET = Budget(day=Decimal(1), month=Decimal("0.60"), conversation=Decimal("0.05"))
_SPENT = World(has_recent=True, has_spent=True, budget=_BUDGET)
_CALLING = World((scripts.tool_asked, scripts.answering("In both cities it rains a little, at 11 °C.")))
_MAY_RUN = World((scripts.tool_asked, scripts.answering("It rains a little.")), runs_tools=True)
_ANSWERED = (scripts.answering(),)
STATES: Mapping[str, State] = {
    "tool-arriving": State(_arrive, World((scripts.tool_arriving,), at_each_size=True)),
    "tool-together": State(_arrive_together, World((scripts.tools_together,), at_each_size=True)),
    "tool-unfolded": State(_arrive_unfolded, World((scripts.tools_together,), at_each_size=True)),
    "tool-pieces": State(_arrive_in_pieces, World((scripts.tools_together,), at_each_size=True)),
    "tool-output": State(_read_output, _CALLING),
    "tool-schema": State(_inspect_schema, _CALLING),
    "tool-waiting": State(_wait_for_result, _CALLING),
    "tool-question": State(_wait_for_decision, _MAY_RUN),
    "tool-behind": State(_wait_behind_the_chat, _CALLING),
    "tool-raw": State(_raw_view, _CALLING),
    "tool-list": State(_choose_call, _CALLING),
    "tool-result": State(_write_result, _CALLING),
    "tool-error": State(_write_error, _CALLING),
    "tool-done": State(_give_both_results, _CALLING),
    "tool-done-inspector": State(_inspect_what_is_done, _CALLING),
    "tool-switches": State(_switch_tools, _CALLING),
    "tool-filter": State(partial(_filter_calls, words="answered tokyo"), _CALLING),
    "tool-filter-none": State(partial(_filter_calls, words="zebra"), _CALLING),
    "tool-again": State(_take_again, _CALLING),
    "tool-again-schema": State(_hold_against, _CALLING),
    "tool-none": State(_inspect_nothing, World()),
    "models": State(_models, World(_ANSWERED)),
    "models-filter": State(_models_with_words, World(_ANSWERED)),
    "models-no-match": State(_models_without_match, World(_ANSWERED)),
    "models-loading": State(_models, World(_ANSWERED, catalog=_SilentCatalog)),
    "models-failed": State(_models, World(_ANSWERED, catalog=_BrokenCatalog)),
    "usage-empty": State(_usage, World()),
    "usage": State(_usage_of_two, World((scripts.answering(), scripts.thought), budget=_BUDGET)),
    "usage-cut": State(_usage_of_two, World((scripts.cut_off, scripts.too_long))),
    "usage-days": State(_board("days", "down"), _SPENT),
    "usage-day": State(_board("days", "down", "enter"), _SPENT),
    "usage-all": State(_board("days", "t"), _SPENT),
    "usage-months": State(_board("months"), _SPENT),
    "usage-models": State(_board("models"), _SPENT),
    "usage-gateways": State(_board("gateways"), _SPENT),
    "usage-conversations": State(_board("conversations", "s"), _SPENT),
    "usage-kinds": State(_board("kinds"), _SPENT),
    "usage-nothing": State(_board_of_nothing, World()),
    "usage-failed": State(_board_that_failed, World(store=lambda folder: BrokenStore(folder / "conversations.db"))),
    "usage-loading": State(_board_that_reads, World(store=lambda folder: SilentStore(folder / "conversations.db"))),
}
