"""The whole program with a long conversation in it: opening it, typing while an answer streams, and doing nothing."""

import asyncio
import gc
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter, process_time, time

from textual import events

from tests.bench.answers import Answer
from tests.bench.screens import SIZE, CountingDriver, Terminal, median, percentile
from tests.bench.targets import Target, tuned
from tests.fakes import make_services
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Connected, Outcome, Started, Stopped, StreamEvent, TextDelta
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.settings.load import load_settings
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import find_connection
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.workspace.opening import Opening

OPEN_MS = 100.0
KEY_MS = 16.0
FAST_KEY_MS = 33.0
FRAME_MS = 1000 / 30
STALL_MS = 50.0
IDLE_PERCENT = 1.0
_TICK_S = 0.002
Say = Callable[[str], object]
"""Prints a line: while Textual runs, `print` goes to it."""
_KEYS = "ЖЯЮФЩЙЪЫЭ"
"""Letters that no answer has, so that an echo is known by them."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    messages: int
    keys: int
    idle_s: float


FULL = Size(5_000, 120, 3.0)
QUICK = Size(40, 4, 0.2)


class PacedCompleter:
    """Streams one kind of answer at a pace, a token an event, until it is told to stop."""

    def __init__(self) -> None:
        self.kind = "prose"
        self.per_second = 0

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Tokens when they are due, for as long as anybody listens."""
        del request
        yield Connected()
        yield Started("r", "bench/model")
        answer = Answer(self.kind)
        began, sent = monotonic(), 0
        while self.per_second:
            due = int((monotonic() - began) * self.per_second)
            for _ in range(due - sent):
                yield TextDelta(answer.take(1))
            sent = max(sent, due)
            await asyncio.sleep(_TICK_S)
        yield Stopped(Outcome.COMPLETE, "stop")

    async def close(self) -> None:
        """Nothing is kept."""


class RealClock:
    """The machine's own."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return monotonic()


def long_tree(messages: int) -> tuple[Conversation, Tree]:
    """A conversation of so many messages, each answer with a paragraph, a list and some code."""
    kinds = [Answer("prose"), Answer("one list")]
    code = "```python\nfor line in lines:\n    say(line)  # as it stands\n```\n"
    nodes: list[Node] = []
    for number in range(messages):
        parent = nodes[-1].id if nodes else None
        if number % 2 == 0:
            message, info = Message(Role.USER, (Text(f"Question {number}: what then?"),)), None
        else:
            text = "\n\n".join([kinds[0].take(60), kinds[1].take(40), code, f"That was answer {number}."])
            message = Message(Role.ASSISTANT, (Text(text),))
            info = AnswerInfo(requested_model="bench/model", outcome=Outcome.COMPLETE, finish_reason="stop")
        nodes.append(Node(f"m{number}", parent, 1_760_000_000.0 + number, message, info))
    conversation = Conversation("c", 1_760_000_000.0, model="bench/model", head_id=nodes[-1].id)
    return conversation, Tree(nodes)


@asynccontextmanager
async def chat_running(services: Services) -> AsyncIterator[tuple[ChatScreen, Terminal]]:
    """The whole program, its conversation open."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = Paths(folder, folder, folder, folder)
        loaded = load_settings(paths.config_file, {})
        connection = find_connection(loaded, {}, paths.credentials_file)
        app = ChatApp(loaded, paths, Opening(), connection, make_services=lambda: services)
        app.driver_class = CountingDriver
        done = asyncio.Event()
        opened = asyncio.Event()

        async def pilot(_: object) -> None:
            opened.set()
            await done.wait()
            app.exit()

        running = asyncio.create_task(app.run_async(size=SIZE, auto_pilot=pilot))
        try:
            await opened.wait()
            chat = app.screen
            assert isinstance(chat, ChatScreen)
            await wait_until(lambda: chat.conversation.is_open)
            assert isinstance(app._driver, CountingDriver)
            with app._context():
                terminal = Terminal(app)  # type: ignore[arg-type]  # what it returns does not matter
                await terminal.rest(0.5)
                yield chat, terminal
        finally:
            done.set()
            await running


async def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not is_so():  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)


