"""Going on with an answer that was cut: whether that makes sense, and how a model is brought to it."""

import re
from collections.abc import Iterable
from typing import Final

from tui_chat.core.answer import Cut, cut_of
from tui_chat.core.marks import Continuing
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Role
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

_PREFILL_FIELDS: Final = ("prefill", "assistant_prefill", "prefix", "continue_final_message")
"""Names under which a catalogue says that a model writes on from the words of an answer that stands last."""
_TAKES_PREFILL: Final = re.compile(r"(^|/)claude-(instant|2|3|(opus|sonnet|haiku)-4([.-][0-5])?($|[-:@]))")
"""Models that do so as their makers document; the later ones of the family refuse it."""


def can_continue(node: Node) -> bool:
    """Say whether an answer ended before it was whole, with words to go on from."""
    answer = node.answer
    if node.message.role is not Role.ASSISTANT or answer is None or not node.message.has_words:
        return False
    if answer.outcome in (Outcome.CANCELLED, Outcome.TRUNCATED, Outcome.ERROR):
        return True
    return answer.outcome is Outcome.COMPLETE and cut_of(answer.finish_reason) is Cut.LENGTH


def way_to_continue(model: str, known: ModelInfo | None, tried: Iterable[Node], *, thinks: bool) -> Continuing:
    """How `model` goes on with an answer: from its last letter where it does that, else by being asked. `tried` are
    answers that went on with it before: what a gateway refused is not tried again. A model that thinks first does not
    write on from words."""
    was_refused = any(
        node.marks.continues is not None
        and node.marks.continues.how is Continuing.PREFILL
        and node.answer is not None
        and node.answer.outcome is Outcome.ERROR
        for node in tried
    )
    takes = _TAKES_PREFILL.search(model) is not None or (
        known is not None and any(field in known.supported_parameters for field in _PREFILL_FIELDS)
    )
    return Continuing.PREFILL if takes and not was_refused and not thinks else Continuing.ASKED
