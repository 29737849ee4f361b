"""One tool server over its runs: started when it is needed, told why it failed once, and started again ever later."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Final

from tui_chat.chat.tool_plans import ServerWork
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.figures import counted
from tui_chat.core.redact import LEAST_NAMED, Secrets
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tool import ServerRecipe, ToolServer
from tui_chat.tools.commands import environment, working_folder
from tui_chat.tools.kept_output import KeptOutput
from tui_chat.tools.servers.failed import ServerFailed, ServerGone, words_of
from tui_chat.tools.servers.offer import Offer
from tui_chat.tools.servers.patience import patience
from tui_chat.tools.servers.sdk import Sdk, load_sdk
from tui_chat.tools.servers.server_log import ServerLog
from tui_chat.tools.servers.values import Values
from tui_chat.tools.servers.way import Way
from tui_chat.tools.starting import NotStarted, check_there

if TYPE_CHECKING:  # imported when the first server is started
    from mcp.client import Transport

    from tui_chat.tools.servers.over_stdio import Program
    from tui_chat.tools.servers.talk import Talk

STARTS_WITHIN_S: Final = 60.0
"""One that is fetched from a registry first takes long."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
LASTED_S: Final = 60.0
"""A run that lasted so long was a good one."""
RELIST_PAUSE_S: Final = 1.0
LEAVES_WITHIN_S: Final = 1.5
ENDS_WITHIN_S: Final = 5.0
CHANGED: Final = "The tool is not what it was when the call was looked at, and is off until somebody has looked at it."
NO_SDK: Final = "the extra for tool servers is not installed: pip install 'tui-chat[mcp]'"


class State(Enum):
    """How a server stands."""

    IDLE = auto()
    """It does not run, and nothing is wrong."""
    STARTING = auto()
    READY = auto()
    BROKEN = auto()
    """It does not run, since it failed."""


