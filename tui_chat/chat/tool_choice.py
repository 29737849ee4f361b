"""Whether the model calls a tool, as the parameters say: they are kept among the free fields, and mean nothing where no
tool is offered."""

import json
from collections.abc import Collection
from typing import Final, NamedTuple

from tui_chat.core.request import Sampling
from tui_chat.core.taken import FORCED_TOOL
from tui_chat.settings.parameters import PARALLEL_CALLS, TOOL_CHOICE

REQUIRED: Final = "required"
_UNFORCED: Final = ("auto", "none")


class AboutCalls(NamedTuple):
    """What a request says of calls."""

    tool_choice: str | None
    """`auto`, `none`, `required` or the name of a tool."""
    parallel_tool_calls: bool | None


def about_calls(sampling: Sampling) -> AboutCalls:
    """What these parameters say of calls; None where they say nothing."""
    fields = dict(sampling.extra)
    choice = json.loads(fields.get(TOOL_CHOICE, "null"))
    parallel = json.loads(fields.get(PARALLEL_CALLS, "null"))
    return AboutCalls(choice if isinstance(choice, str) else None, parallel if isinstance(parallel, bool) else None)


class Applied(NamedTuple):
    """The parameters of one request, without what means nothing in it."""

    sampling: Sampling
    left_out: tuple[str, ...] = ()
    """Names of what cannot be done, for people."""


def applied(sampling: Sampling, tools: Collection[str], *, is_question: bool) -> Applied:
    """Keep what can be said of calls where tools of these names are offered. A call is forced for the answer to a
    question alone: the turn would never end."""
    choice = about_calls(sampling).tool_choice
    if not tools:
        return Applied(sampling.without((TOOL_CHOICE, PARALLEL_CALLS)))
    if choice is None or choice in _UNFORCED:
        return Applied(sampling)
    if choice != REQUIRED and choice not in tools:
        return Applied(sampling.without((TOOL_CHOICE,)), (f"{FORCED_TOOL}{choice}",))
    return Applied(sampling if is_question else sampling.without((TOOL_CHOICE,)))
