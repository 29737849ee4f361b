"""What running a call needs from the world: a runner, a fetcher for those that ask a web service, one for pages, and
tool servers.

`tools` and `client` implement them; tests script them.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from tui_chat.chat.tool_plans import FoundTools, ServerWork, ToolPlan
from tui_chat.core.errors import Failure
from tui_chat.core.parts import Image, Media
from tui_chat.core.tool import Tool


class ToolOutcome(msgspec.Struct, frozen=True):
    """What a tool gave."""

    content: str
    """Its output, not sanitised; what was left out of it stands in it as such."""
    is_error: bool = False
    ending: str = ""
    """How it ended, in a few words for the person and the model: `exit status 0`."""
    beside: tuple[Image | Media, ...] = ()
    """Pictures, sound and files that came beside words; `content` names each."""


class ToolRunner(Protocol):
    """Runs calls."""

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        """Run what was planned, and nothing else, to its end. `output` is given what it writes as it comes, sanitised
        and no more of it than is kept. A tool that fails gives an outcome; cancelling ends what runs, with all that it
        has started."""
        ...


class FetchRequest(msgspec.Struct, frozen=True):
    """A request to a web service that is no gateway. No key of ours goes with it."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    timeout_s: float = 30.0
    """In all, redirects too."""
    limit_bytes: int = 262_144


class Fetched(msgspec.Struct, frozen=True):
    """What a web service answered."""

    status: int
    media_type: str
    """Without parameters; empty where it did not say."""
    charset: str
    """Empty where it did not say."""
    body: bytes
    """As far as it was kept."""
    is_cut: bool
    """There was more."""


class Fetcher(Protocol):
    """Asks web services."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        """The answer, whatever its status. Redirects are followed to the same scheme, host and port only.

        Raises:
            GatewayError: there was no answer that can be read.
        """
        ...


class PageRequest(msgspec.Struct, frozen=True):
    """A page of the public web that is asked for. No key, no cookie and no other name goes with it."""

    url: str
    through_proxy: bool = False
    """By the proxy of the environment, where there is one; else straight to the address that was checked."""
    timeout_s: float = 30.0
    """In all, redirects too."""
    limit_bytes: int = 262_144
    """Of the body, unpacked."""


class Page(msgspec.Struct, frozen=True):
    """What came of it."""

    url: str
    """Where it was in the end."""
    fetched: Fetched
    size_bytes: int | None = None
    """As the server says; None where it does not."""


class PageFetcher(Protocol):
    """Fetches pages of the public web, and nothing of this machine or of the networks around it."""

    async def fetch_page(self, request: PageRequest) -> Page:
        """The page, whatever its status.

        Raises:
            GatewayError: there was none, or it lies where nothing may be fetched.
        """
        ...


class ServerTool(msgspec.Struct, frozen=True):
    """A tool as a list of what is set up shows it."""

    tool: Tool
    """With the name that the model knows. Its description is a stranger's."""
    server: str


class ChangedTool(msgspec.Struct, frozen=True):
    """A tool that is off, since its definition came or changed after the server had told what it has."""

    server: str
    tool: Tool
    before: Tool | None
    """As it was; None where there was none."""


class ServerView(msgspec.Struct, frozen=True):
    """How a server stands."""

    name: str
    what: str
    """Its command, or its address; not sanitised."""
    words: str
    """How it stands, in words."""
    log: tuple[str, ...] = ()
    """The last lines that it wrote beside its answers, harmless."""


class ToolServers(FoundTools, Protocol):
    """The tool servers that are set up. One is started when it is first needed, and ends with the program."""

    @property
    def is_waiting(self) -> bool:
        """Something can be done before the next request, so that more tools are offered."""
        ...

    async def prepare(self, within_s: float | None = None) -> None:
        """Start what does not run, all at once, and wait for their tools no longer than this, or than is usual before
        a request. Cancelling ends the wait alone. Never raises: see `take_unsaid`."""
        ...

    def take_unsaid(self) -> tuple[Failure, ...]:
        """What a person has to know of the servers and was not told yet."""
        ...

    @property
    def listed(self) -> tuple[ServerTool, ...]:
        """All tools of the servers that told what they have, those too that are not offered."""
        ...

    @property
    def problems(self) -> dict[str, str]:
        """Why a server's tools cannot be had now, by its name."""
        ...

    @property
    def starting(self) -> tuple[str, ...]:
        """Names of the servers that are being started."""
        ...

    @property
    def changed(self) -> tuple[ChangedTool, ...]:
        """The tools that are off until somebody has looked at them."""
        ...

    def accept(self, changed: ChangedTool) -> bool:
        """Let a tool that was looked at be called from now on; False where it has changed again since."""
        ...

    @property
    def views(self) -> tuple[ServerView, ...]:
        """How each server stands."""
        ...

    async def restart(self, name: str) -> None:
        """Start a server anew, whatever it does; nobody waits for it."""
        ...

    async def call(
        self, work: ServerWork, timeout_s: float, limit_bytes: int, output: Callable[[str], None]
    ) -> ToolOutcome:
        """Call a tool; see `ToolRunner.run`. A server that runs on this machine is ended where the call is given up."""
        ...

    async def close(self) -> None:
        """End all servers, with everything that they have started."""
        ...


class NoServers:
    """None are set up."""

    offered: tuple[Tool, ...] = ()
    listed: tuple[ServerTool, ...] = ()
    changed: tuple[ChangedTool, ...] = ()
    starting: tuple[str, ...] = ()
    views: tuple[ServerView, ...] = ()
    is_waiting = False

    @property
    def problems(self) -> dict[str, str]:
        """None."""
        return {}

    def get(self, name: str) -> Tool | None:
        """None."""
        del name
        return None

    async def prepare(self, within_s: float | None = None) -> None:
        """Nothing to start."""

    def take_unsaid(self) -> tuple[Failure, ...]:
        """Nothing to say."""
        return ()

    def accept(self, changed: ChangedTool) -> bool:
        """Nothing has changed."""
        del changed
        return False

    async def restart(self, name: str) -> None:
        """Nothing to start."""

    async def call(
        self, work: ServerWork, timeout_s: float, limit_bytes: int, output: Callable[[str], None]
    ) -> ToolOutcome:
        """No server has this tool."""
        del timeout_s, limit_bytes, output
        return ToolOutcome(f"There is no tool server {work.server}.", is_error=True, ending="not called")

    async def close(self) -> None:
        """Nothing runs."""
