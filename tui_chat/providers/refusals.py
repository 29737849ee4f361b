"""Fields that a server does not know: which ones a 400 or 422 is about, so that the request can do without them.

transformers serve refuses every field that it does not know; OpenAI's reasoning models refuse `temperature`. Limits on
length are never dropped: somebody set them for the sake of the bill.
"""

import json
import re

from tui_chat.core.errors import Failure

OF_THE_SERVER = frozenset({"stream_options", "parallel_tool_calls"})
"""Refused once, these are refused for every model of the server: worth remembering."""

_OF_THE_MODEL = frozenset(
    {"reasoning_effort", "temperature", "top_p", "seed", "frequency_penalty", "presence_penalty", "tool_choice"}
)

_REFUSES = re.compile(
    r"(?i)unsupported|not supported|does not support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed"
    r"|extra|forbidden|invalid|additional propert|not accepted|only (?:be )?(?:allowed|available)"
)


def refused_fields(failure: Failure, body: bytes) -> frozenset[str]:
    """The optional fields of `body` that a failure names and refuses; empty where it is about something else."""
    if failure.status not in (400, 422):
        return frozenset()
    words = " ".join(filter(None, (failure.message, failure.code, failure.type)))
    if not _REFUSES.search(words):
        return frozenset()
    sent = set(json.loads(body))
    named = {name for name in OF_THE_SERVER | _OF_THE_MODEL if re.search(rf"\b{name}\b", words)}
    return frozenset(named & sent)
