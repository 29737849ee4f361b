"""The OpenAI chat dialect: `POST /chat/completions`, answered by a stream of chunks.

    OpenAIChat(*, thinking_tags=None, send_reasoning=Thoughts.AUTO)

What reads the answer is imported for the first one, while it is waited for: nothing of it is needed to ask.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from tui_chat.core.request import Request
from tui_chat.providers.dialect import HttpRequest
from tui_chat.providers.openai_request import NO_QUIRKS, request_body
from tui_chat.providers.quirks import Quirks, Thoughts

if TYPE_CHECKING:
    from tui_chat.providers.openai_decoder import OpenAIChatDecoder
    from tui_chat.providers.thinking_marks import ThinkingMarks


class OpenAIChat:
    """The dialect."""

    def __init__(
        self, *, thinking_tags: Iterable[tuple[str, str]] | None = None, send_reasoning: Thoughts = Thoughts.AUTO
    ) -> None:
        """`thinking_tags` open and close thoughts inside the text; None takes those that are known of models.
        `send_reasoning` is the person's choice; AUTO leaves it to what each model wants."""
        self._thinking_tags = thinking_tags
        self._send_reasoning = send_reasoning
        self._unopened: set[str] = set()
        """Models whose thoughts this gateway sends with a tag that closes and none that opens, for the program's run:
        their text is held until it is sure to be text."""

    def request(self, request: Request, quirks: Quirks = NO_QUIRKS) -> HttpRequest:
        """The question as HTTP, as the gateway wants it for this model."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self._send_reasoning is not quirks.chosen:
            quirks = msgspec.structs.replace(quirks, chosen=self._send_reasoning)
        body = request_body(request, quirks)
        return HttpRequest("/chat/completions", headers, body.json, body.left_out, body.meant)

    def warm_up(self) -> None:
        """Import what reads an answer; may be called on a thread."""
        import tui_chat.providers.limits_wire
        import tui_chat.providers.openai_decoder  # noqa: F401 - the same

    def decoder(self, model: str = "") -> "OpenAIChatDecoder":
        """A new decoder for one answer of this model."""
        from tui_chat.providers.openai_decoder import OpenAIChatDecoder

        return OpenAIChatDecoder(model=model, unopened=self._unopened, thinking_marks=self._thinking_marks)

    @cached_property
    def _thinking_marks(self) -> "ThinkingMarks":
        from tui_chat.providers.thinking_marks import THINKING_MARKS, ThinkingMarks

        return THINKING_MARKS if self._thinking_tags is None else ThinkingMarks(self._thinking_tags)
