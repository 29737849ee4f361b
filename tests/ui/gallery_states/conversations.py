"""States of the transcript: first screens, answers and their endings, failures."""

from collections.abc import Mapping

import httpx

from tests.ui.gallery_states import scripts
from tests.ui.gallery_states.stage import Stage, State
from tests.ui.gallery_states.words import ANSWER, HALF, QUESTION
from tests.ui.gallery_states.world import WITH_KEY, Script, StillClock, World, demo_world
from tui_chat.chat.services import Gateway
from tui_chat.settings.model import DEFAULT_BASE_URL

_ABSOLUTE = 'timestamps = "absolute"\n'
_HTML = {"content-type": "text/html"}
_PAGE = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


async def _rest(stage: Stage) -> None:
    """Leave the first screen as it is."""


async def _ask(stage: Stage) -> None:
    await stage.ask(QUESTION)


async def _ask_and_go_to_the_start(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+home")


async def _ask_and_unfold(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("ctrl+t", "ctrl+home")


async def _ask_and_walk(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.press("tab", "k", "k")


async def _ask_twice_and_walk(stage: Stage) -> None:
    await stage.ask(QUESTION)
    await stage.ask("And in other words?")
    await stage.press("tab", "g", "j")


async def _ask_over_days(stage: Stage) -> None:
    """Ask, again after some hours, and again on the next day."""
    clock = stage.chat.conversation.services.clock
    assert isinstance(clock, StillClock)
    await stage.ask(QUESTION)
    for words, hours in (("And in other words?", 4), ("Once more, please.", 26)):
        clock.forward(hours * 3600)
        await stage.ask(words)


async def _begin(stage: Stage) -> None:
    await stage.send(QUESTION)
    await stage.until(lambda: stage.chat.conversation.session.path)


async def _begin_and_read(stage: Stage) -> None:
    await stage.send(QUESTION)
    await stage.said(HALF[-20:])


async def _stop(stage: Stage) -> None:
    await _begin_and_read(stage)
    await stage.press("escape")
    await stage.until(stage.rests)


async def _ask_the_guide(stage: Stage) -> None:
    await stage.ask("How do I switch models?")


def _scripted(script: Script, *, is_live: bool = False, settings: str = "") -> World:
    return World((script,), settings=settings, at_each_size=is_live)


def _failing(words: str) -> State:
    """A refusal or a break in the words that `demo/flaky` knows."""

    async def drive(stage: Stage) -> None:
        await stage.ask(words)

    return State(drive, demo_world(model="demo/flaky", gateway=WITH_KEY))


def _pages(_: StillClock) -> httpx.AsyncBaseTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200, headers=_HTML, stream=httpx.ByteStream(_PAGE)))


STATES: Mapping[str, State] = {
    "first-demo": State(_rest, demo_world()),
    "first-demo-recent": State(_rest, demo_world(has_recent=True)),
    "first-key": State(_rest, World()),
    "first-key-recent": State(_rest, World(has_recent=True)),
    "first-no-key": State(_rest, World(gateway=Gateway(DEFAULT_BASE_URL, is_demo=False, has_key=False))),
    "demo-badge": State(_ask_the_guide, demo_world()),
    "answer-end": State(_ask, _scripted(scripts.answering())),
    "answer-start": State(_ask_and_go_to_the_start, _scripted(scripts.answering())),
    "answer-block": State(_ask_and_walk, _scripted(scripts.answering())),
    "answer-times": State(_ask, _scripted(scripts.answering(), settings=_ABSOLUTE)),
    "answer-days": State(
        _ask_over_days, World(3 * (scripts.answering("A lifetime is a region of code."),), settings=_ABSOLUTE)
    ),
    "answer-long": State(_ask_and_go_to_the_start, _scripted(scripts.answering(ANSWER * 3))),
    "connecting": State(_begin, _scripted(scripts.connecting, is_live=True)),
    "waiting": State(_begin, _scripted(scripts.waiting, is_live=True)),
    "streaming": State(_begin_and_read, _scripted(scripts.streaming, is_live=True)),
    "thinking": State(_begin, _scripted(scripts.thinking, is_live=True)),
    "thoughts-folded": State(_ask_and_go_to_the_start, _scripted(scripts.thought)),
    "thoughts-open": State(_ask_and_unfold, _scripted(scripts.thought)),
    "thoughts-block": State(_ask_twice_and_walk, World((scripts.thought, scripts.thought))),
    "stopped": State(_stop, _scripted(scripts.streaming)),
    "cut-off": State(_ask, _scripted(scripts.cut_off)),
    "too-long": State(_ask, _scripted(scripts.too_long)),
    "declined": State(_ask, _scripted(scripts.declining)),
    "retrying": State(_begin, _scripted(scripts.retrying, is_live=True)),
    "refused-401": _failing("401 please"),
    "refused-402": _failing("402 please"),
    "refused-429": _failing("429 always"),
    "failed-inside": _failing("error please"),
    "error-page": State(_ask, World(transport=_pages)),
}
