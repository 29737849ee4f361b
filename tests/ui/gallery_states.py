"""The states of the screen that the gallery draws: what a person does to come to each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from tests.fakes import Step
from tests.ui.stage import MODEL, Stage, turn
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import (
    Connected,
    Outcome,
    ReasoningDelta,
    Started,
    Stopped,
    TextDelta,
    ToolCallDelta,
)

MARKDOWN = """\
# Slow start

It is not about the speed of the network, but about what **nobody knows** at the start: how much
room there is on the path.

```python
cwnd = 10 * mss          # RFC 6928
while not lost:
    cwnd *= 2            # every round trip
```

A block without a language:

```
plain words
```

## What to remember

- the sender *probes*
- the network `drops`
  1. once
  2. or twice

> A longer start would waste what the path can carry.

| field | arrives | often |
| --- | --- | ---: |
| `role` | first chunk | 1 |
| `usage` | last chunk | 1 |
"""
ANSWER = turn(TextDelta(MARKDOWN))
SHORT = turn(TextDelta("The same idea, in user space."), answered="openai/gpt-4o-mini", tokens=12)
THOUGHT = turn(ReasoningDelta("The user wants to know whether it is still needed."), TextDelta("Yes."))
CALL = turn(
    TextDelta("I will look it up."),
    ToolCallDelta(0, "c1", "get_weather", '{"city": "Par'),
    ToolCallDelta(0, "", "", 'is", "days": 3}'),
    reason="tool_calls",
)
HALF_CALL: list[Step] = [
    Connected(),
    Started("r", MODEL),
    ToolCallDelta(0, "c1", "get_weather", '{"city": "Par'),
]
HALF: list[Step] = [Connected(), Started("r", MODEL), TextDelta("The same idea, in user space: the sender keeps ")]
CUT = [*HALF, Stopped(Outcome.TRUNCATED, None, Failure(ErrorKind.NETWORK, "The connection ended.", "Ask again."))]
REFUSED: list[Step] = [
    Stopped(
        Outcome.ERROR,
        None,
        Failure(ErrorKind.PAYMENT, "The balance of this key is used up.", "Add credits.", status=402),
    )
]


class State(NamedTuple):
    """A state of the screen."""

    name: str
    reach: Callable[[Stage], Awaitable[None]]
    scripts: Iterable[Iterable[Step]] = ()
    settings: str = ""
    is_demo: bool = False


async def nothing(stage: Stage) -> None:
    """Stay at the first screen."""
    await stage.settle()


def typed(text: str) -> Callable[[Stage], Awaitable[None]]:
    """Write something."""

    async def reach(stage: Stage) -> None:
        await stage.write(text)

    return reach


def asked(*keys: str) -> Callable[[Stage], Awaitable[None]]:
    """Ask, wait for the answer, and press keys."""

    async def reach(stage: Stage) -> None:
        await stage.say("Is TCP slow start still needed on fast networks?")
        for key in keys:
            await stage.press(*key.split())

    return reach


def running(*keys: str) -> Callable[[Stage], Awaitable[None]]:
    """Ask, and look while the answer goes on."""

    async def reach(stage: Stage) -> None:
        await stage.begin("And with QUIC?")
        await asyncio.sleep(0.3)
        for key in keys:
            await stage.press(*key.split())

    return reach


def said(*texts: str) -> Callable[[Stage], Awaitable[None]]:
    """Ask once, and send these."""

    async def reach(stage: Stage) -> None:
        await stage.say("Is TCP slow start still needed?")
        for text in texts:
            await stage.say(text)

    return reach


async def queued(stage: Stage) -> None:
    """Have two messages wait."""
    await stage.begin("And with QUIC?")
    for text in ("and in Rome?", "and why?"):
        stage.chat.composer.put(text)
        await stage.press("enter")


async def noted(stage: Stage) -> None:
    """Show a note."""
    await stage.say("Is TCP slow start still needed?")
    stage.chat.note("old.pdf stays here: this model takes no PDF.", severity="warning")
    await stage.settle()


async def found(stage: Stage) -> None:
    """Find a word."""
    await stage.say("Is TCP slow start still needed?")
    await stage.press("ctrl+f")
    await stage.press(*"start")


async def leading(stage: Stage) -> None:
    """Begin a pair, and wait for the list."""
    await stage.press("ctrl+x")
    await asyncio.sleep(0.7)
    await stage.settle()


async def stopped(stage: Stage) -> None:
    """Stop an answer."""
    await stage.begin("And with QUIC?")
    await asyncio.sleep(0.2)
    await stage.press("escape")
    await stage.rest()


STATES = (
    State("first-screen", nothing),
    State("first-screen-demo", nothing, is_demo=True),
    State("conversation", asked(), [ANSWER]),
    State("reading", asked("tab", "k"), [ANSWER]),
    State("waiting", running(), [[Connected()]]),
    State("writing", running(), [HALF]),
    State("thought", asked(), [THOUGHT]),
    State("stopped", stopped, [HALF]),
    State("cut-off", asked(), [CUT]),
    State("refused", asked(), [REFUSED]),
    State("call-arrives", running("ctrl+o"), [HALF_CALL]),
    State("call-waits", asked(), [CALL, SHORT]),
    State("call-in-list", asked("shift+tab"), [CALL, SHORT]),
    State("call-left", asked("escape"), [CALL, SHORT]),
    State("tools-empty", asked("ctrl+o"), [SHORT]),
    State("models", asked("ctrl+l"), [ANSWER]),
    State("models-filtered", asked("ctrl+l", "g p t"), [ANSWER]),
    State("models-none", asked("ctrl+l", "z z space z"), [ANSWER]),
    State("usage", asked("f3"), [ANSWER]),
    State("usage-empty", lambda stage: stage.press("f3")),
    State("palette", asked("ctrl+p"), [ANSWER]),
    State("palette-filtered", asked("ctrl+p", "c o n"), [ANSWER]),
    State("slash", typed("/")),
    State("slash-filtered", typed("/re")),
    State("conversations", said("/resume"), [SHORT]),
    State("conversations-empty", lambda stage: stage.say("/resume")),
    State("settings", lambda stage: stage.say("/settings")),
    State("connect", lambda stage: stage.say("/connect"), is_demo=True),
    State("themes", lambda stage: stage.say("/theme")),
    State("help", lambda stage: stage.say("/help")),
    State("leader", leading),
    State("rename", lambda stage: stage.say("/system"), [SHORT]),
    State("prompts", said("/vim", "/vim"), [SHORT]),
    State("prompt-search", asked("ctrl+r"), [SHORT]),
    State("find", found, [ANSWER]),
    State("queue", queued, [HALF]),
    State("note", noted, [ANSWER]),
    State("vim", typed("some words"), settings="vim = true\n"),
)
