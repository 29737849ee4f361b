"""What running a call needs from the world: a runner, a fetcher for those that ask a web service, and one for pages.

`tools` and `client` implement them; tests script them.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from tui_chat.chat.tool_plans import ToolPlan


class ToolOutcome(msgspec.Struct, frozen=True):
    """What a tool gave."""

    content: str
    """Its output, not sanitised; what was left out of it stands in it as such."""
    is_error: bool = False
    ending: str = ""
    """How it ended, in a few words for the person and the model: `exit status 0`."""


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
