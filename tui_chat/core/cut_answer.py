"""An answer whose writer is gone."""

from typing import Final

from msgspec.structs import replace

from tui_chat.core.errors import PROGRAM_ENDED, ErrorKind, Failure
from tui_chat.core.running_usage import at_least
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

_ENDED: Final = Failure(
    ErrorKind.INTERNAL,
    "The program ended before the answer did.",
    "Ask again, or go on from what had arrived.",
    code=PROGRAM_ENDED,
)


def cut(node: Node) -> Node:
    """The node of a writer that is gone: what arrived is kept, and that it is not all is said."""
    if node.answer is None or not node.is_being_written:
        return node
    failure = node.answer.failure or _ENDED
    answer = replace(node.answer, outcome=Outcome.TRUNCATED, failure=failure)
    return replace(node, answer=at_least(answer, node.message))
