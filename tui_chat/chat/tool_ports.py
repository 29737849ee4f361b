"""What running a call needs from the world: a runner, and a fetcher for those that ask a web service.

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