class Server:
    """A server that is set up."""

    def __init__(
        self,
        spec: ToolServer,
        values: Values,
        environ: Mapping[str, str],
        way: Way,
        *,
        monotonic: Callable[[], float],
        told: Callable[["Server"], None],
    ) -> None:
        """`told` is called when it has told its tools."""
        self.spec = spec
        self.offer = Offer(spec)
        self.log = ServerLog()
        self.state = State.IDLE
        self.problem = ""
        """Why it does not run, where it failed."""
        self.was_waited_for = False
        """Somebody has waited for this start already."""
        self._values = values
        self._environ = environ
        self._way = way
        self._monotonic = monotonic
        self._told = told
        self._settled = asyncio.Event()
        self._restarting = asyncio.Lock()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._talk: Talk | None = None
        self._program: Program | None = None
        self._endings: set[asyncio.Future[None]] = set()
        self._secrets = Secrets()
        self._failures = 0
        self._ready_since_s = 0.0
        self._next_s = 0.0
        self._is_given_up = False
        """This run was ended by us, since a call of it was."""
        self._ends_soon = False
        """A call of this run was given up; it ends with the last one beside that."""

    def __repr__(self) -> str:
        return f"Server({self.spec.name!r}, {self.state.name})"

    @property
    def words(self) -> str:
        """How it stands, for people."""
        match self.state:
            case State.IDLE:
                return "not started"
            case State.STARTING:
                return "being started"
            case State.READY:
                offered = sum(self.offer.get(name) is not None for name in self.offer.all)
                return f"runs, offers {offered} of {counted(len(self.offer.all), 'tool')}"
            case State.BROKEN:
                return self.problem

    @property
    def may_start(self) -> bool:
        """It does not run, and its pause is over."""
        is_down = self.state in (State.IDLE, State.BROKEN)
        return self.spec.is_enabled and is_down and self._monotonic() >= self._next_s

    def start(self) -> None:
        """Begin a run."""
        self.state, self.was_waited_for, self._is_given_up = State.STARTING, False, False
        self._ends_soon = False
        self._settled.clear()
        self.log.clear()
        self._task = asyncio.create_task(self._serve(), name=f"tool server {self.spec.name}")
        self._task.add_done_callback(self._done)

    async def restart(self) -> None:
        """End a run, where there is one, and begin another; only one where this is asked for twice."""
        async with self._restarting:
            await self.end()
            self._failures = 0
            if self.state not in (State.STARTING, State.READY):
                self.start()

    async def settled(self) -> None:
        """Wait until it is ready, or has failed."""
        await self._settled.wait()

    async def _serve(self) -> None:
        """One run: from its start until it ends, is ended, or breaks."""
        await self._check_there()
        try:
            sdk = await asyncio.to_thread(load_sdk)
        except ImportError:
            raise ServerFailed(NO_SDK) from None
        try:
            async with patience(STARTS_WITHIN_S) as limit, self._reached(sdk) as transport:
                talking = sdk.talk_over(transport, log=self.log.add, list_changed=self._changed.set)
                async with talking as talk:
                    self._changed.clear()
                    self.offer.take(await talk.definitions())
                    limit.end()
                    self._talk, self._ready_since_s = talk, self._monotonic()
                    self.state, self.problem = State.READY, ""
                    self._settled.set()
                    self._told(self)
                    await self._follow(talk)
        except TimeoutError:
            raise ServerFailed(f"it did not tell its tools within {STARTS_WITHIN_S:g} s") from None

    async def _check_there(self) -> None:
        """Fail at once where there is no such program: the SDK takes seconds to import. Where the definition has search
        paths of its own, only the start tells."""
        spec = self.spec
        if not spec.command or any(name == "PATH" for name, _ in spec.env):
            return
        try:
            await asyncio.to_thread(check_there, spec.command, spec.folder, environment((), self._environ))
        except NotStarted as why:
            raise ServerFailed(str(why)) from None

    async def _follow(self, talk: "Talk") -> None:
        """Ask for its tools again whenever they change, until it ends."""
        over = asyncio.ensure_future(self._program.is_over.wait() if self._program else asyncio.Event().wait())
        try:
            while not over.done():
                changed = asyncio.ensure_future(self._changed.wait())
                try:
                    await asyncio.wait((over, changed), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                if self._changed.is_set() and not over.done():
                    self._changed.clear()
                    self.offer.take(await talk.definitions())
                    self._told(self)
                    await asyncio.wait((over,), timeout=RELIST_PAUSE_S)
        finally:
            over.cancel()
        raise ServerFailed("it ended")

    @asynccontextmanager
    async def _reached(self, sdk: Sdk) -> AsyncIterator["Transport"]:
        """The way to it: a program of its own, or an address."""
        spec = self.spec
        given, secrets = await self._values.found(spec.env or spec.headers)
        self._secrets = Secrets(secrets, LEAST_NAMED)
        self.log.mask = self._secrets.redact
        if not spec.command:
            trust, proxy = await self._way(spec.url)
            yield sdk.to_address(spec.url, given, trust, proxy)
            return
        variables = environment(tuple(given.items()), self._environ)
        async with working_folder(spec.folder) as folder:
            program = self._program = await sdk.start(spec.command, folder, variables, self.log)
            try:
                yield sdk.to_program(program)
            except (ServerFailed, BaseExceptionGroup):
                if not program.is_over.is_set():
                    raise
                await program.until_ended()
                raise ServerFailed(program.ending) from None
            finally:
                self._program = None
                ending = asyncio.ensure_future(program.end())
                self._endings.add(ending)
                ending.add_done_callback(self._endings.discard)
                await asyncio.shield(ending)

    def _done(self, run: asyncio.Task[None]) -> None:
        """Note how a run ended, and when the next one may begin."""
        if run is not self._task:
            return
        error = None if run.cancelled() else run.exception()
        has_lasted = self.state is State.READY and self._monotonic() - self._ready_since_s >= LASTED_S
        self._talk = None
        if error is None or self._is_given_up:
            self.state, self._next_s = State.IDLE, 0.0
        else:
            self._failures = 1 if has_lasted else self._failures + 1
            pause_s = min(FIRST_PAUSE_S * 2 ** min(self._failures - 1, 20), LONGEST_PAUSE_S)
            self._next_s = self._monotonic() + pause_s
            self.state, self.problem = State.BROKEN, self._words(error)
        self._settled.set()

    def _words(self, error: BaseException) -> str:
        last = f". It said last: {self.log.kept[-1]}" if self.log.kept else ""
        return sanitize_line(self._secrets.redact(f"{words_of(error)}{last}"), 500)

    async def call(
        self, work: ServerWork, timeout_s: float, limit_bytes: int, output: Callable[[str], None]
    ) -> ToolOutcome:
        """Call a tool; see `ToolServers.call`."""
        beside = KeptOutput(limit_bytes, output)
        follower = partial(_tell, beside)
        self.log.followers.append(follower)
        try:
            async with asyncio.timeout(timeout_s):
                talk = await self._ready()
                if not self._has(work):
                    return ToolOutcome(CHANGED, is_error=True, ending="not called")
                progress = partial(self.log.add, whose=follower)
                answer = await talk.call(work.tool, json.loads(work.arguments), progress)
        except TimeoutError:
            await self._give_up()
            words = "There is no answer."
            return ToolOutcome(words, is_error=True, ending=f"stopped after {timeout_s:g} s: it took too long")
        except asyncio.CancelledError:
            await asyncio.shield(self._give_up())
            raise
        except ServerFailed as failed:
            return ToolOutcome(await self._why(failed), is_error=True, ending="no answer")
        finally:
            self.log.followers.remove(follower)
            if self._ends_soon and not self.log.followers:
                await asyncio.shield(self._give_up())
        kept = KeptOutput(limit_bytes, output)
        kept.add(self._secrets.mask(answer.text).encode(errors="replace"))
        ending = "it says that this failed" if answer.is_error else ""
        return ToolOutcome(kept.text(), answer.is_error, ending, answer.beside)

    def _has(self, work: ServerWork) -> bool:
        tool = self.offer.get(work.tool)
        return tool is not None and tool.recipe == ServerRecipe(self.spec.name, work.tool, work.digest)

    async def _ready(self) -> "Talk":
        if self.may_start:
            self.start()
        if self.state is State.STARTING:
            await self.settled()
        if self._talk is None:
            wait_s = self._next_s - self._monotonic()
            soon = f"; it is started again in {wait_s:.0f} s at the earliest" if wait_s >= 1 else ""
            raise ServerFailed(f"{self.problem or 'it does not run'}{soon}")
        return self._talk

    async def _why(self, failed: ServerFailed) -> str:
        """Why there is no answer; where the server has ended, how."""
        words = self._secrets.redact(str(failed))
        if isinstance(failed, ServerGone) and (run := self._task) is not None:
            if self.spec.url:  # what is left of a session that the server has ended is of no use
                self._is_given_up = True
                await self.end()
                return f"The tool server {self.spec.name}: {words}."
            await asyncio.wait((run,), timeout=ENDS_WITHIN_S)
            words = self.problem or "it was ended, since another call of it was stopped"
        return f"The tool server {self.spec.name}: {words.rstrip('.')}."

    async def _give_up(self) -> None:
        """End the program with the last of its calls, since it may go on with what nobody waits for; an address is told
        by the SDK."""
        self._ends_soon = len(self.log.followers) > 1
        if self._program is not None and not self._ends_soon:
            self._is_given_up = True
            self._program.give_up("a call of it was stopped")
            await self.end()

    async def end(self) -> None:
        """End the run, with everything that it has started."""
        run = self._task
        while run is not None and not run.done():
            run.cancel()  # once more where it takes leave of somebody who does not answer
            await asyncio.wait((run,), timeout=LEAVES_WITHIN_S)
        if self._endings:
            await asyncio.wait(tuple(self._endings))


def _tell(beside: KeptOutput, line: str) -> None:
    beside.add(f"{line}\n".encode(errors="replace"))