async def measure(size: Size, say: Say) -> list[Target]:
    """All of it in one run of the program."""
    completer = PacedCompleter()
    services = make_services(completer)  # type: ignore[arg-type]  # it asks for the scripted one by name
    services = Services(
        services.gateway, completer, services.catalog, services.store, RealClock(), services.new_id, "bench/model"
    )
    say(f"\nThe whole program with {size.messages:,} messages\n")
    async with chat_running(services) as (chat, terminal):
        session = Session(services, *long_tree(size.messages), is_temporary=True)
        gc.collect()
        with tuned():
            opening_ms = await _opening_ms(chat, session, terminal, f"That was answer {size.messages - 1}.")
            say(f"  {'opened, first paint':34}{opening_ms:8.1f} ms")
            targets = [
                Target(
                    f"{size.messages:,} messages opened within {OPEN_MS:.0f} ms",
                    f"{opening_ms:.0f} ms",
                    opening_ms <= OPEN_MS,
                )
            ]
            say(f"\n{'':36}{'key p50':>8}{'p95':>8}{'max':>8}{'stall':>8}  ms")
            idle = await keys(terminal, chat, say, "while idle", size.keys)
            for kind, per_second, most_ms in (
                ("prose", 1_000, min(KEY_MS, 3 * idle[0] + FRAME_MS)),
                ("one fence", 5_000, FAST_KEY_MS),
            ):
                completer.kind, completer.per_second = kind, per_second
                chat.dispatch.ask("Go on")
                await asyncio.sleep(0.5)
                name = f"{per_second:,} tokens/s of {kind}"
                p95, stall = await keys(terminal, chat, say, name, size.keys)
                completer.per_second = 0
                await wait_until(lambda: not chat.conversation.is_answering)
                targets += [
                    Target(
                        f"a key on screen, p95, at {name}, within {most_ms:.0f} ms", f"{p95:.1f} ms", p95 <= most_ms
                    ),
                    Target(f"no stall over {STALL_MS:.0f} ms at {name}", f"{stall:.0f} ms", stall <= STALL_MS),
                ]
            await terminal.rest(0.5)
            percent = await _idle_percent(size.idle_s)
            say(f"\n  {'idle':34}{percent:8.2f} % of a core")
            targets.append(
                Target(f"idle below {IDLE_PERCENT:.0f} % of a core", f"{percent:.2f} %", percent <= IDLE_PERCENT)
            )
    return targets


async def _opening_ms(chat: ChatScreen, session: Session, terminal: Terminal, words: str) -> float:
    terminal.clear()
    began = perf_counter()
    await chat.open(session)
    writes = await terminal.rest(0.3)
    shown = [write.at_s for write in writes if words in write.text]
    return (shown[0] - began) * 1000 if shown else float("inf")


class _Ticker:
    """Looks at the clock all the time; the longest it was kept from it is the longest that the loop stood still."""

    def __init__(self) -> None:
        self.stall_ms = 0.0
        self._task = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(_TICK_S)
            self.stall_ms = max(self.stall_ms, (perf_counter() - began - _TICK_S) * 1000)

    def stop(self) -> None:
        """Enough."""
        self._task.cancel()


async def _idle_percent(seconds: float) -> float:
    began = process_time()
    await asyncio.sleep(seconds)
    return (process_time() - began) / seconds * 100


async def keys(terminal: Terminal, chat: ChatScreen, say: Say, name: str, many: int) -> tuple[float, float]:
    """Milliseconds to the echo of a letter, p95, and the longest time that the loop stood still."""
    taken: list[float] = []
    ticker = _Ticker()
    chat.composer.put("")
    for number in range(many):
        letter = _KEYS[number % len(_KEYS)]
        await asyncio.sleep(0.03 + number % 7 * 0.005)
        terminal.clear()
        began = perf_counter()
        terminal.driver.process_message(events.Key(letter, letter))
        while not any(letter in write.text for write in terminal.driver.writes):
            if not await terminal.next() and perf_counter() - began > 2:
                raise AssertionError(f"{letter} never came")
            terminal.driver.wrote.clear()
        taken.append((terminal.driver.writes[-1].at_s - began) * 1000)
        if number % 20 == 19:
            chat.composer.put("")
    ticker.stop()
    chat.composer.put("")
    p95 = percentile(taken, 0.95)
    say(f"  {name:34}{median(taken):8.1f}{p95:8.1f}{max(taken):8.1f}{ticker.stall_ms:8.1f}")
    return p95, ticker.stall_ms
